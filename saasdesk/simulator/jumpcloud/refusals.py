"""How the vendor says no."""

from saasdesk.simulator.exchange import Answer, json_answer


class Refused(Exception):
    """The vendor says no; what it answers goes along."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(status)
        self.answer = error_answer(status, message)


_MESSAGES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
}


def error_answer(status: int, message: str = "") -> Answer:
    """The vendor's error body, of which only the message can be relied on."""
    return json_answer({"message": message or _MESSAGES.get(status, "Internal Server Error")}, status)

"""How the vendor says no."""

from saasdesk.simulator.exchange import Answer, json_answer

_MESSAGES = {
    400: (2001, "Invalid Input Provided"),
    401: (2006, "Unauthorized"),
    402: (2014, "Account does not have the abilities to perform the action"),
    403: (2010, "Access Denied"),
    404: (2100, "Not Found"),
    408: (2016, "Request Timeout"),
    429: (2020, "Rate Limit Exceeded"),
}


class Refused(Exception):
    """The vendor says no; what it answers goes along."""

    def __init__(self, status: int, *reasons: str) -> None:
        super().__init__(status)
        self.answer = error_answer(status, *reasons)


def error_answer(status: int, *reasons: str) -> Answer:
    """The vendor's general error body; without reasons it has no list of them."""
    code, message = _MESSAGES.get(status, (2000, "Internal Server Error"))
    error: dict[str, object] = {"message": message, "code": code}
    if reasons:
        error["errors"] = list(reasons)
    return json_answer({"error": error}, status)

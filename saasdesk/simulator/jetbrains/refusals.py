"""How the vendor says no."""

from saasdesk.simulator.exchange import Answer, json_answer

_BAD_REQUEST_PAGE = b"<!DOCTYPE html><html><head><title>400</title></head><body><h1>Bad Request</h1></body></html>"


class Refused(Exception):
    """The vendor says no; what it answers goes along."""

    def __init__(self, status: int, code: str, description: str = "") -> None:
        super().__init__(status)
        self.answer = error_answer(status, code, description)


class Undecodable(Refused):
    """A body that cannot be read is answered with a web page."""

    def __init__(self) -> None:
        super().__init__(400, "")
        self.answer = Answer(400, _BAD_REQUEST_PAGE, "text/html; charset=utf-8")


def error_answer(status: int, code: str, description: str = "") -> Answer:
    """The vendor's error body; the description is often the offending value alone."""
    return json_answer({"code": code, "description": description}, status)

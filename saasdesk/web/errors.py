"""What can go wrong with a vendor, and the sentence a person gets for it."""

from datetime import datetime
from enum import Enum

from saasdesk.errors import Cancelled, ExitCode, UserError
from saasdesk.web.redaction import REDACTOR

LONGEST_VENDOR_MESSAGE = 500


class ErrorKind(Enum):
    """Why a call to a vendor gave no usable answer."""

    WRONG_KEY = "wrong_key"
    FORBIDDEN = "forbidden"
    PLAN_NEEDED = "plan_needed"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    VENDOR_DOWN = "vendor_down"
    TIMEOUT = "timeout"
    NO_NETWORK = "no_network"
    TLS = "tls"
    REDIRECTED = "redirected"
    WEB_PAGE = "web_page"
    NONSENSE = "nonsense"
    TOO_LARGE = "too_large"
    REFUSED = "refused"


_EXIT_CODES = {ErrorKind.WRONG_KEY: ExitCode.CREDENTIAL, ErrorKind.FORBIDDEN: ExitCode.CREDENTIAL}


class VendorError(UserError):
    """A call that failed: its text is for people, its attributes are for the code that decides what follows.

    `maybe_sent` is False only where the vendor cannot have acted on the call, because it never left this machine.
    """

    def __init__(
        self,
        kind: ErrorKind,
        sentence: str,
        *,
        host: str,
        method: str = "",
        path: str = "",
        status: int | None = None,
        request_id: str = "",
        vendor_message: str = "",
        json_error: object = None,
        maybe_sent: bool = True,
        wait_seconds: float | None = None,
        until: datetime | None = None,
        tries: int = 1,
    ) -> None:
        super().__init__(REDACTOR.redact(sentence), _EXIT_CODES.get(kind, ExitCode.VENDOR))
        self.kind = kind
        self.host = host
        self.method = method
        self.path = path
        self.status = status
        self.request_id = request_id
        self.vendor_message = vendor_message
        self.json_error = json_error
        self.maybe_sent = maybe_sent
        self.wait_seconds = wait_seconds
        self.until = until
        self.tries = tries


class CancelledMidway(Cancelled):
    """Cancelled after a call left this machine: the vendor may have acted on it."""


def plain_text(text: str, longest: int = LONGEST_VENDOR_MESSAGE) -> str:
    """Vendor text as one line without control characters and secrets."""
    line = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(REDACTOR.redact(line).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def vendor_says(document: object) -> str:
    """The text for people in a vendor's error answer, whichever of the usual shapes it has."""
    return plain_text("; ".join(dict.fromkeys(_texts(document, depth=0))))


_MESSAGE_KEYS = ("message", "title", "errorKey", "detail", "errorDetail", "description", "error_description", "key")


def _texts(document: object, depth: int) -> list[str]:
    if depth > 3:
        return []
    match document:
        case str():
            return [document] if document.strip() else []
        case list():
            return [text for item in document[:10] for text in _texts(item, depth + 1)]
        case dict():
            said = [document[key] for key in _MESSAGE_KEYS if isinstance(document.get(key), str) and document[key]]
            for key in ("error", "errors"):
                said += _texts(document.get(key), depth + 1)
            return said
        case _:
            return []

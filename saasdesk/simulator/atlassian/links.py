"""Addresses in answers, and the cursors of lists."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from saasdesk.simulator.exchange import Request

PAGE = 100


def base_of(request: Request) -> str:
    """The address at which the client found us: links in answers are whole addresses."""
    return f"http://{request.headers.get('host', '127.0.0.1')}/{request.prefix}"


def cursor_of(offset: int) -> str:
    """The cursor of the page that begins here."""
    return urlsafe_b64encode(f"after:{offset}".encode()).decode().rstrip("=")


def offset_in(cursor: object) -> int | None:
    """Where the page of a cursor begins: 0 without one, None for one that was never given out."""
    if cursor is None:
        return 0
    text = str(cursor)
    try:
        word, _, offset = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(":")
    except ValueError:
        return None
    return int(offset) if word == "after" and offset.isdecimal() else None

"""Nothing that is written anywhere holds a key: one redactor knows every live secret in every shape it may take."""

import base64
import json
import logging
import re
import sys
import threading
import traceback
from types import TracebackType
from urllib.parse import quote, quote_plus

from saasdesk.web.secret import Secret

HIDDEN = "<secret>"

# Shorter pieces would hide ordinary words.
_SHORTEST_SECRET = 4

_HEADER_VALUE = re.compile(
    r"""(?ix)
    ( (?<![\w-]) (?: (?:proxy-)?authorization | x-api-key | x-customer-code | (?:set-)?cookie | [a-z0-9-]+-token )
      ["']? \s* [:=] \s* )
    (?: b?"[^"\r\n]*" | b?'[^'\r\n]*' | [^\r\n]+ )
    """
)
_QUERY = re.compile(r"""((?:\b[a-z][a-z0-9+.-]*://|/)[^\s?"'<>]*)\?[^\s"'<>]+""", re.IGNORECASE)


class Redactor:
    """Takes every secret it was told of, and whatever looks like one, out of a text.

    Secrets stay known until the process ends: a text about a run may be written after the run let go of its key.
    """

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._lock = threading.Lock()

    def add(self, secret: Secret | str) -> None:
        """Hide this secret from now on, plain, base64, percent-quoted and escaped."""
        text = secret.reveal() if isinstance(secret, Secret) else secret
        if len(text) < _SHORTEST_SECRET:
            return
        forms = _shapes(text)
        with self._lock:
            if forms <= self._forms:
                return
            self._forms |= forms
            # The longest first, so that no tail of a longer shape is left standing.
            self._pattern = re.compile("|".join(re.escape(form) for form in sorted(self._forms, key=len, reverse=True)))

    def redact(self, text: str) -> str:
        """The text without secrets, without values of headers that carry keys, and without query strings."""
        pattern = self._pattern
        if pattern is not None:
            text = pattern.sub(HIDDEN, text)
        text = _HEADER_VALUE.sub(rf"\1{HIDDEN}", text)
        return _QUERY.sub(rf"\1?{HIDDEN}", text)

    def formatter(self, layout: str) -> logging.Formatter:
        """A formatter that writes lines of this layout without secrets."""
        return RedactingFormatter(logging.Formatter(layout), self)

    def finds_secret(self, text: str) -> bool:
        """Whether a live secret stands in the text; a support bundle is not written then."""
        return self._pattern is not None and self._pattern.search(text) is not None


REDACTOR = Redactor()


class RedactingFormatter(logging.Formatter):
    """Lets another formatter write the line, traceback included, and takes the secrets out of it."""

    def __init__(self, inner: logging.Formatter | None = None, redactor: Redactor = REDACTOR) -> None:
        super().__init__()
        self._inner = inner or logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """The finished line, redacted."""
        return self._redactor.redact(self._inner.format(record))


def protect(handler: logging.Handler, redactor: Redactor = REDACTOR) -> logging.Handler:
    """Make a log handler write redacted lines only."""
    if not isinstance(handler.formatter, RedactingFormatter):
        handler.setFormatter(RedactingFormatter(handler.formatter, redactor))
    return handler


def format_error(error: BaseException, redactor: Redactor = REDACTOR) -> str:
    """A redacted traceback; it never shows the values of variables."""
    return redactor.redact("".join(traceback.format_exception(error)))


def install(redactor: Redactor = REDACTOR) -> None:
    """Redact what Python itself writes: tracebacks of every thread, and the lines of all handlers there are now."""

    def write_error(kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
        if sys.stderr is not None:
            sys.stderr.write(redactor.redact("".join(traceback.format_exception(kind, error, where))))

    def write_thread_error(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_type is not SystemExit:
            write_error(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def write_unraisable(arguments: "sys.UnraisableHookArgs") -> None:
        write_error(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    sys.excepthook = write_error
    threading.excepthook = write_thread_error
    sys.unraisablehook = write_unraisable
    for handler in (*logging.getLogger().handlers, *([logging.lastResort] if logging.lastResort else [])):
        protect(handler, redactor)
    # Its debug lines and connection errors show whole addresses, its informative ones add nothing.
    logging.getLogger("urllib3").setLevel(logging.WARNING)


def _shapes(text: str) -> set[str]:
    escaped = json.dumps(text)[1:-1]
    shapes = {text, escaped, escaped.replace("/", r"\/"), repr(text)[1:-1], repr(text.encode())[2:-1]}
    for quoted in (quote(text, safe=""), quote(text), quote_plus(text)):
        # Either case of the hex digits is in use.
        shapes |= {quoted, re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), quoted)}
    return shapes | _base64_shapes(text.encode())


def _base64_shapes(raw: bytes) -> set[str]:
    # Inside a longer text ("user:key") the key may begin at any of three places of base64's groups; the characters it
    # shares with its neighbours are left off, the rest is always the same.
    shapes = set()
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode("ascii")
        first = (0, 2, 3)[shift]
        last = (shift + len(raw)) * 8 // 6
        core = encoded[first:last]
        if len(core) >= 2 * _SHORTEST_SECRET:
            shapes |= {core, core.replace("+", "-").replace("/", "_")}
    return shapes

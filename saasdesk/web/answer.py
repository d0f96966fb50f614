"""What a vendor answered, and how it becomes a value: JSON only, within bounds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from saasdesk.web.errors import ErrorKind, VendorError
from saasdesk.web.limits import MEBIBYTE, Limits


@dataclass(frozen=True, slots=True)
class Answer:
    """A vendor's answer, read whole and within the limits."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    host: str
    request_id: str = ""
    method: str = "GET"
    path: str = ""
    limits: Limits = field(default=Limits(), repr=False)

    @property
    def is_json(self) -> bool:
        """Whether the vendor calls this answer JSON; a web page or an empty answer is none."""
        return bool(self.body) and is_json_type(self.headers.get("Content-Type", ""))

    @property
    def is_web_page(self) -> bool:
        """Whether this is a page for a browser: from a proxy, a sign-in, a wrong address."""
        kind = self.headers.get("Content-Type", "").lower()
        return "html" in kind or (not is_json_type(kind) and self.body[:1024].lstrip()[:1] == b"<")

    def json(self) -> object:
        """The parsed answer; whatever is not JSON as announced, well-formed and of a sane shape is a VendorError."""
        if not self.is_json:
            raise self.unexpected()
        document, is_whole = parse_json(self.body)
        if not is_whole:
            raise self._error(
                ErrorKind.NONSENSE,
                f"The answer from {self.host} was not understood: it is called JSON and is none. Try again later.",
            )
        if _is_too_deep(self.body, document, self.limits.json_depth):
            raise self._error(
                ErrorKind.TOO_LARGE,
                f"The answer from {self.host} is nested deeper than {self.limits.json_depth} levels. Stopped reading.",
            )
        if _has_longer_text(self.body, document, self.limits.string_characters):
            raise self._error(
                ErrorKind.TOO_LARGE,
                f"The answer from {self.host} holds a text longer than "
                f"{self.limits.string_characters // MEBIBYTE} MB. Stopped reading.",
            )
        return document

    def unexpected(self) -> VendorError:
        """The error for an answer that is not JSON where JSON was expected."""
        if self.is_web_page:
            return self._error(
                ErrorKind.WEB_PAGE,
                f"Expected JSON from {self.host}, got a web page (status {self.status}). "
                "Key, region, or a proxy in between.",
            )
        what = "something else" if self.body else "an empty answer"
        return self._error(
            ErrorKind.NONSENSE,
            f"Expected JSON from {self.host}, got {what} (status {self.status}). Check the address and try again.",
        )

    def _error(self, kind: ErrorKind, sentence: str) -> VendorError:
        return VendorError(
            kind,
            sentence,
            host=self.host,
            method=self.method,
            path=self.path,
            status=self.status,
            request_id=self.request_id,
        )


def parse_json(body: bytes) -> tuple[object, bool]:
    """The value that a body stands for, and whether there is one; NaN and Infinity are none."""
    try:
        return orjson.loads(body), True
    except orjson.JSONDecodeError:
        # Its exception holds the whole body and is not to be passed on.
        return None, False


def is_json_type(content_type: str) -> bool:
    """Whether a Content-Type announces JSON; vendors have types of their own that end in `+json`."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


_ALL_BUT_BRACKETS_AND_QUOTES = bytes(set(range(256)) - set(b'{}[]"'))


def _is_surely_shallow(body: bytes, deepest: int) -> bool:
    """A quick look that takes out pairs of brackets from within; it is not sure where a text holds a bracket."""
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    # A quote that is left over has a bracket in its text: without it one could pair with a bracket of the structure.
    brackets = body.translate(None, _ALL_BUT_BRACKETS_AND_QUOTES).replace(b'""', b"")
    if b'"' in brackets:
        return False
    for _ in range(deepest):
        if not brackets:
            return True
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
    return not brackets


def _is_too_deep(body: bytes, document: object, deepest: int) -> bool:
    if _is_surely_shallow(body, deepest):
        return False
    level = [document] if isinstance(document, (dict, list)) else []
    for _ in range(deepest):
        level = [
            value
            for container in level
            for value in (container.values() if isinstance(container, dict) else container)
            if isinstance(value, (dict, list))
        ]
        if not level:
            return False
    return True


def _has_longer_text(body: bytes, document: object, longest: int) -> bool:
    return _may_hold_longer_text(body, longest) and _longest_text(document) > longest


def _may_hold_longer_text(body: bytes, longest: int) -> bool:
    """A quick look: a text of more characters than that stands in as many bytes without a quote."""
    if len(body) <= longest:
        return False
    if b"\\" in body:
        body = body.replace(b"\\\\", b"__").replace(b'\\"', b"__")
    position = 0
    while len(body) - position > longest:
        quote = body.rfind(b'"', position, position + longest + 1)
        if quote < 0:
            return True
        position = quote + 1
    return False


def _longest_text(document: object) -> int:
    longest = 0
    waiting = [document]
    while waiting:
        match waiting.pop():
            case str() as text:
                longest = max(longest, len(text))
            case dict() as mapping:
                waiting.extend(mapping)
                waiting.extend(mapping.values())
            case list() as items:
                waiting.extend(items)
            case _:
                pass
    return longest

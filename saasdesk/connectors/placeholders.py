"""Names in `{{ … }}`, in the place of which values are put."""

import re
from collections.abc import Mapping

from saasdesk.web import path_segment

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def placeholders(text: str) -> tuple[str, ...]:
    """The names that stand in `{{ … }}`, in their order."""
    return tuple(_PLACEHOLDER.findall(text))


def fill(text: str, values: Mapping[str, str], *, quoted: bool = True) -> str:
    """Put values in the place of their `{{ names }}`; in a path each becomes exactly one segment."""

    def value(match: re.Match[str]) -> str:
        found = values.get(match[1], "")
        return path_segment(found) if quoted else found

    return _PLACEHOLDER.sub(value, text)

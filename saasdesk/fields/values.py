"""Values on their way in: checked by the field's type, and folded to what counts when values are compared."""

import math
import re
from datetime import UTC, date, datetime

from saasdesk.connectors import FieldType
from saasdesk.fields.field import Field
from saasdesk.store.text import fold_text

Stored = str | int | float | None

_LONGEST = {FieldType.SHORT_TEXT: 256, FieldType.LONG_TEXT: 1024, FieldType.LIST: 1024}
_UNSTORABLE = re.compile("[\ud800-\udfff\x00]")
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_FLAGS = {"true": 1, "yes": 1, "1": 1, "on": 1, "false": 0, "no": 0, "0": 0, "off": 0}
# What a vendor may mean by a number where a date belongs: seconds, or above this thousandths of them.
_MILLISECONDS_FROM = 100_000_000_000


def fold_key(value: object) -> str | None:
    """The form in which values are matched and kept unique: composed, trimmed, invisible signs gone, case folded."""
    return fold_text(value)


def quote(name: str) -> str:
    """A column or table name for SQL; names come from `fields` alone, and still never unquoted."""
    return '"' + name.replace('"', '""') + '"'


def to_stored(value: object, field: Field) -> Stored:
    """A vendor's value as the column keeps it; a ValueError says in a sentence why it cannot be kept."""
    if value is None or value == "":
        return None
    try:
        return _CONVERTERS[field.type](value, field)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{field.label}: {error}") from None


def _text(value: object, field: Field) -> str | None:
    if isinstance(value, str):
        text = value
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, int):
        text = str(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("the value is not a number")
        text = repr(value)
    elif isinstance(value, list | tuple):
        text = ", ".join(part for part in (_piece(item) for item in value) if part)
    elif isinstance(value, dict):
        text = _piece(value)
    else:
        text = str(value)
    if not text.isascii() or "\0" in text:
        text = _UNSTORABLE.sub("\ufffd", text)
    if len(text) > _LONGEST[field.type]:
        raise ValueError(f"the text has {len(text):,} characters; {_LONGEST[field.type]:,} fit")
    return text or None


def _piece(item: object) -> str:
    """One item of a list as text: an object by its name."""
    if isinstance(item, dict):
        for key in ("name", "summary", "label", "value", "id"):
            if isinstance(item.get(key), str | int):
                return str(item[key])
        raise ValueError("an object inside the value has no name; choose a path inside it")
    if isinstance(item, list):
        return ", ".join(_piece(part) for part in item)
    return "" if item is None else str(item)


def _number(value: object, field: Field) -> int | None:
    del field
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        if not value.is_integer():
            raise ValueError(f"{value!r} is not a whole number")
        number = int(value)
    elif isinstance(value, int):
        number = value
    elif isinstance(value, str):
        text = value.strip()
        if not re.fullmatch(r"[+-]?\d{1,20}", text):
            raise ValueError(f"“{_short(text)}” is not a whole number")
        number = int(text)
    else:
        raise ValueError("the value is not a number")
    if not _SMALLEST <= number <= _LARGEST:
        raise ValueError("the number is too large")
    return number


def _decimal(value: object, field: Field) -> float | None:
    del field
    if isinstance(value, str):
        try:
            number = float(value.strip())
        except ValueError:
            raise ValueError(f"“{_short(value)}” is not a number") from None
    elif isinstance(value, int | float):
        number = float(value)
    else:
        raise ValueError("the value is not a number")
    if not math.isfinite(number):
        raise ValueError("the value is not a number")
    return number


def _flag(value: object, field: Field) -> int | None:
    del field
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int) and value in {0, 1}:
        return value
    if isinstance(value, str) and value.strip().lower() in _FLAGS:
        return _FLAGS[value.strip().lower()]
    raise ValueError(f"“{_short(str(value))}” is neither yes nor no")


def _datetime(value: object, field: Field) -> str | None:
    del field
    return _moment(value).strftime("%Y-%m-%dT%H:%M:%SZ")


def _date(value: object, field: Field) -> str | None:
    del field
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        return date.fromisoformat(value.strip()).isoformat()
    return _moment(value).date().isoformat()


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, bool):
        raise ValueError("yes or no is not a date")
    if isinstance(value, int | float):
        seconds = value / 1000 if abs(value) >= _MILLISECONDS_FROM else value
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (OSError, OverflowError, ValueError):
            raise ValueError(f"{value!r} is not a date") from None
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(f"“{_short(value)}” is not a date") from None
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    raise ValueError("the value is not a date")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


_CONVERTERS = {
    FieldType.SHORT_TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.LIST: _text,
    FieldType.NUMBER: _number,
    FieldType.DECIMAL: _decimal,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.FLAG: _flag,
}

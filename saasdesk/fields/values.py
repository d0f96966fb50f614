"""Values on their way in: checked by the field's type, and folded to what counts when values are compared."""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from saasdesk.clock import as_text, is_as_kept
from saasdesk.connectors import FieldType
from saasdesk.fields.field import Field, Lookup
from saasdesk.text import fold_text, visible_text, why_no_mail_address

Stored = str | int | float | None

_LONGEST = {
    FieldType.SHORT_TEXT: 256,
    FieldType.LONG_TEXT: 1024,
    FieldType.LIST: 1024,
    FieldType.PERSON: 256,
    FieldType.LOCATION: 256,
    FieldType.CUSTOM_OBJECT: 256,
}
_UNSTORABLE = re.compile("[\ud800-\udfff\x00]")
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
# Python refuses to write out more than some thousand digits; nobody means so many.
_MOST_BITS = 4_096
_FLAGS = {"true": 1, "yes": 1, "1": 1, "on": 1, "false": 0, "no": 0, "0": 0, "off": 0}
_NAMES_OF_OBJECTS = ("name", "summary", "label", "value", "id")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Read as ISO, a long row of digits would be a year, a month and a day of long ago.
_EPOCH = re.compile(r"-?\d{9,16}(?:\.\d+)?", re.ASCII)
_ZONE_APART = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$)", re.ASCII)
_ZONE_NAMED_UTC = re.compile(r"\s*(?:UTC|GMT|[zZ])$")
# The parser of mail dates would find one in nearly anything.
_AS_IN_MAILS = re.compile(
    r"(?:[A-Za-z]{3}, ?)?\d{1,2} [A-Za-z]{3} \d{4} \d{1,2}:\d{2}(?::\d{2})?(?: [+\w-]{1,6})?", re.ASCII
)
# What a vendor may mean by a number where a date belongs: seconds, or from here on thousandths of them.
_MILLISECONDS_FROM = 100_000_000_000


def fold_key(value: object) -> str | None:
    """The form in which values are matched and kept unique: composed, trimmed, invisible signs gone, case folded."""
    return fold_text(value)


def quote(name: str) -> str:
    """A column or table name for SQL; names come from `fields` alone, and still never unquoted."""
    return '"' + name.replace('"', '""') + '"'


def longest_plain(field: Field) -> int:
    """Up to how many characters a printable text is kept as it comes; 0 where more is done with values than that."""
    if field.is_address or field.options or (field.lookup is not None and not field.lookup.takes_anything):
        return 0
    return _LONGEST.get(field.type, 0)


def to_stored(value: object, field: Field) -> Stored:
    """A vendor's value as the column keeps it; a ValueError says in a sentence why it cannot be kept."""
    return converter_of(field)(value)


def converter_of(field: Field) -> Callable[[object], Stored]:
    """The same for many values of one field: what can be said of the field is asked once."""
    longest, convert = longest_plain(field), _CONVERTERS[field.type]

    def converted(value: object) -> Stored:
        # Nearly every value is a short plain text, and there is nothing to convert.
        if value.__class__ is str and value and len(value) <= longest and value.isprintable():
            return value
        if value is None or value == "":
            return None
        try:
            return convert(value, field)
        except (ValueError, OverflowError) as error:
            raise ValueError(f"{field.label}: {error}") from None

    return converted


def text_of(value: object) -> str:
    """Any JSON value as text: the items of a list in a row, an object by its name; a ValueError where it has none."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if value.bit_length() > _MOST_BITS:
            raise ValueError("the number is too large")
        return str(value)
    if isinstance(value, float):
        return _text_of_float(value)
    if isinstance(value, list | tuple):
        return ", ".join(text for text in map(text_of, value) if text)
    if isinstance(value, dict):
        return _name_of(value)
    return "" if value is None else str(value)


def _text_of_float(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError("the value is not a number")
    if abs(value) > _LARGEST and value.is_integer():
        # JSON is read with 64 bits: what comes here was a longer number whose last digits are lost.
        raise ValueError("the number has more digits than can be read")
    return repr(value)


def _name_of(item: dict[object, object]) -> str:
    if not item:
        return ""
    for key in _NAMES_OF_OBJECTS:
        name = item.get(key)
        if isinstance(name, str | int) and not isinstance(name, bool) and name != "":
            return str(name)
    raise ValueError("an object inside the value has no name; choose a path inside it")


def storable(text: str) -> str:
    """Text that SQLite can keep: what is no character, and the one that would end the text, becomes U+FFFD."""
    if text.isprintable():
        return text
    return _UNSTORABLE.sub("\ufffd", text)


def moment_of(value: object) -> datetime:
    """The moment that a vendor means, in UTC: ISO, RFC 2822, or seconds (or thousandths) since 1970.

    Without a zone it is UTC. A ValueError says in a sentence that it is no date.
    """
    if isinstance(value, str):
        return _moment_in_text(value.strip())
    if isinstance(value, datetime):
        return _in_utc(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("the value is not a date")
    return _moment_of_number(value)


def _moment_of_number(number: float) -> datetime:
    try:
        return datetime.fromtimestamp(number / 1000 if abs(number) >= _MILLISECONDS_FROM else number, UTC)
    except (OSError, OverflowError, ValueError):
        raise ValueError("the number is not a date") from None


def _moment_in_text(text: str) -> datetime:
    if _EPOCH.fullmatch(text):
        return _moment_of_number(float(text))
    try:
        return _in_utc(datetime.fromisoformat(_ZONE_NAMED_UTC.sub("Z", _ZONE_APART.sub("", text))))
    except OverflowError:
        raise _no_date(text) from None
    except ValueError:
        if not _AS_IN_MAILS.fullmatch(text):
            raise _no_date(text) from None
    try:
        return _in_utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        raise _no_date(text) from None


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _no_date(text: str) -> ValueError:
    return ValueError(f"“{_short(text)}” is not a date")


def _text(value: object, field: Field) -> str | None:
    text = storable(text_of(value))
    if len(text) > _LONGEST[field.type]:
        raise ValueError(f"the text has {len(text):,} characters; {_LONGEST[field.type]:,} fit")
    if field.is_address:
        _refuse_no_address(text.strip())
    if field.lookup is not None:
        return _looked_up(text, field.lookup)
    return (_option(text, field) if field.options else text) or None


def _refuse_no_address(text: str) -> None:
    reason = why_no_mail_address(text) if text else ""
    if reason:
        raise ValueError(f"“{visible_text(_short(text))}” is not a mail address: {reason}")


def _looked_up(text: str, lookup: Lookup) -> str | None:
    """The object that a text means, as it is spelt on its list."""
    if fold_text(text) is None:
        return None
    found = lookup.find(text)
    if found is not None:
        return found
    if lookup.only_these:
        raise ValueError(f"“{_short(text)}” is not on the list “{lookup.label}”")
    return text


def _option(text: str, field: Field) -> str:
    """A value of a drop-down as it is spelt there."""
    folded = fold_text(text)
    if folded is None:
        return ""
    for option in field.options:
        if fold_text(option) == folded:
            return option
    raise ValueError(f"“{_short(text)}” is not one of its values: {', '.join(field.options[:8])}")


def _number(value: object, field: Field) -> int | None:
    del field
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if not re.fullmatch(r"[+-]?\d{1,20}", text):
            raise ValueError(f"“{_short(text)}” is not a whole number")
        number = int(text)
    elif isinstance(value, int):
        number = int(value)
    elif isinstance(value, float):
        if not value.is_integer():
            raise ValueError(f"{value} is not a whole number")
        number = int(value)
    else:
        raise ValueError("the value is not a number")
    if not _SMALLEST <= number <= _LARGEST:
        raise ValueError("the number is too large")
    return number


def _decimal(value: object, field: Field) -> float | None:
    del field
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        number = _float_in_text(text)
    elif isinstance(value, int | float):
        try:
            number = float(value)
        except OverflowError:
            raise ValueError("the number is too large") from None
    else:
        raise ValueError("the value is not a number")
    if not math.isfinite(number):
        raise ValueError("the value is not a number")
    # Zero has no sign.
    return number + 0.0


def _float_in_text(text: str) -> float:
    try:
        # Python reads 1_000, nobody else does.
        return float("" if "_" in text else text)
    except ValueError:
        raise ValueError(f"“{_short(text)}” is not a number") from None


def _flag(value: object, field: Field) -> int | None:
    del field
    if isinstance(value, str):
        word = value.strip().lower()
        if not word:
            return None
        if word in _FLAGS:
            return _FLAGS[word]
    elif isinstance(value, int | float) and value in {0, 1}:
        return int(value)
    raise ValueError(f"“{_short(text_of(value))}” is neither yes nor no")


def _datetime(value: object, field: Field) -> str | None:
    del field
    if isinstance(value, str):
        if is_as_kept(value):
            return value
        if not value.strip():
            return None
    return as_text(moment_of(value))


def _date(value: object, field: Field) -> str | None:
    del field
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if _DAY.fullmatch(text):
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                raise _no_date(text) from None
    return moment_of(value).date().isoformat()


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


_CONVERTERS: dict[FieldType, Callable[[object, Field], Stored]] = {
    FieldType.SHORT_TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.LIST: _text,
    FieldType.PERSON: _text,
    FieldType.LOCATION: _text,
    FieldType.CUSTOM_OBJECT: _text,
    FieldType.NUMBER: _number,
    FieldType.DECIMAL: _decimal,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.FLAG: _flag,
}

"""The filters of templates: each takes values to a value, is bounded, and knows nothing of Python's objects."""

import re
from collections.abc import Callable
from typing import Any

from saasdesk.fields import moment_of

LONGEST_RESULT = 256 * 1024
MOST_ITEMS = 1_000
_LONGEST_FORM = 64
_PARTS_OF_A_DATE = re.compile(r"%[aAbBdfGHIjmMpSuVyYzZ%]")


class TemplateProblem(ValueError):
    """A template that is refused, or that finds nothing; the text names the column where it is about one."""


def as_text(value: Any) -> str:
    """A value as a template shows it; what cannot be shown is an error, never an empty text."""
    if value.__class__ is str:
        return str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if value is None:
        raise TemplateProblem("a value is empty here; write default('…') after it to say what to use instead")
    if isinstance(value, list):
        raise TemplateProblem("a list cannot be shown; choose one item, or use join or json")
    raise TemplateProblem("an object cannot be shown; choose one of its keys, or use json")


def limited(text: str) -> str:
    """The text, unless it is larger than a whole result may be."""
    if len(text) > LONGEST_RESULT:
        raise TemplateProblem("the template's result is larger than 256 KB")
    return text


def _lower(value: Any) -> str:
    return limited(as_text(value).lower())


def _upper(value: Any) -> str:
    return limited(as_text(value).upper())


def _title(value: Any) -> str:
    return limited(as_text(value).title())


def _trim(value: Any) -> str:
    return limited(as_text(value).strip())


def _default(value: Any, other: Any, boolean: Any = False) -> Any:
    return other if value is None or (boolean is True and not value) else value


def _join(value: Any, separator: Any = "") -> str:
    between, pieces, size = as_text(separator), [], 0
    for item in _items(value):
        pieces.append(as_text(item))
        size += len(pieces[-1]) + len(between)
        if size > LONGEST_RESULT + len(between):
            raise TemplateProblem("the template's result is larger than 256 KB")
    return between.join(pieces)


def _split(value: Any, separator: Any = None) -> list[str]:
    parts = limited(as_text(value)).split(None if separator is None else as_text(separator) or None, MOST_ITEMS)
    if len(parts) > MOST_ITEMS:
        raise TemplateProblem("split makes at most 1,000 parts")
    return parts


def _take(value: Any, count: Any, start: Any = 0) -> Any:
    first, number = _counted(start), _counted(count)
    taken = value if isinstance(value, list) else as_text(value)
    return taken[first : first + number]


def _date(value: Any, form: Any = "%Y-%m-%d") -> str:
    text = as_text(form)
    if len(text) > _LONGEST_FORM or "%" in _PARTS_OF_A_DATE.sub("", text):
        raise TemplateProblem(f"“{text[:_LONGEST_FORM]}” is not the form of a date, such as %d.%m.%Y")
    try:
        return moment_of(value).strftime(text)
    except ValueError as error:
        raise TemplateProblem(str(error)) from None


def _json(value: Any) -> str:
    import orjson

    try:
        return limited(orjson.dumps(value).decode())
    except TypeError:
        raise TemplateProblem("the value cannot be written as JSON") from None


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list | dict) else len(as_text(value))


def _first(value: Any) -> Any:
    return _end_of(value, 0)


def _last(value: Any) -> Any:
    return _end_of(value, -1)


def _end_of(value: Any, position: int) -> Any:
    items = value if isinstance(value, list) else as_text(value)
    if not items:
        raise TemplateProblem("first and last need something to take from, and there is nothing")
    return items[position]


def _items(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TemplateProblem("join needs a list")
    if len(value) > MOST_ITEMS:
        raise TemplateProblem("join takes at most 1,000 items")
    return value


def _counted(count: Any) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MOST_ITEMS:
        raise TemplateProblem("a whole number from 0 to 1,000 is needed here")
    return count


FILTERS: dict[str, Callable[..., Any]] = {
    "lower": _lower,
    "upper": _upper,
    "trim": _trim,
    "title": _title,
    "default": _default,
    "first": _first,
    "last": _last,
    "join": _join,
    "length": _length,
    "date": _date,
    "json": _json,
    "split": _split,
    "take": _take,
}

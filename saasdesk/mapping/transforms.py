"""Named steps that change a value on its way: `trim`, `split:,:0`, `values:admin=Administrator,user=Member`.

A step is its name and its arguments, separated by colons; a colon inside an argument is written as two.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

Step = Callable[[Any], Any]

_LONGEST_STEP = 1024


class TransformProblem(ValueError):
    """A step that is unknown, or a value that it cannot change."""


def compile_step(text: str) -> Step:
    """The function for one step; a TransformProblem says what is wrong with it."""
    if len(text) > _LONGEST_STEP:
        raise TransformProblem("a step has at most 1,024 characters")
    name, *arguments = [part.replace("\0", ":") for part in text.replace("::", "\0").split(":")]
    make = _STEPS.get(name.strip())
    if make is None:
        raise TransformProblem(f"“{name}” is not a step. There are: {', '.join(sorted(_STEPS))}.")
    return make(name.strip(), arguments)


def step_names() -> tuple[str, ...]:
    """The names of all steps."""
    return tuple(sorted(_STEPS))


def _on_text(change: Callable[[str], Any]) -> Callable[[str, list[str]], Step]:
    """A step without arguments that changes text, and each text of a list."""

    def make(name: str, arguments: list[str]) -> Step:
        _expect(name, arguments, 0)

        def step(value: Any) -> Any:
            if isinstance(value, str):
                return change(value)
            if isinstance(value, list):
                return [change(item) if isinstance(item, str) else item for item in value]
            return value

        return step

    return make


def _expect(name: str, arguments: list[str], least: int, most: int | None = None) -> None:
    if not least <= len(arguments) <= (least if most is None else most):
        wanted = f"{least}" if most in (None, least) else f"{least} to {most}"
        raise TransformProblem(f"{name} takes {wanted} arguments after a colon, not {len(arguments)}")


def _position(name: str, text: str) -> int:
    if not re.fullmatch(r"-?\d{1,4}", text.strip()):
        raise TransformProblem(f"{name}: “{text}” is not a position such as 0 or -1")
    return int(text)


def _split(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 1, 2)
    separator = arguments[0] or " "
    position = _position(name, arguments[1]) if len(arguments) == 2 else None

    def step(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(separator)]
        return parts if position is None else _pick(parts, position)

    return step


def _pick(items: list[Any], position: int) -> Any:
    return items[position] if -len(items) <= position < len(items) else None


def _item(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 1)
    position = _position(name, arguments[0])
    return lambda value: _pick(value, position) if isinstance(value, list) else value


def _first(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 0)
    return lambda value: _pick(value, 0) if isinstance(value, list) else value


def _last(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 0)
    return lambda value: _pick(value, -1) if isinstance(value, list) else value


def _take(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 1)
    count = _position(name, arguments[0])
    return lambda value: value[:count] if isinstance(value, str | list) else value


def _join(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 0, 1)
    separator = arguments[0] if arguments else ", "

    def step(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return separator.join(str(_name_of(item)) for item in value if _name_of(item) not in (None, ""))

    return step


def _name_of(item: Any) -> Any:
    if isinstance(item, dict):
        return next((item[key] for key in ("name", "summary", "label", "value", "id") if item.get(key)), None)
    return item


def _count(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 0)
    return lambda value: len(value) if isinstance(value, list | dict) else (0 if value is None else 1)


def _default(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 1)
    return lambda value: arguments[0] if value is None or value in ("", []) else value


def _prefix(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 1)
    return lambda value: value if value in (None, "") else f"{arguments[0]}{value}"


def _suffix(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 1)
    return lambda value: value if value in (None, "") else f"{value}{arguments[0]}"


def _replace(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 2)
    old, new = arguments
    if not old:
        raise TransformProblem("replace needs the text to look for")
    return lambda value: value.replace(old, new) if isinstance(value, str) else value


def _values(name: str, arguments: list[str]) -> Step:
    """Other words for known values: `values:admin=Administrator,user=Member`; what is not named stays."""
    _expect(name, arguments, 1)
    table: dict[str, str] = {}
    for pair in arguments[0].split(","):
        known, separator, new = pair.partition("=")
        if not separator:
            raise TransformProblem(f"values: “{pair}” is not of the form old=new")
        table[known.strip().casefold()] = new.strip()

    def step(value: Any) -> Any:
        if isinstance(value, bool):
            return table.get("true" if value else "false", value)
        return value if value is None else table.get(str(value).strip().casefold(), value)

    return step


def _date(name: str, arguments: list[str]) -> Step:
    """Read a date written in a form of its own: `date:%d.%m.%Y`; without a form ISO dates and epoch seconds."""
    _expect(name, arguments, 0, 1)
    form = arguments[0] if arguments else None

    def step(value: Any) -> Any:
        if value is None or value == "" or form is None:
            return value
        try:
            moment = datetime.strptime(str(value).strip(), form)  # noqa: DTZ007 - a form without a zone means UTC
        except ValueError:
            raise TransformProblem(f"“{str(value)[:40]}” is not a date of the form {form}") from None
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return moment.isoformat()

    return step


def _epoch(name: str, arguments: list[str]) -> Step:
    """Seconds (or `epoch:ms`) since 1970 as a moment."""
    _expect(name, arguments, 0, 1)
    divisor = 1000 if arguments and arguments[0] == "ms" else 1

    def step(value: Any) -> Any:
        if value is None or value == "":
            return value
        try:
            return datetime.fromtimestamp(float(value) / divisor, UTC).isoformat()
        except (TypeError, ValueError, OverflowError, OSError):
            raise TransformProblem(f"“{str(value)[:40]}” is no number of seconds since 1970") from None

    return step


_STEPS: dict[str, Callable[[str, list[str]], Step]] = {
    "trim": _on_text(str.strip),
    "lower": _on_text(str.lower),
    "upper": _on_text(str.upper),
    "title": _on_text(str.title),
    "split": _split,
    "item": _item,
    "first": _first,
    "last": _last,
    "take": _take,
    "join": _join,
    "count": _count,
    "default": _default,
    "prefix": _prefix,
    "suffix": _suffix,
    "replace": _replace,
    "values": _values,
    "date": _date,
    "epoch": _epoch,
}

"""Named steps that change a value on its way: `trim`, `split:,:0`, `values:admin=Administrator,user=Member`.

A step is its name and its arguments, separated by colons; a colon inside an argument is written as two. Steps for text
change each text of a list. Nothing they make is larger than 256 KB.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from saasdesk.fields import text_of

Step = Callable[[Any], Any]

LONGEST_RESULT = 256 * 1024
_LONGEST_STEP = 1024
_LONGEST_DATE = 100
_TOO_LARGE = "a step made a text of more than 256 KB"
_COLONS = re.compile("::|:")


class TransformProblem(ValueError):
    """A step that is unknown, or a value that it cannot change."""


def compile_step(text: str) -> Step:
    """The function for one step; a TransformProblem says what is wrong with it."""
    if len(text) > _LONGEST_STEP:
        raise TransformProblem("a step has at most 1,024 characters")
    name, colon, rest = text.partition(":")
    make = _STEPS.get(name.strip())
    if make is None:
        raise TransformProblem(f"“{name}” is not a step. There are: {', '.join(step_names())}.")
    return make(name.strip(), _arguments(rest) if colon else [])


def compile_step_over(text: str) -> Callable[[Sequence[Any]], list[Any]]:
    """The same step over many values at once."""
    step = compile_step(text)
    change = _TEXT_CHANGES.get(text.strip())
    if change is None:
        return lambda values: [step(value) for value in values]

    def over(values: Sequence[Any]) -> list[Any]:
        try:
            return list(map(change, values))
        except TypeError:
            # Not all of them are texts.
            return [step(value) for value in values]

    return over


def step_names() -> tuple[str, ...]:
    """The names of all steps."""
    return tuple(sorted(_STEPS))


def _arguments(text: str) -> list[str]:
    """Cut at single colons, from left to right: `:::0` is a colon, then 0."""
    arguments, position = [""], 0
    for colons in _COLONS.finditer(text):
        arguments[-1] += text[position : colons.start()]
        if colons[0] == ":":
            arguments.append("")
        else:
            arguments[-1] += ":"
        position = colons.end()
    arguments[-1] += text[position:]
    return arguments


def _expect(name: str, arguments: list[str], least: int, most: int | None = None) -> None:
    most = least if most is None else most
    if not least <= len(arguments) <= most:
        wanted = f"{least}" if most == least else f"{least} to {most}"
        noun = "argument" if most == 1 else "arguments"
        raise TransformProblem(f"{name} takes {wanted} {noun} after a colon, not {len(arguments)}")


def _position(name: str, text: str) -> int:
    if not re.fullmatch(r"-?\d{1,4}", text.strip(), re.ASCII):
        raise TransformProblem(f"{name}: “{text}” is not a position such as 0 or -1")
    return int(text)


def _sized(text: str) -> str:
    if len(text) > LONGEST_RESULT:
        raise TransformProblem(_TOO_LARGE)
    return text


def in_words(value: Any) -> str:
    """Any value as text, as steps see it; a TransformProblem where it has none."""
    try:
        return text_of(value)
    except ValueError as problem:
        raise TransformProblem(str(problem)) from None


def _each(change: Callable[[Any], Any], value: Any) -> Any:
    """The value changed, or each item of a list."""
    if not isinstance(value, list):
        return change(value)
    items, size = [], 0
    for item in value:
        items.append(change(item))
        size += len(items[-1]) if isinstance(items[-1], str) else 1
        if size > LONGEST_RESULT:
            raise TransformProblem(_TOO_LARGE)
    return items


def _on_text(change: Callable[[str], str]) -> Callable[[str, list[str]], Step]:
    """A step without arguments that changes text, and leaves alone what is none."""

    def make(name: str, arguments: list[str]) -> Step:
        _expect(name, arguments, 0)

        def one(value: Any) -> Any:
            return change(value) if isinstance(value, str) else value

        def step(value: Any) -> Any:
            # Nearly every value is one text.
            return change(value) if value.__class__ is str else _each(one, value)

        return step

    return make


def _split(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 1, 2)
    separator = arguments[0] or " "
    position = _position(name, arguments[1]) if len(arguments) == 2 else None

    def step(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in _sized(value).split(separator)]
        return parts if position is None else _pick(parts, position)

    return step


def _pick(items: list[Any], position: int) -> Any:
    return items[position] if -len(items) <= position < len(items) else None


def _item(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 1)
    position = _position(name, arguments[0])
    return lambda value: _pick(value, position) if isinstance(value, list) else value


def _end(position: int) -> Callable[[str, list[str]], Step]:
    def make(name: str, arguments: list[str]) -> Step:
        _expect(name, arguments, 0)
        return lambda value: _pick(value, position) if isinstance(value, list) else value

    return make


def _take(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 1)
    count = _position(name, arguments[0])
    if count < 0:
        raise TransformProblem("take: say how many, such as 3")
    return lambda value: value[:count] if isinstance(value, str | list) else value


def _join(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 0, 1)
    separator = arguments[0] if arguments else ", "

    def step(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        texts = [text for text in map(in_words, value) if text]
        if sum(map(len, texts)) + len(separator) * len(texts) > LONGEST_RESULT + len(separator):
            raise TransformProblem(_TOO_LARGE)
        return separator.join(texts)

    return step


def _count(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 0)
    return lambda value: len(value) if isinstance(value, list | dict) else (0 if value is None else 1)


def _default(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 1)
    return lambda value: arguments[0] if value is None or value in ("", [], {}) else value


def _around(before: bool) -> Callable[[str, list[str]], Step]:
    def make(name: str, arguments: list[str]) -> Step:
        _expect(name, arguments, 1)

        def one(value: Any) -> Any:
            text = in_words(value)
            if not text:
                return value
            return _sized(f"{arguments[0]}{text}" if before else f"{text}{arguments[0]}")

        return lambda value: _each(one, value)

    return make


def _replace(name: str, arguments: list[str]) -> Step:
    _expect(name, arguments, 2)
    old, new = arguments
    if not old:
        raise TransformProblem("replace needs the text to look for")

    def one(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        # Counted before anything is made: a thousand letters in the place of each one add up.
        if len(value) + value.count(old) * (len(new) - len(old)) > LONGEST_RESULT:
            raise TransformProblem(_TOO_LARGE)
        return value.replace(old, new)

    return lambda value: _each(one, value)


def _values(name: str, arguments: list[str]) -> Step:
    """Other words for known values: `values:admin=Administrator,user=Member`; what is not named stays."""
    _expect(name, arguments, 1)
    table: dict[str, str] = {}
    for pair in arguments[0].split(","):
        known, separator, new = pair.partition("=")
        if not separator:
            raise TransformProblem(f"values: “{pair}” is not of the form old=new")
        table[known.strip().casefold()] = new.strip()

    def one(value: Any) -> Any:
        return value if value is None or isinstance(value, dict) else table.get(_known_as(value), value)

    return lambda value: _each(one, value)


def _known_as(value: Any) -> str:
    return in_words(value).strip().casefold()


def _date(name: str, arguments: list[str]) -> Step:
    """Read a date written in a form of its own: `date:%d.%m.%Y`; without a form ISO dates and epoch seconds."""
    _expect(name, arguments, 0, 1)
    form = arguments[0] if arguments else None
    if form is None:
        return lambda value: value
    _check_form(form)

    def one(value: Any) -> Any:
        text = in_words(value).strip()
        if not text:
            return value
        try:
            moment = datetime.strptime(text[:_LONGEST_DATE], form)  # noqa: DTZ007 - a form without a zone means UTC
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise TransformProblem(f"“{text[:40]}” is not a date of the form {form}") from None
        return moment.isoformat()

    return lambda value: _each(one, value)


def _check_form(form: str) -> None:
    """Python notices a wrong form when it first reads a date; an admin wants to hear of it at once."""
    if not form:
        raise TransformProblem("date: the form is missing, such as %d.%m.%Y")
    try:
        datetime.strptime("", form)  # noqa: DTZ007 - no date is read
    except (re.error, KeyError, IndexError):
        raise TransformProblem(f"date: “{form}” names the same part twice") from None
    except ValueError as error:
        if "directive" in str(error) or "stray" in str(error):
            raise TransformProblem(f"date: “{form}” is not a form such as %d.%m.%Y") from None


def _epoch(name: str, arguments: list[str]) -> Step:
    """Seconds (or `epoch:ms`) since 1970 as a moment."""
    _expect(name, arguments, 0, 1)
    unit = arguments[0].strip() if arguments else "s"
    if unit not in {"s", "ms"}:
        raise TransformProblem("epoch: seconds are “s”, thousandths “ms”")
    divisor = 1000 if unit == "ms" else 1

    def one(value: Any) -> Any:
        if value is None or value == "":
            return value
        try:
            seconds = float("" if isinstance(value, bool) else value) / divisor
            return datetime.fromtimestamp(seconds, UTC).isoformat()
        except (TypeError, ValueError, OverflowError, OSError):
            raise TransformProblem(f"“{str(value)[:40]}” is no number of seconds since 1970") from None

    return lambda value: _each(one, value)


_TEXT_CHANGES: dict[str, Callable[[str], str]] = {
    "trim": str.strip,
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
}

_STEPS: dict[str, Callable[[str, list[str]], Step]] = {
    **{name: _on_text(change) for name, change in _TEXT_CHANGES.items()},
    "split": _split,
    "item": _item,
    "first": _end(0),
    "last": _end(-1),
    "take": _take,
    "join": _join,
    "count": _count,
    "default": _default,
    "prefix": _around(before=True),
    "suffix": _around(before=False),
    "replace": _replace,
    "values": _values,
    "date": _date,
    "epoch": _epoch,
}

"""Paths into a vendor's record: `profile.first_name`, `addresses[0].city`, `response['assigned_to.email']`."""

import re
from collections.abc import Callable
from typing import Any

Getter = Callable[[Any], Any]
Step = str | int

_PLAIN = re.compile(r"[^\W\d][\w-]*", re.ASCII)
_LONGEST = 1024
_TEMPLATE_OF_A_PATH = re.compile(r"\{\{\s*([^{}|~+*/%()]+?)\s*\}\}")


class PathProblem(ValueError):
    """A path that cannot be read; the text says where and why."""


def parse_path(text: str) -> tuple[Step, ...]:
    """The steps of a path: keys and list positions. A leading `response` names the whole record and is left out."""
    source = text.strip()
    if not source or len(source) > _LONGEST:
        raise PathProblem("a path is empty" if not source else "a path has at most 1,024 characters")
    steps: list[Step] = []
    position = 0
    while position < len(source):
        position = _read_step(source, position, steps)
    if len(steps) > 1 and steps[0] == "response":
        steps = steps[1:]
    return tuple(steps)


def _read_step(source: str, position: int, steps: list[Step]) -> int:
    sign = source[position]
    if sign == "[":
        end = source.find("]", position)
        inside = source[position + 1 : end].strip() if end > 0 else ""
        if len(inside) > 1 and inside[0] in "'\"":
            close = source.find(inside[0] + "]", position + 2)
            if close < 0:
                raise PathProblem(f"“{source}”: the quote at column {position + 2} is not closed")
            steps.append(source[position + 2 : close])
            return close + 2
        if end < 0 or not re.fullmatch(r"-?\d{1,6}", inside):
            raise PathProblem(
                f"“{source}”: at column {position + 1} a position like [0] or a key like ['name'] is expected"
            )
        steps.append(int(inside))
        return end + 1
    if sign == ".":
        if position == 0 or position + 1 >= len(source):
            raise PathProblem(f"“{source}”: a key is missing at column {position + 1}")
        position += 1
    elif steps:
        raise PathProblem(f"“{source}”: a dot is missing at column {position + 1}")
    found = _PLAIN.match(source, position)
    if found is None:
        raise PathProblem(f"“{source}”: a key is expected at column {position + 1}; put odd keys in ['…']")
    steps.append(found[0])
    return found.end()


def path_in_template(text: str) -> str | None:
    """The path that a template consists of, when it is nothing more than `{{ path }}`; else None."""
    found = _TEMPLATE_OF_A_PATH.fullmatch(text.strip())
    if found is None:
        return None
    try:
        parse_path(found[1])
    except PathProblem:
        return None
    return found[1]


def compile_path(text: str) -> Getter:
    """A function from a record to the value at the path; None where there is nothing."""
    steps = parse_path(path_in_template(text) or text)
    if len(steps) == 1 and isinstance(steps[0], str):
        key = steps[0]
        return lambda record: record.get(key)
    return lambda record: _walk(record, steps)


def _walk(value: Any, steps: tuple[Step, ...]) -> Any:
    for step in steps:
        if isinstance(step, str):
            if not isinstance(value, dict):
                return None
            value = value.get(step)
        else:
            if not isinstance(value, list) or not -len(value) <= step < len(value):
                return None
            value = value[step]
    return value

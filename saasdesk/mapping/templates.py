"""Templates: Jinja2's syntax, admitted through a list of what may stand in one: they read values and no more."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from saasdesk.mapping.expressions import (
    MOST_LOOKUPS,
    Expression,
    Filling,
    Misplaced,
    compile_expression,
)
from saasdesk.mapping.filters import LONGEST_RESULT, TemplateProblem

__all__ = [
    "LONGEST_RESULT",
    "LONGEST_SECONDS",
    "LONGEST_SOURCE",
    "MOST_LOOKUPS",
    "Template",
    "TemplateProblem",
    "compile_template",
    "is_template",
]

LONGEST_SOURCE = 4 * 1024
LONGEST_SECONDS = 0.05

_MARKS = re.compile(r"\{\{|\{%|\{#|\}\}|[{}]")
_QUOTED = re.compile(r"""'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*\"""", re.DOTALL)
_IN_BRACES = re.compile(r"[^'\"{}]+")
_NO_BLOCKS = "loops, conditions, assignments and the like ({% … %}) may not stand in a template"
_NOTHING: Mapping[str, Any] = {}


class Template:
    """A compiled template: text and expressions in turn. `names` are all names that it begins to look up at."""

    def __init__(self, source: str, pieces: Sequence[str | Expression], seconds: float = LONGEST_SECONDS) -> None:
        self.source = source
        self.names = frozenset().union(*(piece.names for piece in pieces if isinstance(piece, Expression)))
        self._pieces = tuple(pieces)
        self._seconds = seconds

    def render(self, record: Mapping[str, Any], context: Mapping[str, Any] | None = None) -> str:
        """The text for one record; raises TemplateProblem when a name finds nothing or a limit is met."""
        filling = Filling(record, _NOTHING if context is None else context, self._seconds)
        texts: list[str] = []
        size = 0
        for piece in self._pieces:
            text = piece if isinstance(piece, str) else piece.text(filling)
            size += len(text)
            if size > LONGEST_RESULT:
                raise TemplateProblem("the template's result is larger than 256 KB")
            texts.append(text)
        filling.look_at_the_clock()
        return "".join(texts)


def is_template(text: str) -> bool:
    """Whether a source is a template and not a path."""
    return any(mark in text for mark in ("{{", "}}", "{%", "{#"))


def compile_template(source: str, seconds: float = LONGEST_SECONDS, whole: str = "response") -> Template:
    """Check and compile a template; a TemplateProblem names the column of what may not stand there.

    `whole` is the name that means the record itself; with an empty one there is no such name.
    """
    try:
        size = len(source.encode())
    except UnicodeEncodeError as error:
        raise TemplateProblem(f"{_column(source, error.start)}: this is no character.") from None
    if size > LONGEST_SOURCE:
        raise TemplateProblem("a template has at most 4 KB")
    try:
        pieces = _read(source, whole)
    except Misplaced as problem:
        raise TemplateProblem(f"{_column(source, problem.place)}: {problem}.") from None
    return Template(source, pieces, seconds)


def _column(source: str, place: int) -> str:
    before = source[:place]
    column = place - before.rfind("\n")
    return f"Line {before.count(chr(10)) + 1}, column {column}" if "\n" in source else f"Column {column}"


def _read(source: str, whole: str) -> list[str | Expression]:
    """The text between the braces, and what stands in them."""
    pieces: list[str | Expression] = []
    lookups = position = open_braces = 0
    while True:
        begin, open_braces = _next_expression(source, position, open_braces)
        if begin is None:
            return [piece for piece in (*pieces, source[position:]) if piece != ""]
        end = _end_of_expression(source, begin)
        text, inner, offset = source[position:begin], source[begin + 2 : end], begin + 2
        position = end + 2
        # {{- and -}} take the blanks before and after along.
        if inner.startswith("-"):
            text, inner, offset = text.rstrip(), inner[1:], offset + 1
        if inner.endswith("-"):
            inner, position = inner[:-1], _after_blanks(source, position)
        expression = compile_expression(inner, offset, whole)
        lookups += expression.lookups
        if lookups > MOST_LOOKUPS:
            raise Misplaced(begin, f"A template looks up at most {MOST_LOOKUPS} values")
        pieces += [text, expression]


def _after_blanks(source: str, position: int) -> int:
    while source[position : position + 1].isspace():
        position += 1
    return position


def _next_expression(source: str, position: int, open_braces: int) -> tuple[int | None, int]:
    """Where the next `{{` stands, and how many single braces are open: those of JSON around it are left alone."""
    while (mark := _MARKS.search(source, position)) is not None:
        position = mark.end()
        match mark[0]:
            case "{{":
                return mark.start(), open_braces
            case "{%":
                raise Misplaced(mark.start(), _NO_BLOCKS)
            case "{#":
                raise Misplaced(mark.start(), "comments may not stand in a template")
            case "{":
                open_braces += 1
            case "}":
                open_braces -= 1
            case _:
                if open_braces < 2:
                    raise Misplaced(mark.start(), "}} closes nothing; an expression begins with {{")
                open_braces -= 2
    return None, open_braces


def _end_of_expression(source: str, begin: int) -> int:
    """Where the `}}` stands that closes the `{{` at `begin`."""
    position = begin + 2
    while position < len(source):
        if source.startswith("}}", position):
            return position
        sign = source[position]
        if sign == "{" and source[position + 1 : position + 2] == "{":
            raise Misplaced(position, "a second {{ before the first was closed")
        if sign == "}":
            raise Misplaced(position, f"a single }} does not close the {{{{ of {_column(source, begin).lower()}")
        if sign == "{":
            raise Misplaced(position, "An object may not be made in a template")
        token = (_QUOTED if sign in "'\"" else _IN_BRACES).match(source, position)
        if token is None:
            raise Misplaced(position, "this quote is not closed")
        position = token.end()
    raise Misplaced(begin, "{{ is not closed; }} is missing")

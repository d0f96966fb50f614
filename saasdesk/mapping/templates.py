"""Templates: Jinja2's syntax, admitted through a list of what may stand in one: they read values and no more."""

import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

LONGEST_SOURCE = 4 * 1024
LONGEST_RESULT = 256 * 1024
LONGEST_SECONDS = 0.05
MOST_LOOKUPS = 64
# A result of a filter may grow, but never beyond what a whole result may have.
_MOST_ITEMS = 1_000


class TemplateProblem(ValueError):
    """A template that is refused, or that finds nothing; the text names the column where it is about one."""


class Template:
    """A compiled template: a function from a record and a context to text."""

    def __init__(self, source: str, render: Callable[[Mapping[str, Any]], str]) -> None:
        self.source = source
        self._render = render

    def render(self, record: Mapping[str, Any], context: Mapping[str, Any] | None = None) -> str:
        """The text for one record; raises TemplateProblem when a name finds nothing or a limit is met."""
        from jinja2 import TemplateError

        names = {**(context or {}), **record, "response": record}
        started = time.perf_counter()
        try:
            text = self._render(names)
        except TemplateProblem:
            raise
        except TemplateError as error:
            raise TemplateProblem(str(error)) from None
        except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            raise TemplateProblem(f"the template cannot be filled in: {error}") from None
        if time.perf_counter() - started > LONGEST_SECONDS:
            raise TemplateProblem("the template took longer than 50 ms")
        if len(text) > LONGEST_RESULT:
            raise TemplateProblem("the template's result is larger than 256 KB")
        return text


def is_template(text: str) -> bool:
    """Whether a source is a template and not a path."""
    return "{{" in text or "{%" in text or "}}" in text


def compile_template(source: str) -> Template:
    """Check and compile a template; a TemplateProblem names the column of what may not stand there."""
    if len(source.encode()) > LONGEST_SOURCE:
        raise TemplateProblem("a template has at most 4 KB")
    _check_braces(source)
    environment = _environment()
    from jinja2 import TemplateSyntaxError

    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        raise TemplateProblem(f"{_place(source, error.lineno)}{error.message}.") from None
    _admit(tree, source)
    compiled = environment.from_string(tree)
    root, block_context = compiled.root_render_func, compiled.new_context

    def render(names: Mapping[str, Any]) -> str:
        pieces: list[str] = []
        size = 0
        for piece in root(block_context(dict(names))):
            size += len(piece)
            if size > LONGEST_RESULT:
                raise TemplateProblem("the template's result is larger than 256 KB")
            pieces.append(piece)
        return "".join(pieces)

    return Template(source, render)


def _check_braces(source: str) -> None:
    depth_at: list[tuple[str, int]] = []
    for found in re.finditer(r"\{\{|\}\}|\{%|%\}", source):
        sign = found[0]
        if sign in {"{{", "{%"}:
            if depth_at:
                raise TemplateProblem(f"Column {found.start() + 1}: a second {sign} before the first was closed.")
            depth_at.append((sign, found.start()))
        else:
            closes = {"}}": "{{", "%}": "{%"}[sign]
            if not depth_at or depth_at[-1][0] != closes:
                raise TemplateProblem(f"Column {found.start() + 1}: {sign} closes nothing.")
            depth_at.pop()
    if depth_at:
        sign, position = depth_at[-1]
        closing = "}}" if sign == "{{" else "%}"
        raise TemplateProblem(f"Column {position + 1}: {sign} is not closed; {closing} is missing.")


def _place(source: str, line: int | None) -> str:
    return f"Line {line}: " if line and source.count("\n") else ""


_environment_made: Any = None


def _environment() -> Any:
    """Jinja2 with our filters only, strict about names; made once, because Jinja2 is slow to load."""
    global _environment_made  # noqa: PLW0603
    if _environment_made is None:
        from jinja2 import Environment, StrictUndefined

        class NothingFound(StrictUndefined):
            """A name that finds nothing is an error that says which."""

            def _fail_with_undefined_error(self, *_args: Any, **_kwargs: Any) -> Any:
                raise TemplateProblem(f"nothing is found for “{self._undefined_name}”")

            __str__ = __iter__ = __len__ = __eq__ = __ne__ = __bool__ = __hash__ = _fail_with_undefined_error  # type: ignore[assignment]

        environment = Environment(undefined=NothingFound, autoescape=False, cache_size=0)  # noqa: S701 - the result is text, never HTML
        environment.filters.clear()
        environment.filters.update(_FILTERS)
        environment.tests = {"defined": environment.tests["defined"], "none": environment.tests["none"]}
        environment.globals.clear()
        environment.getattr = _look_up  # type: ignore[method-assign]
        environment.getitem = _look_up  # type: ignore[method-assign]
        environment.finalize = _shown
        _environment_made = environment
    return _environment_made


def _look_up(value: Any, key: Any) -> Any:
    """A key of an object or a place in a list, never an attribute of a Python object."""
    if isinstance(value, Mapping) and key in value:
        return value[key]
    if (
        isinstance(value, list)
        and isinstance(key, int)
        and not isinstance(key, bool)
        and -len(value) <= key < len(value)
    ):
        return value[key]
    return _environment().undefined(name=str(key))


def _shown(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        raise TemplateProblem("a template can show texts and numbers; choose one item, or use join or json")
    return value


# ----- what may stand in a template

_ADMITTED = frozenset(
    {
        "Template",
        "Output",
        "TemplateData",
        "Name",
        "Getattr",
        "Getitem",
        "Const",
        "Compare",
        "Operand",
        "And",
        "Or",
        "Not",
        "CondExpr",
        "Concat",
        "Filter",
        "Test",
        "Keyword",
        "Neg",
    }
)


def _admit(tree: Any, source: str) -> None:
    from jinja2 import nodes

    lookups = 0
    pending = [tree]
    depth = 0
    while pending:
        node = pending.pop()
        depth += 1
        if depth > LONGEST_SOURCE:
            raise TemplateProblem("the template is too deeply nested")
        kind = type(node).__name__
        if kind not in _ADMITTED:
            raise TemplateProblem(
                f"{_column(source, kind)}{_NAMES_OF_KINDS.get(kind, kind.lower())} may not stand in a template."
            )
        if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            raise TemplateProblem(f"Column {_find(source, node.name)}: '{node.name}' is not a filter.")
        if isinstance(node, nodes.Test) and node.name not in {"defined", "none"}:
            raise TemplateProblem(f"Column {_find(source, node.name)}: '{node.name}' is not a test.")
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            lookups += 1
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            raise TemplateProblem(f"Column {_find(source, node.attr)}: names that begin with _ are not read.")
        if isinstance(node, nodes.Name) and node.name in {"self", "super", "caller", "loop"}:
            raise TemplateProblem(f"Column {_find(source, node.name)}: “{node.name}” may not stand in a template.")
        if isinstance(node, nodes.Name) and node.name.startswith("_"):
            raise TemplateProblem(f"Column {_find(source, node.name)}: names that begin with _ are not read.")
        if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const | nodes.Neg):
            raise TemplateProblem("Only a fixed key or position may stand in […].")
        if isinstance(node, nodes.Neg) and not isinstance(node.node, nodes.Const):
            raise TemplateProblem("Templates do not calculate.")
        pending.extend(node.iter_child_nodes())
    if lookups > MOST_LOOKUPS:
        raise TemplateProblem(f"a template looks up at most {MOST_LOOKUPS} values; this one has {lookups}")


_NAMES_OF_KINDS = {
    "Call": "A call",
    "For": "A loop",
    "Assign": "An assignment",
    "AssignBlock": "An assignment",
    "Add": "Calculating",
    "Sub": "Calculating",
    "Mul": "Calculating",
    "Div": "Calculating",
    "FloorDiv": "Calculating",
    "Mod": "Calculating",
    "Pow": "Calculating",
    "Slice": "A slice",
    "Import": "An import",
    "FromImport": "An import",
    "Include": "An include",
    "Extends": "An extends",
    "Macro": "A macro",
    "Block": "A block",
    "CallBlock": "A call",
    "FilterBlock": "A filter block",
    "If": "An {% if %}",
    "With": "A with",
    "List": "A list",
    "Dict": "An object",
    "Tuple": "A list",
}
_SIGNS = {"Call": "(", "Add": "+", "Sub": "-", "Mul": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "**"}


def _column(source: str, kind: str) -> str:
    sign = _SIGNS.get(kind, "{%" if "{%" in source else "")
    return f"Column {_find(source, sign)}: " if sign and sign in source else ""


def _find(source: str, text: str) -> int:
    return source.find(text) + 1


# ----- filters: each bounded, none calls into Python objects


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if value is None:
        return ""
    raise TemplateProblem("this filter needs a text")


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value[:_MOST_ITEMS]
    raise TemplateProblem("this filter needs a list")


def _bounded(count: Any) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= _MOST_ITEMS:
        raise TemplateProblem("a number between 0 and 1,000 is needed here")
    return count


def _default(value: Any, other: Any = "", boolean: Any = False) -> Any:
    from jinja2 import Undefined

    if isinstance(value, Undefined) or value is None or (boolean is True and not value):
        return other
    return value


def _join(value: Any, separator: Any = "") -> str:
    return _limited(_text(separator).join(_text(item) for item in _items(value)))


def _limited(text: str) -> str:
    if len(text) > LONGEST_RESULT:
        raise TemplateProblem("the template's result is larger than 256 KB")
    return text


def _split(value: Any, separator: Any = None) -> list[str]:
    parts = _text(value).split(None if separator is None else _text(separator) or None, _MOST_ITEMS)
    return parts[:_MOST_ITEMS]


def _take(value: Any, count: Any, start: Any = 0) -> Any:
    first = _bounded(start)
    taken = value if isinstance(value, list) else _text(value)
    return taken[first : first + _bounded(count)]


def _date(value: Any, form: Any = "%Y-%m-%d") -> str:
    text = _text(form)
    if len(text) > 64:
        raise TemplateProblem("the form of a date is too long")
    try:
        return datetime.fromisoformat(_text(value).strip()).strftime(text)
    except ValueError:
        raise TemplateProblem(f"“{_text(value)[:40]}” is not a date") from None


def _json(value: Any) -> str:
    import orjson

    return _limited(orjson.dumps(value).decode())


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str | list | dict) else len(_text(value))


def _first(value: Any) -> Any:
    return _end_of(value, 0)


def _last(value: Any) -> Any:
    return _end_of(value, -1)


def _end_of(value: Any, position: int) -> Any:
    items = value if isinstance(value, str) else _items(value)
    if not items:
        raise TemplateProblem("first and last need something to take from; the list is empty")
    return items[position]


_FILTERS: dict[str, Callable[..., Any]] = {
    "lower": lambda value: _text(value).lower(),
    "upper": lambda value: _text(value).upper(),
    "trim": lambda value: _text(value).strip(),
    "title": lambda value: _text(value).title(),
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

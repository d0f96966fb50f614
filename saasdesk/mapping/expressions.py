"""What stands between `{{` and `}}`: parsed by Jinja2, admitted through a list, compiled to functions.

Nothing of Jinja2 runs when a template is filled in: each admitted part becomes a small function of ours that looks
values up in plain objects and lists. What is not on the list does not compile.
"""

import inspect
import math
import operator
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from saasdesk.mapping.filters import FILTERS, LONGEST_RESULT, TemplateProblem, as_text
from saasdesk.mapping.paths import path_text

if TYPE_CHECKING:
    from jinja2 import nodes

MOST_LOOKUPS = 64
_DEEPEST = 80
_LARGEST_NUMBER = 2**63 - 1
_UNNAMEABLE = frozenset({"self", "super", "loop", "caller", "varargs", "kwargs"})


class Misplaced(TemplateProblem):
    """A problem at a place in the source, counted from 0."""

    def __init__(self, place: int, message: str) -> None:
        super().__init__(message)
        self.place = place


class Filling:
    """One filling-in of a template: the record, what else has names, and when it must be done."""

    __slots__ = ("_began", "_deadline", "_seconds", "context", "record")

    def __init__(self, record: Mapping[str, Any], context: Mapping[str, Any], seconds: float) -> None:
        self.record = record
        self.context = context
        self._seconds = seconds
        self._began = time.thread_time()
        self._deadline = time.perf_counter() + seconds

    def look_at_the_clock(self) -> None:
        """Between two steps, none of which takes long: a template that takes too long ends here, and nowhere else."""
        # Whoever only waited for its turn is not too slow.
        if time.perf_counter() >= self._deadline and time.thread_time() - self._began >= self._seconds:
            raise TemplateProblem("the template took longer than 50 ms")


class Missing:
    """What a name gives that finds nothing: `default` and `is defined` may see it, everything else is an error."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


Value = Callable[[Filling], Any]


def found(value: Any) -> Any:
    """The value, or the error that a name found nothing."""
    if value.__class__ is Missing:
        raise TemplateProblem(f"nothing is found for “{value.name}”")
    return value


class Expression:
    """One compiled `{{ … }}`; `names` are the record's keys and others it begins at, `lookups` how many it has."""

    __slots__ = ("_value", "lookups", "names")

    def __init__(self, value: Value, names: frozenset[str], lookups: int) -> None:
        self._value = value
        self.names = names
        self.lookups = lookups

    def text(self, filling: Filling) -> str:
        """What is shown."""
        return as_text(self._value(filling))


def compile_expression(source: str, offset: int, whole: str = "response") -> Expression:
    """Compile what stands in braces; `offset` is where it begins in the template, for the places of problems.

    `whole` is the name that means the record itself.
    """
    compiler = _Compiler(whole)
    value = compiler.shown(_parse(source, offset), 1)
    return Expression(value, frozenset(compiler.names), compiler.lookups)


# ----- parsing

# Jinja2 ends its sentences with a stop, or with a position in our part of the template.
_COUNTED_FROM_ELSEWHERE = re.compile(r" at \d+$|\.$")

_environment_made: Any = None


def _environment() -> Any:
    """Jinja2 without anything but its grammar; made once, because Jinja2 is slow to load."""
    global _environment_made  # noqa: PLW0603
    if _environment_made is None:
        from jinja2 import Environment

        _environment_made = Environment(autoescape=False)  # noqa: S701 - only its parser is used
    return _environment_made


def _parse(source: str, offset: int) -> "nodes.Expr":
    from jinja2 import TemplateSyntaxError
    from jinja2.lexer import TokenStream
    from jinja2.parser import Parser

    environment = _environment()
    cut = _Cut(source, offset)
    try:
        parser = Parser(environment, "", state="variable")
        parser.stream = TokenStream(environment.lexer.wrap(cut.tokens(environment)), None, None)
        if not parser.stream:
            raise Misplaced(offset, "nothing stands between the braces")
        tree = parser.parse_expression()
        if parser.stream:
            rest = parser.stream.current
            raise Misplaced(rest.lineno, f"“{rest.value}” is not expected here")
    except TemplateSyntaxError as error:
        # The line is where our tokens say they begin; the lexer's own errors come with a true line.
        place = cut.place if cut.is_broken or cut.is_at_end else error.lineno
        raise Misplaced(place, _COUNTED_FROM_ELSEWHERE.sub("", error.message or "this is not understood")) from None
    except RecursionError:
        raise Misplaced(offset, "the template is too deeply nested") from None
    except TemplateProblem:
        raise
    except (ValueError, SyntaxError):
        raise Misplaced(cut.place, "this is not understood") from None
    return tree


class _Cut:
    """The source cut into tokens that carry their place where Jinja2 would keep the line."""

    def __init__(self, source: str, offset: int) -> None:
        self._source, self._offset = source, offset
        self.place = offset
        self.is_broken = False
        self.is_at_end = False

    def tokens(self, environment: Any) -> Iterator[tuple[int, str, str]]:
        position = 0
        pieces = environment.lexer.tokeniter(self._source, None, state="variable")
        while True:
            self.is_broken = True
            piece = next(pieces, None)
            self.is_broken = False
            if piece is None:
                self.is_at_end = True
                return
            _, kind, text = piece
            position = self._source.index(text, position)
            self.place = self._offset + position
            yield self.place, kind, text
            position += len(text)
            self.place = self._offset + position


# ----- compiling

_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda value, where: value in where,
    "notin": lambda value, where: value not in where,
}

_CALCULATING = "Templates do not calculate"
_REFUSED = {
    "Call": "A call may not stand in a template",
    "Slice": "A slice may not stand in a template; use take",
    "List": "A list may not be made in a template",
    "Tuple": "A list may not be made in a template",
    "Dict": "An object may not be made in a template",
    **dict.fromkeys(("Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow", "Neg", "Pos"), _CALCULATING),
}


class _Compiler:
    """Turns admitted nodes into functions, counting what is looked up."""

    def __init__(self, whole: str) -> None:
        self._whole = whole
        self.names: set[str] = set()
        self.lookups = 0

    def compile(self, node: "nodes.Node", depth: int) -> Value:
        """The function for a node; refuses every kind that has no method here."""
        if depth > _DEEPEST:
            raise Misplaced(node.lineno, "the template is too deeply nested")
        kind = type(node).__name__
        method = getattr(self, f"_{kind.lower()}", None) if kind in _ADMITTED else None
        if method is None:
            raise Misplaced(node.lineno, _REFUSED.get(kind, "This may not stand in a template"))
        value: Value = method(node, depth + 1)
        return value

    def found(self, node: "nodes.Node", depth: int) -> Value:
        """As `compile`, for where a name must find something."""
        value = self.compile(node, depth)
        if not _is_lookup(node):
            return value
        return lambda filling: found(value(filling))

    def shown(self, node: "nodes.Node", depth: int) -> Value:
        """As `found`, for where the value is shown: an empty one is an error that says which."""
        value = self.found(node, depth)
        if not _is_lookup(node):
            return value
        path = _path(node)

        def filled(filling: Filling) -> Any:
            given = value(filling)
            if given is None:
                raise TemplateProblem(f"“{path}” is empty; default('…') after it says what to use instead")
            return given

        return filled

    def _looked_up(self, node: "nodes.Node") -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise Misplaced(node.lineno, f"A template looks up at most {MOST_LOOKUPS} values")

    def _const(self, node: "nodes.Const", _depth: int) -> Value:
        constant = node.value
        if isinstance(constant, float) and not math.isfinite(constant):
            raise Misplaced(node.lineno, "This number is too large")
        if isinstance(constant, int) and abs(constant) > _LARGEST_NUMBER:
            raise Misplaced(node.lineno, "This number is too large")
        if isinstance(constant, str) and not _is_unicode(constant):
            raise Misplaced(node.lineno, "This text holds what is no character")
        return lambda _filling: constant

    def _neg(self, node: "nodes.Neg", _depth: int) -> Value:
        number = getattr(node.node, "value", None)
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise Misplaced(node.lineno, _CALCULATING)
        self._const(node.node, _depth)  # type: ignore[arg-type]  # it has a value, so it is a Const
        return lambda _filling: -number

    def _name(self, node: "nodes.Name", _depth: int) -> Value:
        name = node.name
        self._looked_up(node)
        self._check_key(node, name)
        if name in _UNNAMEABLE:
            raise Misplaced(node.lineno, f"“{name}” may not stand alone in a template; write response.{name}")
        self.names.add(name)
        if name == self._whole:
            return lambda filling: filling.record

        def value(filling: Filling) -> Any:
            record = filling.record
            if name in record:
                return record[name]
            context = filling.context
            return context[name] if name in context else Missing(name)

        return value

    def _getattr(self, node: "nodes.Getattr", depth: int) -> Value:
        return self._key(node, node.node, node.attr, depth)

    def _getitem(self, node: "nodes.Getitem", depth: int) -> Value:
        key = _constant_key(node.arg)
        if isinstance(key, str) and not _is_unicode(key):
            raise Misplaced(node.arg.lineno, "This text holds what is no character")
        return self._key(node, node.node, key, depth)

    def _key(self, node: "nodes.Node", inner: "nodes.Node", key: str | int, depth: int) -> Value:
        self._looked_up(node)
        self._check_key(node, key)
        get = self.compile(inner, depth)
        path = _path(node)
        if isinstance(key, str) and type(inner).__name__ == "Name" and inner.name == self._whole:  # type: ignore[attr-defined]  # a Name has one
            self.names.add(key)

        def value(filling: Filling) -> Any:
            whole = get(filling)
            if whole.__class__ is Missing:
                return whole
            if isinstance(key, str):
                if isinstance(whole, Mapping) and key in whole:
                    return whole[key]
            elif isinstance(whole, list) and -len(whole) <= key < len(whole):
                return whole[key]
            return Missing(path)

        return value

    def _check_key(self, node: "nodes.Node", key: str | int) -> None:
        if isinstance(key, str) and key.startswith("__"):
            raise Misplaced(node.lineno, "Names that begin with __ are not read")

    def _compare(self, node: "nodes.Compare", depth: int) -> Value:
        first = self.found(node.expr, depth)
        rest = [(_COMPARISONS[operand.op], self.found(operand.expr, depth)) for operand in node.ops]

        def value(filling: Filling) -> bool:
            filling.look_at_the_clock()
            left = first(filling)
            for compare, get in rest:
                right = get(filling)
                try:
                    if not compare(left, right):
                        return False
                except (TypeError, RecursionError):
                    raise TemplateProblem("two values of different kinds cannot be compared") from None
                left = right
            return True

        return value

    def _and(self, node: "nodes.And", depth: int) -> Value:
        left, right = self.found(node.left, depth), self.found(node.right, depth)
        return lambda filling: left(filling) and right(filling)

    def _or(self, node: "nodes.Or", depth: int) -> Value:
        left, right = self.found(node.left, depth), self.found(node.right, depth)
        return lambda filling: left(filling) or right(filling)

    def _not(self, node: "nodes.Not", depth: int) -> Value:
        inner = self.found(node.node, depth)
        return lambda filling: not inner(filling)

    def _condexpr(self, node: "nodes.CondExpr", depth: int) -> Value:
        if node.expr2 is None:
            raise Misplaced(node.lineno, "An else is missing: say what is used otherwise")
        test, then, otherwise = (self.found(part, depth) for part in (node.test, node.expr1, node.expr2))
        return lambda filling: then(filling) if test(filling) else otherwise(filling)

    def _concat(self, node: "nodes.Concat", depth: int) -> Value:
        parts = [self.shown(part, depth) for part in node.nodes]

        def value(filling: Filling) -> str:
            filling.look_at_the_clock()
            texts, size = [], 0
            for part in parts:
                texts.append(as_text(part(filling)))
                size += len(texts[-1])
                if size > LONGEST_RESULT:
                    raise TemplateProblem("the template's result is larger than 256 KB")
            return "".join(texts)

        return value

    def _test(self, node: "nodes.Test", depth: int) -> Value:
        if node.name not in {"defined", "none"}:
            raise Misplaced(node.lineno, f"“{node.name}” is not a test")
        if node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise Misplaced(node.lineno, f"“is {node.name}” takes nothing after it")
        if node.name == "defined":
            get = self.compile(node.node, depth)
            return lambda filling: get(filling).__class__ is not Missing
        given = self.found(node.node, depth)
        return lambda filling: given(filling) is None

    def _filter(self, node: "nodes.Filter", depth: int) -> Value:
        change = FILTERS.get(node.name)
        if change is None or node.node is None:
            raise Misplaced(node.lineno, f"“{node.name}” is not a filter")
        if node.dyn_args or node.dyn_kwargs:
            raise Misplaced(node.lineno, f"“{node.name}” takes values one by one")
        arguments = [self.found(argument, depth) for argument in node.args]
        # Jinja2 calls the names expressions, but they are texts.
        named = {str(pair.key): self.found(pair.value, depth) for pair in node.kwargs}
        try:
            inspect.signature(change).bind(None, *arguments, **named)
        except TypeError as error:
            raise Misplaced(node.lineno, f"“{node.name}”: {error}") from None
        if node.name == "default":
            get = _none_for_missing(self.compile(node.node, depth))
        elif node.name == "json":
            get = self.found(node.node, depth)
        else:
            get = self.shown(node.node, depth)
        return _filtered(change, get, arguments, named)


def _is_lookup(node: "nodes.Node") -> bool:
    return type(node).__name__ in {"Name", "Getattr", "Getitem"}


def _path(node: Any) -> str:
    """A look-up as it was written, for messages."""
    steps: list[str | int] = []
    while not hasattr(node, "name"):
        if not _is_lookup(node):
            return _written("…", steps)
        steps.append(node.attr if hasattr(node, "attr") else _constant_key(node.arg))
        node = node.node
    return _written(node.name, steps)


def _written(name: str, steps_from_the_end: list[str | int]) -> str:
    return name + path_text(["x", *reversed(steps_from_the_end)]).removeprefix("x")


def _constant_key(argument: Any) -> str | int:
    is_negative = type(argument).__name__ == "Neg"
    key = getattr(argument.node if is_negative else argument, "value", None)
    if isinstance(key, str) and not is_negative:
        return key
    if isinstance(key, int) and not isinstance(key, bool):
        return -key if is_negative else key
    raise Misplaced(argument.lineno, "Only a fixed key or position may stand in […]")


def _none_for_missing(get: Value) -> Value:
    def value(filling: Filling) -> Any:
        given = get(filling)
        return None if given.__class__ is Missing else given

    return value


def _filtered(change: Callable[..., Any], get: Value, arguments: Sequence[Value], named: Mapping[str, Value]) -> Value:
    if not arguments and not named:

        def alone(filling: Filling) -> Any:
            filling.look_at_the_clock()
            return change(get(filling))

        return alone

    def value(filling: Filling) -> Any:
        filling.look_at_the_clock()
        given = get(filling)
        more = {name: argument(filling) for name, argument in named.items()}
        return change(given, *(argument(filling) for argument in arguments), **more)

    return value


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_ADMITTED = frozenset(
    {
        "And",
        "Compare",
        "Concat",
        "CondExpr",
        "Const",
        "Filter",
        "Getattr",
        "Getitem",
        "Name",
        "Neg",
        "Not",
        "Or",
        "Test",
    }
)

"""A rule as a Python function over one record's stored values."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from saasdesk.clock import now as present
from saasdesk.errors import UserError
from saasdesk.fields import FieldType, fold_key
from saasdesk.rules.comparison import Comparison, comparison
from saasdesk.rules.rule import Operator, Rule

Predicate = Callable[[Mapping[str, Any]], bool]


def to_predicate(rule: Rule, types: Mapping[str, FieldType], now: datetime | None = None) -> Predicate:
    """A function that says whether a record meets the rule; the same answers as `to_sql`."""
    if rule.field is None:
        parts = [to_predicate(part, types, now) for part in rule.parts]
        if rule.all is not None:
            return lambda record: all(part(record) for part in parts)
        return lambda record: any(part(record) for part in parts)
    kind = types.get(rule.field)
    if kind is None:
        raise UserError(f"There is no field “{rule.field}”.")
    test = _test(comparison(rule, kind, now or present()))
    name = rule.field
    return lambda record: test(record.get(name))


def _test(wanted: Comparison) -> Callable[[Any], bool]:
    operator, values = wanted.operator, wanted.values
    if operator is Operator.IS_EMPTY:
        return _is_empty
    if operator is Operator.IS_NOT_EMPTY:
        return lambda value: not _is_empty(value)
    if wanted.is_text:
        return _text_test(operator, tuple(str(value) for value in values))
    return _ordered_test(operator, values)


def _is_empty(value: Any) -> bool:
    return value is None or value == ""


def _folded(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return fold_key(_number_text(value) if isinstance(value, float) else value) or ""


def _number_text(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _text_test(operator: Operator, values: tuple[str, ...]) -> Callable[[Any], bool]:
    first = values[0]
    last = values[-1]
    chosen = frozenset(values)
    tests: dict[Operator, Callable[[str], bool]] = {
        Operator.EQUALS: lambda text: text == first,
        Operator.DOES_NOT_EQUAL: lambda text: text != first,
        Operator.BEGINS_WITH: lambda text: text.startswith(first),
        Operator.DOES_NOT_BEGIN_WITH: lambda text: not text.startswith(first),
        Operator.ENDS_WITH: lambda text: text.endswith(first),
        Operator.DOES_NOT_END_WITH: lambda text: not text.endswith(first),
        Operator.CONTAINS: lambda text: first in text,
        Operator.DOES_NOT_CONTAIN: lambda text: first not in text,
        Operator.LESS_THAN: lambda text: text != "" and text < first,
        Operator.AT_MOST: lambda text: text != "" and text <= first,
        Operator.GREATER_THAN: lambda text: text > first,
        Operator.AT_LEAST: lambda text: text != "" and text >= first,
        Operator.BETWEEN: lambda text: text != "" and first <= text <= last,
        Operator.IN: lambda text: text in chosen,
        Operator.NOT_IN: lambda text: text not in chosen,
    }
    test = tests[operator]
    return lambda value: test(_folded(value))


def _ordered_test(operator: Operator, values: tuple[Any, ...]) -> Callable[[Any], bool]:
    first, last = values[0], values[-1]
    match operator:
        case Operator.DOES_NOT_EQUAL:
            return lambda value: value != first
        case Operator.NOT_IN:
            return lambda value: value not in values
        case Operator.EQUALS:
            return lambda value: value is not None and value == first
        case Operator.IN:
            return lambda value: value is not None and value in values
        case Operator.LESS_THAN:
            return lambda value: value is not None and value < first
        case Operator.AT_MOST:
            return lambda value: value is not None and value <= first
        case Operator.GREATER_THAN:
            return lambda value: value is not None and value > first
        case Operator.AT_LEAST:
            return lambda value: value is not None and value >= first
        case Operator.BETWEEN:
            return lambda value: value is not None and first <= value <= last
        case _:
            # Days: from the first moment until before the last.
            return lambda value: (
                not _is_empty(value) and (first is None or value >= first) and (last is None or value < last)
            )

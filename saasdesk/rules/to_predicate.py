"""A rule as a Python function over one record: its stored values, or the vendor's as they came."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from saasdesk.clock import now as present
from saasdesk.errors import UserError
from saasdesk.fields import FieldType
from saasdesk.rules.comparison import Comparison, Span, comparison, folded, reader
from saasdesk.rules.rule import Operator, Rule

Predicate = Callable[[Mapping[str, Any]], bool]
_Test = Callable[[Any], bool]

_AS_KEPT = {
    FieldType.DATE: re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    FieldType.DATETIME: re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII),
}


def to_predicate(rule: Rule, types: Mapping[str, FieldType], now: datetime | None = None) -> Predicate:
    """A function that says whether a record meets the rule; the same answers as `to_sql`.

    A vendor's value is first read as its field's type; one that cannot be read is compared as if it were missing.

    A UserError where it names a field that there is not, or compares with what its type cannot be.
    """
    now = now or present()
    if rule.field is None:
        parts = [to_predicate(part, types, now) for part in rule.parts]
        if rule.all is not None:
            return lambda record: all(part(record) for part in parts)
        return lambda record: any(part(record) for part in parts)
    kind = types.get(rule.field)
    if kind is None:
        raise UserError(f"There is no field “{rule.field}”.")
    test = _test(comparison(rule, kind, now))
    name = rule.field
    return lambda record: test(record.get(name))


def _test(wanted: Comparison) -> _Test:
    operator = wanted.operator
    if operator is Operator.IS_EMPTY:
        return _is_empty
    if operator is Operator.IS_NOT_EMPTY:
        return lambda value: not _is_empty(value)
    if wanted.is_text:
        return _text_test(operator, tuple(str(value) for value in wanted.values))
    if wanted.is_date:
        return _date_test(wanted)
    return _number_test(wanted)


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _text_test(operator: Operator, values: tuple[str, ...]) -> _Test:
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
    return lambda value: test(folded(value))


def _number_test(wanted: Comparison) -> _Test:
    first, last = wanted.values[0], wanted.values[-1]
    chosen = frozenset(wanted.values)
    tests: dict[Operator, _Test] = {
        Operator.EQUALS: lambda number: number == first,
        Operator.IN: lambda number: number in chosen,
        Operator.LESS_THAN: lambda number: number < first,
        Operator.AT_MOST: lambda number: number <= first,
        Operator.GREATER_THAN: lambda number: number > first,
        Operator.AT_LEAST: lambda number: number >= first,
        Operator.BETWEEN: lambda number: first <= number <= last,
        Operator.DOES_NOT_EQUAL: lambda number: number != first,
        Operator.NOT_IN: lambda number: number not in chosen,
    }
    test, without, read = tests[wanted.operator], wanted.is_negated, _reader(wanted.type)

    def decide(value: Any) -> bool:
        if value.__class__ is not int and value.__class__ is not float:
            value = read(value)
        return without if value is None else test(value)

    return decide


def _date_test(wanted: Comparison) -> _Test:
    spans, without, read = wanted.spans, wanted.is_negated, _reader(wanted.type)
    is_as_kept = _AS_KEPT[wanted.type].fullmatch

    def decide(value: Any) -> bool:
        if value.__class__ is not str or not is_as_kept(value):
            value = read(value)
        if value is None:
            return without
        return any(_is_within(value, span) for span in spans) != without

    return decide


def _is_within(moment: str, span: Span) -> bool:
    begin, end = span
    return (begin is None or moment >= begin) and (end is None or moment < end)


def _reader(kind: FieldType) -> Callable[[Any], Any]:
    read = reader("", kind)

    def stored(value: Any) -> Any:
        try:
            return None if value is None else read(value)
        except UserError:
            return None

    return stored

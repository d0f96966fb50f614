"""What both compilations agree on: how a rule's value is read for a field's type, and where a day begins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, ObjectKind, Stored, fold_key, moment_of, storable, text_of, to_stored
from saasdesk.rules.rule import OF_DAYS, OF_TEXT, Operator, Rule, Value

TEXTS = frozenset({FieldType.LIST, *(kind for kind in FieldType if kind.is_text)})
DATES = frozenset({FieldType.DATE, FieldType.DATETIME})

Span = tuple[str | None, str | None]
"""From the first moment until before the second, either of which may be open."""

_NEGATIONS = frozenset({Operator.DOES_NOT_EQUAL, Operator.NOT_IN})
_NEVER: tuple[Span, ...] = ()
_LENGTH_OF_A_DAY = len("2026-03-01")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition, ready to compare: `values` are folded texts or numbers.

    Dates are compared with `spans` instead: the condition holds inside any of them, or outside all when `is_negated`.
    """

    operator: Operator
    type: FieldType
    values: tuple[Stored, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether folded texts are compared."""
        return self.type in TEXTS or self.operator in OF_TEXT

    @property
    def is_date(self) -> bool:
        """Whether moments are compared with spans of time."""
        return self.type in DATES and self.operator not in OF_TEXT

    @property
    def is_negated(self) -> bool:
        """Whether a record without a value meets the condition, because it says what a value is not."""
        return self.operator in _NEGATIONS


def comparison(rule: Rule, kind: FieldType, now: datetime) -> Comparison:
    """Read a condition for a field of this type; a UserError where they do not go together."""
    operator = rule.operator
    if operator is None:
        raise UserError("A group of rules is no condition.")
    if operator in {Operator.IS_EMPTY, Operator.IS_NOT_EMPTY}:
        return Comparison(operator, kind)
    if operator in OF_DAYS or operator is Operator.TODAY:
        if kind not in DATES:
            raise UserError(f"{rule.field}: “{operator.words}” is for dates.")
        return Comparison(operator, kind, spans=(_window(operator, rule.value, kind, now),))
    if operator in OF_TEXT and kind is FieldType.FLAG:
        raise UserError(f"{rule.field}: “{operator.words}” is for texts and numbers; compare yes and no with “is”.")
    values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    if kind in TEXTS or operator in OF_TEXT:
        return Comparison(operator, kind, _in_order(rule, tuple(folded(value) for value in values)))
    if kind in DATES:
        spans = tuple(_span(rule, value, kind, now) for value in values)
        _in_order(rule, tuple(begin for begin, _ in spans))
        return Comparison(operator, kind, spans=_spans(operator, spans))
    read = reader(rule.field or "", kind)
    return Comparison(operator, kind, _in_order(rule, tuple(_needed(rule, read(value)) for value in values)))


def folded(value: Any) -> str:
    """Any value as texts are compared, empty where there is nothing; numbers without a needless `.0`."""
    if value.__class__ is not str:
        value = _text_of_other(value)
    return fold_key(storable(value)) or ""


def _text_of_other(value: Any) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    try:
        return text_of(value)
    except ValueError:
        # A vendor's object without a name: there is something, but nothing to compare.
        return ""


def reader(name: str, kind: FieldType) -> Callable[[Value], Stored]:
    """How a value is read for a field that is compared as it is stored; a UserError where it does not fit."""
    field = Field(ObjectKind.PEOPLE, name, name, kind)

    def read(value: Value) -> Stored:
        try:
            return to_stored(value, field)
        except ValueError as error:
            raise UserError(f"{error}.") from None

    return read


def _needed(rule: Rule, value: Stored) -> Stored:
    if value is None:
        raise UserError(f"{rule.field}: a value is missing; “is empty” finds records without one.")
    return value


def _in_order(rule: Rule, values: tuple[Any, ...]) -> tuple[Any, ...]:
    if rule.operator is Operator.BETWEEN and values[0] > values[1]:
        raise UserError(f"{rule.field}: “is between” needs the smaller value first.")
    return values


# ----- moments


def _span(rule: Rule, value: Value, kind: FieldType, now: datetime) -> tuple[str, str | None]:
    """The day, in the zone of `now`, or the one second that a value means."""
    stored = _needed(rule, reader(rule.field or "", kind)(value))
    text = str(value).strip()
    if kind is FieldType.DATE or (len(text) == _LENGTH_OF_A_DAY and text[4] == text[7] == "-"):
        day = date.fromisoformat(str(stored)[:_LENGTH_OF_A_DAY])
        return _begin(day, kind, now), None if day == date.max else _begin(day + timedelta(days=1), kind, now)
    moment = moment_of(stored)
    is_last = moment == datetime.max.replace(microsecond=0, tzinfo=UTC)
    return str(stored), None if is_last else _as_kept(moment + timedelta(seconds=1))


def _spans(operator: Operator, spans: tuple[tuple[str, str | None], ...]) -> tuple[Span, ...]:
    (begin, end), (_, last) = spans[0], spans[-1]
    match operator:
        case Operator.LESS_THAN:
            return ((None, begin),)
        case Operator.AT_MOST:
            return ((None, end),)
        case Operator.GREATER_THAN:
            return _NEVER if end is None else ((end, None),)
        case Operator.AT_LEAST:
            return ((begin, None),)
        case Operator.BETWEEN:
            return ((begin, last),)
        case _:
            return spans


def _window(operator: Operator, value: Value, kind: FieldType, now: datetime) -> Span:
    """Days before or after today, counted in whole days from today in the zone of `now`."""
    today = now.date()
    days = timedelta(days=0 if operator is Operator.TODAY else int(str(value)))
    one = timedelta(days=1)
    match operator:
        case Operator.BEFORE_DAYS:
            return None, _begin(today - days, kind, now)
        case Operator.WITHIN_LAST_DAYS:
            return _begin(today - days, kind, now), _begin(today + one, kind, now)
        case Operator.WITHIN_NEXT_DAYS:
            return _begin(today, kind, now), _begin(today + days + one, kind, now)
        case Operator.AFTER_DAYS:
            return _begin(today + days + one, kind, now), None
        case _:
            return _begin(today, kind, now), _begin(today + one, kind, now)


def _begin(day: date, kind: FieldType, now: datetime) -> str:
    if kind is FieldType.DATE:
        return day.isoformat()
    try:
        return _as_kept(datetime(day.year, day.month, day.day, tzinfo=now.tzinfo or UTC).astimezone(UTC))
    except OverflowError:
        # The first and the last day that there are do not begin everywhere.
        return f"{day.isoformat()}T00:00:00Z"


def _as_kept(moment: datetime) -> str:
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"

"""What both compilations agree on: how a rule's value is read for a field's type, and where a day begins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, ObjectKind, Stored, fold_key, to_stored
from saasdesk.rules.rule import OF_DAYS, OF_TEXT, Operator, Rule, Value

TEXTS = frozenset({FieldType.SHORT_TEXT, FieldType.LONG_TEXT, FieldType.LIST})
NUMBERS = frozenset({FieldType.NUMBER, FieldType.DECIMAL, FieldType.FLAG})
DATES = frozenset({FieldType.DATE, FieldType.DATETIME})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition, ready to compare: `values` are folded texts, numbers, or ISO texts that sort by time.

    For days, `values` holds the first and the last moment, either of which may be None for "no limit".
    """

    operator: Operator
    type: FieldType
    values: tuple[Stored, ...]

    @property
    def is_text(self) -> bool:
        """Whether folded texts are compared."""
        return self.type in TEXTS or self.operator in OF_TEXT


def comparison(rule: Rule, kind: FieldType, now: datetime) -> Comparison:
    """Read a condition for a field of this type; a UserError where they do not go together."""
    operator = rule.operator
    if operator is None:
        raise UserError("A group of rules is no condition.")
    if operator in OF_DAYS or operator is Operator.TODAY:
        if kind not in DATES:
            raise UserError(f"{rule.field}: {operator.value} is for dates.")
        return Comparison(operator, kind, _window(operator, rule.value, kind, now))
    if operator in {Operator.IS_EMPTY, Operator.IS_NOT_EMPTY}:
        return Comparison(operator, kind, ())
    values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    if kind in TEXTS or operator in OF_TEXT:
        return Comparison(operator, kind, tuple(fold_key(_plain(value)) or "" for value in values))
    read = _reader(rule, kind)
    return Comparison(operator, kind, tuple(read(value) for value in values))


def _plain(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _reader(rule: Rule, kind: FieldType) -> Callable[[Value], Stored]:
    field = Field(ObjectKind.PEOPLE, rule.field or "", rule.field or "", kind)

    def read(value: Value) -> Stored:
        try:
            # A whole day given for a moment means its beginning.
            return to_stored(value, field)
        except ValueError as error:
            raise UserError(f"{error}.") from None

    return read


def _window(operator: Operator, value: Value, kind: FieldType, now: datetime) -> tuple[Stored, Stored]:
    """The first and last day meant, counted in whole days from today in the zone of `now`."""
    today = now.date()
    days = 0 if operator is Operator.TODAY else int(str(value))
    first: date | None
    last: date | None
    match operator:
        case Operator.BEFORE_DAYS:
            first, last = None, today - timedelta(days=days + 1)
        case Operator.WITHIN_LAST_DAYS:
            first, last = today - timedelta(days=days), today
        case Operator.WITHIN_NEXT_DAYS:
            first, last = today, today + timedelta(days=days)
        case Operator.AFTER_DAYS:
            first, last = today + timedelta(days=days + 1), None
        case _:
            first, last = today, today
    zone = now.tzinfo or UTC

    def begin(day: date) -> str:
        if kind is FieldType.DATE:
            return day.isoformat()
        moment = datetime(day.year, day.month, day.day, tzinfo=zone)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    upper = None if last is None else begin(last + timedelta(days=1))
    return (None if first is None else begin(first), upper)

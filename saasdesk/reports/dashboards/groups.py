"""How records are put together: by the values of a field, or by bands of a date; each group has its rule."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Protocol

from saasdesk.errors import UserError
from saasdesk.fields import FieldType, fold_key, storable
from saasdesk.reports.dashboards.board import DateGroup, Widget
from saasdesk.rules import Operator, Rule, SqlColumn, SqlFragment, all_of, any_of, to_sql

_MONTHS = 12
_LONGEST_VALUE = 1024
_DATES = frozenset({FieldType.DATE, FieldType.DATETIME})
EMPTY, OTHERS, UNKNOWN = "(empty)", "others", "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """How many records have values of one key, how the most of them spell it, and what is measured of them."""

    raw: Any
    records: int
    total: float = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the records: those of these keys. `rule` finds them again; None where no rule can say who is meant.

    What is aside tells what the others leave out: no value, an unknown one, the rest.
    """

    label: str
    rule: Rule | None
    keys: frozenset[Hashable] = frozenset()
    is_aside: bool = False


class Grouping(Protocol):
    """One way to put records together; `fragment` is what SQL groups by."""

    fragment: SqlFragment

    def key(self, raw: Any) -> Hashable:
        """What is the same for everything that belongs together."""

    def chosen(self, found: Mapping[Hashable, Found], most: int) -> list[Group]:
        """The groups that are shown, at most so many besides those that are aside."""


class ByValue:
    """One group for each value of a field; spellings that rules take for the same are one group."""

    def __init__(self, field: str, column: SqlColumn) -> None:
        self._field, self._type = field, column.type
        self.fragment = SqlFragment(column.expression)

    def key(self, raw: Any) -> Hashable:
        """The folded text, or the number; None for no value."""
        if isinstance(raw, str):
            return (fold_key(storable(raw)) or raw) if raw else None
        return raw  # type: ignore[no-any-return]

    def chosen(self, found: Mapping[Hashable, Found], most: int) -> list[Group]:
        """The values with the largest totals first, then the rest as one, then who has none."""
        known = {key: each for key, each in found.items() if key is not None}
        ordered = sorted(known, key=lambda key: (-known[key].total, -known[key].records, str(key)))
        kept = ordered if len(ordered) <= most else ordered[: most - 1]
        groups = [self._group(key, known[key].raw) for key in kept]
        rest = frozenset(ordered[len(kept) :])
        if rest:
            groups.append(Group(OTHERS, self._others(groups), rest, is_aside=True))
        if None in found:
            rule = Rule(field=self._field, operator=Operator.IS_EMPTY)
            groups.append(Group(EMPTY, rule, frozenset({None}), is_aside=True))
        return groups

    def _group(self, key: Hashable, raw: Any) -> Group:
        if self._type is FieldType.FLAG:
            return Group("Yes" if raw else "No", self._equals(bool(raw)), frozenset({key}))
        if not isinstance(raw, str):
            return Group(f"{raw:,}", self._equals(raw), frozenset({key}))
        # A rule cannot hold a text of any length.
        rule = self._equals(raw) if len(raw) <= _LONGEST_VALUE else None
        return Group(raw, rule, frozenset({key}))

    def _others(self, shown: Sequence[Group]) -> Rule | None:
        has_value = Rule(field=self._field, operator=Operator.IS_NOT_EMPTY)
        values = tuple(group.rule.value for group in shown if group.rule is not None)
        if len(values) < len(shown):
            return None
        if not values:
            return has_value
        return all_of(has_value, *(Rule(field=self._field, operator=Operator.DOES_NOT_EQUAL, value=v) for v in values))

    def _equals(self, value: str | float | bool) -> Rule:
        return Rule(field=self._field, operator=Operator.EQUALS, value=value)


class ByBand:
    """Groups of a date that follow each other; a record belongs to the first whose rule it meets."""

    def __init__(self, bands: Sequence[Group], columns: Mapping[str, SqlColumn], now: datetime) -> None:
        self._bands = tuple(replace(band, keys=frozenset({place})) for place, band in enumerate(bands))
        fragments = [to_sql(band.rule, columns, now) for band in self._bands if band.rule is not None]
        whens = " ".join(f"WHEN {each.text} THEN {place}" for place, each in enumerate(fragments))
        self.fragment = SqlFragment(f"CASE {whens} END", tuple(value for each in fragments for value in each.params))

    def key(self, raw: Any) -> Hashable:
        """The place of the band."""
        return raw  # type: ignore[no-any-return]

    def chosen(self, found: Mapping[Hashable, Found], most: int) -> list[Group]:
        """All bands in their order; those aside only if somebody is in them."""
        del most
        return [band for place, band in enumerate(self._bands) if not band.is_aside or place in found]


def grouping_of(field: str, widget: Widget, columns: Mapping[str, SqlColumn], now: datetime) -> Grouping:
    """How the records of a widget are put together by this field; a UserError when there is no such field."""
    column = columns.get(field)
    if column is None:
        raise UserError(f"There is no field “{field}” any more. Choose another one to group by.")
    if column.type not in _DATES:
        return ByValue(field, column)
    unknown = Group(UNKNOWN, Rule(field=field, operator=Operator.IS_EMPTY), is_aside=True)
    return ByBand([*_bands(field, widget, now), unknown], columns, now)


def _bands(field: str, widget: Widget, now: datetime) -> list[Group]:
    match widget.dates:
        case DateGroup.AGE:
            return _bands_of_age(field, widget.bands)
        case DateGroup.AHEAD:
            return _bands_ahead(field, widget.bands)
        case DateGroup.MONTHS:
            return _months(field, now.date())


def _bands_of_age(field: str, days: Sequence[int]) -> list[Group]:
    def when(operator: Operator, value: int) -> Rule:
        return Rule(field=field, operator=operator, value=value)

    # What lies ahead by a wrong clock is as recent as can be.
    recent = any_of(when(Operator.WITHIN_LAST_DAYS, days[0]), when(Operator.AFTER_DAYS, 0))
    bands = [Group(f"last {days[0]} days", recent)]
    for before, after in pairwise(days):
        rule = all_of(when(Operator.BEFORE_DAYS, before), when(Operator.WITHIN_LAST_DAYS, after))
        bands.append(Group(f"{before + 1} to {after} days", rule))
    return [*bands, Group(f"over {days[-1]} days", when(Operator.BEFORE_DAYS, days[-1]))]


def _bands_ahead(field: str, days: Sequence[int]) -> list[Group]:
    def when(operator: Operator, value: int) -> Rule:
        return Rule(field=field, operator=operator, value=value)

    bands = [
        Group("already over", when(Operator.BEFORE_DAYS, 0)),
        Group(f"next {days[0]} days", when(Operator.WITHIN_NEXT_DAYS, days[0])),
    ]
    for before, after in pairwise(days):
        rule = all_of(when(Operator.AFTER_DAYS, before), when(Operator.WITHIN_NEXT_DAYS, after))
        bands.append(Group(f"in {before + 1} to {after} days", rule))
    return [*bands, Group(f"in over {days[-1]} days", when(Operator.AFTER_DAYS, days[-1]))]


def _months(field: str, today: date) -> list[Group]:
    months = [today.replace(day=1)]
    while len(months) < _MONTHS:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))

    def when(operator: Operator, *days: date) -> Rule:
        texts = tuple(day.isoformat() for day in days)
        return Rule(field=field, operator=operator, value=texts[0] if len(texts) == 1 else texts)

    bands = [Group("earlier", when(Operator.LESS_THAN, months[0]), is_aside=True)]
    bands += [Group(f"{month:%b %Y}", when(Operator.BETWEEN, month, _last_day(month))) for month in months]
    return [*bands, Group("later", when(Operator.GREATER_THAN, _last_day(months[-1])), is_aside=True)]


def _last_day(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)

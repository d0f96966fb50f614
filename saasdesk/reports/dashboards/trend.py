"""How many records met a question before: told from the history of changes, never from numbers kept aside."""

import threading
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from saasdesk import clock
from saasdesk.errors import Cancelled
from saasdesk.fields import FieldType
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.reports.dashboards import rows
from saasdesk.rules import OF_DAYS, Operator, Rule, SqlFragment, to_predicate
from saasdesk.store import Store

_MOST_POINTS = 30
# What never changes once a record is there.
_STEADY = frozenset({"saas_application", "created_at", "created_by"})
_STATES = ("deactivated", "archived")
_BEFORE = {
    "deactivate": ("deactivated", 0),
    "reactivate": ("deactivated", 1),
    "archive": ("archived", 0),
    "restore": ("archived", 1),
}


@dataclass(frozen=True, slots=True)
class Point:
    """How many there were at a moment."""

    at: datetime
    value: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The points from the past to now. There are none while no day has passed, nor where a field's past is not kept."""

    points: tuple[Point, ...] = ()
    lacks: str = ""

    @property
    def change(self) -> int | None:
        """How many more there are now than at the first point."""
        return self.points[-1].value - self.points[0].value if self.points else None


def trend_of(
    store: Store, listed: RecordList, query: ListQuery, days: int, stop: threading.Event | None = None
) -> Trend:
    """How many records met the question at the end of each of the last days, and how many do now."""
    columns = listed.comparable()
    with store.reading(stop=stop) as db:
        kept = rows.fields_with_history(db, listed.kind)
        begun = rows.first_change_at(db)
    names = query.rule.field_names() if query.rule is not None else set()
    if unknown := sorted(name for name in names if name not in kept | _STEADY) or _moving(query.rule):
        return Trend(lacks=unknown[0])
    moments = _moments(days, begun)
    if len(moments) < 2:
        return Trend()
    with store.reading(stop=stop) as db:
        changes = rows.changes_since(db, listed.kind, sorted(names & kept), clock.as_text(moments[0]))
    touched = _Touched(listed, query, {name: columns[name].type for name in names}, changes, stop)
    untouched = _created(listed, query, moments, stop)
    for created in touched.matching_now():
        untouched[bisect_left(moments, created)] -= 1
    values: list[int] = []
    for place in reversed(range(len(moments))):
        touched.go_back_to(moments[place])
        values.append(sum(untouched[: place + 1]) + touched.count(moments[place]))
        if stop is not None and stop.is_set():
            raise Cancelled
    return Trend(tuple(Point(at, value) for at, value in zip(moments, reversed(values), strict=True)))


def _moving(rule: Rule | None) -> list[str]:
    """What a rule says of a date by today's distance, or of a person by name: then or now is not the same."""
    found = []
    for each in rule.conditions() if rule is not None else ():
        is_moving = each.operator in OF_DAYS or each.operator is Operator.TODAY
        is_somebody = each.field == "person" and each.operator not in {Operator.IS_EMPTY, Operator.IS_NOT_EMPTY}
        if is_moving or is_somebody:
            found.append(each.field or "")
    return found


def _moments(days: int, begun: str | None) -> list[datetime]:
    """The midnights of the last days, as far back as anything is known, and now."""
    now = clock.now()
    if begun is None:
        return [now]
    step = max(1, -(-days // _MOST_POINTS))
    midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    midnights = [midnight - timedelta(days=back) for back in range(0, days, step)]
    first = clock.from_text(begun)
    return [*reversed([moment for moment in midnights if moment > first]), now]


def _created(listed: RecordList, query: ListQuery, moments: list[datetime], stop: threading.Event | None) -> list[int]:
    """Of those who match now: how many were made until the first moment, until the second, and so on."""
    whens = " ".join(f"WHEN r.created_at <= ? THEN {place}" for place in range(len(moments)))
    made = SqlFragment(f"CASE {whens} ELSE {len(moments) - 1} END", tuple(clock.as_text(at) for at in moments))
    counts = [0] * len(moments)
    for tally in listed.tallies(query, (made,), stop=stop):
        counts[tally.group[0]] += tally.records
    return counts


class _Touched:
    """The records that changed meanwhile, brought back change by change."""

    def __init__(
        self,
        listed: RecordList,
        query: ListQuery,
        types: dict[str, FieldType],
        changes: list[rows.PastChange],
        stop: threading.Event | None,
    ) -> None:
        self._changes = changes
        self._fits = to_predicate(query.rule, types) if query.rule is not None else None
        self._active = query.active
        self._place = 0
        ids = sorted({change.record for change in self._changes})
        keys = [*types, *_STATES, "created_at"]
        known = listed.rows(ids, keys, stop)
        self._records: dict[int, dict[str, Any]] = {
            number: dict(zip(keys, values, strict=True)) for number, values in known.items()
        }
        self._member = {number: self._is_member(record) for number, record in self._records.items()}

    def matching_now(self) -> list[datetime]:
        """When those were made that match as they are now."""
        return [
            clock.from_text(record["created_at"]) for number, record in self._records.items() if self._member[number]
        ]

    def go_back_to(self, moment: datetime) -> None:
        """Take back every change after this moment; the newest come first."""
        at, changed = clock.as_text(moment), set()
        while self._place < len(self._changes) and self._changes[self._place].at > at:
            change = self._changes[self._place]
            self._place += 1
            record = self._records.get(change.record)
            if record is None:
                continue
            field, before = _BEFORE.get(change.kind, (change.field, change.before))
            if field is not None:
                record[field] = before
                changed.add(change.record)
        for number in changed:
            self._member[number] = self._is_member(self._records[number])

    def count(self, moment: datetime) -> int:
        """How many of them matched then."""
        at = clock.as_text(moment)
        return sum(
            is_member and self._records[number]["created_at"] <= at for number, is_member in self._member.items()
        )

    def _is_member(self, record: dict[str, Any]) -> bool:
        is_active = not (record["deactivated"] or record["archived"])
        if self._active is not None and is_active is not self._active:
            return False
        return self._fits is None or self._fits(record)

"""Where each line of a plan stands: numbers only, so that a hundred thousand lines take little room."""

import threading
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from saasdesk.errors import Cancelled
from saasdesk.store import Store
from saasdesk.sync.kept_plans.rows import PlanLine
from saasdesk.sync.plan_index import rows
from saasdesk.sync.plan_index.rows import Word

HELD = "held"
GROUPS = (HELD, "create", "update", "reactivate", "deactivate", "skip", "error")
# What is left as it is can be neither applied nor left out; what is held waits for a decision of its own.
_NOT_APPLIED = frozenset({HELD, "skip", "error"})


@dataclass(frozen=True, slots=True)
class PlanSums:
    """How much there is of each (group, object): records, and changed fields of updates."""

    records: Mapping[tuple[str, str], int]
    fields: Mapping[tuple[str, str], int]

    def in_group(self, group: str) -> int:
        """How many records a group has."""
        return sum(count for (name, _), count in self.records.items() if name == group)

    def tickable(self, group: str) -> int:
        """How many changes of a group can be left out one by one: fields of updates, otherwise records."""
        if group in _NOT_APPLIED:
            return 0
        counts = self.fields if group == "update" else self.records
        return sum(count for (name, _), count in counts.items() if name == group)

    @property
    def changes(self) -> int:
        """How many changes applying everything would make."""
        return sum(self.tickable(group) for group in GROUPS)


def sums_of(store: Store, plan: int) -> PlanSums:
    """Count a plan by its groups."""
    with store.reading(snapshot=True) as db:
        found = list(rows.sums(db, plan))
    return PlanSums(
        Counter({(group, kind): records for group, kind, records, _ in found}),
        Counter({(group, kind): fields for group, kind, _, fields in found}),
    )


class PlanIndex:
    """The lines of one group after the other, each as the number of its record and its field."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._known: dict[str, int] = {}
        self._records: dict[str, array[int]] = {group: array("q") for group in GROUPS}
        self._fields: dict[str, array[int]] = {group: array("h") for group in GROUPS}

    def add(self, group: str, record: int, field: str) -> None:
        """Put one more line behind those of its group."""
        place = self._known.get(field)
        if place is None:
            place = self._known[field] = len(self.names)
            self.names.append(field)
        self._records[group].append(record)
        self._fields[group].append(place)

    def groups(self) -> list[tuple[str, int]]:
        """The groups that have lines, and how many."""
        return [(group, len(self._records[group])) for group in GROUPS if self._records[group]]

    def at(self, group: str, place: int) -> tuple[int, str]:
        """(number of the record, field) of a line of a group."""
        return self._records[group][place], self.names[self._fields[group][place]]

    def all_of(self, group: str) -> Iterator[tuple[int, str]]:
        """Every line of a group."""
        names = self.names
        for record, field in zip(self._records[group], self._fields[group], strict=True):
            yield record, names[field]


def find_lines(
    store: Store, plan: int, group: str, words: Sequence[Word], stop: threading.Event, *, all_values: bool
) -> PlanIndex:
    """The lines of a group, or of all, with these words; new records have one line unless all values are wanted."""
    index = PlanIndex()
    with store.reading(snapshot=True, stop=stop) as db:
        for name, record, field in rows.places(db, plan, words, all_values=all_values):
            if not group or name == group:
                index.add(name, record, field)
    if stop.is_set():
        raise Cancelled
    return index


def stream_lines(store: Store, plan: int, stop: threading.Event) -> Iterator[PlanLine]:
    """Every line of a plan with all its values, one at a time."""
    with store.reading(snapshot=True, stop=stop) as db:
        yield from rows.lines(db, plan)

"""A list in memory that answers when the test lets it."""

import threading
from array import array
from collections.abc import Generator, Iterable, Sequence

from saasdesk.errors import Cancelled
from saasdesk.fields import FieldType
from saasdesk.records.listing import Column, Group, ListQuery, Row, Special
from saasdesk.rules import to_predicate
from saasdesk.ui.tables.filter_words import stored_type

COLUMNS = (
    Column("name", "Name", Special.PERSON, 160),
    Column("email", "Email", FieldType.SHORT_TEXT, 200),
    Column("department", "Department", FieldType.SHORT_TEXT, 120),
    Column("seats", "Seats", FieldType.NUMBER, 80, align_right=True),
    Column("badge", "Badge", FieldType.SHORT_TEXT, 100, is_shown=False),
    Column("record_state", "Status", Special.STATUS, 100, is_shown=False),
)


class FakeSource:
    noun = "people"

    def __init__(self, number: int = 0, columns: Sequence[Column] = COLUMNS) -> None:
        self.shown = tuple(columns)
        self.records: dict[int, dict[str, object]] = {}
        self.queries: list[ListQuery] = []
        self.rows_asked: list[int] = []
        self.keys_asked: list[tuple[str, ...]] = []
        self.error: Exception | None = None
        self.has_quick_first_page = True
        self.may_list = _open_gate()
        self.may_list_all = _open_gate()
        self.may_read_rows = _open_gate()
        for place in range(number):
            self.add(f"Person {place:05d}", department=("IT", "Finance")[place % 2], seats=place % 10)

    def add(self, name: str, **values: object) -> int:
        number = len(self.records) + 1
        usual = {"email": f"{name.replace(' ', '.').lower()}@example.com", "record_state": "active", "active": True}
        self.records[number] = {"name": name, **usual, **values}
        return number

    def columns(self) -> tuple[Column, ...]:
        if self.error is not None:
            raise self.error
        return self.shown

    def is_first_page_quick(self, query: ListQuery) -> bool:
        return self.has_quick_first_page

    def first_ids(self, query: ListQuery, limit: int = 200, stop: threading.Event | None = None) -> "array[int]":
        _pass(self.may_list, stop)
        self.queries.append(query)
        return self._matching(query)[:limit]

    def ids(self, query: ListQuery, stop: threading.Event | None = None) -> "array[int]":
        _pass(self.may_list, stop)
        _pass(self.may_list_all, stop)
        return self._matching(query)

    def grouped(
        self, query: ListQuery, sums: Sequence[str], stop: threading.Event | None = None
    ) -> tuple["array[int]", list[Group]]:
        by: dict[object, list[int]] = {}
        for number in self.ids(query, stop):
            by.setdefault(self.records[number].get(query.group_by), []).append(number)
        # What has no value comes last.
        found = sorted(by.items(), key=lambda group: (group[0] is None, str(group[0])))
        groups = [
            Group(value, len(ids), tuple((key, sum(self.records[each][key] for each in ids)) for key in sums))  # type: ignore[arg-type, misc]
            for value, ids in found
        ]
        return array("q", (number for _, ids in found for number in ids)), groups

    def count(self, query: ListQuery, stop: threading.Event | None = None) -> int:
        return len(self._matching(query))

    def rows(self, ids: Sequence[int], keys: Sequence[str], stop: threading.Event | None = None) -> dict[int, Row]:
        _pass(self.may_read_rows, stop)
        self.rows_asked += ids
        self.keys_asked.append(tuple(keys))
        found = ((number, self.records[number]) for number in ids if number in self.records)
        return {number: tuple(record.get(key) for key in keys) for number, record in found}  # type: ignore[misc]

    def iterate(
        self,
        query: ListQuery,
        keys: Sequence[str],
        stop: threading.Event | None = None,
        only: Iterable[int] | None = None,
    ) -> Generator[Row, None, None]:
        chosen = None if only is None else set(only)
        for number in self._matching(query):
            _pass(self.may_read_rows, stop)
            if chosen is None or number in chosen:
                yield tuple(self.records[number].get(key) for key in keys)  # type: ignore[misc]

    def sentence(self, query: ListQuery) -> str:
        return f"people, {query.quick or 'all'}"

    def _matching(self, query: ListQuery) -> "array[int]":
        if self.error is not None:
            raise self.error
        types = {column.key: stored_type(column) for column in self.shown}
        fits = (lambda record: True) if query.rule is None else to_predicate(query.rule, types)
        found = [
            number
            for number, record in self.records.items()
            if fits(record)
            and all(word.lower() in str(record["name"]).lower() for word in query.words)
            and query.active in (None, record["active"])
        ]
        for key, descending in reversed(query.sort):
            found.sort(key=lambda number: str(self.records[number].get(key)), reverse=descending)
        return array("q", found)


def _open_gate() -> threading.Event:
    gate = threading.Event()
    gate.set()
    return gate


def _pass(gate: threading.Event, stop: threading.Event | None) -> None:
    while not gate.wait(0.005):
        if stop is not None and stop.is_set():
            raise Cancelled
    if stop is not None and stop.is_set():
        raise Cancelled

"""Who did what, and when, with the details in words."""

import re
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import orjson

from saasdesk.fields import FieldType, ObjectKind
from saasdesk.records.listing import Column, ListQuery, RecordList, Row
from saasdesk.records.listing import rows as listing
from saasdesk.reports.audit_log import rows
from saasdesk.rules import Operator, Rule
from saasdesk.store import Store

# What one looks at first: the last seven days, the latest on top.
LATELY = ListQuery(
    rule=Rule(field="at", operator=Operator.WITHIN_LAST_DAYS, value=7), sort=(("number", True),), active=None
)

_COLUMNS = (
    Column("at", "At", FieldType.DATETIME, 152),
    Column("who", "Who", FieldType.SHORT_TEXT, 104),
    Column("area", "About", FieldType.SHORT_TEXT, 128, is_shown=False),
    Column("did", "What", FieldType.SHORT_TEXT, 176),
    Column("subject", "Which", FieldType.SHORT_TEXT, 216),
    Column("detail", "Details", FieldType.SHORT_TEXT, 312, is_secondary=True),
    Column("number", "Row", FieldType.NUMBER, 72, align_right=True),
)
_HASH = re.compile("[0-9a-f]{64}")
# A whole document stands in some rows; its beginning tells which it is.
_LONGEST_PART = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log: "workflow.launched", "Leavers", and what else was written down."""

    action: str
    subject: str
    detail: Mapping[str, object]


def find_entry(store: Store, number: int) -> Entry | None:
    """One row as it was written; what is no JSON any more has no detail."""
    with store.reading() as db:
        found = rows.entry(db, number)
    return None if found is None else Entry(found[0], found[1], _content(found[2]))


class AuditList(RecordList):
    """The rows of the log; a row's number is its id."""

    def __init__(self, store: Store) -> None:
        # The log has a shape of its own; which kind of record lists usually have is of no account.
        super().__init__(store, ObjectKind.PEOPLE)
        self._areas: tuple[str, ...] = ()

    @property
    def noun(self) -> str:
        """What one speaks of in the plural."""
        return "rows of the audit log"

    def rows(self, ids: Sequence[int], keys: Sequence[str], stop: threading.Event | None = None) -> dict[int, Row]:
        """The values of these rows, with the details in words."""
        told = _Teller(keys)
        return {number: told(row) for number, row in super().rows(ids, keys, stop).items()}

    def iterate(
        self,
        query: ListQuery,
        keys: Sequence[str],
        stop: threading.Event | None = None,
        only: Iterable[int] | None = None,
    ) -> Generator[Row, None, None]:
        """All matching rows, for an export."""
        told = _Teller(keys)
        with closing(super().iterate(query, keys, stop, only)) as found:
            for row in found:
                yield told(row)

    def sentence(self, query: ListQuery) -> str:
        """What is listed, in words."""
        return super().sentence(replace(query, active=None))

    def _read_shape(self) -> listing.Shape:
        with self._store.reading() as db:
            self._areas = rows.areas(db)
        self._shape = rows.shape()
        return self._shape

    def _columns_of(self, shape: listing.Shape) -> Iterator[Column]:
        for column in _COLUMNS:
            if column.key in shape.expressions:
                yield replace(column, choices=self._areas) if column.key == "area" else column

    def _wanted(self, query: ListQuery, only: list[int] | None = None) -> listing.Wanted:
        return super()._wanted(replace(query, active=None), only)


class _Teller:
    """Puts the details of a row into words, wherever they stand in it."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._place = keys.index("detail") if "detail" in keys else None

    def __call__(self, row: Row) -> Row:
        place = self._place
        if place is None:
            return row
        return (*row[:place], in_words(_content(str(row[place] or "{}"))), *row[place + 1 :])


def in_words(detail: Mapping[str, object]) -> str:
    """What was written down, as one line: "name: Ann → Bea; why: typing error"."""
    parts = []
    if "before" in detail and "after" in detail:
        parts.append(f"{_text(detail['before'])} → {_text(detail['after'])}")
    for key, value in detail.items():
        if key == "changed" and isinstance(value, Mapping):
            parts += [f"{_name(name)}: {_change(change)}" for name, change in value.items()]
        elif _is_told(value) and not ({"before", "after"} <= detail.keys() and key in _SIDES):
            parts.append(f"{_name(key)}: {_text(value)}")
    return "; ".join(parts)


_SIDES = frozenset({"before", "after"})


def _is_told(value: object) -> bool:
    # A hash is there for Verify, and says nothing to people.
    return value not in (None, "", [], {}) and not (isinstance(value, str) and _HASH.fullmatch(value))


def _name(key: str) -> str:
    return key.replace("_", " ")


def _change(change: object) -> str:
    if isinstance(change, list) and len(change) == 2:
        return f"{_text(change[0])} → {_text(change[1])}"
    return _text(change)


def _text(value: object) -> str:
    match value:
        case None | "":
            return "(empty)"
        case True:
            return "yes"
        case False:
            return "no"
        case str():
            return _cut(value)
        case {"before": before, "after": after}:
            return f"{_text(before)} → {_text(after)}"
        case dict():
            return _cut(", ".join(_told_inside(value))) or "none"
        case list():
            return _cut(", ".join(map(_text, value)))
        case _:
            return str(value)


def _told_inside(values: Mapping[str, object]) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, dict):
            inside = ", ".join(_told_inside(value))
            if inside:
                yield f"{_name(key)} ({inside})"
        elif value and _is_told(value):
            yield f"{_name(key)} {_text(value)}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_PART else f"{text[:_LONGEST_PART]}…"


def _content(detail: str) -> Mapping[str, object]:
    try:
        content = orjson.loads(detail)
    except orjson.JSONDecodeError:
        # Somebody edited it; Verify says so.
        return {"detail": detail}
    return content if isinstance(content, dict) else {"detail": content}

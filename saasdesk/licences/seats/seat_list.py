"""Seats as lists, read, filtered and exported like records: those that could be given back, and every one."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from saasdesk.fields import FieldType, ObjectKind
from saasdesk.licences.amounts import in_currency
from saasdesk.licences.seats import rows
from saasdesk.licences.seats.figures import Finding, Lane, Use
from saasdesk.licences.seats.judging import read_yardstick
from saasdesk.records.listing import Column, ListQuery, RecordList, Row, Special
from saasdesk.records.listing import rows as listing
from saasdesk.store import Store

COLUMNS = (
    Column("finding", "Finding", FieldType.SHORT_TEXT, 160, choices=tuple(Finding)),
    Column("holder", "Held By", FieldType.SHORT_TEXT, 216),
    Column("saas_application", "SaaS Application", Special.APPLICATION, 136),
    Column("product", "Product", FieldType.SHORT_TEXT, 168),
    Column("monthly", "A Month", Special.MONEY, 128, align_right=True),
    Column("why", "Why", Special.SENTENCE, 360, is_secondary=True),
    Column("last_used", "Last Used", Special.AGE, 120),
    Column("lane", "Lane", FieldType.SHORT_TEXT, 112, choices=tuple(Lane)),
    Column("computed", "How Computed", Special.SENTENCE, 320, is_shown=False),
    Column("kept_because", "Kept Because", FieldType.SHORT_TEXT, 176, is_shown=False),
    Column("team", "Team", FieldType.SHORT_TEXT, 144, is_shown=False),
    Column("role", "SaaS Role", FieldType.SHORT_TEXT, 144, is_shown=False),
    Column("assigned", "Assigned", FieldType.DATETIME, 152, is_shown=False),
    Column("valid_until", "Valid Until", FieldType.DATE, 112, is_shown=False),
    Column("licence_id", "Licence ID", FieldType.SHORT_TEXT, 144, is_shown=False),
    Column("use", "Use", FieldType.SHORT_TEXT, 104, is_shown=False, choices=tuple(Use)),
    Column("department", "Department", FieldType.SHORT_TEXT, 128, is_shown=False),
)
# Of every seat it matters first whose it is and how it is used; most have no finding.
_OF_EVERY_SEAT = ("holder", "saas_application", "product", "use", "last_used", "monthly", "finding")


class SeatList(RecordList):
    """Findings. A seat's number is twice that of its licence, or twice that of its account and one more."""

    _which = rows.FINDINGS_ONLY

    def __init__(self, store: Store) -> None:
        super().__init__(store, ObjectKind.LICENCES)

    @property
    def noun(self) -> str:
        """What one speaks of in the plural."""
        return "seats that could be given back"

    def columns(self) -> tuple[Column, ...]:
        """What can be shown; the amount says in which currency."""
        return in_currency(super().columns(), self._store.settings().currency)

    def rows(self, ids: Sequence[int], keys: Sequence[str], stop: threading.Event | None = None) -> dict[int, Row]:
        """The values of these seats; one for which nothing is found any more is left out."""
        with self._store.reading(stop=stop) as db:
            shape = rows.shape(db, read_yardstick(self._store), ids, self._which)
            self._check(shape, keys)
            return listing.select_rows(db, shape, ids, keys)

    def _columns_of(self, shape: listing.Shape) -> Iterator[Column]:
        for column in COLUMNS:
            yield replace(column, choices=shape.applications) if column.key == "saas_application" else column

    def _read_shape(self) -> listing.Shape:
        yardstick = read_yardstick(self._store)
        with self._store.reading() as db:
            self._shape = rows.shape(db, yardstick, which=self._which)
        return self._shape

    def _known_shape(self) -> listing.Shape:
        # Days, prices and exemptions may have changed since.
        return self._read_shape()

    def _wanted(self, query: ListQuery, only: list[int] | None = None) -> listing.Wanted:
        return super()._wanted(replace(query, active=None), only)

    def sentence(self, query: ListQuery) -> str:
        """What is listed, in words."""
        return super().sentence(replace(query, active=None))


class EverySeatList(SeatList):
    """Every active seat, however it is used."""

    _which = rows.EVERY_SEAT

    @property
    def noun(self) -> str:
        """What one speaks of in the plural."""
        return "seats"

    def _columns_of(self, shape: listing.Shape) -> Iterator[Column]:
        known = {column.key: column for column in super()._columns_of(shape)}
        for key in (*_OF_EVERY_SEAT, *(key for key in known if key not in _OF_EVERY_SEAT)):
            yield replace(known[key], is_shown=key in _OF_EVERY_SEAT)


def record_of_seat(seat: int) -> tuple[ObjectKind, int]:
    """The record that a seat is."""
    return ObjectKind.SAAS_USERS if seat % 2 else ObjectKind.LICENCES, seat // 2

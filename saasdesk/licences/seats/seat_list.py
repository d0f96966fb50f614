"""The seats that could be given back, as a list: filtered, sorted, counted and exported like records."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from saasdesk.currencies import DECIMALS
from saasdesk.fields import FieldType, ObjectKind
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
)


class SeatList(RecordList):
    """Findings. A seat's number is twice that of its licence, or twice that of its account and one more."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, ObjectKind.LICENCES)

    @property
    def noun(self) -> str:
        """What one speaks of in the plural."""
        return "seats that could be given back"

    def columns(self) -> tuple[Column, ...]:
        """What can be shown; the amount says in which currency."""
        currency = self._store.settings().currency
        return tuple(
            replace(column, title=f"{currency} a Month", decimals=DECIMALS[currency])
            if column.key == "monthly"
            else column
            for column in super().columns()
        )

    def rows(self, ids: Sequence[int], keys: Sequence[str], stop: threading.Event | None = None) -> dict[int, Row]:
        """The values of these seats; one for which nothing is found any more is left out."""
        with self._store.reading(stop=stop) as db:
            shape = rows.shape(db, read_yardstick(self._store), ids)
            self._check(shape, keys)
            return listing.select_rows(db, shape, ids, keys)

    def _columns_of(self, shape: listing.Shape) -> Iterator[Column]:
        for column in COLUMNS:
            yield replace(column, choices=shape.applications) if column.key == "saas_application" else column

    def _read_shape(self) -> listing.Shape:
        yardstick = read_yardstick(self._store)
        with self._store.reading() as db:
            self._shape = rows.shape(db, yardstick)
        return self._shape

    def _known_shape(self) -> listing.Shape:
        # Days, prices and exemptions may have changed since.
        return self._read_shape()

    def _wanted(self, query: ListQuery, only: list[int] | None = None) -> listing.Wanted:
        return super()._wanted(replace(query, active=None), only)

    def sentence(self, query: ListQuery) -> str:
        """What is listed, in words."""
        return super().sentence(replace(query, active=None))

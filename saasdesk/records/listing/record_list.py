"""A list of records: its columns, its order, its rows, its filter in words."""

import threading
from array import array
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from saasdesk.errors import UserError
from saasdesk.fields import FieldType, ObjectKind
from saasdesk.records.listing import rows as sql
from saasdesk.records.listing.columns import Column, ColumnType, Group, Special, Value, accounts_as_json
from saasdesk.records.listing.query import Counting, ListQuery
from saasdesk.rules import SqlColumn, SqlFragment, as_listed, to_sentence
from saasdesk.store import Store

Row = tuple[Value, ...]

_NOUNS = {
    ObjectKind.PEOPLE: "people",
    ObjectKind.SAAS_USERS: "SaaS users",
    ObjectKind.LICENCES: "licences",
    ObjectKind.SAAS_APPLICATIONS: "SaaS applications",
    ObjectKind.ASSETS: "assets",
}

# What each list shows at first, in this order; everything else is one click away in the column chooser.
_SHOWN = {
    ObjectKind.PEOPLE: ("name", "email", "job_title", "record_state", "accounts", "last_activity"),
    ObjectKind.SAAS_USERS: ("name", "email", "saas_application", "role", "status", "last_activity", "person"),
    ObjectKind.LICENCES: (
        "product",
        "saas_application",
        "assigned_to",
        "team",
        "assigned_at",
        "last_used",
        "valid_until",
    ),
    ObjectKind.SAAS_APPLICATIONS: (
        "name",
        "category",
        "active_users",
        "licences",
        "free_licences",
        "last_activity",
        "fed_by",
    ),
    ObjectKind.ASSETS: (
        "name",
        "person",
        "serial_number",
        "last_contact",
        "manufacturer",
        "operating_system",
        "record_state",
    ),
}

# Fields that are drawn in a way of their own.
_SPECIAL = {
    (ObjectKind.PEOPLE, "name"): Special.PERSON,
    (ObjectKind.SAAS_USERS, "name"): Special.PERSON,
    (ObjectKind.SAAS_USERS, "saas_application"): Special.APPLICATION,
    (ObjectKind.SAAS_USERS, "status"): Special.STATUS,
    (ObjectKind.SAAS_USERS, "last_activity"): Special.AGE,
    (ObjectKind.LICENCES, "saas_application"): Special.APPLICATION,
    (ObjectKind.LICENCES, "last_used"): Special.AGE,
    (ObjectKind.SAAS_APPLICATIONS, "name"): Special.APPLICATION,
    (ObjectKind.ASSETS, "last_contact"): Special.AGE,
}

_STATE = Column("record_state", "Record", Special.STATUS)
_COMPUTED: dict[ObjectKind, tuple[Column, ...]] = {
    ObjectKind.PEOPLE: (
        Column("record_state", "Status", Special.STATUS),
        Column("accounts", "Accounts", Special.ACCOUNTS),
        Column("last_activity", "Last Activity", Special.AGE),
        Column("active_accounts", "Active Accounts", FieldType.NUMBER),
        Column("working_accounts", "Accounts Not Suspended", FieldType.NUMBER),
        Column("suspended_in", "Suspended In", FieldType.SHORT_TEXT),
        Column("active_licences", "Active Licences", FieldType.NUMBER),
    ),
    ObjectKind.SAAS_USERS: (_STATE,),
    ObjectKind.LICENCES: (Column("assigned_to", "Assigned To", FieldType.SHORT_TEXT), _STATE),
    ObjectKind.SAAS_APPLICATIONS: (
        Column("active_users", "Active Users", FieldType.NUMBER),
        Column("all_users", "All Users", FieldType.NUMBER),
        Column("licences", "Licences", FieldType.NUMBER),
        Column("free_licences", "Free Licences", FieldType.NUMBER),
        Column("last_activity", "Last Activity", Special.AGE),
        _STATE,
    ),
    ObjectKind.ASSETS: (_STATE,),
}
_ALWAYS = (
    Column("fed_by", "Fed By", FieldType.SHORT_TEXT),
    Column("created_by", "Created By", FieldType.SHORT_TEXT),
    Column("created_at", "Created", FieldType.DATETIME),
    Column("updated_at", "Updated", FieldType.DATETIME),
    Column("deactivated", "Deactivated", FieldType.FLAG),
    Column("deactivated_at", "Deactivated At", FieldType.DATETIME),
    Column("deactivated_reason", "Deactivated Because", FieldType.SHORT_TEXT),
    Column("archived", "Archived", FieldType.FLAG),
)

# Said more quietly than what stands beside it.
_SECONDARY = frozenset({"email", "username"})

_WIDTHS = {
    "name": 192,
    "email": 240,
    "job_title": 176,
    "username": 240,
    "person": 200,
    "department": 128,
    "fed_by": 160,
    "category": 192,
}
_WIDTHS_BY_TYPE: dict[ColumnType, int] = {
    FieldType.SHORT_TEXT: 144,
    FieldType.LONG_TEXT: 220,
    FieldType.LIST: 180,
    FieldType.PERSON: 192,
    FieldType.LOCATION: 144,
    FieldType.CUSTOM_OBJECT: 144,
    FieldType.NUMBER: 104,
    FieldType.DECIMAL: 104,
    FieldType.DATE: 112,
    FieldType.DATETIME: 152,
    FieldType.FLAG: 88,
    Special.PERSON: 192,
    Special.APPLICATION: 152,
    Special.STATUS: 104,
    Special.AGE: 128,
    Special.MONEY: 96,
}
_CELL_OF_ACCOUNTS = 42
# Its title must fit, however few accounts there are.
_LEAST_OF_ACCOUNTS = 96


class RecordList:
    """People, SaaS users, licences, SaaS applications or assets, as many as there are.

    Every method reads, and belongs into a worker thread where there is a window.
    """

    def __init__(
        self, store: Store, kind: ObjectKind, *, application: int | None = None, integration: int | None = None
    ) -> None:
        self.kind = kind
        self._store = store
        self._narrowing = sql.Narrowing(application, integration)
        self._shape: sql.Shape | None = None

    @property
    def noun(self) -> str:
        """What one speaks of in the plural."""
        return _NOUNS[self.kind]

    def columns(self) -> tuple[Column, ...]:
        """What can be shown just now, in the order in which it is shown at first."""
        return tuple(self._columns_of(self._read_shape()))

    def is_first_page_quick(self, query: ListQuery) -> bool:
        """Whether the first ids are known long before all of them; otherwise one had better ask for all at once."""
        return sql.is_first_page_quick(self._known_shape(), self._wanted(query))

    def first_ids(self, query: ListQuery, limit: int = 200, stop: threading.Event | None = None) -> "array[int]":
        """The ids that a window shows before it knows all of them."""
        with self._store.reading(snapshot=True, stop=stop) as db:
            return sql.select_ids(db, self._known_shape(), self._wanted(query), limit, stop)

    def ids(
        self, query: ListQuery, stop: threading.Event | None = None, only: Iterable[int] | None = None
    ) -> "array[int]":
        """The ids of all matching records in their order; `only` leaves out all but these."""
        wanted = self._wanted(query, None if only is None else list(only))
        with self._store.reading(snapshot=True, stop=stop) as db:
            return sql.select_ids(db, self._known_shape(), wanted, None, stop)

    def grouped(
        self, query: ListQuery, sums: Sequence[str], stop: threading.Event | None = None
    ) -> tuple["array[int]", list[Group]]:
        """The ids of all matching records, group by group, and the groups in the same order."""
        shape, wanted = self._known_shape(), self._wanted(query)
        self._check(shape, [query.group_by, *sums])
        with self._store.reading(snapshot=True, stop=stop) as db:
            return (
                sql.select_ids(db, shape, wanted, None, stop),
                sql.select_groups(db, shape, wanted, sums),
            )

    def count(self, query: ListQuery, stop: threading.Event | None = None) -> int:
        """How many records match."""
        with self._store.reading(snapshot=True, stop=stop) as db:
            return sql.count_records(db, self._known_shape(), self._wanted(query))

    def comparable(self) -> dict[str, SqlColumn]:
        """What rules and groups may speak of just now, by key."""
        return sql.comparable_columns(self._known_shape())

    def tallies(
        self,
        query: ListQuery,
        groups: Sequence[SqlFragment],
        of: str = "",
        stop: threading.Event | None = None,
    ) -> list[sql.Tally]:
        """How many records match in each group, with what is known of the numbers in column `of`."""
        (tallies,) = self.tallies_of([Counting(query, groups, of)], stop)
        return tallies

    def tallies_of(self, asked: Sequence[Counting], stop: threading.Event | None = None) -> list[list[sql.Tally]]:
        """The same for several questions, as all of it was at one moment."""
        shape = self._known_shape()
        self._check(shape, [each.of for each in asked if each.of])
        wanted = [(self._wanted(each.query), each) for each in asked]
        with self._store.reading(snapshot=True, stop=stop) as db:
            return sql.select_tallies(db, shape, wanted)

    def rows(self, ids: Sequence[int], keys: Sequence[str], stop: threading.Event | None = None) -> dict[int, Row]:
        """The values of these records for these columns; a record that is gone is left out."""
        shape = self._known_shape()
        self._check(shape, keys)
        with self._store.reading(stop=stop) as db:
            return sql.select_rows(db, shape, ids, keys)

    def iterate(
        self,
        query: ListQuery,
        keys: Sequence[str],
        stop: threading.Event | None = None,
        only: Iterable[int] | None = None,
    ) -> Generator[Row, None, None]:
        """All matching records one after the other, as they were at one moment; `only` leaves out all but these.

        Exhaust or close it in the thread that began it: it holds that thread's connection.
        """
        shape = self._known_shape()
        self._check(shape, keys)
        wanted = self._wanted(query, None if only is None else list(only))
        with self._store.reading(snapshot=True, stop=stop) as db:
            yield from sql.stream_rows(db, shape, wanted, keys, stop)

    def iterate_json(self, query: ListQuery, stop: threading.Event | None = None) -> Iterator[dict[str, Any]]:
        """All matching records as scripts read them."""
        columns = self.columns()
        for row in self.iterate(query, [column.key for column in columns], stop):
            yield as_json(columns, row)

    def sentence(self, query: ListQuery) -> str:
        """What is listed, in words: 'Active people where Department is Finance, containing "ann", sorted by Name'."""
        titles = {column.key: column.title for column in self._columns_of(self._known_shape())}
        who = {True: "Active ", False: "Deactivated ", None: "All "}[query.active] + self.noun + self._whose()
        where = "" if query.rule is None else f" where {to_sentence(query.rule, titles)}"
        words = "".join(f', containing "{word}"' for word in query.words)
        levels = [
            titles[key] + (" (descending)" if descending else "") for key, descending in query.sort if key in titles
        ]
        by = f", grouped by {titles[query.group_by]}" if query.group_by in titles else ""
        when = f", as of {self._store.moment}" if self._store.moment else ""
        return who + where + words + when + by + (f", sorted by {', '.join(levels)}" if levels else "")

    def _whose(self) -> str:
        with self._store.reading() as db:
            application, integration = self._narrowing.application, self._narrowing.integration
            of = "" if application is None else f" of {sql.application_name(db, application) or 'an application'}"
            fed = "" if integration is None else f" fed by {sql.integration_name(db, integration) or 'an integration'}"
        return of + fed

    def _columns_of(self, shape: sql.Shape) -> Iterator[Column]:
        return _columns_of(shape)

    def _known_shape(self) -> sql.Shape:
        return self._shape or self._read_shape()

    def _read_shape(self) -> sql.Shape:
        with self._store.reading() as db:
            shape = sql.read_shape(db, self.kind, is_present=not self._store.moment)
        # Other threads read at the same time: what they see is whole.
        self._shape = self._completed(shape)
        return self._shape

    def _completed(self, shape: sql.Shape) -> sql.Shape:
        """What a kind of list can show besides."""
        return shape

    def _wanted(self, query: ListQuery, only: list[int] | None = None) -> sql.Wanted:
        shape = self._known_shape()
        self._check(shape, [key for key, _ in query.sort] + ([query.group_by] if query.group_by else []))
        fields = {field.external_id: field for field in shape.fields}
        rule = None if query.rule is None else as_listed(query.rule, fields)
        # "Within the last 7 days" counts the days of whoever asks.
        now = self._store.now().astimezone()
        return sql.Wanted(self._narrowing, rule, query.words, query.sort, query.active, now, only, query.group_by)

    def _check(self, shape: sql.Shape, keys: Iterable[str]) -> None:
        unknown = [key for key in keys if key not in shape.expressions]
        if unknown:
            known = ", ".join(sorted(shape.expressions))
            raise UserError(f"There is no column “{unknown[0]}” in the list of {self.noun}. There are: {known}.")


def as_json(columns: Sequence[Column], row: Row) -> dict[str, Any]:
    """One record as scripts read it: External IDs, true and false, times in UTC."""
    return {column.key: _as_json_value(column, value) for column, value in zip(columns, row, strict=True)}


def _as_json_value(column: Column, value: Value) -> Any:
    if column.type is Special.ACCOUNTS:
        return accounts_as_json(value if isinstance(value, tuple) else ())
    if column.type is FieldType.FLAG and value is not None:
        return bool(value)
    return value


def _columns_of(shape: sql.Shape) -> Iterator[Column]:
    """First what is shown, then the other columns: built-in fields, custom ones, and what every record has."""
    of_fields = {
        field.external_id: Column(
            field.external_id, field.label, _SPECIAL.get((shape.kind, field.external_id), field.type)
        )
        for field in sorted(shape.fields, key=lambda field: (not field.builtin, field.position))
    }
    listed = {field.external_id: field.lookup.kept for field in shape.fields if field.lookup is not None}
    # A custom field may have the name of something that we compute; then it is the field that is meant.
    others = {column.key: column for column in (*_COMPUTED[shape.kind], *_ALWAYS)}
    everything = of_fields | {key: column for key, column in others.items() if key not in of_fields}
    shown = [key for key in _SHOWN[shape.kind] if key in everything]
    for key in (*shown, *(key for key in everything if key not in shown)):
        column = everything[key]
        choices = shape.applications if column.type is Special.ACCOUNTS else ()
        yield replace(
            column,
            width_hint=max(_CELL_OF_ACCOUNTS * len(choices) + 16, _LEAST_OF_ACCOUNTS) if choices else _width(column),
            align_right=column.is_number,
            is_shown=key in shown,
            is_secondary=key in _SECONDARY,
            choices=choices or listed.get(key, ()),
        )


def _width(column: Column) -> int:
    return _WIDTHS.get(column.key) or _WIDTHS_BY_TYPE.get(column.type, 140)

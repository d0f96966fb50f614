"""The lines of a report: read, sorted, counted and exported like any list of records."""

import threading
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import cast

from saasdesk.errors import UserError
from saasdesk.fields import FieldType, ObjectKind
from saasdesk.licences.seats import EverySeatList, read_yardstick
from saasdesk.licences.seats import rows as seats
from saasdesk.records.listing import Column, ListQuery, RecordList, Row, Special, Value
from saasdesk.records.listing import rows as listing
from saasdesk.reports.report import rows
from saasdesk.reports.report.document import ReportDocument, ReportObject, Total, TotalMeasure
from saasdesk.rules import as_listed, to_sentence
from saasdesk.store import Connection, Store

NOUNS = {
    ReportObject.PEOPLE: "people",
    ReportObject.SAAS_USERS: "SaaS users",
    ReportObject.LICENCES: "licences",
    ReportObject.SAAS_APPLICATIONS: "SaaS applications",
    ReportObject.ASSETS: "assets",
    ReportObject.SEATS: "seats",
    ReportObject.CHANGES: "changes",
}
_OTHERS = {"person": "person", "saas_user": "SaaS user", "saas_application": "application"}
_DATES = frozenset({FieldType.DATE, FieldType.DATETIME, Special.AGE})
_CHANGES = (
    Column("at", "At", FieldType.DATETIME, 152),
    Column("object", "Object", FieldType.SHORT_TEXT, 128),
    Column("record", "Record", FieldType.SHORT_TEXT, 216),
    Column("saas_application", "SaaS Application", Special.APPLICATION, 136),
    Column("change", "Change", FieldType.SHORT_TEXT, 104),
    Column("field", "Field", FieldType.SHORT_TEXT, 144),
    Column("before", "Before", FieldType.SHORT_TEXT, 176),
    Column("after", "After", FieldType.SHORT_TEXT, 176),
    Column("cause", "Cause", FieldType.SHORT_TEXT, 120, is_shown=False),
    Column("session", "Session", FieldType.NUMBER, 88, align_right=True, is_shown=False),
    Column("reason", "Reason", FieldType.SHORT_TEXT, 280, is_shown=False),
)


def columns_of(store: Store, about: ReportObject) -> tuple[Column, ...]:
    """Every column that a report about this may have: its own, then those of the records beside it."""
    found = [_plain(column) for column in _own_columns(store, about)]
    for other, (kind, _number) in rows.JOINS.get(about.value, {}).items():
        for column in RecordList(store, kind).columns():
            title = f"{column.title} ({_OTHERS[other]})"
            found.append(replace(_plain(column), key=f"{other}.{column.key}", title=title, is_shown=False))
    return tuple(found)


def _own_columns(store: Store, about: ReportObject) -> tuple[Column, ...]:
    if about is ReportObject.CHANGES:
        return _CHANGES
    if about is ReportObject.SEATS:
        # The department of whoever holds it comes with the person.
        return tuple(column for column in EverySeatList(store).columns() if column.key != "department")
    return RecordList(store, about.kind).columns()


def _plain(column: Column) -> Column:
    # A strip of accounts is told in words: a line of a report goes to people who see it somewhere else.
    return replace(column, type=FieldType.LIST, choices=()) if column.type is Special.ACCOUNTS else column


def _wide_enough(column: Column) -> Column:
    # Titles of a report are longer than those of lists, and most have the mark of a sort.
    return replace(column, width_hint=max(column.width_hint, 56 + 7 * len(column.title)))


def usual_columns(known: Mapping[str, Column]) -> tuple[str, ...]:
    """What a report shows that names no columns."""
    return tuple(column.key for column in known.values() if column.is_shown)


def shown_columns(
    known: Mapping[str, Column],
    about: ReportObject,
    columns: Iterable[str],
    group_by: Iterable[str] = (),
    totals: Iterable[Total] = (),
) -> tuple[Column, ...]:
    """The columns of the lines as they are told."""
    named = [replace(known[key], is_shown=True) for key in (*columns, *group_by)]
    return tuple(map(_wide_enough, [*named, *(_column_of_total(total, known, about) for total in totals)]))


@dataclass(frozen=True, slots=True)
class Altogether:
    """What the lines of a report come to: each total that can be added up, with its title."""

    lines: int
    sums: tuple[tuple[Column, float], ...] = ()


class ReportLines(RecordList):
    """The lines as they are just now; a line has the number of its record, or of the first one in its group."""

    def __init__(self, store: Store, document: ReportDocument, within: Mapping[str, Value] | None = None) -> None:
        """With `within`, the values of a group, the lines are the records of that group."""
        super().__init__(store, document.object.kind)
        self.within = dict(within or {})
        if self.within:
            document = document.model_copy(update={"group_by": (), "totals": (), "sort": ()})
        self.document = document
        self._known: tuple[Column, ...] = ()

    @property
    def noun(self) -> str:
        """What one speaks of in the plural."""
        return f"lines of “{self.document.name}”"

    @property
    def query(self) -> ListQuery:
        """The question that has all lines, sorted as the report says."""
        return ListQuery(sort=self.document.sorted_by, active=None)

    def altogether(self, stop: threading.Event | None = None) -> Altogether:
        """How many lines there are, and their totals added up."""
        columns, adding = {column.key: column for column in self.columns()}, self.document.added_up
        with self._store.reading(stop=stop) as db:
            lines, *added = rows.sums(db, self._known_shape(), adding)
        told = zip(adding, added, strict=True)
        return Altogether(lines, tuple((columns[key], _whole(columns[key], value)) for key, value in told))

    def numbered(self, query: ListQuery, stop: threading.Event | None = None) -> Generator[tuple[int, Row], None, None]:
        """All lines with the number of each one's record; exhaust or close it in the thread that began it."""
        keys = [column.key for column in self.columns()]
        with closing(self.iterate(query, [*keys, rows.NUMBER], stop)) as found:
            for line in found:
                yield cast("int", line[-1]), line[:-1]

    def sentence(self, query: ListQuery) -> str:
        """What is reported, in words; who filters the lines once more is told apart."""
        document = self.document
        titles = {column.key: column.title for column in columns_of(self._store, document.object)}
        who = {True: "Active ", False: "Deactivated ", None: "All "}[document.active] + NOUNS[document.object]
        where = "" if document.filter is None else f" where {to_sentence(document.filter, titles)}"
        by = ", ".join(titles.get(key, key) for key in document.group_by)
        when = f", as of {self._store.moment}" if self._store.moment else ""
        shown = titles | {column.key: column.title for column in self.columns()}
        levels = [shown.get(key, key) + (" (descending)" if falls else "") for key, falls in query.sort]
        sorted_by = f", sorted by {', '.join(levels)}" if levels else ""
        then = "" if query.rule is None else f"; of these, lines where {to_sentence(query.rule, shown)}"
        told = [f"{titles.get(key, key)} is {value or 'empty'}" for key, value in self.within.items()]
        if told:
            where += f"; of these, those whose {' and '.join(told)}"
        words = "".join(f'; containing "{word}"' for word in query.words)
        return f"{who}{where}{f', by {by}' if by else ''}{when}{sorted_by}{then}{words}"

    # What a list of records is made of

    def _columns_of(self, shape: listing.Shape) -> Iterator[Column]:
        del shape
        yield from self._known

    def _read_shape(self) -> listing.Shape:
        known = {column.key: column for column in columns_of(self._store, self.document.object)}
        document = self.document
        shown = document.columns or usual_columns(known)
        # What makes them a group stands in front, where it is not shown anyway.
        shown = (*(key for key in self.within if key not in shown), *shown)
        if document.group_by:
            shown = ()
        self._refuse_unknown(known)
        with self._store.reading() as db:
            base, joined = self._shapes(db)
        fields = {field.external_id: field for field in base.fields}
        for other, each in joined.items():
            fields |= {f"{other}.{field.external_id}": field for field in each.shape.fields}
        rule = None if document.filter is None else as_listed(document.filter, fields)
        now = self._store.now().astimezone()
        totals = document.all_totals
        asked = rows.Asked(base, joined, document.active, rule, shown, document.group_by, totals, now, self.within)
        self._shape = rows.shape_of_lines(asked)
        self._known = shown_columns(known, document.object, shown, document.group_by, totals)
        self._refuse_unknown_sort()
        return self._shape

    def _shapes(self, db: Connection) -> tuple[listing.Shape, dict[str, rows.Joined]]:
        about = self.document.object
        if about is ReportObject.CHANGES:
            return rows.CHANGES, {}
        if about is ReportObject.SEATS:
            base = seats.shape(db, read_yardstick(self._store), which=seats.EVERY_SEAT)
        else:
            base = listing.read_shape(db, about.kind)
        others = rows.JOINS.get(about.value, {})
        shapes: dict[ObjectKind, listing.Shape] = {
            kind: listing.read_shape(db, kind) for kind in {kind for kind, _ in others.values()}
        }
        return base, {other: rows.Joined(number, shapes[kind]) for other, (kind, number) in others.items()}

    def _wanted(self, query: ListQuery, only: list[int] | None = None) -> listing.Wanted:
        # Which records count was asked before they became lines.
        return super()._wanted(replace(query, active=None), only)

    def _refuse_unknown(self, known: Mapping[str, Column]) -> None:
        document = self.document
        ruled = document.filter.field_names() if document.filter is not None else set()
        measured = [total.of for total in document.totals if total.of]
        for where, names in (
            ("the columns", document.columns),
            ("the filter", sorted(ruled)),
            ("the groups", (*document.group_by, *self.within)),
            ("the totals", measured),
        ):
            gone = next((name for name in names if name not in known), None)
            if gone is not None:
                raise UserError(
                    f"There is no field “{gone}” any more, and it stands in {where} of “{document.name}”. "
                    "Edit the report to take it out or choose another one; nothing else of it is lost."
                )
        for total in document.totals:
            column = known.get(total.of)
            if column is not None and not (
                column.is_number
                or total.measure is TotalMeasure.COUNT
                or (column.type in _DATES and total.measure in {TotalMeasure.MIN, TotalMeasure.MAX})
            ):
                raise UserError(f"{column.title} is no number, so it has no {total.measure.value}. Count it instead.")

    def _refuse_unknown_sort(self) -> None:
        there = {column.key for column in self._known}
        for key, _ in self.document.sorted_by:
            if key not in there:
                raise UserError(
                    f"“{self.document.name}” is sorted by “{key}”, which is none of its columns. "
                    f"There are: {', '.join(sorted(there))}."
                )


def record_changed_by(store: Store, change: int) -> tuple[ObjectKind, int] | None:
    """The record that a line about a change tells of; None for what has no record any more."""
    with store.reading() as db:
        found = rows.record_of_change(db, change)
    if found is None or found[0] not in {kind.value for kind in ObjectKind}:
        return None
    return ObjectKind(found[0]), found[1]


_WORDS = {TotalMeasure.AVERAGE: "Average", TotalMeasure.MIN: "Lowest", TotalMeasure.MAX: "Highest"}
_WORDS_OF_DATES = {TotalMeasure.MIN: "Earliest", TotalMeasure.MAX: "Latest"}


def _whole(column: Column, value: float | None) -> float:
    return int(value or 0) if column.type is FieldType.NUMBER else value or 0


def _column_of_total(total: Total, known: Mapping[str, Column], about: ReportObject) -> Column:
    of = known.get(total.of)
    if of is None or total.measure is TotalMeasure.COUNT:
        noun = NOUNS[about] if of is None else f"With {of.title}"
        title = total.title or noun[:1].upper() + noun[1:]
        return Column(total.key, title, FieldType.NUMBER, 104, align_right=True)
    words = _WORDS_OF_DATES if of.type in _DATES else _WORDS
    word = words.get(total.measure, "")
    title = total.title or (f"{word} {of.title}" if word else of.title)
    kind = FieldType.DECIMAL if total.measure is TotalMeasure.AVERAGE and of.type is FieldType.NUMBER else of.type
    return Column(total.key, title, kind, 152, align_right=of.is_number, decimals=of.decimals)

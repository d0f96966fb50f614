"""What a widget shows: figures computed from the records just now, each with the question that finds its records."""

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from saasdesk import clock
from saasdesk.errors import UserError
from saasdesk.fields import fold_key, storable
from saasdesk.licences.priced_lists import ListObject, open_list
from saasdesk.records.listing import Column, Counting, ListQuery, RecordList, Value
from saasdesk.records.listing.rows import Tally
from saasdesk.reports.dashboards.board import MOST_SLICES, Measure, Widget, WidgetKind
from saasdesk.reports.dashboards.groups import Found, Group, Grouping, grouping_of
from saasdesk.reports.dashboards.trend import Trend, trend_of
from saasdesk.rules import all_of, to_sql
from saasdesk.store import Store

# A bar is divided into as many parts as can be told apart.
MOST_PARTS = 4
COLUMNS_OF_A_TABLE = 4
_COUNTS = frozenset({Measure.COUNT, Measure.DISTINCT})
_MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Behind:
    """The list behind a figure: which records, and the question that finds exactly those."""

    about: ListObject
    query: ListQuery


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure; `behind` is None where no list can show exactly what is counted. What is aside is the rest."""

    label: str
    value: float | None
    behind: Behind | None = None
    is_aside: bool = False
    chart: str = ""

    @property
    def title(self) -> str:
        """What its list is called: of which chart it is, and which mark."""
        return f"{self.chart}: {self.label}" if self.chart else self.label


@dataclass(frozen=True, slots=True)
class Series:
    """The marks of one look: one for each label of the chart. What is aside is drawn more quietly."""

    name: str
    marks: tuple[Mark, ...]
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """The answer to a widget's question: `whole` has all its records; `rows` are those of a table that lists them."""

    widget: Widget
    whole: Mark
    labels: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    trend: Trend | None = None
    # What the field is called by which it is grouped; empty where it is not.
    grouped_by: str = ""
    # What its numbers are values of; None where they count something.
    measured: Column | None = None
    # Of how many records an amount of money says nothing.
    unpriced: int = 0
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[int, tuple[Value, ...]], ...] = ()
    sentence: str = ""
    at: datetime = field(default_factory=clock.now)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(mark.value for series in self.series for mark in series.marks)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A widget in the terms of its list, before anything was counted; `figure` has no numbers yet."""

    figure: Figure
    query: ListQuery
    columns: Mapping[str, Column]
    groupings: tuple[Grouping, ...] = ()

    @property
    def counting(self) -> Counting:
        """What has to be counted."""
        widget = self.figure.widget
        fragments = [grouping.fragment for grouping in self.groupings]
        return Counting(self.query, fragments, widget.measured, widget.measure is Measure.DISTINCT)


def figure_of(store: Store, widget: Widget, stop: threading.Event | None = None) -> Figure:
    """Compute one widget; a UserError says why it cannot be computed."""
    (found,) = figures_of(store, [widget], stop)
    if isinstance(found, UserError):
        raise found
    return found


def figures_of(
    store: Store, widgets: Sequence[Widget], stop: threading.Event | None = None
) -> list[Figure | UserError]:
    """Compute several widgets, those about the same at once; a UserError stands where one cannot be computed."""
    found: dict[int, Figure | UserError] = {}
    for about in dict.fromkeys(widget.object for widget in widgets):
        listed = open_list(store, about)
        columns = {column.key: column for column in listed.columns()}
        asked: dict[int, _Asked] = {}
        for place, widget in enumerate(widgets):
            if widget.object is about:
                try:
                    asked[place] = _ask(listed, widget, columns)
                except UserError as problem:
                    found[place] = problem
        counted = listed.tallies_of([each.counting for each in asked.values()], stop)
        for (place, each), tallies in zip(asked.items(), counted, strict=True):
            try:
                found[place] = _answer(store, listed, each, tallies, stop)
            except UserError as problem:
                found[place] = problem
    return [found[place] for place in range(len(widgets))]


def _ask(listed: RecordList, widget: Widget, columns: Mapping[str, Column]) -> _Asked:
    query = ListQuery(rule=widget.filter, active=widget.active)
    _refuse_unknown(widget, columns)
    whole = Mark(widget.title, None, Behind(widget.object, query))
    measured = columns[widget.of] if widget.measure not in _COUNTS else None
    grouped_by = columns[widget.group_by].title if widget.group_by else ""
    figure = Figure(widget, whole, grouped_by=grouped_by, measured=measured, sentence=listed.sentence(query))
    now, comparable = clock.now().astimezone(), listed.comparable()
    if widget.filter is not None:
        # What it cannot compare is a problem of this widget alone.
        to_sql(widget.filter, comparable, now)
    if not widget.group_by or widget.kind is WidgetKind.LINE:
        return _Asked(figure, query, columns)
    names = [name for name in (widget.group_by, widget.split_by if widget.is_divided else "") if name]
    return _Asked(figure, query, columns, tuple(grouping_of(name, widget, comparable, now) for name in names))


def _answer(
    store: Store, listed: RecordList, asked: _Asked, tallies: Sequence[Tally], stop: threading.Event | None
) -> Figure:
    widget, figure = asked.figure.widget, _with_unpriced(asked.figure, tallies)
    records = sum(tally.records for tally in tallies)
    if asked.groupings:
        labels, series = _grouped(asked, tallies)
        return replace(figure, whole=replace(figure.whole, value=records), labels=labels, series=series)
    if widget.kind is WidgetKind.TABLE:
        columns, rows = _first(listed, asked, stop)
        return replace(figure, whole=replace(figure.whole, value=records), columns=columns, rows=rows)
    has_past = widget.measure is Measure.COUNT and widget.object.has_states
    trend = trend_of(store, listed, asked.query, widget.period, stop) if has_past else None
    value = _value(widget.measure, tallies, figure.measured)
    return replace(figure, whole=replace(figure.whole, value=value), trend=trend)


def _with_unpriced(figure: Figure, tallies: Sequence[Tally]) -> Figure:
    """The same, with what an amount of money says nothing about."""
    if figure.measured is None or not figure.measured.is_money:
        return figure
    unpriced = sum(tally.records - tally.count for tally in tallies)
    told = f"; {unpriced:,} of them without a price" if unpriced else ""
    return replace(figure, unpriced=unpriced, sentence=figure.sentence + told)


def _first(
    listed: RecordList, asked: _Asked, stop: threading.Event | None
) -> tuple[tuple[Column, ...], tuple[tuple[int, tuple[Value, ...]], ...]]:
    """The first records, with the columns that were chosen."""
    widget, columns = asked.figure.widget, asked.columns
    shown = tuple(columns[key] for key in widget.columns)
    shown = shown or tuple(each for each in columns.values() if each.is_shown)[:COLUMNS_OF_A_TABLE]
    ids = listed.first_ids(asked.query, widget.limit, stop)
    found = listed.rows(ids, [column.key for column in shown], stop)
    return shown, tuple((number, found[number]) for number in ids if number in found)


def _refuse_unknown(widget: Widget, columns: Mapping[str, Column]) -> None:
    filtered = widget.filter.field_names() if widget.filter is not None else set()
    unknown = sorted({widget.group_by, widget.split_by, widget.of, *widget.columns, *filtered} - columns.keys() - {""})
    if unknown:
        raise UserError(f"There is no field “{unknown[0]}” any more. Configure this widget and choose another one.")
    if widget.measure not in _COUNTS and not columns[widget.of].is_number:
        raise UserError(f"{columns[widget.of].title} is no number: count it, or measure another field.")


def _grouped(asked: _Asked, tallies: Sequence[Tally]) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    """The labels along the axis, and for each part of a bar its marks."""
    widget, measured, query, groupings = asked.figure.widget, asked.figure.measured, asked.query, asked.groupings
    is_summed = widget.measure is Measure.SUM
    found = [_found(tallies, place, grouping.key, is_summed=is_summed) for place, grouping in enumerate(groupings)]
    most = (widget.most_groups, MOST_PARTS)
    chosen = [grouping.chosen(each, many) for grouping, each, many in zip(groupings, found, most, strict=False)]
    if widget.kind is WidgetKind.DONUT:
        chosen = [_few_enough(groupings[0], found[0], chosen[0])]
    keys = [{key: group for group in groups for key in group.keys} for groups in chosen]
    sorted_in: dict[tuple[Group, ...], list[Tally]] = {}
    for tally in tallies:
        parts = zip(groupings, keys, tally.group, strict=True)
        place = tuple(known[grouping.key(raw)] for grouping, known, raw in parts)
        sorted_in.setdefault(place, []).append(tally)

    def mark(*place: Group) -> Mark:
        rules = [group.rule for group in place]
        kept = [rule for rule in (query.rule, *rules) if rule is not None]
        query_of_it = ListQuery(rule=all_of(*kept) if kept else None, active=query.active)
        behind = None if None in rules else Behind(widget.object, query_of_it)
        label = ", ".join(group.label for group in place)
        value = _value(widget.measure, sorted_in.get(place, []), measured)
        return Mark(label, value, behind, place[0].is_aside, widget.title)

    labels = tuple(group.label for group in chosen[0])
    if len(chosen) == 1:
        return labels, (Series("", tuple(mark(group) for group in chosen[0])),)
    return labels, tuple(
        Series(part.label, tuple(mark(group, part) for group in chosen[0]), part.is_aside) for part in chosen[1]
    )


def _few_enough(grouping: Grouping, found: Mapping[Hashable, Found], groups: list[Group]) -> list[Group]:
    """As many parts as a ring has room for: where some have no value, the others make room."""
    if len(groups) > MOST_SLICES:
        groups = grouping.chosen(found, MOST_SLICES - 1)
    if len(groups) > MOST_SLICES:
        raise UserError(
            f"A donut has {MOST_SLICES} parts at most, and here are {len(groups)} groups. Show it as bars, or name "
            "fewer days."
        )
    return groups


def _found(
    tallies: Sequence[Tally], place: int, key_of: Callable[[object], Hashable], *, is_summed: bool
) -> dict[Hashable, Found]:
    """Key → how many records have it, the spelling of the most of them, and their sum where sums are shown."""
    found: dict[Hashable, Found] = {}
    most: dict[Hashable, int] = {}
    for tally in tallies:
        raw = tally.group[place]
        key = key_of(raw)
        known = found.get(key)
        if known is None or tally.records > most[key]:
            most[key] = tally.records
        else:
            raw = known.raw
        total = (tally.total or 0) if is_summed else 0
        before = known or Found(raw, 0)
        found[key] = Found(raw, before.records + tally.records, before.total + total)
    return found


def _value(measure: Measure, tallies: Sequence[Tally], measured: Column | None) -> float | None:
    """One number for all of these tallies together; None where there is nothing to measure."""
    known = [tally for tally in tallies if tally.count]
    is_money = measured is not None and measured.is_money
    if is_money and tallies and not known and any(tally.records for tally in tallies):
        # What has no price is not told to cost nothing.
        return None
    # Thirds of a cent that adding made are nobody's.
    decimals = measured.decimals if measured is not None and is_money else _MOST_DECIMALS
    match measure:
        case Measure.COUNT:
            return sum(tally.records for tally in tallies)
        case Measure.DISTINCT:
            return len({_folded(tally.value) for tally in tallies} - {None})
        case Measure.SUM:
            return round(sum(tally.total or 0 for tally in known), decimals)
        case Measure.AVERAGE:
            count = sum(tally.count for tally in known)
            return round(sum(tally.total or 0 for tally in known) / count, decimals) if count else None
        case Measure.MIN:
            return min((tally.least for tally in known), default=None)
        case Measure.MAX:
            return max((tally.most for tally in known), default=None)


def _folded(value: object) -> Hashable:
    return fold_key(storable(value)) if isinstance(value, str) else value

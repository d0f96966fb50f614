"""What a widget shows: figures computed from the records just now, each with the question that finds its records."""

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from saasdesk import clock
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind, fold_key, storable
from saasdesk.records.listing import Column, ListQuery, RecordList, Value
from saasdesk.records.listing.rows import Tally
from saasdesk.reports.dashboards.board import MOST_SLICES, Measure, Widget, WidgetKind
from saasdesk.reports.dashboards.groups import Found, Group, Grouping, grouping_of
from saasdesk.reports.dashboards.trend import Trend, trend_of
from saasdesk.rules import all_of
from saasdesk.store import Store

# A bar is divided into as many parts as can be told apart.
MOST_PARTS = 4
COLUMNS_OF_A_TABLE = 4


@dataclass(frozen=True, slots=True)
class Behind:
    """The list behind a figure: which records, and the question that finds exactly those."""

    kind: ObjectKind
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
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[int, tuple[Value, ...]], ...] = ()
    sentence: str = ""
    at: datetime = field(default_factory=clock.now)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(mark.value for series in self.series for mark in series.marks)


def figure_of(store: Store, widget: Widget, stop: threading.Event | None = None) -> Figure:
    """Compute one widget; a UserError says why it cannot be computed."""
    listed = RecordList(store, widget.object)
    query = ListQuery(rule=widget.filter, active=widget.active)
    columns = {column.key: column for column in listed.columns()}
    _refuse_unknown(widget, columns)
    behind, sentence = Behind(widget.object, query), listed.sentence(query)
    if widget.group_by and widget.kind is not WidgetKind.LINE:
        labels, series = _grouped(listed, widget, query, stop)
        return Figure(widget, Mark(widget.title, listed.count(query, stop), behind), labels, series, sentence=sentence)
    if widget.kind is WidgetKind.TABLE:
        shown = [columns[key] for key in widget.columns] or [each for each in columns.values() if each.is_shown]
        shown = shown[:COLUMNS_OF_A_TABLE] if not widget.columns else shown
        ids = listed.first_ids(query, widget.limit, stop)
        found = listed.rows(ids, [column.key for column in shown], stop)
        rows = tuple((number, found[number]) for number in ids if number in found)
        whole = Mark(widget.title, listed.count(query, stop), behind)
        return Figure(widget, whole, columns=tuple(shown), rows=rows, sentence=sentence)
    is_distinct = widget.measure is Measure.DISTINCT
    value = _value(widget.measure, listed.tallies(query, (), widget.measured, stop, each_value=is_distinct))
    is_counted = widget.measure is Measure.COUNT
    trend = trend_of(store, listed, query, widget.period, stop) if is_counted else None
    return Figure(widget, Mark(widget.title, value, behind), trend=trend, sentence=sentence)


def _refuse_unknown(widget: Widget, columns: dict[str, Column]) -> None:
    filtered = widget.filter.field_names() if widget.filter is not None else set()
    unknown = sorted({widget.group_by, widget.split_by, widget.of, *widget.columns, *filtered} - columns.keys() - {""})
    if unknown:
        raise UserError(f"There is no field “{unknown[0]}” any more. Configure this widget and choose another one.")
    counts = widget.measure in {Measure.COUNT, Measure.DISTINCT}
    if not counts and not columns[widget.of].is_number:
        raise UserError(f"{columns[widget.of].title} is no number: count it, or measure another field.")


def _grouped(
    listed: RecordList, widget: Widget, query: ListQuery, stop: threading.Event | None
) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    """The labels along the axis, and for each part of a bar its marks."""
    now, columns = clock.now().astimezone(), listed.comparable()
    names = [name for name in (widget.group_by, widget.split_by if widget.is_divided else "") if name]
    groupings = [grouping_of(name, widget, columns, now) for name in names]
    fragments = [grouping.fragment for grouping in groupings]
    is_distinct = widget.measure is Measure.DISTINCT
    tallies = listed.tallies(query, fragments, widget.measured, stop, each_value=is_distinct)
    found = [_found(tallies, place, grouping.key) for place, grouping in enumerate(groupings)]
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
        return Mark(label, _value(widget.measure, sorted_in.get(place, [])), behind, place[0].is_aside, widget.title)

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


def _found(tallies: Sequence[Tally], place: int, key_of: Callable[[object], Hashable]) -> dict[Hashable, Found]:
    """Key → how many records have it, and the spelling of the most of them."""
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
        found[key] = Found(raw, tally.records + (known.records if known is not None else 0))
    return found


def _value(measure: Measure, tallies: Sequence[Tally]) -> float | None:
    """One number for all of these tallies together; None where there is nothing to measure."""
    known = [tally for tally in tallies if tally.count]
    match measure:
        case Measure.COUNT:
            return sum(tally.records for tally in tallies)
        case Measure.DISTINCT:
            return len({_folded(tally.value) for tally in tallies} - {None})
        case Measure.SUM:
            return sum(tally.total or 0 for tally in known)
        case Measure.AVERAGE:
            count = sum(tally.count for tally in known)
            return sum(tally.total or 0 for tally in known) / count if count else None
        case Measure.MIN:
            return min((tally.least for tally in known), default=None)
        case Measure.MAX:
            return max((tally.most for tally in known), default=None)


def _folded(value: object) -> Hashable:
    return fold_key(storable(value)) if isinstance(value, str) else value

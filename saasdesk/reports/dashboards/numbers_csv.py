"""The numbers of a dashboard as CSV: one line for each mark, guarded like every export."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from saasdesk.clock import as_text
from saasdesk.fields import FieldType
from saasdesk.records.listing import Column
from saasdesk.reports.csv_export import ExportResult, Manifest, export_csv
from saasdesk.reports.dashboards.board import WidgetKind
from saasdesk.reports.dashboards.figures import Figure

COLUMNS = (
    Column("widget", "Widget", FieldType.SHORT_TEXT),
    Column("label", "Label", FieldType.SHORT_TEXT),
    Column("part", "Part", FieldType.SHORT_TEXT),
    Column("value", "Value", FieldType.DECIMAL),
    Column("measured", "Measured", FieldType.SHORT_TEXT),
    Column("records", "Records", FieldType.SHORT_TEXT),
)

_Line = tuple[str, str, str, float | None, str, str]


def number_lines(figures: Sequence[Figure]) -> Iterator[_Line]:
    """Every number that the figures show."""
    for figure in figures:
        title = figure.widget.title
        told = (figure.measured.title if figure.measured is not None else "", figure.sentence)
        if figure.series:
            for place, label in enumerate(figure.labels):
                for series in figure.series:
                    yield title, label, series.name, series.marks[place].value, *told
        elif figure.widget.kind is WidgetKind.LINE and figure.trend is not None:
            for point in figure.trend.points:
                yield title, as_text(point.at), "", point.value, *told
        else:
            yield title, "", "", figure.whole.value, *told


def export_numbers(target: Path, board: str, figures: Sequence[Figure], stop: threading.Event) -> ExportResult:
    """Save the numbers of a dashboard with a manifest beside them; both are there whole, or not at all."""
    manifest = Manifest(what=f"dashboard “{board}”", filter="each line names its records")
    lines = number_lines(figures)
    return export_csv(COLUMNS, lines, target, manifest=manifest, tell=lambda _news: None, stop=stop)

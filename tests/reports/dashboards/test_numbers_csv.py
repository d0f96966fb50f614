import csv
import threading
from pathlib import Path

import orjson

from saasdesk.reports.dashboards.board import Widget, WidgetKind
from saasdesk.reports.dashboards.figures import Figure, Mark, Series
from saasdesk.reports.dashboards.numbers_csv import export_numbers

BARS = Widget(title="Departments", kind=WidgetKind.BAR, group_by="department")


def test_that_each_mark_is_a_line_and_no_label_becomes_a_formula(tmp_path: Path) -> None:
    labels = ("=HYPERLINK(1)", "Sales")
    series = Series("", tuple(Mark(label, number) for number, label in enumerate(labels)))
    figure = Figure(BARS, Mark("Departments", 1), labels, (series,), sentence="Active people")

    result = export_numbers(tmp_path / "board.csv", "Mine", [figure], threading.Event())

    with result.path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[1:] == [
        ["Departments", "'=HYPERLINK(1)", "", "0", "", "Active people"],
        ["Departments", "Sales", "", "1", "", "Active people"],
    ]
    assert orjson.loads(result.manifest.read_bytes())["what"] == "dashboard “Mine”"

"""Every number of every dashboard and report that comes with the program is that of the rows behind it.

In the window's figure, in the list that it opens, in a CSV of that list, and in the shell.
"""

import csv
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk import app
from saasdesk.licences.priced_lists import open_list
from saasdesk.profile import open_profile
from saasdesk.reports.csv_export import export_records
from saasdesk.reports.csv_lines import CsvStyle
from saasdesk.reports.dashboards import boards
from saasdesk.reports.dashboards.board import ASKING, Measure
from saasdesk.reports.dashboards.figures import Behind, Figure, Mark, figure_of
from saasdesk.reports.dashboards.starters import list_starters
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.lines import ReportLines
from saasdesk.reports.report.run import run_report
from saasdesk.reports.report.standard import list_standard
from saasdesk.store import Store
from tests.reports.dashboards.company import fill


@pytest.fixture(params=range(3))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with Store.open(open_profile(tmp_path / "profile")) as opened:
        fill(opened, seed=request.param, people=25)
        yield opened


def shell(store: Store, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert app.main(["--profile", str(store.profile.folder), *words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert isinstance(told, list)
    return told


def marks_of(figure: Figure) -> list[Mark]:
    return [figure.whole, *(mark for series in figure.series for mark in series.marks)]


def rows_in_a_file(store: Store, behind: Behind, target: Path) -> int:
    listed = open_list(store, behind.about)
    export_records(
        listed,
        behind.query,
        [listed.columns()[0].key],
        target,
        what="what is behind a number",
        style=CsvStyle(),
        tell=lambda _news: None,
        stop=threading.Event(),
    )
    return len(lines_of(target))


def lines_of(target: Path) -> list[dict[str, str]]:
    with target.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_that_every_number_of_every_starter_is_that_of_its_list_its_file_and_the_shell(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    compared = 0
    for starter in list_starters():
        board = boards.add_board(store, starter.copy({"PagerDuty": "Alpha", "JumpCloud": "Beta"}))
        figures = [figure_of(store, widget) for widget in board.document.widgets if widget.kind in ASKING]

        told = shell(store, capsys, "dashboard", "show", board.document.name)

        for figure in figures:
            if figure.widget.measure is not Measure.COUNT:
                continue
            for mark in marks_of(figure):
                assert mark.behind is not None, (board.document.name, mark.title)
                listed = open_list(store, mark.behind.about).count(mark.behind.query)
                in_file = rows_in_a_file(store, mark.behind, tmp_path / "behind.csv")
                assert mark.value == listed == in_file, (board.document.name, mark.title)
                compared += 1
            from_shell = [line["value"] for line in told if line["widget"] == figure.widget.title]
            assert figure.series == () or sum(map(int, map(str, from_shell))) == figure.whole.value
            assert figure.series or figure.trend or from_shell == [figure.whole.value]
    assert compared > 60


@pytest.mark.parametrize("report", list_standard(), ids=lambda report: report.name)
def test_that_every_standard_report_is_the_same_in_the_window_in_a_file_and_in_the_shell(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], report: ReportDocument
) -> None:
    lines = ReportLines(store, report)
    keys = [column.key for column in lines.columns()]
    in_window = list(lines.iterate(lines.query, keys))

    told = shell(store, capsys, "report", "run", report.name)
    written = run_report(store, report, tmp_path / "out.csv", lambda _news: None, threading.Event())

    assert len(told) == len(in_window) == written.rows == len(lines_of(written.path)) == lines.count(lines.query)
    if "count" in keys:
        place = keys.index("count")
        counts = [row[place] for row in in_window]
        assert counts == [line["count"] for line in told]
        assert [str(count) for count in counts] == [list(line.values())[place] for line in lines_of(written.path)]

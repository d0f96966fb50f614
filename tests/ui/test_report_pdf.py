"""PDF files: a cover line, all lines, headings on each page, and a number for letters that no font has."""

import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from saasdesk.errors import Cancelled, UserError
from saasdesk.fields import FieldType
from saasdesk.records.listing import Column, Row, Special
from saasdesk.reports import pdf_export
from saasdesk.reports.csv_export import ExportResult, Manifest
from saasdesk.reports.pdf_export import PdfReport, export_pdf
from saasdesk.ui import report_pdf
from saasdesk.ui.report_pdf import draw_report

COLUMNS = (Column("name", "Name", FieldType.SHORT_TEXT, 200), Column("seats", "Seats", FieldType.NUMBER, 80))


@pytest.fixture
def drawn(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is drawn into a cell, in its order."""
    told: list[str] = []
    draws = report_pdf._Pages._cell

    def cell(pages: report_pdf._Pages, text: str, *places: object, **sides: object) -> None:
        told.append(text)
        draws(pages, text, *places, **sides)  # type: ignore[arg-type]

    monkeypatch.setattr(report_pdf._Pages, "_cell", cell)
    return told


def export(target: Path, rows: Iterable[Row], stop: threading.Event | None = None) -> ExportResult:
    report = PdfReport("Idle", "Who is idle.", Manifest(what="report “Idle”", filter="All people"), COLUMNS, rows)
    return export_pdf(report, target, draw_report, lambda _news: None, stop or threading.Event())


def test_that_all_lines_are_on_as_many_pages_as_they_need_each_with_headings(tmp_path: Path, drawn: list[str]) -> None:
    file = tmp_path / "idle.pdf"

    done = export(file, ((f"person {number}", number) for number in range(90)))

    pages = file.read_bytes().count(b"/Type /Page\n")
    assert file.read_bytes().startswith(b"%PDF-")
    assert pages >= 3
    assert done.rows == 90
    assert drawn.count("Name") == pages
    assert [text for text in drawn if text.startswith("person")] == [f"person {number}" for number in range(90)]
    assert done.manifest.exists()


def test_that_how_many_lines_there_are_is_told_wherever_the_last_page_ends(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    writes = report_pdf._Pages._paragraph

    def paragraph(pages: report_pdf._Pages, text: str, *how: object) -> None:
        told.append(text)
        writes(pages, text, *how)  # type: ignore[arg-type]

    monkeypatch.setattr(report_pdf._Pages, "_paragraph", paragraph)

    # One of them fills its page to the last line.
    for lines in range(20, 32):
        export(tmp_path / "idle.pdf", ((f"person {number}", number) for number in range(lines)))

    assert [text for text in told if text.endswith("lines")] == [f"{lines} lines" for lines in range(20, 32)]


def test_that_amounts_have_their_groups_and_at_least_two_decimals(tmp_path: Path, drawn: list[str]) -> None:
    columns = (Column("name", "Name", FieldType.SHORT_TEXT, 200), Column("cost", "Cost", FieldType.DECIMAL, 80))
    report = PdfReport(
        "Cost", "", Manifest(what="report “Cost”", filter="All"), columns, [("Ana", 1164.2), ("Li", 529.0)]
    )

    export_pdf(report, tmp_path / "cost.pdf", draw_report, lambda _news: None, threading.Event())

    assert {QLocale().toString(1164.2, "f", 2), QLocale().toString(529.0, "f", 2)} <= set(drawn)


def test_that_totals_stand_below_the_last_line_and_on_a_full_page_get_the_next_one_with_its_headings(
    tmp_path: Path, drawn: list[str]
) -> None:
    columns = (
        Column("department", "Department", FieldType.SHORT_TEXT, 200),
        Column("count", "People", FieldType.NUMBER, 80, align_right=True),
        Column("average_cost", "Average Cost", Special.MONEY, 80, align_right=True),
        Column("sum_cost", "Cost", Special.MONEY, 80, align_right=True),
    )
    alone = 0
    # One of them fills its page to the last line.
    for lines in range(20, 32):
        drawn.clear()
        rows: list[Row] = [(f"Department {place}", 100, 0.1, 0.1) for place in range(lines)]
        rows.append(("Nobody's", 1, None, None))
        about = Manifest(what="report “Cost”", filter="All")
        report = PdfReport("Cost", "", about, columns, rows, ("count", "sum_cost"))

        export_pdf(report, tmp_path / "cost.pdf", draw_report, lambda _news: None, threading.Event())

        total = drawn.index("Total")
        assert drawn[total : total + 3] == ["Total", f"{lines * 100 + 1:,}", f"{lines / 10:.2f}"]
        assert drawn[total - 2 : total] != ["Cost", "1"], "a page begins with its headings"
        alone += drawn[total - 4 : total] == [column.title for column in columns]
    assert alone == 1


def test_p10_that_a_letter_that_no_font_has_and_a_hidden_one_are_told_by_their_number(qapp: QApplication) -> None:
    letters = report_pdf._Letters()
    font = QFont("Inter")

    # A letter for private use is nobody's.
    assert letters.readable("Zo\uf8ff\u202e\n<b>x</b>", font) == "Zo⟨U+F8FF⟩⟨U+202E⟩ <b>x</b>"
    assert letters.readable("Größe", font) == "Größe"


def test_that_a_hostile_line_a_cancel_and_too_many_lines_leave_no_half_file(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        export(tmp_path / "a.pdf", [("Ada", 1)], stop)
    monkeypatch.setattr(pdf_export, "MOST_LINES", 2)
    with pytest.raises(UserError, match="A PDF takes at most 2 lines"):
        export(tmp_path / "b.pdf", [("Ada", 1)] * 3)
    monkeypatch.undo()
    with pytest.raises(UserError, match="is not there"):
        export(tmp_path / "nowhere" / "c.pdf", [("Ada", 1)])

    assert list(tmp_path.iterdir()) == []
    assert export(tmp_path / "d.pdf", [("<img src=x>" * 200, None), (None, 3)]).rows == 2

"""Workbooks: whatever somebody wrote stays text, whatever we typed keeps its type."""

import errno
import hashlib
import json
import re
import shutil
import subprocess
import threading
import zipfile
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from saasdesk.errors import Cancelled, UserError
from saasdesk.fields import FieldType
from saasdesk.records.listing import Account, AccountState, Column, Row, Special
from saasdesk.reports import xlsx_export
from saasdesk.reports.csv_export import ExportResult, Manifest, export_csv
from saasdesk.reports.csv_lines import guarded
from saasdesk.reports.xlsx_export import LONGEST_TEXT, export_xlsx
from tests.reports.workbooks import cells

COLUMNS = (
    Column("name", "Name", FieldType.SHORT_TEXT),
    Column("seats", "Seats", FieldType.NUMBER),
    Column("day", "Day", FieldType.DATE),
    Column("at", "At", FieldType.DATETIME),
    Column("on", "On", FieldType.FLAG),
)
HOSTILE = (
    "=1+1", "+49 30 1234", "-2", "@SUM(A1)", "\uff1d1", "'quoted", "=HYPERLINK(\"http://example.com\")",
    "http://example.com", "123", "<img src=x>",
    "\u202egnp.exe", "a\x01b\x0bc", "_x0041_", "line\nbreak", "\ud800half", "佐藤",
)  # fmt: skip


def export(target: Path, rows: list[Row], columns: tuple[Column, ...] = COLUMNS) -> ExportResult:
    stop = threading.Event()
    manifest = Manifest(what="report “Mine”", filter="All people")
    return export_xlsx(columns, rows, target, manifest=manifest, tell=lambda _news: None, stop=stop)


def test_p16_that_no_text_becomes_a_formula_a_number_or_a_link(tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"

    done = export(file, [(text,) for text in HOSTILE], COLUMNS[:1])

    found = [row[0] for row in cells(file)[1:]]
    assert {kind for kind, _ in found} == {"s"}
    told = [text for _, text in found]
    assert told[:10] == list(HOSTILE[:10])
    assert told[-1] == "佐藤"
    assert told[-2] == "?half"
    assert not (tmp_path / "xl").exists()
    assert done.rows == len(HOSTILE)


def test_that_numbers_days_moments_and_flags_keep_their_type_and_nothing_is_an_empty_cell(tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    rows: list[Row] = [
        ("Ada", 7, "2026-01-02", "2026-01-02T12:00:00Z", 1),
        ("Bob", 2**60, "1066-10-14", "yesterday", 0),
        (None, None, None, None, None),
    ]

    export(file, rows)

    heads, ada, bob, nobody = [*cells(file), []][:4]
    assert [text for _, text in heads] == ["Name", "Seats", "Day", "At (UTC)", "On"]
    assert ada == [("s", "Ada"), ("n", "7"), ("n", "46024"), ("n", "46024.5"), ("b", "1")]
    assert bob == [("s", "Bob"), ("s", str(2**60)), ("s", "1066-10-14"), ("s", "yesterday"), ("b", "0")]
    assert nobody == []


def test_that_amounts_have_at_least_two_decimals_in_their_cells(tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    columns = (Column("cost", "Cost", FieldType.DECIMAL, 80), Column("seats", "Seats", FieldType.NUMBER, 80))

    export(file, [(1164.2, 7)], columns)

    with zipfile.ZipFile(file) as book:
        assert "#,##0.00####" in book.read("xl/styles.xml").decode()
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r'<c r="A2" s="\d+"><v>1164.2</v>', sheet)
    assert '<c r="B2"><v>7</v>' in sheet


def test_that_money_has_the_decimals_of_its_currency_in_its_cells(tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    columns = (Column("yen", "JPY", Special.MONEY, 80, decimals=0), Column("eur", "EUR", Special.MONEY, 80))

    export(file, [(1164.0, 1164.2000000000003)], columns)

    with zipfile.ZipFile(file) as book:
        styles = book.read("xl/styles.xml").decode()
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'formatCode="#,##0"' in styles
    assert 'formatCode="#,##0.00"' in styles
    assert re.findall(r"<v>([\d.]+)</v>", sheet)[-2:] == ["1164", "1164.2"]


def test_that_the_manifest_tells_the_hash_and_a_sheet_tells_what_was_asked(tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"

    done = export(file, [("Ada", 7, None, None, None)])

    told = json.loads(done.manifest.read_text("utf-8"))
    assert told["sha256"] == done.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (told["rows"], told["format"], told["filter"]) == (1, "xlsx", "All people")
    about = {row[0][1]: row[1][1] for row in cells(file, 2)}
    assert (about["What"], about["Filter"], about["Rows"]) == ("report “Mine”", "All people", "1")


def test_that_accounts_are_told_in_words_and_what_is_too_long_is_cut(tmp_path: Path) -> None:
    columns = (Column("accounts", "Accounts", Special.ACCOUNTS), COLUMNS[0])
    accounts = (Account("Jira", AccountState.ACTIVE),)

    export(tmp_path / "out.xlsx", [(accounts, "x" * (LONGEST_TEXT + 5))], columns)

    told, long = cells(tmp_path / "out.xlsx")[1]
    assert "Jira" in told[1]
    assert (len(long[1]), long[1][-2:]) == (LONGEST_TEXT, "x…")


def test_that_more_lines_than_a_sheet_holds_go_on_on_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_export, "ROWS_OF_A_SHEET", 4)

    export(tmp_path / "out.xlsx", [(str(number),) for number in range(7)], COLUMNS[:1])

    sheets = [[row[0][1] for row in cells(tmp_path / "out.xlsx", place)] for place in (1, 2, 3)]
    assert sheets == [["Name", "0", "1", "2"], ["Name", "3", "4", "5"], ["Name", "6"]]


def test_that_a_cancelled_one_and_a_full_disk_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    stop.set()
    manifest = Manifest(what="x", filter="x")
    with pytest.raises(Cancelled):
        export_xlsx(COLUMNS[:1], [("a",)], tmp_path / "a.xlsx", manifest=manifest, tell=lambda _: None, stop=stop)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("xlsxwriter.workbook.ZipFile", full)
    with pytest.raises(UserError, match="The disk is full"):
        export(tmp_path / "b.xlsx", [("Ada", 1, None, None, None)])

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_p16_that_libreoffice_opens_both_with_the_same_values_and_no_formula(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"out.{ending}"
    # Without what no file can hold, and a line break that LibreOffice tells as two paragraphs.
    texts = [text for text in HOSTILE if text.isprintable() or text.startswith("\u202e")]
    rows: list[Row] = [(text, place, "2026-01-02", None, place % 2) for place, text in enumerate(texts)]
    if ending == "xlsx":
        export(file, rows)
    else:
        manifest = Manifest(what="x", filter="x")
        export_csv(COLUMNS, rows, file, manifest=manifest, tell=lambda _: None, stop=threading.Event())

    # As the dialog proposes that asks whoever double-clicks a CSV: commas, quotes, UTF-8, each column as it comes.
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    reads = ["--infilter=CSV:44,34,76,1"] if ending == "csv" else []
    converting = [*office, *reads, "--convert-to", "fods", "--outdir", str(tmp_path / "back"), str(file)]
    subprocess.run(converting, check=True, capture_output=True, timeout=180)

    told = _office_rows(tmp_path / "back" / "out.fods")[1:]
    # LibreOffice itself holds a workbook's flags as such formulas.
    assert {cell.formula for row in told for cell in row} <= {"", "of:=TRUE()", "of:=FALSE()"}
    assert [row[0].text for row in told] == [guarded(text) if ending == "csv" else text for text in texts]
    assert [float(row[1].value) for row in told] == list(range(len(texts)))
    assert {row[2].value for row in told} == {"2026-01-02"}
    assert [row[4].text.lower() for row in told] == [("false", "true")[place % 2] for place in range(len(texts))]


class _OfficeCell(NamedTuple):
    text: str
    value: str
    formula: str


def _office_rows(file: Path) -> list[list[_OfficeCell]]:
    """The rows of the first sheet of a flat OpenDocument file."""
    office, table = (
        "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}",
        "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}",
    )
    found = []
    for row in next(ElementTree.parse(file).iter(f"{table}table")).iter(f"{table}table-row"):
        cells_ = []
        for cell in row.iter(f"{table}table-cell"):
            values = (cell.get(f"{office}{kind}") for kind in ("date-value", "value"))
            text = "".join(cell.itertext()).strip("\n ")
            told = _OfficeCell(text, next(filter(None, values), text), cell.get(f"{table}formula", ""))
            cells_ += [told] * min(int(cell.get(f"{table}number-columns-repeated", "1")), 8)
        found.append(cells_)
    return [row for row in found if row and row[0].text]

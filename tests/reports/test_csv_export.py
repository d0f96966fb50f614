import csv
import errno
import hashlib
import json
import os
import resource
import stat
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.errors import Cancelled, UserError
from saasdesk.fields import FieldType
from saasdesk.records.listing import Account, AccountState, Column, Special
from saasdesk.reports.csv_export import Exported, ExportResult, Manifest, export_csv, inside, safe_file_name
from saasdesk.reports.csv_lines import guarded, unguard
from tests.reports.formulas import STARTS, any_text, formula_like

NAME = Column("name", "Name", FieldType.SHORT_TEXT)
SEATS = Column("seats", "Seats", FieldType.NUMBER)
JOINED = Column("joined", "Joined", FieldType.DATE)
MANIFEST = Manifest("people", "Active people")


def export(
    rows: Iterable[Sequence[object]], target: Path, columns: Sequence[Column] = (NAME, SEATS), **style: object
) -> ExportResult:
    return export_csv(
        columns,
        rows,
        target,
        manifest=MANIFEST,
        tell=lambda news: None,
        stop=threading.Event(),
        **style,  # type: ignore[arg-type]
    )


def lines_of(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter, strict=True))


@given(st.lists(any_text | formula_like, max_size=20), st.sampled_from([",", ";", "\t", "|"]))
def test_that_every_text_of_a_file_comes_back_exactly(texts: list[str], delimiter: str) -> None:
    target = Path(os.environ["XDG_DATA_HOME"]) / "round.csv"

    export([(text, None) for text in texts], target, delimiter=delimiter)

    assert [unguard(line[0]) for line in lines_of(target, delimiter)[1:]] == texts


@pytest.mark.parametrize("start", STARTS)
def test_p10_that_a_cell_that_starts_like_a_formula_is_guarded_in_the_file(tmp_path: Path, start: str) -> None:
    target = tmp_path / "people.csv"

    export([("Ann", 1), (f"{start}HYPERLINK(0)", 2)], target)

    assert lines_of(target)[2][0] == f"'{start}HYPERLINK(0)"


def test_p10_that_every_cell_of_a_long_file_is_guarded_and_comes_back_exactly(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"
    hostile = ['=1"+"1', "'", "@a\r\n=b", "Ann\n=1", '"', "\t,", ""]
    # Rows are written five hundred at once: what matters are those on either side of such a border.
    texts = [hostile[number % len(hostile)] if (number + 3) % 500 < 6 else f"Ann {number}" for number in range(1_501)]

    export([(text, number) for number, text in enumerate(texts)], target)

    lines = lines_of(target)[1:]
    assert lines == [[guarded(text), str(number)] for number, text in enumerate(texts)]
    assert [unguard(line[0]) for line in lines] == texts


def test_p10_that_a_heading_that_looks_like_a_formula_is_guarded(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"

    export([], target, [Column("x", "=cmd|' /C calc'!A0", FieldType.SHORT_TEXT)])

    assert lines_of(target) == [["'=cmd|' /C calc'!A0"]]


def test_p10_that_the_name_of_an_application_cannot_start_a_formula(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"
    accounts = (Account("=1+1", AccountState.ACTIVE),)

    export([(accounts,)], target, [Column("accounts", "Accounts", Special.ACCOUNTS)])

    assert lines_of(target)[1] == ["'=1+1 active"]


def test_that_numbers_and_dates_are_not_guarded(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"

    export([("+49 30 1234", -5, "2026-01-02")], target, [NAME, SEATS, JOINED])

    assert lines_of(target)[1] == ["'+49 30 1234", "-5", "2026-01-02"]


def test_that_without_guard_the_values_are_as_they_are(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"

    export([("=1+1", 1)], target, guard=False, bom=False)

    assert target.read_bytes() == b'"Name","Seats"\r\n"=1+1","1"\r\n'


def test_that_every_field_is_quoted_and_the_file_begins_with_a_byte_order_mark(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"

    export([('Ann "A" Lee', None)], target)

    assert target.read_bytes() == b'\xef\xbb\xbf"Name","Seats"\r\n"Ann ""A"" Lee",""\r\n'


def test_that_flags_are_words_and_headings_may_be_external_ids(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"

    export([(1,), (0,), (None,)], target, [Column("is_admin", "Is Admin", FieldType.FLAG)], external_ids=True)

    assert lines_of(target) == [["is_admin"], ["true"], ["false"], [""]]


def test_that_the_manifest_says_what_is_in_the_file(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"

    result = export([("Ann", 1), ("Bob", 2)], target)

    manifest = json.loads(result.manifest.read_text())
    assert result.manifest == tmp_path / "people.csv.manifest.json"
    assert (manifest["what"], manifest["filter"], manifest["rows"]) == ("people", "Active people", 2)
    assert manifest["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest() == result.sha256


def test_that_both_files_are_for_their_owner_only(tmp_path: Path) -> None:
    result = export([("Ann", 1)], tmp_path / "people.csv")

    assert stat.S_IMODE(result.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(result.manifest.stat().st_mode) == 0o600


def test_that_text_that_cannot_be_encoded_does_not_stop_the_export(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"

    export([("a\ud800b", 1)], target)

    assert lines_of(target)[1] == ["a?b", "1"]


def test_that_a_full_disk_leaves_no_file_and_says_so(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(UserError, match="disk is full"):
            export([("x" * 1000, 1)] * 5000, tmp_path / "people.csv")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert list(tmp_path.iterdir()) == []


def test_that_a_failure_while_reading_leaves_the_file_of_last_time(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[str, int]]:
        yield "Ann", 1
        raise OSError(errno.ENOSPC, "No space left on device")

    target = tmp_path / "people.csv"
    target.write_text("last time")

    with pytest.raises(UserError, match="Nothing was saved"):
        export(rows(), target)

    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]
    assert target.read_text() == "last time"


def test_that_a_cancelled_export_leaves_no_file(tmp_path: Path) -> None:
    stop = threading.Event()

    def rows() -> Iterator[tuple[str, int]]:
        for number in range(10_000):
            if number == 2_000:
                stop.set()
            yield "Ann", number

    with pytest.raises(Cancelled):
        export_csv([NAME, SEATS], rows(), tmp_path / "people.csv", manifest=MANIFEST, tell=lambda news: None, stop=stop)

    assert list(tmp_path.iterdir()) == []


def test_that_progress_ends_with_the_number_of_rows(tmp_path: Path) -> None:
    said: list[object] = []

    export_csv(
        [NAME, SEATS],
        [("Ann", 1)] * 1200,
        tmp_path / "people.csv",
        manifest=MANIFEST,
        tell=said.append,
        stop=threading.Event(),
    )

    assert said[-1] == Exported(1200)
    # At most one every tenth of a second, however many rows there are.
    assert len(said) < 20


def test_that_a_folder_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder"):
        export([], tmp_path)


def test_that_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"The folder .*nowhere is not there"):
        export([], tmp_path / "nowhere" / "people.csv")


def test_that_a_link_is_replaced_and_what_it_points_to_stays(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("precious")
    target = tmp_path / "people.csv"
    target.symlink_to(elsewhere)

    export([("Ann", 1)], target)

    assert elsewhere.read_text() == "precious"
    assert not target.is_symlink()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("People of Atlassian", "People of Atlassian.csv"),
        ("../../etc/passwd", "etc passwd.csv"),
        ("..\\..\\boot.ini", "boot.ini.csv"),
        (".hidden", "hidden.csv"),
        ("CON", "CON list.csv"),
        ("lpt1.txt", "list lpt1.txt.csv"),
        ('a/b:c*d?e"f<g>h|i', "a b c d e f g h i.csv"),
        ("\u202efdp.people", "fdp.people.csv"),
        ("tail. . ", "tail.csv"),
        ("", "export.csv"),
        ("...", "export.csv"),
        ("佐藤の一覧", "佐藤の一覧.csv"),
    ],
)
def test_that_a_file_name_is_one_that_every_system_accepts(text: str, name: str) -> None:
    assert safe_file_name(text) == name


@given(st.text())
def test_that_every_file_name_stays_in_its_folder_and_is_short(text: str) -> None:
    name = safe_file_name(text)

    assert len(name) <= 120
    assert len(name.encode()) <= 255 - len(".manifest.json")
    assert not name.startswith(".")
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert inside(Path("/somewhere"), name) == Path("/somewhere") / name


@pytest.mark.parametrize("name", ["../people.csv", "/etc/people.csv", "a/../../people.csv", "below/people.csv", ".."])
def test_that_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="leads out of"):
        inside(tmp_path, name)


def test_that_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "people.csv").symlink_to(tmp_path / "elsewhere.csv")

    with pytest.raises(UserError, match="leads out of"):
        inside(folder, "people.csv")


@pytest.mark.parametrize(("decimals", "written"), [(2, "1164.20"), (0, "1164"), (3, "1164.200")])
def test_that_an_amount_of_money_has_all_the_decimals_of_its_currency(
    tmp_path: Path, decimals: int, written: str
) -> None:
    cost = Column("cost", "EUR a Month", Special.MONEY, decimals=decimals)

    done = export([(1164.2, 1164.2), (None, None)], tmp_path / "cost.csv", (cost, Column("n", "N", FieldType.DECIMAL)))

    # A number that is no money is nobody's to round.
    assert lines_of(done.path)[1:] == [[written, "1164.2"], ["", ""]]

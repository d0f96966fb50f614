"""What a CSV file says of itself, and what of it can be read."""

from pathlib import Path

import pytest

from saasdesk.errors import UserError
from saasdesk.reports.csv_lines import guarded
from saasdesk.sync.imports.csv_file import Encoding, FileFormat, open_csv, read_lines

HEAD = "Name,E-mail,Team\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "people.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", Encoding.UTF_8),
        ("utf-8-sig", Encoding.UTF_8),
        ("utf-16", Encoding.UTF_16),
        ("utf-16-le", Encoding.UTF_16_LE),
        ("utf-16-be", Encoding.UTF_16_BE),
        ("cp1252", Encoding.WINDOWS),
    ],
)
def test_that_the_encoding_of_a_file_is_found_out(tmp_path: Path, encoding: str, found: Encoding) -> None:
    file = open_csv(write(tmp_path, HEAD + "Zoë,zoe@example.com,Ärger\n", encoding))

    assert file.format.encoding is found
    assert [column.label for column in file.columns] == ["Name", "E-mail", "Team"]
    assert [line.values["name"] for line in read_lines(file)] == ["Zoë"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_that_what_parts_the_cells_is_found_out_whatever_stands_in_quotes(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(["Name", "Title"]) + "\n" + delimiter.join(['"Li, Wu; the | first"', "Chief"]) + "\n"

    file = open_csv(write(tmp_path, text))

    assert file.format.delimiter == delimiter
    assert next(read_lines(file)).values == {"name": "Li, Wu; the | first", "title": "Chief"}


def test_that_a_spreadsheets_own_line_about_the_delimiter_is_no_head(tmp_path: Path) -> None:
    file = open_csv(write(tmp_path, "sep=;\nName;Title\nLi;Chief\n"))

    assert [column.label for column in file.columns] == ["Name", "Title"]
    assert [(line.number, line.values["name"]) for line in read_lines(file)] == [(3, "Li")]


def test_that_the_encoding_can_be_chosen_against_what_was_found(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "Zoë,zoe@example.com,A\n", "cp1252")

    (line,) = read_lines(open_csv(path, FileFormat(Encoding.UTF_8, ",")))

    assert "cannot be read" in line.problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dana@example.com,Dana\nli@example.com,Li\n", "has to name the columns"),
        ("Name,,Team\nLi,1,A\n", "Column 2 of"),
        ("Name,name\nLi,Li\n", "Two columns"),
        ("\n\n  \n", "is empty"),
        ("PK\x03\x04 and so on", "is a workbook"),
    ],
)
def test_that_a_file_without_names_for_its_columns_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        open_csv(write(tmp_path, text))


def test_that_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes([0, 1, 2, 3, 4, 5, 6, 7] * 10))

    with pytest.raises(UserError, match="is no text file"):
        open_csv(path)


def test_that_lines_keep_their_numbers_and_broken_ones_say_why(tmp_path: Path) -> None:
    text = HEAD + '"Two\nlines",a@example.com,A\n\nLi,li@example.com,B,too,many\nDana,d@example.com\n'

    lines = list(read_lines(open_csv(write(tmp_path, text))))

    assert [line.number for line in lines] == [2, 5, 6]
    assert lines[0].values["name"] == "Two\nlines"
    assert "5 cells" in lines[1].problem
    assert lines[2].values == {"name": "Dana", "e_mail": "d@example.com"}


def test_that_what_an_export_kept_from_being_a_formula_comes_back_as_it_was(tmp_path: Path) -> None:
    said = ["+49 30 1234", "=1+1", "'quoted'", "-", "@home", "plain"]
    text = "Phone\n" + "\n".join(f'"{guarded(value)}"' for value in said) + "\n"

    lines = read_lines(open_csv(write(tmp_path, text)))

    assert [line.values["phone"] for line in lines] == said


def test_that_one_broken_letter_does_not_make_a_whole_file_windows(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("Name\nZoë\nÆsa\nLi".encode() + b"\xff\n")

    file = open_csv(path)

    assert file.format.encoding is Encoding.UTF_8
    assert [bool(line.problem) for line in read_lines(file)] == [False, False, True]

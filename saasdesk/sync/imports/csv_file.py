"""A CSV file as a source of records: how its letters are encoded, what parts its cells, what its columns are called."""

import codecs
import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from saasdesk.errors import UserError
from saasdesk.fields import external_id
from saasdesk.reports.csv_lines import unguard
from saasdesk.text import visible_text

MOST_COLUMNS = 500
_CHUNK = 1 << 20
# So many lines tell what parts the cells.
_LOOKED_AT = 50
_DELIMITERS = (",", ";", "\t", "|")
# The letter that stands where the bytes of a file are none.
_UNREADABLE = "\ufffd"
_VALUE = re.compile(r"\S+@\S+\.\S+|[\d.,:/\s+-]*\d[\d.,:/\s+-]*")
_SAID_DELIMITER = re.compile(r"sep=(.)\s*", re.IGNORECASE)


class Encoding(StrEnum):
    """How the letters of a file are written."""

    UTF_8 = "utf-8-sig"
    UTF_16 = "utf-16"
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"
    WINDOWS = "cp1252"


ENCODINGS = {
    Encoding.UTF_8: "UTF-8",
    Encoding.UTF_16: "UTF-16",
    Encoding.UTF_16_LE: "UTF-16 LE",
    Encoding.UTF_16_BE: "UTF-16 BE",
    Encoding.WINDOWS: "Windows (CP1252)",
}


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a file is read: its encoding, and the sign between two cells."""

    encoding: Encoding
    delimiter: str


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column: what its head says, and the name by which a mapping speaks of it."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file that can be read: `head_line` is the number of the line that names the columns."""

    path: Path
    format: FileFormat
    columns: tuple[FileColumn, ...]
    head_line: int

    @property
    def name(self) -> str:
        """The file's name, fit to be shown."""
        return visible_text(self.path.name)


@dataclass(frozen=True, slots=True)
class FileLine:
    """One line with its number in the file: a value for each column, or the sentence that says why it has none."""

    number: int
    values: dict[str, str]
    problem: str = ""


def open_csv(path: Path, wanted: FileFormat | None = None) -> CsvFile:
    """Look at a file: found out or as `wanted`; a UserError where it is none, or its columns have no names."""
    with _sentences(path):
        encoding = wanted.encoding if wanted is not None else find_encoding(path)
        delimiter = wanted.delimiter if wanted is not None else _find_delimiter(path, encoding)
        head, number = _head(path, FileFormat(encoding, delimiter))
    return CsvFile(path, FileFormat(encoding, delimiter), _columns(head, path), number)


def find_encoding(path: Path) -> Encoding:
    """How the letters are written; a file that is no text is refused."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise UserError(f"{_shown(path)} is empty. Export it again with a line that names the columns.")
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UserError(
            f"{_shown(path)} is a workbook, not a CSV file. Open it in the spreadsheet and save it as “CSV UTF-8”."
        )
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding.UTF_16
    if b"\x00" in start:
        # Latin letters in UTF-16 have a zero beside each: which half it is tells the order.
        odd, even = start[1::2].count(0), start[::2].count(0)
        if max(odd, even) < len(start) // 4:
            raise UserError(f"{_shown(path)} is no text file. Choose a CSV file.")
        return Encoding.UTF_16_LE if odd > even else Encoding.UTF_16_BE
    return Encoding.UTF_8 if _is_utf_8(path) else Encoding.WINDOWS


def _is_utf_8(path: Path) -> bool:
    """Whether more letters make sense as UTF-8 than not: single broken lines are reported, each for itself."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            broken = text.count(_UNREADABLE)
            bad += broken
            good += sum(1 for letter in text if letter > "\x7f") - broken if not text.isascii() else 0
    return bad == 0 or good > bad


def read_lines(file: CsvFile) -> Iterator[FileLine]:
    """Every line after the head that is not blank, one at a time."""
    names = [column.id for column in file.columns]
    with _sentences(file.path), _opened(file.path, file.format.encoding) as text:
        reader = csv.reader(text, delimiter=file.format.delimiter)
        begun = 0
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield FileLine(begun + 1, {}, f"This line cannot be read: {error}.")
                begun = max(reader.line_num, begun + 1)
                continue
            if cells is None:
                return
            number, begun = begun + 1, reader.line_num
            if number > file.head_line and any(cells):
                yield _line(number, cells, names)


def _line(number: int, cells: list[str], names: list[str]) -> FileLine:
    # What stands behind the last column is nothing as long as it is blank; cells that were left out are blank.
    if any(cell.strip() for cell in cells[len(names) :]):
        return FileLine(
            number, {}, f"The line has {len(cells)} cells, and only {len(names)} columns have names: it was shifted."
        )
    # What an export of ours kept from being a formula, such as "'+49 30 1234", is as it was before.
    values = dict(zip(names, (unguard(cell.strip()) for cell in cells), strict=False))
    if any(_UNREADABLE in value for value in values.values()):
        return FileLine(number, values, "Letters of this line cannot be read in the encoding of the file.")
    return FileLine(number, values)


def _head(path: Path, kind: FileFormat) -> tuple[list[str], int]:
    """The cells of the first line that is not blank, and its number; Excel's own “sep=;” is passed over."""
    with _opened(path, kind.encoding) as text:
        reader = csv.reader(text, delimiter=kind.delimiter)
        for cells in reader:
            is_said = reader.line_num == 1 and _SAID_DELIMITER.fullmatch(kind.delimiter.join(cells))
            if any(cell.strip() for cell in cells) and not is_said:
                return [unguard(cell.strip()) for cell in cells], reader.line_num
    raise UserError(f"{_shown(path)} has no line that names the columns. Add one, then import again.")


def _columns(head: list[str], path: Path) -> tuple[FileColumn, ...]:
    while head and not head[-1]:
        head.pop()
    if len(head) > MOST_COLUMNS:
        raise UserError(f"{_shown(path)} has {len(head):,} columns; {MOST_COLUMNS} can be read.")
    values = [cell for cell in head if _VALUE.fullmatch(cell)]
    if values:
        raise UserError(
            f"The first line of {_shown(path)} has to name the columns, but “{visible_text(values[0])[:60]}” looks "
            "like a value. Add a line with the names, then import again."
        )
    columns: list[FileColumn] = []
    for place, label in enumerate(head, start=1):
        if not label:
            raise UserError(f"Column {place} of {_shown(path)} has no name. Name it in the first line, or delete it.")
        if any(known.label.casefold() == label.casefold() for known in columns):
            raise UserError(
                f"Two columns of {_shown(path)} are called “{visible_text(label)[:60]}”. Give each a name of its own."
            )
        columns.append(FileColumn(external_id(label, [known.id for known in columns]), label))
    return tuple(columns)


def _find_delimiter(path: Path, encoding: Encoding) -> str:
    """The sign that parts the first line into most cells, if the others have as many."""
    with _opened(path, encoding) as text:
        lines = [line for line, _ in zip(text, range(_LOOKED_AT), strict=False) if line.strip()]
    said = _SAID_DELIMITER.fullmatch(lines[0]) if lines else None
    if said is not None:
        return said[1]

    def fits(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            return 0, 0
        wide = len(rows[0]) if rows else 0
        return (sum(len(row) == wide for row in rows) if wide > 1 else 0), wide

    return max(_DELIMITERS, key=fits)


@contextmanager
def _opened(path: Path, encoding: Encoding) -> Iterator[Iterator[str]]:
    with path.open(encoding=encoding.value, errors="replace", newline="") as text:
        yield text


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise UserError(f"{_shown(path)} is not there any more. Choose it again.") from None
    except UnicodeError:
        raise UserError(f"{_shown(path)} cannot be read in this encoding. Choose another one.") from None
    except OSError as error:
        raise UserError(f"{_shown(path)} cannot be read: {error.strerror or error}.") from None


def _shown(path: Path) -> str:
    return visible_text(path.name)

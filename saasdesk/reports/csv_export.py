"""Lists as CSV files: streamed, harmless in a spreadsheet, whole or not there at all, with a manifest beside them."""

import contextlib
import hashlib
import re
import threading
import time
import unicodedata
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

import orjson

from saasdesk.errors import Cancelled, UserError
from saasdesk.jobs import Tell
from saasdesk.records.listing import Column, ListQuery, Row
from saasdesk.reports.csv_lines import BOM, CsvSheet, CsvStyle
from saasdesk.reports.whole_file import Unfinished, new_file_beside, publish, sentences_for_disk_errors

_SLICE = 500
_SECONDS_BETWEEN_NEWS = 0.1
_LONGEST_NAME = 120
_LONGEST_NAME_BYTES = 200  # a file system allows 255, and the manifest's ending needs its place
_RESERVED_NAMES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"}
)


@dataclass(frozen=True, slots=True)
class Exported:
    """So many rows are written."""

    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where the lines of a file come from; it is written beside the file, with what is known only at its end."""

    what: str
    filter: str
    run: str | None = None
    made_by: str = "saasdesk"
    made_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A file that is completely there."""

    path: Path
    manifest: Path
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing a file: how many rows it has, and the hash of all of it."""

    rows: int
    sha256: str


class Exportable(Protocol):
    """A list that can be read from one end to the other, as one moment had it."""

    def columns(self) -> tuple[Column, ...]:
        """What there is."""
        ...  # pragma: no cover - a Protocol

    def iterate(
        self, query: ListQuery, keys: Sequence[str], stop: threading.Event | None, only: Iterable[int] | None
    ) -> Generator[Row, None, None]:
        """The rows in their order."""
        ...  # pragma: no cover - a Protocol

    def sentence(self, query: ListQuery) -> str:
        """The question in words."""
        ...  # pragma: no cover - a Protocol


def export_csv(
    columns: Sequence[Column],
    rows: Iterable[Row],
    target: Path,
    *,
    guard: bool = True,
    bom: bool = True,
    delimiter: str = ",",
    external_ids: bool = False,
    manifest: Manifest,
    tell: Tell,
    stop: threading.Event,
) -> ExportResult:
    """Write all rows to the target and a manifest beside it.

    Both appear at the very end, under their own names; a failure or a cancel leaves neither.
    """
    style = CsvStyle(guard, bom, delimiter, external_ids)

    def write(unfinished: Unfinished) -> Written:
        return _write_rows(unfinished.file, columns, rows, style, tell=tell, stop=stop)

    facts = {"guarded": style.guard, "delimiter": style.delimiter}
    return save_whole(columns, target, write, manifest=manifest, facts=facts)


def save_whole(
    columns: Sequence[Column],
    target: Path,
    write: Callable[[Unfinished], Written],
    *,
    manifest: Manifest,
    facts: Mapping[str, object],
) -> ExportResult:
    """Let somebody write a file, and put a manifest beside it that also says these facts.

    Both appear at the very end, under their own names; a failure or a cancel leaves neither.

    A UserError where the name is that of a folder.
    """
    beside = manifest_beside(target)
    if target.is_dir():
        raise UserError(f"{target} is a folder. Choose a file name for the export.")
    with sentences_for_disk_errors(target), contextlib.ExitStack() as unfinished:
        lines = unfinished.enter_context(new_file_beside(target))
        written = write(lines)
        text = asdict(manifest) | {
            "file": target.name,
            "rows": written.rows,
            "columns": [column.key for column in columns],
            "sha256": written.sha256,
            **facts,
        }
        note = unfinished.enter_context(new_file_beside(beside))
        note.file.write(orjson.dumps(text, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        publish({target: lines, beside: note})
    return ExportResult(target, beside, written.rows, written.sha256)


def export_records(
    records: Exportable,
    query: ListQuery,
    keys: Sequence[str],
    target: Path,
    *,
    what: str,
    style: CsvStyle,
    tell: Tell,
    stop: threading.Event,
    only: Iterable[int] | None = None,
    run: str | None = None,
) -> ExportResult:
    """Export a list of records, or only some of its rows, from one moment's view of the database."""
    by_key = {column.key: column for column in records.columns()}
    columns = [by_key[key] for key in keys]
    chosen = None if only is None else list(only)
    sentence = records.sentence(query) if chosen is None else f"{len(chosen)} chosen by hand"
    manifest = Manifest(what=what, filter=sentence, run=run)
    # However it ends, it ends here: the rows hold this thread's connection.
    with contextlib.closing(records.iterate(query, keys, stop, chosen)) as rows:
        return export_csv(
            columns,
            rows,
            target,
            guard=style.guard,
            bom=style.bom,
            delimiter=style.delimiter,
            external_ids=style.external_ids,
            manifest=manifest,
            tell=tell,
            stop=stop,
        )


def manifest_beside(file: Path) -> Path:
    """Where the manifest of a file lies."""
    return file.with_name(f"{file.name}.manifest.json")


def safe_file_name(text: str, ending: str = ".csv") -> str:
    """A file name made of this text that every system accepts and that stays in its folder."""
    cleaned = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp", "Cs"} else letter for letter in text
    )
    cleaned = re.sub(r'[<>:"/\\|?*\s]+', " ", unicodedata.normalize("NFC", cleaned)).strip(" .")
    if cleaned.casefold().split(".")[0].rstrip() in _RESERVED_NAMES:
        cleaned = f"{cleaned} list" if "." not in cleaned else f"list {cleaned}"
    cleaned = cleaned[: _LONGEST_NAME - len(ending)]
    while len((cleaned + ending).encode()) > _LONGEST_NAME_BYTES:
        cleaned = cleaned[:-1]
    return (cleaned.rstrip(" .") or "export") + ending


def inside(folder: Path, name: str) -> Path:
    """The path of a file directly in this folder; a name that leads out of it is refused."""
    path = folder / name
    if path.resolve().parent != folder.resolve():
        raise UserError(f"“{name}” leads out of {folder}. Choose a plain file name.")
    return path


def _write_rows(
    file: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Row],
    style: CsvStyle,
    *,
    tell: Tell,
    stop: threading.Event,
) -> Written:
    sheet = CsvSheet(columns, style)
    digest = hashlib.sha256()

    def write(text: str) -> None:
        # What cannot be encoded never keeps the other rows from being saved.
        encoded = text.encode("utf-8", "replace")
        file.write(encoded)
        digest.update(encoded)

    written = 0
    told_at = time.monotonic()
    write((BOM if style.bom else "") + sheet.headings())
    lines = iter(rows)
    while piece := list(islice(lines, _SLICE)):
        if stop.is_set():
            raise Cancelled
        write(sheet.lines(piece))
        written += len(piece)
        now = time.monotonic()
        if now - told_at >= _SECONDS_BETWEEN_NEWS:
            told_at = now
            tell(Exported(written))
    if stop.is_set():
        raise Cancelled
    tell(Exported(written))
    return Written(written, digest.hexdigest())

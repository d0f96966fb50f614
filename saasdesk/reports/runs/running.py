"""Running a report for good: its file, what differs from the run before, and a line in its history."""

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.jobs import Tell
from saasdesk.records.listing import Column, ListQuery, Row
from saasdesk.reports.csv_export import ExportResult
from saasdesk.reports.pdf_export import DrawPdf
from saasdesk.reports.report.delivery import FileFormat
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.lines import ReportLines
from saasdesk.reports.report.run import format_of, write_report
from saasdesk.reports.runs import rows
from saasdesk.reports.runs.kept_lines import Comparison, KeptLines, comparison_with
from saasdesk.reports.runs.rows import RunRow, RunStatus
from saasdesk.store import Connection, Store
from saasdesk.store.audit import operating_system_user

BY_HAND, BY_SCHEDULE = "by hand", "schedule"
MOST_RUNS = 200
_ABANDONED_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Run:
    """A run that wrote its file, before it is known where that ends up."""

    result: ExportResult
    row: RunRow


class _WatchedLines:
    """The lines of a report on their way into a file, kept and compared as they pass."""

    def __init__(self, lines: ReportLines, kept: KeptLines, comparison: Comparison | None) -> None:
        self._lines, self._kept, self._comparison = lines, kept, comparison

    def columns(self) -> tuple[Column, ...]:
        return self._lines.columns()

    def sentence(self, query: ListQuery) -> str:
        return self._lines.sentence(query)

    def iterate(
        self, query: ListQuery, keys: Sequence[str], stop: threading.Event | None, only: Iterable[int] | None
    ) -> Generator[Row, None, None]:
        # A run takes all lines with all columns: `keys` and `only` are for lists that somebody looks at.
        del keys, only
        with contextlib.closing(self._lines.numbered(query, stop)) as found:
            for record, line in found:
                self._kept.keep(record, line)
                if self._comparison is not None:
                    self._comparison.see(record, line)
                yield line


def run_by_hand(
    store: Store,
    document: ReportDocument,
    target: Path,
    tell: Tell,
    stop: threading.Event,
    draw_pdf: DrawPdf | None = None,
) -> ExportResult:
    """Save the lines as this file and note the run; a failure is noted, too, and a cancelled run never was."""
    began_at = now_text()
    try:
        run = run_into(store, document, target, BY_HAND, tell, stop, draw_pdf)
    except UserError as error:
        fails = blank_run(document, BY_HAND, began_at, format_of(target))
        note(store, replace(fails, status=RunStatus.FAILED, problem=str(error)))
        raise
    note(store, run.row)
    return run.result


def run_into(
    store: Store,
    document: ReportDocument,
    target: Path,
    started_by: str,
    tell: Tell,
    stop: threading.Event,
    draw_pdf: DrawPdf | None = None,
) -> Run:
    """Write the lines into a file and compare them with the run before; the run is not noted yet."""
    began_at = now_text()
    lines = ReportLines(store, document)
    columns = lines.columns()
    with store.reading() as db:
        before = rows.latest_kept(db, document.name)
    folder = store.profile.reports
    keys = [column.key for column in columns]
    comparison = comparison_with(folder / before.kept, document, keys) if before is not None else None
    kept = KeptLines(folder / f"lines-{secrets.token_hex(8)}.json.gz", document, columns)
    with kept:
        result = write_report(_WatchedLines(lines, kept, comparison), document, target, tell, stop, draw_pdf)
    row = replace(
        blank_run(document, started_by, began_at, format_of(target)),
        ended_at=now_text(),
        lines=result.rows,
        file=str(target),
        sha256=result.sha256,
        kept=kept.name,
    )
    if comparison is not None:
        row = replace(row, added=comparison.added, removed=comparison.removed, changed=comparison.changed)
    return Run(result, row)


def blank_run(document: ReportDocument, started_by: str, began_at: str, file_format: FileFormat) -> RunRow:
    """A run of which nothing is known yet but that it began."""
    who = operating_system_user()
    return RunRow(0, document.name, began_at, now_text(), started_by, who, RunStatus.COMPLETED, file_format.value)


def note(store: Store, run: RunRow, also: Callable[[Connection, RunRow], object] = lambda _db, _run: None) -> RunRow:
    """Keep a line of history with what `also` belongs to it; earlier lines are not compared with any more."""

    def work(db: Connection) -> tuple[RunRow, list[str]]:
        kept = rows.insert_run(db, run)
        also(db, kept)
        left = rows.forget_kept(db, kept.report, kept.id) if kept.kept else []
        rows.forget_runs_before(db, kept.report, MOST_RUNS)
        return kept, left

    kept, left = store.write(work)
    for name in left:
        remove(store.profile.reports / name)
    return kept


def tidy(store: Store) -> None:
    """Take away what a crash has left behind; what is a day old and nobody needs is no longer being written."""
    with store.reading() as db:
        needed = rows.needed_files(db)
    with contextlib.suppress(OSError):
        for path in store.profile.reports.iterdir():
            if path.name not in needed and time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                remove(path)


def remove(path: Path) -> None:
    """Take away a file, or a folder with its files; what is gone already is gone."""
    with contextlib.suppress(OSError):
        if path.is_dir():
            for file in path.iterdir():
                file.unlink(missing_ok=True)
            path.rmdir()
        else:
            path.unlink(missing_ok=True)


def list_runs(store: Store, report: str, limit: int = MOST_RUNS) -> list[RunRow]:
    """The latest runs of the report of this name, newest first."""
    with store.reading() as db:
        return rows.runs_of(db, report, limit)

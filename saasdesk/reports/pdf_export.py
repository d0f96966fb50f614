"""Lines as pages to read: what they are is said here, and drawn by whoever has fonts for all scripts."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from saasdesk.errors import UserError
from saasdesk.jobs import Tell
from saasdesk.records.listing import Column, Row
from saasdesk.reports.csv_export import ExportResult, Manifest, Written, save_whole
from saasdesk.reports.whole_file import Unfinished

# Some hundred pages: nobody reads more of them, and a workbook takes a million lines.
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class PdfReport:
    """What the pages show: the cover line has the filter and the moment, the table has the lines.

    The columns whose keys are `added_up` get their sum below the last line.
    """

    title: str
    description: str
    manifest: Manifest
    columns: Sequence[Column]
    rows: Iterable[Row]
    added_up: Sequence[str] = ()


DrawPdf = Callable[[Path, PdfReport, Tell, threading.Event], int]
"""Draws the pages into a file, and says how many lines they have; an OSError says why the disk did not take it."""


def export_pdf(report: PdfReport, target: Path, draw: DrawPdf, tell: Tell, stop: threading.Event) -> ExportResult:
    """Write the pages with a manifest beside them."""

    def write(unfinished: Unfinished) -> Written:
        lines = draw(unfinished.path, report, tell, stop)
        return Written(lines, unfinished.sha256())

    return save_whole(report.columns, target, write, manifest=report.manifest, facts={"format": "pdf"})


def refuse_too_many(lines: int) -> None:
    """A PDF is for people."""
    if lines > MOST_LINES:
        raise UserError(f"A PDF takes at most {MOST_LINES:,} lines, and there are more. Choose XLSX or CSV.")

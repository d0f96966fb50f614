"""Running a report: its lines as a file, with a manifest that says what was asked."""

import threading
from pathlib import Path

from saasdesk.jobs import Tell
from saasdesk.reports.csv_export import ExportResult, export_records
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.lines import ReportLines
from saasdesk.store import Store


def run_report(store: Store, document: ReportDocument, target: Path, tell: Tell, stop: threading.Event) -> ExportResult:
    """Save the lines as CSV in the report's own format; the file is there whole, or not at all."""
    lines = ReportLines(store, document)
    return export_records(
        lines,
        lines.query,
        [column.key for column in lines.columns()],
        target,
        what=f"report “{document.name}”",
        style=document.format.style,
        tell=tell,
        stop=stop,
    )

"""Running a report: its lines as a file, with a manifest that says what was asked."""

import threading
from pathlib import Path

from saasdesk.errors import UserError
from saasdesk.jobs import Tell
from saasdesk.records.listing import ListQuery
from saasdesk.reports.csv_export import Exportable, ExportResult, export_records
from saasdesk.reports.report.delivery import FileFormat
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.lines import ReportLines
from saasdesk.store import Store


def format_of(target: Path) -> FileFormat:
    """What kind of file a name asks for; a name that does not say is CSV."""
    ending = target.suffix.lower().removeprefix(".")
    if not ending:
        return FileFormat.CSV
    try:
        return FileFormat(ending)
    except ValueError:
        known = ", ".join(each.ending for each in FileFormat)
        raise UserError(f"“{target.name}” does not say what kind of file it is. A report ends in {known}.") from None


def run_report(store: Store, document: ReportDocument, target: Path, tell: Tell, stop: threading.Event) -> ExportResult:
    """Save the lines in the report's own format; the file is there whole, or not at all."""
    return write_report(ReportLines(store, document), document, target, tell, stop)


def write_report(
    lines: Exportable, document: ReportDocument, target: Path, tell: Tell, stop: threading.Event
) -> ExportResult:
    """Save these lines of a report."""
    query = ListQuery(sort=document.sorted_by, active=None)
    return export_records(
        lines,
        query,
        [column.key for column in lines.columns()],
        target,
        what=f"report “{document.name}”",
        style=document.format.style,
        tell=tell,
        stop=stop,
    )

"""Running a report: its lines as a file, with a manifest that says what was asked."""

import contextlib
import threading
from pathlib import Path

from saasdesk.errors import UserError
from saasdesk.jobs import Tell
from saasdesk.records.listing import ListQuery
from saasdesk.reports.csv_export import Exportable, ExportResult, Manifest, export_records
from saasdesk.reports.pdf_export import DrawPdf, PdfReport, export_pdf
from saasdesk.reports.report.delivery import FileFormat
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.lines import ReportLines
from saasdesk.reports.xlsx_export import export_xlsx
from saasdesk.store import Store


def format_of(target: Path) -> FileFormat:
    """What kind of file a name asks for; a name that does not say is CSV. A UserError where it says something else."""
    ending = target.suffix.lower().removeprefix(".")
    if not ending:
        return FileFormat.CSV
    try:
        return FileFormat(ending)
    except ValueError:
        known = ", ".join(each.ending for each in FileFormat)
        raise UserError(f"“{target.name}” does not say what kind of file it is. A report ends in {known}.") from None


def run_report(
    store: Store,
    document: ReportDocument,
    target: Path,
    tell: Tell,
    stop: threading.Event,
    draw_pdf: DrawPdf | None = None,
) -> ExportResult:
    """Save the lines as the kind of file that the name says; it is there whole, or not at all."""
    return write_report(ReportLines(store, document), document, target, tell, stop, draw_pdf)


def write_report(
    lines: Exportable,
    document: ReportDocument,
    target: Path,
    tell: Tell,
    stop: threading.Event,
    draw_pdf: DrawPdf | None = None,
) -> ExportResult:
    """Save these lines of a report. A UserError where a PDF is wanted and nobody here can draw one."""
    file_format = format_of(target)
    query = ListQuery(sort=document.sorted_by, active=None)
    columns = lines.columns()
    keys = [column.key for column in columns]
    what = f"report “{document.name}”"
    if file_format is FileFormat.CSV:
        style = document.format.style
        return export_records(lines, query, keys, target, what=what, style=style, tell=tell, stop=stop)
    manifest = Manifest(what=what, filter=lines.sentence(query))
    # However it ends, it ends here: the rows hold this thread's connection.
    with contextlib.closing(lines.iterate(query, keys, stop, None)) as rows:
        if file_format is FileFormat.XLSX:
            return export_xlsx(columns, rows, target, manifest=manifest, tell=tell, stop=stop)
        if draw_pdf is None:
            raise UserError("PDF files cannot be drawn here. Choose XLSX or CSV.")
        page = PdfReport(document.name, document.description, manifest, columns, rows, document.added_up)
        return export_pdf(page, target, draw_pdf, tell, stop)

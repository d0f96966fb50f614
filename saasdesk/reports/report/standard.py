"""Reports that are ready to run; files as an admin could write them."""

from functools import cache

from saasdesk.reports.report.document import ReportDocument, parse_report
from saasdesk.resources import resource


@cache
def list_standard() -> tuple[ReportDocument, ...]:
    """All of them, by name."""
    files = sorted(resource("reports").glob("*.toml"))
    found = (parse_report(file.read_text("utf-8"), file.name) for file in files)
    return tuple(sorted(found, key=lambda document: document.name.casefold()))

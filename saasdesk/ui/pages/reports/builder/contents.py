"""What the builder needs to know before anything can be edited; read in a worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from saasdesk.records.listing import Column
from saasdesk.reports.report.document import ReportObject
from saasdesk.reports.report.draft import ReportDraft, draft_of
from saasdesk.reports.report.lines import columns_of
from saasdesk.reports.report.reports import ReportRow, list_reports
from saasdesk.store import Store
from saasdesk.store.unsaved import Unsaved, UnsavedCopies


@dataclass(frozen=True, slots=True)
class BuilderContents:
    """A report, the columns that reports may have, and edits of it that a crash has left behind."""

    report: ReportRow
    columns: Mapping[ReportObject, Sequence[Column]]
    unsaved: Unsaved[ReportDraft] | None


def read_builder(store: Store, number: int, copies: UnsavedCopies[ReportDraft]) -> BuilderContents | None:
    """The report of this number; None when it is no longer there."""
    report = next((each for each in list_reports(store) if each.id == number), None)
    if report is None:
        return None
    columns = {about: columns_of(store, about) for about in ReportObject}
    return BuilderContents(report, columns, copies.find(number, draft_of(report.document)))

"""What an admin does with reports: an own one takes the place of the standard one of its name."""

from saasdesk.errors import UserError
from saasdesk.reports.documents import Documents, Kept
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.standard import list_standard
from saasdesk.reports.runs.rows import rename_runs
from saasdesk.store import Store

ReportRow = Kept[ReportDocument]

_REPORTS = Documents(
    "report",
    ReportDocument,
    lambda document: {"object": document.object.value},
    reserved=lambda: (document.name for document in list_standard()),
)

list_reports = _REPORTS.every
add_report = _REPORTS.add
apply_report = _REPORTS.apply
delete_report = _REPORTS.delete


def save_report(store: Store, number: int, document: ReportDocument) -> ReportRow:
    """Give a report this document; under a new name it keeps its history."""
    before = next((report.document.name for report in list_reports(store) if report.id == number), document.name)
    saved = _REPORTS.save(store, number, document)
    if before != document.name:
        store.write(lambda db: rename_runs(db, before, document.name))
    return saved


def every_report(store: Store) -> list[tuple[ReportDocument, bool]]:
    """The admin's own, then the standard ones whose name no own one has taken; and whether each is a standard one."""
    own = [report.document for report in list_reports(store)]
    taken = {document.name.casefold() for document in own}
    standard = [document for document in list_standard() if document.name.casefold() not in taken]
    return [*((document, False) for document in own), *((document, True) for document in standard)]


def find_report(store: Store, name: str) -> ReportDocument:
    """The report of this name, an own one or a standard one; a UserError names those that there are."""
    known = [document for document, _ in every_report(store)]
    for document in known:
        if document.name.casefold() == name.casefold():
            return document
    names = ", ".join(f"“{document.name}”" for document in known)
    raise UserError(f"There is no report “{name}”. There are: {names}.")


def find_own(store: Store, name: str) -> ReportRow:
    """The admin's own report of this name. A UserError where it is a standard one, which stays as it is."""
    for report in list_reports(store):
        if report.document.name.casefold() == name.casefold():
            return report
    standard = find_report(store, name)
    raise UserError(
        f"“{standard.name}” is a standard report, which stays as it is. "
        "Export it, and import it under another name to have one of your own."
    )

"""What an admin does with reports: save, find, delete; each is one transaction with its audit row."""

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.reports.names import free_name
from saasdesk.reports.report import rows
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.rows import ReportRow
from saasdesk.reports.report.standard import list_standard
from saasdesk.store import Connection, Store
from saasdesk.store.audit import record


def list_reports(store: Store) -> list[ReportRow]:
    """The admin's own reports, by name."""
    with store.reading() as db:
        return rows.reports(db)


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
    """The admin's own report of this name."""
    for report in list_reports(store):
        if report.document.name.casefold() == name.casefold():
            return report
    standard = find_report(store, name)
    raise UserError(
        f"“{standard.name}” is a standard report, which stays as it is. "
        "Export it, and import it under another name to have one of your own."
    )


def add_report(store: Store, document: ReportDocument) -> ReportRow:
    """Keep a new report; where its name is taken it gets a number."""
    name = free_name(document.name, (known.name for known, _ in every_report(store)))
    named = document.model_copy(update={"name": name})

    def work(db: Connection) -> int:
        number = rows.insert_report(db, named, now_text())
        record(db, "report.created", name, {"object": named.object.value})
        return number

    return ReportRow(store.write(work), named, 1)


def save_report(store: Store, number: int, document: ReportDocument) -> ReportRow:
    """Give a report this document; refused where its new name is another one's."""
    known = {report.id: report for report in list_reports(store)}
    if number not in known:
        raise UserError("This report is no longer here: somebody deleted it.")
    before = known[number]
    if any(r.id != number and r.document.name.casefold() == document.name.casefold() for r in known.values()):
        raise UserError(f"There is a report “{document.name}” already. Choose another name.")
    if before.document == document:
        return before

    def work(db: Connection) -> None:
        rows.update_report(db, number, document, now_text())
        record(db, "report.changed", document.name, {"version": before.version + 1})

    store.write(work)
    return ReportRow(number, document, before.version + 1)


def apply_report(store: Store, document: ReportDocument) -> ReportRow:
    """Make the report, or give the own one of the same name this document."""
    known = {report.document.name.casefold(): report for report in list_reports(store)}
    same = known.get(document.name.casefold())
    if same is not None:
        return save_report(store, same.id, document)

    def work(db: Connection) -> int:
        number = rows.insert_report(db, document, now_text())
        record(db, "report.created", document.name, {"object": document.object.value})
        return number

    return ReportRow(store.write(work), document, 1)


def delete_report(store: Store, report: ReportRow) -> None:
    """Forget a report. The records that it told of, and files that were made of it, stay as they are."""

    def work(db: Connection) -> None:
        rows.delete_report(db, report.id)
        record(db, "report.deleted", report.document.name, {"version": report.version})

    store.write(work)

"""`saasdesk export`: CSV of a list, of changes, of the differences between two moments, or of a report."""

from pathlib import Path

import typer

from saasdesk.cli.conditions import parse_where
from saasdesk.cli.desk import Desk
from saasdesk.cli.past import AS_OF, store_as_of
from saasdesk.cli.records import COMMANDS, make_query
from saasdesk.errors import UserError
from saasdesk.fields import FieldType
from saasdesk.licences.priced_lists import open_list
from saasdesk.records.listing import Column
from saasdesk.records.past import moment_of_text, stream_differences
from saasdesk.reports.csv_export import Manifest, export_csv, export_records
from saasdesk.reports.csv_lines import CsvStyle
from saasdesk.reports.report.document import ReportDocument, ReportFormat
from saasdesk.reports.report.reports import every_report
from saasdesk.reports.report.run import run_report
from saasdesk.store import Store
from saasdesk.sync.history import stream_changes
from saasdesk.sync.sessions import find_session

_COMPARISON = "comparison"
_COMPARISON_COLUMNS = (
    Column("object", "Object", FieldType.SHORT_TEXT),
    Column("record", "Record", FieldType.SHORT_TEXT),
    Column("saas_application", "SaaS Application", FieldType.SHORT_TEXT),
    Column("change", "Change", FieldType.SHORT_TEXT),
    Column("field", "Field", FieldType.SHORT_TEXT),
    Column("before", "Before", FieldType.SHORT_TEXT),
    Column("after", "After", FieldType.SHORT_TEXT),
)
_CHANGE_COLUMNS = (
    Column("at", "At", FieldType.DATETIME),
    Column("session", "Session", FieldType.NUMBER),
    Column("cause", "Cause", FieldType.SHORT_TEXT),
    Column("object", "Object", FieldType.SHORT_TEXT),
    Column("record", "Record", FieldType.SHORT_TEXT),
    Column("change", "Change", FieldType.SHORT_TEXT),
    Column("field", "Field", FieldType.SHORT_TEXT),
    Column("before", "Before", FieldType.SHORT_TEXT),
    Column("after", "After", FieldType.SHORT_TEXT),
    Column("reason", "Reason", FieldType.SHORT_TEXT),
)


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        "export",
        help="Write a CSV: a list, changes, a comparison of two moments, or the report of this name.",
    )
    def export(
        ctx: typer.Context,
        what: str = typer.Argument(..., metavar="WHAT"),
        to: Path = typer.Option(..., "--to", metavar="FILE.csv"),
        where: list[str] = typer.Option([], "--where", metavar="FIELD OPERATOR VALUE"),
        active: bool = typer.Option(False, "--active", help="Only active ones."),
        as_of: str | None = AS_OF,
        since: str | None = typer.Option(None, "--since", metavar="MOMENT", help="For a comparison: from when on."),
        until: str | None = typer.Option(
            None, "--until", metavar="MOMENT", help="For a comparison: its later moment, or now without it."
        ),
        session: int | None = typer.Option(None, "--session", help="For changes: those of one session."),
        for_programs: bool = typer.Option(
            False, "--for-programs", help="No formula guard, no byte order mark: unsafe to open in a spreadsheet."
        ),
    ) -> None:
        desk: Desk = ctx.obj
        style = CsvStyle(guard=not for_programs, bom=not for_programs, external_ids=True)
        with desk.reading() as services, desk.terminal.cancellable() as stop:
            if what == "changes":
                if where:
                    parse_where(where, [])
                if as_of is not None:
                    raise UserError("Changes are the history itself: leave --as-of out.")
                if session is not None:
                    find_session(services.store, session)
                result = export_csv(
                    _CHANGE_COLUMNS,
                    stream_changes(services.store, session, stop),
                    to,
                    guard=style.guard,
                    bom=style.bom,
                    external_ids=True,
                    manifest=Manifest(what="changes", filter=f"session {session}" if session else "all changes"),
                    tell=lambda _: None,
                    stop=stop,
                )
            elif what == _COMPARISON:
                if since is None:
                    raise UserError("A comparison needs --since: the moment from which on differences count.")
                earlier = moment_of_text(services.store, since)
                later = moment_of_text(services.store, until) if until is not None else None
                result = export_csv(
                    _COMPARISON_COLUMNS,
                    stream_differences(services.store, earlier, later, stop),
                    to,
                    guard=style.guard,
                    bom=style.bom,
                    external_ids=True,
                    manifest=Manifest(what=what, filter=f"{earlier.title} to {later.title if later else 'now'}"),
                    tell=lambda _: None,
                    stop=stop,
                )
            elif what in COMMANDS:
                with store_as_of(services.store, as_of, stop) as store:
                    records = open_list(store, COMMANDS[what][0])
                    columns = records.columns()
                    result = export_records(
                        records,
                        make_query(columns, where, active=active),
                        [column.key for column in columns],
                        to,
                        what=what,
                        style=style,
                        tell=lambda _: None,
                        stop=stop,
                    )
            else:
                document = _report_called(services.store, what)
                if where or active:
                    raise UserError("A report says itself which records it is about: leave --where and --active out.")
                with store_as_of(services.store, as_of, stop) as store:
                    chosen = ReportFormat(for_programs=True) if for_programs else document.format
                    asked = document.model_copy(update={"format": chosen})
                    result = run_report(store, asked, to, lambda _: None, stop, desk.draw_pdf)
        desk.terminal.say(f"{result.rows:,} rows in {result.path}")


def _report_called(store: Store, name: str) -> ReportDocument:
    for document, _is_standard in every_report(store):
        if document.name.casefold() == name.casefold():
            return document
    raise UserError(
        f"“{name}” cannot be exported. There are: {', '.join(COMMANDS)}, changes, {_COMPARISON}, "
        "and the reports that `report list` names."
    )

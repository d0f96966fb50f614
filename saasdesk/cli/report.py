"""`saasdesk report`: reports as files, their lines on the screen or as CSV."""

from pathlib import Path

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.cli.past import AS_OF, store_as_of
from saasdesk.cli.records import cells
from saasdesk.cli.report_runs import outcome, report_run_json
from saasdesk.definitions import read_file, to_toml
from saasdesk.errors import UserError
from saasdesk.records.listing import as_json
from saasdesk.reports.csv_export import ExportResult
from saasdesk.reports.report import reports
from saasdesk.reports.report.document import parse_report
from saasdesk.reports.report.lines import ReportLines
from saasdesk.reports.report.run import run_report
from saasdesk.reports.runs import RunStatus
from saasdesk.reports.runs.due import next_run
from saasdesk.reports.runs.running import list_runs, run_by_hand
from saasdesk.reports.runs.words import difference_in_words

NAME = "report"
app = typer.Typer(help="Reports: questions to the records that are kept, run and handed on.")


@app.command("list", help="All reports: your own, then the standard ones.")
def list_all(ctx: typer.Context, as_json_only: bool = JSON_ONLY) -> None:
    """All reports."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        known = reports.every_report(services.store)
    rows = [
        {
            "name": document.name,
            "object": document.object.value,
            "standard": is_standard,
            "description": document.description,
        }
        for document, is_standard in known
    ]
    if as_json_only:
        desk.terminal.json(rows)
    else:
        shown = ((row["name"], row["object"], "standard" if row["standard"] else "own") for row in rows)
        desk.terminal.table(("Name", "Object", "Kind"), shown)


@app.command(
    "run", help="The lines of a report: with --to as a file, CSV, XLSX or PDF by its ending; otherwise on the screen."
)
def run(
    ctx: typer.Context,
    name: str,
    to: Path | None = typer.Option(None, "--to", metavar="FILE.{csv,xlsx,pdf}"),
    as_of: str | None = AS_OF,
    as_json_only: bool = JSON_ONLY,
) -> None:
    """Run a report."""
    desk: Desk = ctx.obj
    if to is not None:
        report, result = _run_to_file(desk, name, desk.terminal.folder / to, as_of)
        if as_json_only:
            found = {"report": report, "rows": result.rows, "file": str(result.path)}
            desk.terminal.json(found | {"manifest": str(result.manifest), "sha256": result.sha256})
        else:
            desk.terminal.say(f"{result.rows:,} rows in {result.path}")
        return
    with (
        desk.reading() as services,
        desk.terminal.cancellable() as stop,
        store_as_of(services.store, as_of, stop) as store,
    ):
        document = reports.find_report(services.store, name)
        lines = ReportLines(store, document)
        columns = lines.columns()
        rows = lines.iterate(lines.query, [column.key for column in columns], stop)
        if as_json_only:
            desk.terminal.json_lines(as_json(columns, row) for row in rows)
            return
        desk.terminal.table(
            [column.title for column in columns],
            (cells(columns, row) for row in rows),
            right=[column.title for column in columns if column.align_right],
        )


def _run_to_file(desk: Desk, name: str, target: Path, as_of: str | None) -> tuple[str, ExportResult]:
    """Run for good, and note it; what was once is looked at only."""
    if as_of is None:
        with desk.writing() as services, desk.terminal.cancellable() as stop:
            document = reports.find_report(services.store, name)
            result = run_by_hand(services.store, document, target, lambda _news: None, stop, desk.draw_pdf)
            return document.name, result
    with (
        desk.reading() as services,
        desk.terminal.cancellable() as stop,
        store_as_of(services.store, as_of, stop) as store,
    ):
        document = reports.find_report(services.store, name)
        return document.name, run_report(store, document, target, lambda _news: None, stop, desk.draw_pdf)


@app.command("runs", help="What was run: when, by whom, how many lines, into which file.")
def runs(ctx: typer.Context, name: str, as_json_only: bool = JSON_ONLY) -> None:
    """The history of a report."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        document = reports.find_report(services.store, name)
        found = list_runs(services.store, document.name)
    if as_json_only:
        desk.terminal.json([report_run_json(run) for run in found])
        return
    desk.terminal.table(
        ("Run", "Began", "By", "Status", "Rows", "Since the run before", "File"),
        (
            (
                run.id,
                run.began_at,
                f"{run.started_by} ({run.who})",
                run.status.value,
                run.lines,
                difference_in_words(run),
                run.problem if run.status is RunStatus.FAILED else run.file,
            )
            for run in found
        ),
        right=("Run", "Rows"),
    )


@app.command("show", help="One report: what it asks, when it runs by itself and where it goes.")
def show(ctx: typer.Context, name: str, as_json_only: bool = JSON_ONLY) -> None:
    """One report."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        document = reports.find_report(services.store, name)
        is_own = any(document == report.document for report in reports.list_reports(services.store))
        lines = ReportLines(services.store, document)
        sentence = lines.sentence(lines.query)
        latest = list_runs(services.store, document.name, limit=1)
    if as_json_only:
        known = {
            "standard": not is_own,
            "asks": sentence,
            "next_run": next_run(document),
            "last_run": report_run_json(latest[0]) if latest else None,
            "document": document.model_dump(mode="json", by_alias=True, exclude_none=True),
        }
        desk.terminal.json(known)
        return
    desk.terminal.say(document.name)
    desk.terminal.say(sentence)
    if document.delivery is not None:
        places = [*([document.delivery.folder] if document.delivery.folder else []), *document.delivery.contacts]
        rests = " (paused)" if document.delivery.paused else ""
        desk.terminal.say(f"Goes to {', '.join(places)}{rests}")
    if (due := next_run(document)) is not None:
        desk.terminal.say(f"Next run {due}")
    if latest:
        desk.terminal.say(f"Last run {latest[0].began_at}: {outcome(latest[0])}")


@app.command("pause", help="Let a report not run by itself until `report resume`.")
def pause(ctx: typer.Context, name: str) -> None:
    """Let it rest."""
    _rest(ctx.obj, name, paused=True)


@app.command("resume", help="Let a report run by itself again; what it missed meanwhile is not made up for.")
def resume(ctx: typer.Context, name: str) -> None:
    """Let it run again."""
    _rest(ctx.obj, name, paused=False)


def _rest(desk: Desk, name: str, *, paused: bool) -> None:
    with desk.writing() as services:
        found = reports.find_own(services.store, name)
        if found.document.schedule is None or found.document.delivery is None:
            raise UserError(f"“{found.document.name}” does not run by itself: it has no schedule.")
        delivery = found.document.delivery.model_copy(update={"paused": paused})
        document = found.document.model_copy(update={"delivery": delivery})
        reports.save_report(services.store, found.id, document)
    due = next_run(document)
    desk.terminal.say(f"{document.name} is paused." if due is None else f"{document.name} runs next {due}.")


@app.command("export", help="A report as TOML, ready for `report apply`.")
def export(ctx: typer.Context, name: str) -> None:
    """One report as a file."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        document = reports.find_report(services.store, name)
    desk.terminal.say(to_toml(document).rstrip("\n"))


@app.command("apply", help="Create or update a report of your own from a TOML file, all or nothing.")
def apply(ctx: typer.Context, file: Path) -> None:
    """Create or update a report."""
    desk: Desk = ctx.obj
    path = desk.terminal.folder / file
    document = parse_report(read_file(path, "a report file"), path.name)
    with desk.writing() as services:
        # A field that is not there is told now, not when the report is due.
        lines = len(ReportLines(services.store, document).columns())
        saved = reports.apply_report(services.store, document)
    desk.terminal.say(f"{saved.document.name}: version {saved.version}, {lines} columns.")


@app.command("delete", help="Delete a report of your own. Records and files that were made stay as they are.")
def delete(ctx: typer.Context, name: str) -> None:
    """Delete a report."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        found = reports.find_own(services.store, name)
        reports.delete_report(services.store, found)
    desk.terminal.say(f"{found.document.name} is deleted.")

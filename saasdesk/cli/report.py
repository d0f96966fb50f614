"""`saasdesk report`: reports as files, their lines on the screen or as CSV."""

from pathlib import Path

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.past import AS_OF, store_as_of
from saasdesk.definitions import read_file, to_toml
from saasdesk.records.listing import as_json
from saasdesk.reports.report import reports
from saasdesk.reports.report.document import parse_report
from saasdesk.reports.report.lines import ReportLines
from saasdesk.reports.report.run import run_report

NAME = "report"
app = typer.Typer(help="Reports: questions to the records that are kept, run and handed on.")
_JSON = typer.Option(False, "--json", help="JSON only.")


@app.command("list", help="All reports: your own, then the standard ones.")
def list_all(ctx: typer.Context, as_json_only: bool = _JSON) -> None:
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


@app.command("run", help="The lines of a report: as CSV with --to, otherwise on the screen.")
def run(
    ctx: typer.Context,
    name: str,
    to: Path | None = typer.Option(None, "--to", metavar="FILE.csv"),
    as_of: str | None = AS_OF,
    as_json_only: bool = _JSON,
) -> None:
    """Run a report."""
    desk: Desk = ctx.obj
    with (
        desk.reading() as services,
        desk.terminal.cancellable() as stop,
        store_as_of(services.store, as_of, stop) as store,
    ):
        document = reports.find_report(services.store, name)
        if to is not None:
            result = run_report(store, document, desk.terminal.folder / to, lambda _news: None, stop)
            if as_json_only:
                found = {"report": document.name, "rows": result.rows, "file": str(result.path)}
                desk.terminal.json(found | {"manifest": str(result.manifest), "sha256": result.sha256})
            else:
                desk.terminal.say(f"{result.rows:,} rows in {result.path}")
            return
        lines = ReportLines(store, document)
        columns = lines.columns()
        rows = lines.iterate(lines.query, [column.key for column in columns], stop)
        if as_json_only:
            desk.terminal.json_lines(as_json(columns, row) for row in rows)
            return
        desk.terminal.table(
            [column.title for column in columns],
            (list(as_json(columns, row).values()) for row in rows),
            right=[column.title for column in columns if column.align_right],
        )


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

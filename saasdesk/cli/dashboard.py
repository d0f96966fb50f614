"""`saasdesk dashboard`: dashboards as files, and their numbers in a shell."""

from pathlib import Path

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.definitions import read_file, to_toml
from saasdesk.errors import UserError
from saasdesk.reports.dashboards import boards
from saasdesk.reports.dashboards.board import ASKING, parse_board
from saasdesk.reports.dashboards.figures import Figure, figures_of
from saasdesk.reports.dashboards.numbers_csv import COLUMNS, number_lines

NAME = "dashboard"
app = typer.Typer(help="Dashboards: boards of figures, each with the list behind it.")


@app.command("list", help="All dashboards of your own.")
def list_all(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """All dashboards."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        known = boards.list_boards(services.store)
    rows = [
        {"name": each.document.name, "widgets": len(each.document.widgets), "version": each.version} for each in known
    ]
    if as_json:
        desk.terminal.json(rows)
    else:
        desk.terminal.table(("Name", "Widgets", "Version"), (tuple(row.values()) for row in rows))


@app.command("show", help="The numbers of a dashboard as they are now.")
def show(ctx: typer.Context, name: str, as_json: bool = JSON_ONLY) -> None:
    """Compute every widget that asks something of the records."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        document = boards.find_board(services.store, name).document
        found = figures_of(services.store, [widget for widget in document.widgets if widget.kind in ASKING])
    figures = [figure for figure in found if isinstance(figure, Figure)]
    for problem in found:
        if isinstance(problem, UserError):
            raise problem
    lines = list(number_lines(figures))
    if as_json:
        keys = [column.key for column in COLUMNS]
        desk.terminal.json([dict(zip(keys, line, strict=True)) for line in lines])
    else:
        desk.terminal.table([column.title for column in COLUMNS], lines, right=("Value",))


@app.command("export", help="Print the dashboard as a file that `apply` takes back.")
def export(ctx: typer.Context, name: str) -> None:
    """The dashboard as TOML."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        found = boards.find_board(services.store, name)
    desk.terminal.say(to_toml(found.document).rstrip("\n"))


@app.command("apply", help="Create or update a dashboard from a TOML file, all or nothing.")
def apply(ctx: typer.Context, file: Path) -> None:
    """Create or update a dashboard."""
    desk: Desk = ctx.obj
    path = desk.terminal.folder / file
    document = parse_board(read_file(path, "a dashboard file"), path.name)
    with desk.writing() as services:
        saved = boards.apply_board(services.store, document)
    desk.terminal.say(f"“{saved.document.name}” is saved, version {saved.version}.")


@app.command("delete", help="Forget a dashboard; the records that it told of stay as they are.")
def delete(ctx: typer.Context, name: str) -> None:
    """Delete a dashboard."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        found = boards.find_board(services.store, name)
        boards.delete_board(services.store, found)
    desk.terminal.say(f"“{found.document.name}” is deleted.")

"""`saasdesk variable`: global variables that integrations and templates may use."""

import typer

from saasdesk.cli.desk import Desk
from saasdesk.store.variables import delete_variable, list_variables, set_variable

NAME = "variable"
app = typer.Typer(help="Global variables.")


@app.command("set", help="Give a variable a value.")
def set_one(ctx: typer.Context, key: str, value: str) -> None:
    """Give a variable a value."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        set_variable(services.store, key, value)
    desk.terminal.say(f"{key} is set.")


@app.command("list", help="All variables.")
def list_all(ctx: typer.Context, as_json: bool = typer.Option(False, "--json", help="JSON only.")) -> None:
    """All variables."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        variables = list_variables(services.store)
    if as_json:
        desk.terminal.json([{"key": variable.key, "value": variable.value} for variable in variables])
    else:
        desk.terminal.table(("Key", "Value"), ((variable.key, variable.value) for variable in variables))


@app.command("delete", help="Remove a variable.")
def delete(ctx: typer.Context, key: str) -> None:
    """Remove a variable."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        delete_variable(services.store, key)
    desk.terminal.say(f"{key} is gone.")

"""`saasdesk variable`: global variables that integrations and templates may use."""

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.credentials import forget_variable, set_secret_variable
from saasdesk.errors import UserError
from saasdesk.store.variables import list_variables, set_variable

NAME = "variable"
app = typer.Typer(help="Global variables.")


@app.command("set", help="Give a variable a value. A secret one comes from a prompt, or from a pipe.")
def set_one(
    ctx: typer.Context,
    key: str,
    value: str | None = typer.Argument(None),
    secret: bool = typer.Option(False, "--secret", help="Keep the value in the keyring; it is never shown again."),
) -> None:
    """Give a variable a value."""
    desk: Desk = ctx.obj
    if secret and value is not None:
        raise UserError("A secret value never stands on the command line: leave it out, and it is asked for.")
    if not secret and value is None:
        raise UserError(f"Give {key} a value, or --secret to be asked for one.")
    entered = desk.terminal.read_secret(f"Value of {key}: ") if value is None else value
    with desk.writing() as services:
        if secret:
            set_secret_variable(services.store, services.vault, key, entered)
        else:
            set_variable(services.store, key, entered)
    desk.terminal.say(f"{key} is set.")


@app.command("list", help="All variables; of a secret one no value is shown.")
def list_all(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """All variables."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        variables = list_variables(services.store)
    if as_json:
        desk.terminal.json(
            [
                {"key": each.key, "value": each.shown, **({"secret": True} if each.is_secret else {})}
                for each in variables
            ]
        )
    else:
        desk.terminal.table(("Key", "Value"), ((variable.key, variable.shown) for variable in variables))


@app.command("delete", help="Remove a variable, and its value in the keyring where it is a secret one.")
def delete(ctx: typer.Context, key: str) -> None:
    """Remove a variable."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        forget_variable(services.store, services.vault, key)
    desk.terminal.say(f"{key} is gone.")

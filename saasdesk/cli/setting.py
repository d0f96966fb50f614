"""`saasdesk setting`: what the Settings page shows."""

from pathlib import Path

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.settings import SETTING_KEYS, default_text

NAME = "setting"
app = typer.Typer(help="Extra CA, proxy, safety budgets, protected records, mail.")


@app.command("set", help="Change a setting; without a value it goes back to its default.")
def set_one(ctx: typer.Context, key: str, value: str | None = typer.Argument(None)) -> None:
    """Change a setting."""
    desk: Desk = ctx.obj
    if value is None:
        value = default_text(key)
    if key == "extra_ca" and value:
        # An open window would look for it in a folder of its own.
        value = str(desk.terminal.folder / Path(value).expanduser())
    with desk.writing() as services:
        services.store.save_setting(key, value)
    desk.terminal.say(f"{key} is set.")


@app.command("list", help="All settings and their values.")
def list_all(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """All settings."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        settings = services.store.settings()
    values = settings.model_dump(mode="json")
    if as_json:
        desk.terminal.json({key: values.get(key) for key in SETTING_KEYS})
    else:
        desk.terminal.table(("Setting", "Value"), ((key, values.get(key)) for key in SETTING_KEYS))

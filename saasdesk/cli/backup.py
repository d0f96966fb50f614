"""`saasdesk backup` and `saasdesk restore`."""

from pathlib import Path

import typer

from saasdesk.cli.desk import Desk
from saasdesk.store.backup import backup_to


def add_to(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command("backup", help="Write a verified copy of the database, also while the program runs. No key is in it.")
    def backup(ctx: typer.Context, file: Path) -> None:
        desk: Desk = ctx.obj
        with desk.reading() as services:
            written = backup_to(services.store, file)
        desk.terminal.say(f"{written}")

    @app.command(
        "restore", help="Put a backup in the database's place, after checking it and backing up what is there."
    )
    def restore(ctx: typer.Context, file: Path) -> None:
        desk: Desk = ctx.obj
        kept = desk.restore(file)
        was = f" The database that was there is kept as {kept}." if kept is not None else ""
        desk.terminal.say(f"Restored from {file}.{was}")
        desk.terminal.say(
            "All schedules are paused until you have looked around: saasdesk setting set scheduling_paused false"
        )

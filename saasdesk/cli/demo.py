"""`saasdesk demo`: an invented company, its simulated vendors, and the program filled with both."""

import os
import sys

import typer

from saasdesk.cli.desk import Desk


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("demo", help="Show the program on an invented company; nothing leaves this computer.")
    def demo(
        ctx: typer.Context,
        people: int = typer.Option(250, "--people", min=1, max=1_000_000),
        headless: bool = typer.Option(False, "--headless", help="No window: a table, CSV files and a picture."),
    ) -> None:
        desk: Desk = ctx.obj
        raise typer.Exit(desk.start_demo(people, headless or not has_display()))


def has_display() -> bool:
    """Whether a window could be shown here."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

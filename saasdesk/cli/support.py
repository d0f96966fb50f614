"""`saasdesk support-bundle`: what is handed to whoever helps, without secrets and without personal data."""

from pathlib import Path

import typer

from saasdesk.cli.desk import Desk
from saasdesk.errors import UserError
from saasdesk.store import DamagedDatabase
from saasdesk.support import collect, write_bundle


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("support-bundle", help="Write versions, log, schema and run summaries; no secret, no personal data.")
    def support_bundle(
        ctx: typer.Context,
        file: Path,
        without: list[str] = typer.Option([], "--without", help="A file to leave out, such as saasdesk.log."),
    ) -> None:
        desk: Desk = ctx.obj
        findings = desk.examine()
        try:
            with desk.reading() as services:
                files = collect(services.profile, services.store, findings)
        except DamagedDatabase as damage:
            # When it is needed most, it is made of the rest.
            files = collect(damage.profile, None, findings)
        names = [each.name for each in files]
        for name in without:
            if name not in names:
                raise UserError(f"The bundle has no file {name!r}. It has: {', '.join(names)}.")
        chosen = [each for each in files if each.name not in without]
        target = desk.terminal.folder / file.expanduser()
        written = write_bundle(chosen, target.with_name(target.name if target.suffix else f"{target.name}.zip"))
        for each in chosen:
            desk.terminal.say(f"{each.name}: {each.about}")
        desk.terminal.say(f"Written to {written}. Look at it before you hand it on.")

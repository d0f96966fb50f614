"""`saasdesk doctor`: is this computer, this profile and this database fit to work?"""

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.errors import ExitCode
from saasdesk.store.health import State


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("doctor", help="Check database, keyring, window system, TLS trust, disk space and clock.")
    def doctor(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
        desk: Desk = ctx.obj
        findings = desk.examine()
        if as_json:
            desk.terminal.json(
                [{"check": f.subject, "state": f.state.value, "text": f.text, "advice": f.advice} for f in findings]
            )
        else:
            desk.terminal.table(
                ("Check", "State", "Found", "What to do"),
                ((f.subject, f.state.value, f.text, f.advice) for f in findings),
            )
        if any(finding.state is State.PROBLEM for finding in findings):
            raise typer.Exit(int(ExitCode.PARTLY))

"""`saasdesk audit verify`: has anybody edited what the log and the history say?"""

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.errors import ExitCode
from saasdesk.store.audit import verify as verify_audit

NAME = "audit"
app = typer.Typer(help="The audit log.")


@app.callback()
def _audit() -> None:
    """The audit log."""


@app.command("verify", help="Check the hash chain, and that every run's changes are the ones it recorded.")
def verify(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """Check the audit log."""
    desk: Desk = ctx.obj
    with desk.reading() as services, desk.terminal.cancellable() as stop:
        problems = verify_audit(services.store, stop)
    if as_json:
        desk.terminal.json({"ok": not problems, "problems": problems})
    elif problems:
        for problem in problems:
            desk.terminal.say(problem)
    else:
        desk.terminal.say("The audit log is whole, and every run's changes are the ones it recorded.")
    if problems:
        raise typer.Exit(int(ExitCode.PARTLY))

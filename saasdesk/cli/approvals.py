"""`saasdesk approvals`: workflows that wait for a person's yes or no."""

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.workflows.waiting import approvals
from saasdesk.workflows.waiting.resuming import resume_waiting
from saasdesk.workflows.waiting.rows import ApprovalRow

NAME = "approvals"
app = typer.Typer(help="Workflows that wait for a person's yes or no.")
_NOTE = typer.Option("", "--note", help="What is kept with the answer.")


@app.command("list", help="The questions that wait for an answer.")
def list_all(
    ctx: typer.Context,
    everything: bool = typer.Option(False, "--all", help="Those that were answered, too."),
    as_json: bool = JSON_ONLY,
) -> None:
    """The questions."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        found = approvals.list_approvals(services.store, only_open=not everything)
    if as_json:
        desk.terminal.json([_as_json(each) for each in found])
        return
    desk.terminal.table(
        ("Number", "Workflow", "Record", "Question", "State", "Asked", "Until"),
        (
            (
                each.id,
                each.workflow,
                each.record,
                each.subject,
                each.state.replace("_", " "),
                each.asked_at,
                each.until or "",
            )
            for each in found
        ),
    )


@app.command("approve", help="Say yes: the record goes on along “approved”.")
def approve(ctx: typer.Context, number: int, note: str = _NOTE) -> None:
    """Approve."""
    _answer(ctx.obj, number, note, yes=True)


@app.command("reject", help="Say no: the record goes on along “rejected”.")
def reject(ctx: typer.Context, number: int, note: str = _NOTE) -> None:
    """Reject."""
    _answer(ctx.obj, number, note, yes=False)


def _answer(desk: Desk, number: int, note: str, *, yes: bool) -> None:
    with desk.writing() as services, desk.terminal.cancellable() as stop:
        say = approvals.approve if yes else approvals.reject
        said = say(services.store, number, note=note)
        results = resume_waiting(services.store, services.vault, only=said.run, stop=stop)
    desk.terminal.say(f"{said.record}: “{said.subject}” is {said.state}.")
    for result in results:
        for each in result.ended:
            desk.terminal.say(f"{each.label}: {each.state.value}. {each.message}".rstrip())


def _as_json(each: ApprovalRow) -> dict[str, object]:
    return {
        "number": each.id,
        "workflow": each.workflow,
        "record": each.record,
        "run": each.run,
        "block": each.block,
        "subject": each.subject,
        "message": each.message,
        "state": each.state,
        "asked_at": each.asked_at,
        "until": each.until,
        "answered_at": each.answered_at,
        "answered_by": each.answered_by,
        "note": each.note,
    }

"""`saasdesk workflow retry`, `versions` and `restore`: doing something again, and going back."""

from dataclasses import asdict

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.cli.workflow_report import how_to_run, print_plan, print_result
from saasdesk.errors import ExitCode, UserError
from saasdesk.workflows import versions, workflows
from saasdesk.workflows.held import reject_held
from saasdesk.workflows.records import read_records, record_called
from saasdesk.workflows.rehearsing import ask_vendor, rehearse
from saasdesk.workflows.results import RunState
from saasdesk.workflows.retrying import plan_retry
from saasdesk.workflows.retrying import retry as try_again


def add_to(app: typer.Typer) -> None:
    """The commands."""
    app.command("retry", help="Try a run's record again from where it failed; with --yes, do it.")(retry)
    app.command("versions", help="The versions that were launched, newest first; with --compare, what changed since.")(
        list_versions
    )
    app.command("test", help="Send one API block's request for a record: to a stand-in, or with --real to read.")(test)
    app.command("reject", help="Let a run that is held not happen; `workflow run NAME --yes` allows it once.")(reject)
    app.command("restore", help="Make an earlier version the draft; nothing runs by it before `launch`.")(restore)


def retry(
    ctx: typer.Context,
    run: int,
    from_start: bool = typer.Option(False, "--from-start", help="From the first block, not from the one that failed."),
    current: bool = typer.Option(False, "--current", help="In the version that is launched now."),
    yes: bool = typer.Option(False, "--yes", help="Do it."),
    count: int = typer.Option(0, "--count", help="How many calls of the plan cannot be undone."),
    as_json: bool = JSON_ONLY,
) -> None:
    """Try a record again."""
    desk: Desk = ctx.obj
    if not yes:
        with desk.reading() as services:
            wanted = plan_retry(services.store, services.vault, run, from_start=from_start, current_version=current)
        print_plan(desk, wanted.plan, as_json=as_json)
        if not as_json:
            desk.terminal.say(f"Nothing was sent. {how_to_run(wanted.plan)}")
        return
    with desk.writing() as services, desk.terminal.cancellable() as stop:
        wanted = plan_retry(services.store, services.vault, run, from_start=from_start, current_version=current)
        result = try_again(services.store, services.vault, wanted, approved=count, stop=stop)
    print_result(desk, result, as_json=as_json)
    if result.held or result.note or result.count(RunState.FAILED):
        raise typer.Exit(int(ExitCode.PARTLY))


def reject(ctx: typer.Context, name: str) -> None:
    """Say no to a run that waits."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        found = workflows.find_workflow(services.store, name)
        reject_held(services.store, found)
    desk.terminal.say(f"“{found.name}” does not wait any more. Nothing was sent; the next time it is looked at anew.")


def test(
    ctx: typer.Context,
    name: str,
    block: str,
    record: str = typer.Option(..., "--record", help="A username, an e-mail address or a vendor's id."),
    real: bool = typer.Option(False, "--real", help="Ask the vendor itself; only what reads is sent."),
    as_json: bool = JSON_ONLY,
) -> None:
    """Test one request; nothing is written here."""
    desk: Desk = ctx.obj
    with desk.reading() as services, desk.terminal.cancellable() as stop:
        store, vault = services.store, services.vault
        document = workflows.find_workflow(store, name).document
        number = record_called(store, document.record_kind, record)
        seen = None if number is None else next(read_records(store, document.record_kind, [number]), None)
        if seen is None:
            raise UserError(f"“{record}” is not exactly one record of {document.object}.")
        world = workflows.world_of(store, vault, document.record_kind)
        if real:
            found = ask_vendor(store, vault, document, block, world, seen, stop)
        else:
            # Only here: the simulated vendors take longer to load than most commands.
            from saasdesk.simulator.stage import stage

            with stage() as stand_ins:
                found = rehearse(document, block, world, seen, stand_ins)
    if as_json:
        desk.terminal.json({**asdict(found), "variables": dict(found.variables)})
        return
    desk.terminal.say("Sent to the vendor:" if found.is_real else "Sent to a stand-in of the vendor, on this machine:")
    desk.terminal.say(found.request)
    desk.terminal.say(f"Answer: {found.answer}")
    desk.terminal.say(f"Leaves by: {found.outlet}. {found.message}".rstrip())
    for change in found.changes:
        desk.terminal.say(f"  {change.label} would be {change.after}")


def list_versions(
    ctx: typer.Context,
    name: str,
    compare: int = typer.Option(0, "--compare", help="A version to compare with what the workflow is now."),
    as_json: bool = JSON_ONLY,
) -> None:
    """The versions of a workflow."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        found = workflows.find_workflow(services.store, name)
        known = versions.list_versions(services.store, found)
        other = versions.find_version(services.store, found, compare) if compare else None
    if other is not None:
        changes = versions.compare(other.document, found.document)
        listed = [
            {"change": each.change, "what": each.what, "before": each.before, "after": each.after, "block": each.block}
            for each in changes
        ]
        if as_json:
            desk.terminal.json(listed)
        else:
            rows = ((each.change, each.what, each.before, each.after) for each in changes)
            desk.terminal.table(("Change", "What", "Before", "After"), rows)
        return
    if as_json:
        desk.terminal.json([{"version": each.number, "launched_at": each.launched_at} for each in known])
    else:
        desk.terminal.table(("Version", "Launched"), ((each.number, each.launched_at) for each in known))


def restore(ctx: typer.Context, name: str, version: int) -> None:
    """Bring an earlier version back."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        found = workflows.find_workflow(services.store, name)
        draft = versions.restore(services.store, found, version)
    desk.terminal.say(f"“{draft.name}” is {draft.state.value} again, as it was in version {version}.")

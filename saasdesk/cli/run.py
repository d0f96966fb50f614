"""`saasdesk run`: run integrations now, or only show what a run would change."""

from collections.abc import Sequence
from typing import Any

import typer

from saasdesk.cli.desk import Desk, HandOver
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.cli.progress import Progress
from saasdesk.cli.terminal import Terminal
from saasdesk.clock import now
from saasdesk.errors import ExitCode, UserError
from saasdesk.services import Services
from saasdesk.sync import integrations
from saasdesk.sync.due import due_integrations, take_due
from saasdesk.sync.events import BY_SCHEDULE, SyncResult
from saasdesk.sync.integration import Integration, IntegrationState
from saasdesk.sync.plans import lines_of
from saasdesk.sync.run import RunOptions
from saasdesk.sync.together import run_together
from saasdesk.sync.watchdog import watch

# On a terminal the others have a column only where there is something to count.
_ALWAYS_COUNTED = frozenset({"fetched", "created", "updated", "deactivated"})
_COUNTS = (
    "fetched",
    "created",
    "updated",
    "unchanged",
    "skipped",
    "filtered",
    "deactivated",
    "reactivated",
    "failed",
)


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("run", help="Run integrations now. --preview prints exactly what would change and writes no record.")
    def run(
        ctx: typer.Context,
        names: list[str] = typer.Argument(None, metavar="NAME…"),
        everything: bool = typer.Option(False, "--all", help="Every launched integration."),
        due: bool = typer.Option(False, "--due", help="Whatever is due now, once."),
        preview: bool = typer.Option(False, "--preview", help="Show the plan; write no record."),
        limit: int | None = typer.Option(None, "--limit", min=1, help="Read only so many records; deactivates nobody."),
        as_json: bool = JSON_ONLY,
    ) -> None:
        desk: Desk = ctx.obj
        if sum((bool(names), everything, due)) != 1:
            raise UserError("Say which: saasdesk run NAME…, --all or --due.")
        try:
            with desk.writing() as services:
                if due:
                    watch(services.store)
                    wanted, started_by = _due(services), BY_SCHEDULE
                else:
                    wanted = _wanted(services, names, everything=everything, preview=preview)
                    started_by = "by hand"
                if not wanted:
                    _say_why_nothing_runs(services, desk.terminal, due=due)
                options = RunOptions(preview=preview, limit=limit, started_by=started_by)
                results = _run_all(services, wanted, options, desk)
                code = worst(results)
                if due:
                    # Only here: they bring reports, workflows and a whole mail library along.
                    from saasdesk.cli.due import run_due, send_mail

                    further = run_due(services, desk)
                    report(services, results, desk.terminal, as_json=as_json, told=further.told)
                    send_mail(services, desk.terminal)
                    code = code or further.exit_code
                else:
                    report(services, results, desk.terminal, as_json=as_json)
        except HandOver:
            if not due:
                raise
            code = int(ExitCode.DONE)
            if as_json:
                desk.terminal.json([])
            tell = desk.terminal.note if as_json else desk.terminal.say
            tell("The open window keeps the schedule; nothing was started here.")
        raise typer.Exit(code)


def _wanted(services: Services, names: list[str], *, everything: bool, preview: bool) -> list[Integration]:
    if everything:
        return [i for i in integrations.list_integrations(services.store) if i.state is IntegrationState.ACTIVE]
    found = [integrations.find_integration(services.store, name) for name in names]
    for integration in found:
        todo = integrations.missing(services.store, integration, services.vault.known())
        if todo:
            raise UserError(f"“{integration.name}” cannot run yet: {' '.join(todo)}")
        if not preview:
            integrations.refuse_draft(integration)
    return found


def _say_why_nothing_runs(services: Services, terminal: Terminal, *, due: bool) -> None:
    if not due:
        terminal.note("No integration is launched: saasdesk integration launch NAME")
    elif services.store.settings().scheduling_paused:
        terminal.note("All schedules are paused: saasdesk setting set scheduling_paused false")


def _due(services: Services) -> list[Integration]:
    moment = now()
    due = due_integrations(services.store, moment)
    return [integration for integration in due if take_due(services.store, integration, moment)]


def _run_all(services: Services, wanted: list[Integration], options: RunOptions, desk: Desk) -> list[SyncResult]:
    with desk.terminal.cancellable() as stop:
        progress = Progress(desk.terminal, [integration.name for integration in wanted])
        try:
            return run_together(services.store, services.vault, wanted, options, desk.jobs, progress.tell, stop)
        finally:
            progress.close()


def worst(results: list[SyncResult]) -> int:
    """The exit code for several runs: a cancelled one first, then whatever needs a person most."""
    codes = {result.exit_code for result in results}
    for code in (ExitCode.CANCELLED, ExitCode.CREDENTIAL, ExitCode.VENDOR, ExitCode.USAGE, ExitCode.PARTLY):
        if int(code) in codes:
            return int(code)
    return int(ExitCode.DONE)


def report(
    services: Services,
    results: list[SyncResult],
    terminal: Terminal,
    *,
    as_json: bool,
    told: Sequence[dict[str, Any]] = (),
) -> None:
    """What the runs did: a table for people, or one JSON object each; `told` comes after them there."""
    if as_json:
        terminal.json([*(_as_json(services, result) for result in results), *told])
    elif results:
        names = [name for name in _COUNTS if _is_worth_a_column(name, results, terminal)]
        terminal.table(
            ("Integration", "Session", "Status", *(name.capitalize() for name in names), "Seconds"),
            (
                (r.integration, r.session, r.status.value, *(r.counts[name] for name in names), f"{r.seconds:.1f}")
                for r in results
            ),
            right=("Session", *(name.capitalize() for name in names), "Seconds"),
        )
        for result in results:
            if result.preview and result.plan is not None:
                print_plan(services, result.plan, terminal)
                terminal.say(f"Plan {result.plan} can be applied just so: saasdesk plan apply {result.plan}")
            if result.plan is not None and not result.preview:
                terminal.say(f"Plan {result.plan} waits for a decision: saasdesk plan show {result.plan}")
    for result in results:
        if result.message:
            terminal.note(f"{result.integration}: {result.message}")


def _is_worth_a_column(name: str, results: list[SyncResult], terminal: Terminal) -> bool:
    return not terminal.is_terminal or name in _ALWAYS_COUNTED or any(result.counts[name] for result in results)


def _as_json(services: Services, result: SyncResult) -> dict[str, object]:
    value = result.as_json()
    if result.preview and result.plan is not None:
        value["plan"] = plan_json(services, result.plan)
    elif result.plan is not None:
        value["held_plan"] = result.plan
    return value


def plan_json(services: Services, plan: int) -> list[dict[str, object]]:
    """A kept plan's lines as JSON, one object a record."""
    records: dict[int, dict[str, object]] = {}
    for line in lines_of(services.store, plan):
        entry = records.setdefault(
            line.seq,
            {
                "kind": line.kind,
                "object": line.object,
                "record": line.label,
                "vendor_id": line.vendor_id,
                "reason": line.reason,
                "held": line.held,
                "fields": {},
            },
        )
        if line.field:
            fields = entry["fields"]
            if isinstance(fields, dict):
                fields[line.field] = {"before": line.before, "after": line.after}
    return list(records.values())


def print_plan(services: Services, plan: int, terminal: Terminal) -> None:
    """A kept plan for people: one line a changed field."""
    lines = lines_of(services.store, plan)
    if not lines:
        terminal.say("Nothing would change: what the vendor has is what is stored here.")
        return
    terminal.table(
        ("Change", "Object", "Record", "Field", "Before", "After", "Reason"),
        (
            (
                f"{line.kind} (held)" if line.held else line.kind,
                line.object,
                line.label,
                line.field,
                line.before,
                line.after,
                line.reason,
            )
            for line in lines
        ),
    )

"""`saasdesk plan`: previews that can be applied, and deactivations that wait for a person's decision."""

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.cli.run import plan_json, print_plan, report
from saasdesk.errors import UserError
from saasdesk.services import Services
from saasdesk.sync import plans
from saasdesk.sync.imports.applying import apply_import
from saasdesk.sync.previews.applying import apply_preview
from saasdesk.sync.previews.rows import Unticked

NAME = "plan"
app = typer.Typer(help="Plans: previews to apply, and what a safeguard holds.")


@app.command("list", help="The plans that wait for a decision.")
def list_all(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """The plans that wait."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        held = plans.held_plans(services.store)
    if as_json:
        desk.terminal.json(
            [
                {
                    "plan": plan.id,
                    "integration": plan.integration_name,
                    "session": plan.session,
                    "deactivations": plan.deactivations,
                    "reason": plan.reason,
                    "held_since": plan.first_held_at,
                }
                for plan in held
            ]
        )
        return
    desk.terminal.table(
        ("Plan", "Integration", "Deactivations", "Held since", "Why"),
        ((plan.id, plan.integration_name, plan.deactivations, plan.first_held_at, plan.reason) for plan in held),
    )


@app.command("show", help="Every line of a plan.")
def show(ctx: typer.Context, plan: int, as_json: bool = JSON_ONLY) -> None:
    """Every line of a plan."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        found = plans.find_plan(services.store, plan)
        if as_json:
            desk.terminal.json(
                {"plan": found.id, "state": found.state, "reason": found.reason, "records": plan_json(services, plan)}
            )
            return
        desk.terminal.say(f"Plan {found.id} of “{found.integration_name}” ({found.state}). {found.reason}".rstrip())
        print_plan(services, plan, desk.terminal)


@app.command("apply", help="Write what a preview showed; what has changed since is refused and listed.")
def apply(
    ctx: typer.Context,
    plan: int,
    without: list[str] = typer.Option([], "--without", metavar="RECORD", help="Leave this record out, this time."),
    as_json: bool = JSON_ONLY,
) -> None:
    """Apply a preview."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        unticked = _changes_of(services, plan, without)
        with desk.terminal.cancellable() as stop:
            is_import = plans.find_plan(services.store, plan).is_import
            carry_out = apply_import if is_import else apply_preview
            result = carry_out(services.store, plan, unticked, lambda _news: None, stop)
        report(services, [result], desk.terminal, as_json=as_json)
    raise typer.Exit(result.exit_code)


def _changes_of(services: Services, plan: int, records: list[str]) -> Unticked:
    """Every change of these records, by name or by the vendor's id."""
    found: set[tuple[int, str]] = set()
    lines = plans.lines_of(services.store, plan) if records else []
    for record in records:
        wanted = record.casefold()
        theirs = [line for line in lines if wanted in {line.label.casefold(), (line.vendor_id or "").casefold()}]
        if not theirs:
            raise UserError(f"Plan {plan} has no record “{record}”. See: saasdesk plan show {plan}")
        found |= {(line.seq, line.field if line.kind == "update" else "") for line in theirs}
    return frozenset(found)


@app.command("approve", help="Deactivate whom the plan names; --count must be the plan's own number.")
def approve(
    ctx: typer.Context, plan: int, count: int = typer.Option(..., "--count", help="How many, as shown.")
) -> None:
    """Approve a plan."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        done = plans.approve(services.store, plan, count)
    desk.terminal.say(f"{done} deactivated.")


@app.command("reject", help="Leave everybody active; the next run decides anew.")
def reject(ctx: typer.Context, plan: int) -> None:
    """Reject a plan."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        plans.reject(services.store, plan)
    desk.terminal.say(f"Plan {plan} is rejected; nobody was deactivated.")

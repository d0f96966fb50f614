"""`saasdesk plan`: deactivations that a safeguard holds until a person decides."""

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.run import plan_json, print_plan
from saasdesk.sync import plans

NAME = "plan"
app = typer.Typer(help="Plans held by a safeguard.")
_JSON = typer.Option(False, "--json", help="JSON only.")


@app.command("list", help="The plans that wait for a decision.")
def list_all(ctx: typer.Context, as_json: bool = _JSON) -> None:
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
def show(ctx: typer.Context, plan: int, as_json: bool = _JSON) -> None:
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

"""How plans of workflows, and what came of them, are printed."""

from typing import Any

from saasdesk.cli.desk import Desk
from saasdesk.workflows.planning import Way, WorkflowPlan
from saasdesk.workflows.requests import PresetRequest
from saasdesk.workflows.results import RunState, WorkflowResult


def print_plan(desk: Desk, plan: WorkflowPlan, *, as_json: bool) -> None:
    """What would be done, record by record."""
    if as_json:
        desk.terminal.json(
            {
                "kind": "workflow",
                "workflow": plan.workflow,
                "preview": True,
                "records": [_way_json(way) for way in plan.ways],
                "calls": {danger.value: count for danger, count in plan.calls.items()},
                "unknown": plan.unknown,
            }
        )
        return
    desk.terminal.say(f"“{plan.workflow}” would go through with {len(plan.ways)} records.")
    for way in plan.ways:
        desk.terminal.say(f"{way.label}: {' → '.join(step.title for step in way.steps)}")
        for request in way.requests:
            desk.terminal.say(f"  would send {request.line}{_graver(request)}")
        for change in way.changes:
            desk.terminal.say(f"  {change.label}: {_shown(change.before)} → {_shown(change.after)}")
        if way.problem:
            desk.terminal.say(f"  {way.problem}")
    if plan.unknown:
        desk.terminal.say(plan.unknown_sentence)


def _way_json(way: Way) -> dict[str, Any]:
    return {
        "record": way.label,
        "path": [step.block for step in way.steps],
        "requests": [
            {
                "preset": request.preset.key,
                "danger": request.preset.danger.value,
                "irreversible": request.is_irreversible,
                "inverse": request.preset.inverse,
                "method": request.preset.method,
                "host": request.host,
                "path": request.path,
                "params": dict(request.params),
                "body": request.body,
            }
            for request in way.requests
        ],
        "changes": [{"field": change.field, "before": change.before, "after": change.after} for change in way.changes],
        "problem": way.problem,
    }


def result_json(result: WorkflowResult) -> dict[str, Any]:
    """What came of a run, as scripts read it."""
    return {
        "kind": "workflow",
        "workflow": result.workflow,
        "preview": False,
        "records": [
            {"run": each.run, "record": each.label, "state": each.state.value, "message": each.message}
            for each in result.ended
        ],
        "held": [way.label for way in result.held],
        "protected": [way.label for way in result.protected],
        "note": result.note,
    }


def print_result(desk: Desk, result: WorkflowResult, *, as_json: bool) -> None:
    """What was done, record by record."""
    if as_json:
        desk.terminal.json(result_json(result))
        return
    for each in result.ended:
        desk.terminal.say(f"{each.label}: {each.state.value}. {each.message}".rstrip())
    for way in result.protected:
        desk.terminal.say(f"{way.label}: protected, left alone.")
    for way in result.held:
        desk.terminal.say(f"{way.label}: held, it is more than one run may do by itself.")
    done = result.count(RunState.COMPLETED)
    desk.terminal.say(f"{done} of {len(result.ended)} records came through. {result.note}".rstrip())


def how_to_run(plan: WorkflowPlan) -> str:
    """What to add to the command so that the plan is carried out."""
    return f"To do it, add --yes{f' --count {plan.irreversible}' if plan.irreversible else ''}."


def _graver(request: PresetRequest) -> str:
    """What to know of a call that destroys."""
    if request.is_irreversible:
        return " (cannot be undone)"
    return f" (taken back by {request.preset.inverse})" if request.preset.inverse else ""


def _shown(value: object) -> str:
    return "empty" if value is None else str(value)

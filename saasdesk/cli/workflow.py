"""`saasdesk workflow`: workflows as files, what they would do, and what they did."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import typer

from saasdesk.cli import workflow_again
from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.cli.progress import Progress
from saasdesk.cli.workflow_report import how_to_run, print_plan, print_result
from saasdesk.clock import now
from saasdesk.connectors import Danger
from saasdesk.definitions import read_file, to_toml
from saasdesk.errors import ExitCode, UserError
from saasdesk.services import Services
from saasdesk.workflows import history, open_calls, workflows
from saasdesk.workflows.certificate import certificate_of, write_csv, write_html
from saasdesk.workflows.graph import parse_document
from saasdesk.workflows.planning import plan_workflow
from saasdesk.workflows.records import record_called
from saasdesk.workflows.runner import RunState, run_workflow
from saasdesk.workflows.starters import find_starter, list_starters
from saasdesk.workflows.validation import Problem
from saasdesk.workflows.workflow import Workflow

NAME = "workflow"
app = typer.Typer(help="Workflows: blocks along which records go.")
workflow_again.add_to(app)


@app.command("apply", help="Create or update a workflow from a TOML file, all or nothing.")
def apply(ctx: typer.Context, file: Path) -> None:
    """Create or update a workflow."""
    desk: Desk = ctx.obj
    path = desk.terminal.folder / file
    document = parse_document(read_file(path, "a workflow file"), path.name)
    with desk.writing() as services:
        saved = workflows.save_workflow(services.store, document)
        found = workflows.problems(services.store, services.vault, saved.document)
    _say_saved(desk, saved, found)


@app.command("starters", help="Workflows that are ready to copy.")
def starters(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """What `new --starter` takes."""
    desk: Desk = ctx.obj
    known = list_starters()
    if as_json:
        desk.terminal.json(
            [
                {
                    "key": each.key,
                    "name": each.name,
                    "object": each.document.object,
                    "vendors": list(each.vendors),
                    "description": each.description,
                }
                for each in known
            ]
        )
        return
    desk.terminal.table(
        ("Key", "Name", "Object", "Vendors"),
        ((each.key, each.name, each.document.object, ", ".join(each.vendors)) for each in known),
    )


@app.command("new", help="Make a draft of your own from a starter; `workflow starters` lists them.")
def new(
    ctx: typer.Context,
    name: str = typer.Argument("", help="How it is to be called; the starter's name unless you say otherwise."),
    starter: str = typer.Option(..., "--starter", help="Its key."),
) -> None:
    """Copy a starter."""
    desk: Desk = ctx.obj
    chosen = find_starter(starter)
    with desk.writing() as services:
        document = chosen.copy(services.vault.list(), name)
        known = {each.name for each in workflows.list_workflows(services.store)}
        if document.name in known:
            raise UserError(f"There is a workflow “{document.name}” already. Say another name behind `new`.")
        saved = workflows.save_workflow(services.store, document)
        found = workflows.problems(services.store, services.vault, saved.document)
    _say_saved(desk, saved, found)


@app.command("list", help="All workflows with their state.")
def list_all(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """All workflows."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        known = workflows.list_workflows(services.store)
    rows = [
        {"name": each.name, "object": each.document.object, "state": each.state.value, "version": each.version}
        for each in known
    ]
    if as_json:
        desk.terminal.json(rows)
    else:
        desk.terminal.table(("Name", "Object", "State", "Version"), (tuple(row.values()) for row in rows))


@app.command("show", help="One workflow: its document, its state, what is still to do.")
def show(ctx: typer.Context, name: str, as_json: bool = JSON_ONLY) -> None:
    """One workflow."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        found = workflows.find_workflow(services.store, name)
        wrong = workflows.problems(services.store, services.vault, found.document)
    if as_json:
        desk.terminal.json(
            {
                "state": found.state.value,
                "version": found.version,
                "problems": [
                    {"block": problem.block, "severity": problem.severity.value, "message": problem.message}
                    for problem in wrong
                ],
                "document": found.document.model_dump(mode="json", by_alias=True),
            }
        )
        return
    desk.terminal.say(f"{found.name} · {found.document.object} · {found.state.value} · version {found.version}")
    _say_problems(desk, wrong)
    desk.terminal.say(to_toml(found.document))


@app.command("export", help="Print the workflow as a file that `apply` takes back; no secret is in it.")
def export(ctx: typer.Context, name: str) -> None:
    """The workflow as TOML."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        found = workflows.find_workflow(services.store, name)
    desk.terminal.say(to_toml(found.document).rstrip("\n"))


@app.command("validate", help="Everything that keeps the workflow from being launched; exit code 2 if there is any.")
def validate(ctx: typer.Context, name: str) -> None:
    """What is wrong with a workflow."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        found = workflows.find_workflow(services.store, name)
        wrong = workflows.problems(services.store, services.vault, found.document)
    for problem in wrong:
        desk.terminal.say(f"{'' if problem.is_error else 'look at '}{_at(problem.block)}{problem.message}")
    if any(problem.is_error for problem in wrong):
        raise UserError(f"“{found.name}” cannot be launched yet.")
    desk.terminal.say(f"“{found.name}” can be launched.")


@app.command("launch", help="Make the present version the one that runs.")
def launch(ctx: typer.Context, name: str) -> None:
    """Launch a workflow."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        found = workflows.launch(services.store, services.vault, workflows.find_workflow(services.store, name))
    desk.terminal.say(f"“{found.name}” is {found.state.value}: version {found.version}.")


@app.command("pause", help="Let it do nothing; `launch` resumes it.")
def pause(ctx: typer.Context, name: str) -> None:
    """Pause a workflow."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        found = workflows.pause(services.store, workflows.find_workflow(services.store, name))
    desk.terminal.say(f"“{found.name}” is {found.state.value}.")


@app.command("delete", help="Forget a workflow; what it did stays in the history.")
def delete(ctx: typer.Context, name: str) -> None:
    """Delete a workflow."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        found = workflows.find_workflow(services.store, name)
        workflows.delete_workflow(services.store, found)
    desk.terminal.say(f"“{found.name}” is deleted.")


@app.command(
    "run", help="Show what the workflow would do; with --yes, do it. What cannot be undone also needs --count."
)
def run(
    ctx: typer.Context,
    name: str,
    preview: bool = typer.Option(False, "--preview", help="Only show it."),
    record: str = typer.Option("", "--record", help="One record: a username, an e-mail address or a vendor's id."),
    yes: bool = typer.Option(False, "--yes", help="Do it."),
    count: int = typer.Option(0, "--count", help="How many calls of the plan cannot be undone."),
    as_json: bool = JSON_ONLY,
) -> None:
    """Plan a workflow, and carry the plan out when it was agreed to."""
    desk: Desk = ctx.obj
    if preview or not yes:
        with desk.reading() as services, desk.terminal.cancellable() as stop:
            found = workflows.find_workflow(services.store, name)
            plan = plan_workflow(
                services.store, services.vault, found.document, only=_only(services, found, record), stop=stop
            )
        print_plan(desk, plan, as_json=as_json)
        if not preview and (plan.calls[Danger.DESTROYS] or plan.calls[Danger.CHANGES]) and not as_json:
            desk.terminal.say(f"Nothing was sent. {how_to_run(plan)}")
        return
    with desk.writing() as services, desk.terminal.cancellable() as stop:
        found = workflows.find_workflow(services.store, name)
        document = workflows.launched(services.store, found)
        plan = plan_workflow(services.store, services.vault, document, only=_only(services, found, record), stop=stop)
        event = f"by hand {now().isoformat(timespec='microseconds')}"
        progress = Progress(desk.terminal, [found.name])
        with closing(progress):
            result = run_workflow(
                services.store,
                services.vault,
                found,
                plan,
                approved=count,
                event=event,
                tell=lambda news: progress.tell(0, news),
                stop=stop,
            )
    print_result(desk, result, as_json=as_json)
    if result.held or result.note or result.count(RunState.FAILED):
        raise typer.Exit(int(ExitCode.PARTLY))


@app.command("runs", help="The latest records that went through, newest first.")
def runs(
    ctx: typer.Context,
    name: str = typer.Argument("", help="Of this workflow only."),
    as_json: bool = JSON_ONLY,
) -> None:
    """What workflows did."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        of = workflows.find_workflow(services.store, name) if name else None
        found = history.latest_runs(services.store, of)
    if as_json:
        desk.terminal.json([history.as_json(each) for each in found])
        return
    desk.terminal.table(
        ("Run", "Workflow", "Record", "State", "Started", "What happened"),
        (
            (each.run.id, each.run.workflow, each.run.label, each.run.state, each.run.started_at, each.in_words)
            for each in found
        ),
    )


@app.command("calls", help="Calls that may have been carried out, and nobody knows.")
def calls(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """What a person has to look at."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        found = history.open_calls(services.store)
    if as_json:
        desk.terminal.json([{**each._asdict(), "targets": json.loads(each.targets)} for each in found])
        return
    desk.terminal.table(
        ("Call", "Run", "Preset", "Request", "Read back", "At", "What happened"),
        (
            (
                each.id,
                each.run,
                each.preset,
                f"{each.method} {each.host}{each.path}",
                each.verified,
                each.armed_at,
                each.message,
            )
            for each in found
        ),
    )


@app.command("decide", help="Say what became of a call, once you have looked at the vendor. Nothing is sent again.")
def decide(
    ctx: typer.Context,
    call: int = typer.Argument(..., help="The call's number; `workflow calls` lists them."),
    carried_out: bool | None = typer.Option(None, "--carried-out/--not-carried-out", help="What you found."),
) -> None:
    """Settle a call of which nobody knew."""
    desk: Desk = ctx.obj
    if carried_out is None:
        raise UserError("Say what you found at the vendor: --carried-out or --not-carried-out.")
    with desk.writing() as services:
        open_calls.decide(services.store, call, was_carried_out=carried_out)
    desk.terminal.say(f"Call {call}: {'it was carried out' if carried_out else 'it was not carried out'}.")


@app.command("certificate", help="What became of a person's accounts in one run, as one sheet.")
def certificate(
    ctx: typer.Context,
    run: int = typer.Argument(..., help="The run's number; `workflow runs` lists them."),
    html: Path | None = typer.Option(None, "--html", metavar="FILE.html", help="As a page for printing or keeping."),
    csv: Path | None = typer.Option(None, "--csv", metavar="FILE.csv", help="As a table."),
    as_json: bool = JSON_ONLY,
) -> None:
    """Write the sheet of one run."""
    desk: Desk = ctx.obj
    with desk.reading() as services, desk.terminal.cancellable() as stop:
        found = certificate_of(services.store, run)
        if html is not None:
            write_html(found, desk.terminal.folder / html)
        if csv is not None:
            write_csv(found, desk.terminal.folder / csv, stop)
    if as_json:
        desk.terminal.json(
            {
                "run": found.run.id,
                "person": found.run.label,
                "complete": found.is_complete,
                "lines": [asdict(line) for line in found.lines],
                "answers": [answer._asdict() for answer in found.answers],
                "left": list(found.left),
            }
        )
    else:
        desk.terminal.say(f"{found.run.label}: {found.sentence}")
        headings = ("Account", "Vendor", "What was done", "Outcome", "Read back", "Remark")
        desk.terminal.table(
            headings,
            ((line.account, line.vendor, line.what, line.outcome, line.verified, line.message) for line in found.lines),
        )
    if not found.is_complete:
        raise typer.Exit(int(ExitCode.PARTLY))


def _say_saved(desk: Desk, saved: Workflow, found: Sequence[Problem]) -> None:
    desk.terminal.say(f"“{saved.name}” is saved as version {saved.version} ({saved.state.value}).")
    _say_problems(desk, found)


def _only(services: Services, workflow: Workflow, record: str) -> Sequence[int] | None:
    if not record:
        return None
    found = record_called(services.store, workflow.document.record_kind, record)
    if found is None:
        raise UserError(f"“{record}” is not exactly one record of {workflow.document.object}.")
    return [found]


def _say_problems(desk: Desk, problems: Sequence[Problem]) -> None:
    for problem in problems:
        desk.terminal.say(
            f"  {'still to do' if problem.is_error else 'look at'}: {_at(problem.block)}{problem.message}"
        )


def _at(block: str | None) -> str:
    return f"{block}: " if block else ""

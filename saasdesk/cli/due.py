"""What is due besides syncs: workflows, reports and mail, as `run --due` starts and tells of them."""

from dataclasses import dataclass
from typing import Any

from saasdesk.cli.desk import Desk
from saasdesk.cli.report_runs import outcome, report_run_json, worst_of_reports
from saasdesk.cli.terminal import Terminal
from saasdesk.cli.workflow_report import result_json
from saasdesk.errors import ExitCode
from saasdesk.notices.outbox import open_account, send_waiting
from saasdesk.reports.runs import RunRow
from saasdesk.reports.runs.due import run_due_reports
from saasdesk.services import Services
from saasdesk.workflows.due import run_due_workflows
from saasdesk.workflows.results import RunState, WorkflowResult


@dataclass(frozen=True, slots=True)
class Due:
    """What was due, and what came of it: `told` as scripts read it, `exit_code` where it needs a person."""

    told: tuple[dict[str, Any], ...]
    exit_code: int


def run_due(services: Services, desk: Desk) -> Due:
    """Run the workflows and reports that are due."""
    workflows, reports = _run_workflows(services, desk), _run_reports(services, desk)
    return Due(
        (*map(result_json, workflows), *map(report_run_json, reports)),
        _worst_of(workflows) or worst_of_reports(reports),
    )


def _run_workflows(services: Services, desk: Desk) -> list[WorkflowResult]:
    with desk.terminal.cancellable() as stop:
        done = run_due_workflows(services.store, services.vault, stop=stop)
    for result in done:
        desk.terminal.note(f"Workflow “{result.workflow}”: {_in_words(result)}")
    return done


def _run_reports(services: Services, desk: Desk) -> list[RunRow]:
    with desk.terminal.cancellable() as stop:
        # Whoever asks does not wait for the minutes between two tries.
        done = run_due_reports(services.store, all_held=True, draw_pdf=desk.draw_pdf, stop=stop)
    for each in done:
        desk.terminal.note(f"Report “{each.report}”: {outcome(each)}")
    return done


def _in_words(result: WorkflowResult) -> str:
    counts = [
        (result.count(RunState.COMPLETED), "went through"),
        (result.count(RunState.WAITING), "wait on their way"),
        (result.count(RunState.FAILED), "did not come through"),
        (len(result.held), "are held"),
    ]
    parts = [f"{count} {words}" for count, words in counts if count]
    return f"{', '.join(parts) or 'nothing had to be done'}. {result.note}".rstrip()


def _worst_of(results: list[WorkflowResult]) -> int:
    partly = any(result.held or result.note or result.count(RunState.FAILED) for result in results)
    return int(ExitCode.PARTLY if partly else ExitCode.DONE)


def send_mail(services: Services, terminal: Terminal) -> None:
    """Send the mail that waits."""
    sent = send_waiting(services.store, lambda: open_account(services.store, services.vault))
    if sent.problem:
        terminal.note(f"Mail: {sent.problem}")

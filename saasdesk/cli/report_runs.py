"""Runs of reports as the command line tells of them."""

from collections.abc import Sequence
from pathlib import Path

from saasdesk.errors import ExitCode
from saasdesk.reports.runs import RunRow, RunStatus
from saasdesk.reports.runs.words import in_words


def report_run_json(run: RunRow) -> dict[str, object]:
    """One run, as scripts read it."""
    return {
        "kind": "report",
        "report": run.report,
        "run": run.id,
        "status": run.status.value,
        "started_by": run.started_by,
        "who": run.who,
        "began_at": run.began_at,
        "ended_at": run.ended_at,
        "rows": run.lines,
        "format": run.format,
        "file": run.file or None,
        "sha256": run.sha256 or None,
        "mailed_to": list(run.mailed_to),
        "added": run.added,
        "removed": run.removed,
        "changed": run.changed,
        "message": run.problem,
    }


def outcome(run: RunRow) -> str:
    """What became of a run, in a sentence or two."""
    if run.status is RunStatus.FAILED:
        return run.problem
    if run.status is RunStatus.HELD:
        return f"{in_words(run)} The file is kept, and put there as soon as that works."
    places = [run.file] if Path(run.file).is_absolute() else []
    places += [f"in the outbox for {contact}" for contact in run.mailed_to]
    return f"{in_words(run)} {'; '.join(places)}".rstrip()


def worst_of_reports(runs: Sequence[RunRow]) -> int:
    """The exit code: partly, where a report did not come to its place."""
    is_whole = all(run.status is RunStatus.COMPLETED for run in runs)
    return int(ExitCode.DONE if is_whole else ExitCode.PARTLY)

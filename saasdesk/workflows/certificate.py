"""What became of a person's accounts in one run, on one sheet: for the file of whoever has to prove it."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import orjson

from saasdesk import __version__
from saasdesk.connectors import CONNECTORS, Verified
from saasdesk.errors import UserError
from saasdesk.fields import FieldType
from saasdesk.records.listing import Column
from saasdesk.reports.csv_export import Manifest, export_csv
from saasdesk.store import Store
from saasdesk.workflows.actions import ActionState
from saasdesk.workflows.graph import NOT_FOUND
from saasdesk.workflows.rows import call_rows, record_rows, run_rows
from saasdesk.workflows.rows.call_rows import ActionRow
from saasdesk.workflows.rows.run_rows import AnswerRow, RunRow, StepRow

DONE, NOTHING_TO_DO, NOT_DONE, OPEN = "done", "nothing to do", "not done", "may have been carried out"
_COLUMNS = tuple(
    Column(key, label, FieldType.SHORT_TEXT)
    for key, label in (
        ("account", "Account"), ("vendor", "Vendor"), ("what", "What was done"), ("request", "Request"),
        ("outcome", "Outcome"), ("verified", "Read back"), ("message", "Remark"), ("at", "At"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One call at a vendor, or one account for which none was made."""

    account: str
    vendor: str
    what: str
    request: str
    outcome: str
    verified: str
    message: str
    at: str

    @property
    def values(self) -> tuple[str, ...]:
        """In the order of the columns."""
        return (
            self.account, self.vendor, self.what, self.request, self.outcome, self.verified, self.message, self.at
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Certificate:
    """The sheet; `left` are active accounts of the person that the run did not come to."""

    run: RunRow
    lines: tuple[Line, ...]
    answers: tuple[AnswerRow, ...]
    left: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every account is closed, as far as anybody can say."""
        return not self.left and all(line.outcome in {DONE, NOTHING_TO_DO} for line in self.lines)

    @property
    def sentence(self) -> str:
        """What it comes to."""
        open_lines = sum(line.outcome not in {DONE, NOTHING_TO_DO} for line in self.lines)
        if self.is_complete:
            return "Everything that the workflow was to do for this person was done."
        parts = [f"{open_lines} of {len(self.lines)} steps were not done, or nobody knows."] if open_lines else []
        if self.left:
            parts.append(f"The run did not come to {', '.join(self.left)}.")
        return " ".join(parts)


def certificate_of(store: Store, number: int) -> Certificate:
    """What became of the person of this run; a UserError where there is no such run, or it is an account's."""
    with store.reading(snapshot=True) as db:
        runs = run_rows.run_with_its_accounts(db, number)
        if not runs:
            raise UserError(f"There is no run {number}. `saasdesk workflow runs` lists them.")
        lines = tuple(
            line
            for run in runs
            for line in _lines(run, call_rows.actions_of(db, run.id), run_rows.steps_of(db, run.id))
        )
        met = {run.record for run in runs if run.object == "saas_users"}
        left = record_rows.active_accounts_of(db, runs[0].record) if runs[0].object == "people" else []
        answers = tuple(run_rows.answers_of(db, number))
    has_accounts = bool(met)
    names = tuple(f"{application}: {label}" for record, application, label in left if record not in met)
    return Certificate(runs[0], lines, answers, names if has_accounts else ())


def _lines(run: RunRow, actions: Sequence[ActionRow], steps: Sequence[StepRow]) -> Iterator[Line]:
    for action in actions:
        targets: dict[str, Any] = orjson.loads(action.targets)
        connector = CONNECTORS.get(action.connector)
        titles = {preset.key: preset.title for preset in connector.presets} if connector is not None else {}
        yield Line(
            ", ".join(map(str, targets.values())) or run.label,
            action.connector if connector is None else connector.title,
            titles.get(action.preset, action.preset),
            f"{action.method} {action.host}{action.path}",
            _outcome(action),
            action.verified,
            action.message,
            action.finished_at or action.armed_at,
        )
    if run.parent is not None and not actions:
        # An account for which no call was made: nobody had to, or something kept it back.
        last = next((step for step in reversed(steps) if step.message), None)
        has_nobody = any(step.outlet == NOT_FOUND for step in steps)
        outcome = NOTHING_TO_DO if has_nobody else NOT_DONE
        message = run.message or ("" if last is None else last.message)
        yield Line(run.label, "", "", "", outcome, "", message, run.finished_at or run.started_at)


def _outcome(action: ActionRow) -> str:
    if action.state in {ActionState.UNKNOWN, ActionState.ARMED}:
        return OPEN
    if action.state not in {ActionState.SUCCEEDED, ActionState.RESOLVED}:
        return NOT_DONE
    if action.verified in {Verified.STILL_ACTIVE, Verified.NOT_CONFIRMED}:
        return NOT_DONE
    return DONE


# ----- as files


def write_csv(certificate: Certificate, target: Path, stop: threading.Event) -> None:
    """The lines as a CSV, with where they come from beside it."""
    run = certificate.run
    export_csv(
        _COLUMNS,
        (line.values for line in certificate.lines),
        target,
        manifest=Manifest(f"certificate of {run.label}", f"{run.workflow}, version {run.version}", str(run.id)),
        tell=lambda _news: None,
        stop=stop,
    )


def write_html(certificate: Certificate, target: Path) -> None:
    """The sheet as one page that needs nothing else, for printing or keeping.

    A UserError where the folder does not take it.
    """
    try:
        target.write_text(to_html(certificate), encoding="utf-8")
    except OSError as error:
        raise UserError(f"{target} cannot be written: {error.strerror}.") from None


_STYLE = """
body { font: 11pt/1.45 sans-serif; margin: 2cm; }
table { border-collapse: collapse; width: 100%; margin: 1em 0; }
th, td { border-bottom: 1px solid; padding: 0.3em 0.6em 0.3em 0; text-align: left; vertical-align: top; }
dt { float: left; clear: left; width: 9em; font-weight: bold; }
dd { margin-left: 9em; }
td { overflow-wrap: anywhere; }
"""


def to_html(certificate: Certificate) -> str:
    """The sheet as a page; whatever vendors and people wrote is text and nothing else."""
    run = certificate.run
    facts = [
        ("Person", run.label),
        ("Workflow", f"{run.workflow}, version {run.version}, run {run.id}"),
        ("Begun", run.started_at),
        ("Ended", run.finished_at or "not yet"),
        ("State", run.state),
        *((f"{answer.state.capitalize()} by", _who(answer)) for answer in certificate.answers),
    ]
    told = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    head = "".join(f"<th>{escape(column.title)}</th>" for column in _COLUMNS)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(value)}</td>' for value in line.values)}</tr>\n" for line in certificate.lines
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>Certificate: {escape(run.label)}</title><style>{_STYLE}</style></head>\n<body>\n"
        f"<h1>{escape(run.label)}</h1>\n<p>{escape(certificate.sentence)}</p>\n<dl>{told}</dl>\n"
        f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>\n"
        f"<p>“Read back” is what the vendor itself said afterwards. Written by saasdesk {escape(__version__)}.</p>\n"
        "</body>\n</html>\n"
    )


def _who(answer: AnswerRow) -> str:
    note = f": {answer.note}" if answer.note else ""
    return f"{answer.answered_by or 'nobody'}, {answer.answered_at or ''}{note}".rstrip(", ")

"""How workflows are spoken of: their objects, what begins them, their states, and those of their runs."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from saasdesk.ui.moments import counted, moment_in_words
from saasdesk.ui.status_bar import Progress as StatusProgress
from saasdesk.ui.widgets.status_word import Status, status
from saasdesk.workflows.blocks import Action
from saasdesk.workflows.overview import Standing
from saasdesk.workflows.runner import Progress
from saasdesk.workflows.workflow import Workflow, WorkflowState

_MOST_NAMED = 2

OBJECTS = ("people", "saas_users", "assets")


def object_word(key: str) -> str:
    """What kind of record goes through: "People", "SaaS users", "Assets"."""
    return {"people": _tr("People"), "saas_users": _tr("SaaS users"), "assets": _tr("Assets")}[key]


def counted_records(count: int, key: str) -> str:
    """ "1 person", "3 SaaS users"."""
    one, many = {
        "people": (_tr("{0} person"), _tr("{0} people")),
        "saas_users": (_tr("{0} SaaS user"), _tr("{0} SaaS users")),
        "assets": (_tr("{0} asset"), _tr("{0} assets")),
    }[key]
    return counted(count, one, many)


def vendors_in_words(vendors: Collection[str]) -> str:
    """ "PagerDuty", "JetBrains and PagerDuty", "4 vendors": as many names as a button has room for."""
    if len(vendors) > _MOST_NAMED:
        return _tr("{0} vendors").format(len(vendors))
    return _tr(" and ").join(sorted(vendors))


def began_by(actions: Sequence[Action], schedule: str = "") -> str:
    """What begins a workflow: "Daily at 02:00 · Edited · By hand"."""
    words = {
        Action.CREATED: _tr("Created"),
        Action.EDITED: _tr("Edited"),
        Action.DEACTIVATED: _tr("Deactivated"),
        Action.REACTIVATED: _tr("Reactivated"),
        Action.SCHEDULE: schedule or _tr("Schedule"),
        Action.BY_HAND: _tr("By hand"),
    }
    return " · ".join(words[action] for action in actions) or _tr("Nothing begins it yet")


def event_in_words(event: str) -> str:
    """What brought a record: by hand, a schedule, something that happened to it, or another run."""
    if event.startswith("by hand"):
        return _tr("By hand")
    if event.startswith("schedule"):
        return _tr("Schedule")
    if event.startswith("trigger"):
        return _tr("Change of the record")
    if event.startswith("retry"):
        return _tr("Tried again")
    if event.startswith("run "):
        # A run of a person sends each account on a way of its own.
        return _tr("For each account")
    return event


def state_of_workflow(standing: Standing) -> Status:
    """Icon, word and colour of a workflow's state."""
    workflow = standing.workflow
    match standing.word:
        case "review":
            return status("review", counted(standing.open_calls, _tr("{0} call is open"), _tr("{0} calls are open")))
        case "draft":
            return status("draft", draft_word(workflow))
        case "active" if standing.all_paused:
            return status("paused", _tr("All paused"))
        case "failed":
            return status("errors", _tr("Last run failed"))
        case word:
            return status(word)


def state_word(standing: Standing) -> str:
    """The state in the words that every table has an icon for."""
    key = "paused" if standing.all_paused and standing.word == "active" else standing.word
    return status({"failed": "errors"}.get(key, key)).word


def draft_word(workflow: Workflow) -> str:
    """A draft says which version is not launched yet."""
    return _tr("Draft {0}").format(workflow.version)


def state_of_run(state: str) -> Status:
    """Icon, word and colour of a run's state."""
    known = {"running", "completed", "failed", "cancelled", "interrupted", "waiting"}
    return status(state) if state in known else status("unknown", state)


def state_of_call(state: str) -> Status:
    """Icon, word and colour of what became of a call."""
    match state:
        case "succeeded" | "resolved":
            return status("completed", _tr("Done"))
        case "refused":
            return status("failed", _tr("Refused"))
        case "not_sent":
            return status("cancelled", _tr("Not sent"))
        case "armed":
            return status("running", _tr("On its way"))
        case _:
            return status("review", _tr("Nobody knows"))


def about(workflow: Workflow) -> str:
    """What a job of the workflow is about: it is not run twice at once."""
    return f"workflow:{workflow.id}"


def outcome_of(state: str, verified: str = "") -> Status:
    """How a record came through, with what the vendor said when it was read back."""
    shown = state_of_run(state)
    return replace(shown, word=f"{shown.word}: {verified_word(verified)}") if verified else shown


def verified_word(verified: str) -> str:
    """What reading back showed."""
    return {
        "gone": _tr("gone"),
        "disabled": _tr("disabled"),
        "still active": _tr("still active"),
        "cannot verify": _tr("cannot be verified"),
    }.get(verified, verified)


def describe_run(news: object) -> StatusProgress | None:
    """What the status bar says of a run; None for what it need not show."""
    if not isinstance(news, Progress):
        return None
    return StatusProgress(_tr("{0} of {1}").format(news.done, news.of), news.done / max(1, news.of))


def last_run_in_words(standing: Standing) -> str:
    """When a record last went through, and how it came out."""
    last = standing.last
    if last is None:
        return _tr("Never")
    return f"{moment_in_words(last.started_at)} · {state_of_run(last.state).word}"


def next_run_in_words(standing: Standing) -> str:
    """When its schedule is due next."""
    if standing.all_paused:
        return _tr("None while all workflows are paused")
    if standing.workflow.state is WorkflowState.PAUSED:
        return _tr("None while paused")
    if standing.workflow.state is WorkflowState.DRAFT and Action.SCHEDULE in standing.began_by:
        return _tr("Once it is launched")
    if standing.next_run is None:
        return _tr("When something happens to a record") if _is_triggered(standing) else _tr("When you run it")
    return moment_in_words(standing.next_run)


def _is_triggered(standing: Standing) -> bool:
    return any(action not in {Action.SCHEDULE, Action.BY_HAND} for action in standing.began_by)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Workflows", text)

"""What an admin should look at this morning, the worst first; read in a worker."""

import threading
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from saasdesk.fields import ObjectKind
from saasdesk.licences.seats import Findings, Lane
from saasdesk.notices import NoticeKind, list_notices
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.rules import Operator, Rule
from saasdesk.services import Services
from saasdesk.sync import latest
from saasdesk.ui.formats import day_text, days_as_chosen
from saasdesk.ui.moments import counted, moment_within
from saasdesk.ui.money import figure_text
from saasdesk.ui.pages.integrations.session_words import outcome
from saasdesk.workflows import overview
from saasdesk.workflows.held import CAUSE as HELD_WORKFLOW
from saasdesk.workflows.waiting.approvals import list_approvals

# Whoever left and is active somewhere: a person who is deactivated here, with accounts that are not.
LEFT_BUT_ACTIVE = Rule(field="active_accounts", operator=Operator.GREATER_THAN, value=0)
_NAMED_AT_MOST = 3
_ICONS = {
    NoticeKind.MAIL: "mail",
    NoticeKind.CLOCK: "clock",
    NoticeKind.REPORT: "reports",
    NoticeKind.STALLED: "hourglass",
    NoticeKind.NOT_FINISHED: "hourglass",
}


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing to look at: what it is, why, and the one button that leads to it."""

    icon: str
    tone: str
    title: str
    detail: str
    action: str
    page: str
    argument: object = None


def read_attention(services: Services, findings: Findings, stop: threading.Event) -> list[Attention]:
    """Everything that needs a decision: errors first, then what is held or waits, then what comes soon."""
    found = [
        *_integrations(services),
        *_workflows(services, stop),
        *_approvals(services),
        *_leavers(services, stop),
        *_keys(services),
        *_other_notices(services),
        *_savings(findings),
    ]
    worst_first = ("error", "warn", "muted")
    return sorted(found, key=lambda each: worst_first.index(each.tone))


def _integrations(services: Services) -> list[Attention]:
    found = []
    for standing in latest.standings(services.store):
        name, last = standing.integration.name, standing.last
        good = standing.last_good
        good_word = (
            _tr("last good run {0}").format(moment_within(good.finished_at)) if good and good.finished_at else ""
        )
        if standing.word == "failed" and last is not None:
            detail = " · ".join(part for part in (_first_sentence(last.message), good_word) if part)
            title = _tr("{0}: the last run failed").format(name)
            found.append(Attention("error", "error", title, detail, _tr("Show the run"), "activity", last.id))
        elif standing.word == "overdue" and standing.overdue is not None:
            detail = _tr("It should have begun {0}").format(moment_within(standing.overdue))
            title = _tr("{0}: a run is overdue").format(name)
            place = standing.integration.id
            found.append(Attention("clock", "warn", title, detail, _tr("Open integration"), "integration", place))
        elif standing.word == "errors" and last is not None:
            title = _tr("{0}: errors in the last run").format(name)
            found.append(Attention("warning", "warn", title, outcome(last), _tr("Show the run"), "activity", last.id))
        if standing.held is not None:
            held = counted(
                standing.held.deactivations, _tr("{0} deactivation is held"), _tr("{0} deactivations are held")
            )
            detail = _tr("plan made {0}").format(moment_within(standing.held.created_at))
            found.append(
                Attention("shield", "warn", f"{name}: {held}", detail, _tr("Review plan"), "plan", standing.held.id)
            )
    return found


def _workflows(services: Services, stop: threading.Event) -> list[Attention]:
    found = []
    standings = overview.standings(services.store, services.vault, stop)
    if any(standing.all_paused for standing in standings):
        title, detail = _tr("All workflows are paused"), _tr("Nothing begins until they go on")
        found.append(Attention("paused", "warn", title, detail, _tr("Open Workflows"), "workflows"))
    for standing in standings:
        name, place = standing.workflow.name, (standing.workflow.id, "runs")
        if standing.open_calls:
            calls = counted(standing.open_calls, _tr("{0} call"), _tr("{0} calls"))
            title = _tr("{0}: nobody knows whether {1} arrived").format(name, calls)
            detail = _tr("Look at the vendor, then say what became of it")
            found.append(Attention("warning", "error", title, detail, _tr("Show the runs"), "workflow", place))
        elif standing.word == "failed" and standing.last is not None:
            title = _tr("{0}: the last run failed").format(name)
            detail = " · ".join(part for part in (standing.last.label, _first_sentence(standing.last.message)) if part)
            found.append(Attention("error", "error", title, detail, _tr("Show the runs"), "workflow", place))
    return found


def _approvals(services: Services) -> list[Attention]:
    asked = list_approvals(services.store)
    if not asked:
        return []
    title = counted(len(asked), _tr("{0} approval waits for you"), _tr("{0} approvals wait for you"))
    names = ", ".join(dict.fromkeys(each.subject for each in asked[:_NAMED_AT_MOST]))
    return [Attention("approve", "warn", title, names, _tr("Decide"), "activity", "approvals")]


def _leavers(services: Services, stop: threading.Event) -> list[Attention]:
    people = RecordList(services.store, ObjectKind.PEOPLE)
    query = ListQuery(rule=LEFT_BUT_ACTIVE, sort=(("name", False),), active=False)
    number = people.count(query, stop)
    if not number:
        return []
    ids = people.first_ids(query, _NAMED_AT_MOST, stop)
    rows = people.rows(ids, ("name", "username", "accounts"), stop)
    names = [str(rows[each][0] or rows[each][1] or "") for each in ids if each in rows]
    if number == 1:
        title = _tr("{0} left and still has active accounts").format(names[0])
        return [Attention("leave", "warn", title, "", _tr("Open person"), "person", ids[0])]
    title = _tr("{0} people left and still have active accounts").format(number)
    more = _tr(" and others") if number > len(names) else ""
    return [Attention("leave", "warn", title, ", ".join(names) + more, _tr("Show them"), "people", query)]


def _keys(services: Services) -> list[Attention]:
    found = []
    today = datetime.now().astimezone().date()
    for key in services.vault.list():
        step = key.expiry_step(today)
        if step is None or key.expires is None:
            continue
        days = (key.expires - today).days
        tone = "error" if days < 0 else "warn" if days <= 7 else "muted"
        words = (
            _tr("expired on {0}").format(day_text(key.expires))
            if days < 0
            else _tr("expires today")
            if days == 0
            else counted(days, _tr("expires in {0} day"), _tr("expires in {0} days"))
        )
        title = _tr("The key “{0}” {1}").format(key.name, words)
        detail = _tr("Its runs fail from then on") if days >= 0 else _tr("Its runs fail until it is replaced")
        place = f"credentials:{key.name}"
        found.append(Attention("key", tone, title, detail, _tr("Replace key"), "configuration", place))
    return found


def _other_notices(services: Services) -> list[Attention]:
    """What nothing else here tells of: workflows that are held, runs or mail that are stuck, a clock set back."""
    found = []
    for notice in list_notices(services.store):
        if notice.solved_at is not None:
            continue
        title, body = days_as_chosen(notice.title), days_as_chosen(_first_sentence(notice.body))
        if notice.cause.startswith(f"{HELD_WORKFLOW}:"):
            found.append(Attention("shield", "warn", title, body, _tr("Review plan"), *notice.place))
        elif notice.kind in _ICONS:
            icon = _ICONS[notice.kind]
            found.append(Attention(icon, "warn", title, body, _tr("Open"), *notice.place))
    return found


def _savings(findings: Findings) -> list[Attention]:
    ready = findings.lane(Lane.READY)
    if not ready.seats:
        return []
    title = counted(ready.seats, _tr("{0} seat can be given back"), _tr("{0} seats can be given back"))
    detail = figure_text(ready) if ready.priced else _tr("nobody uses them; they have no price yet")
    return [Attention("cost", "muted", title, detail, _tr("Review seats"), "reclaim", ("lane", Lane.READY.value))]


def _first_sentence(text: str) -> str:
    return text.split(". ", maxsplit=1)[0].rstrip(".")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Attention", text)

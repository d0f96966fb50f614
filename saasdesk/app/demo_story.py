"""Ninety days of the demo's company: what its vendors would have told, day by day, replayed on a clock set back."""

import threading
from collections.abc import Callable
from datetime import timedelta

from saasdesk import clock
from saasdesk.app.demo import launched
from saasdesk.errors import Cancelled
from saasdesk.fields import ObjectKind
from saasdesk.records.editing import set_archived
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.rules import Operator, Rule
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from saasdesk.sync import integrations
from saasdesk.sync.due import take_due
from saasdesk.sync.events import BY_SCHEDULE
from saasdesk.sync.run import RunOptions, run_integration
from saasdesk.sync.sessions import list_sessions

# How many days ago the company is looked at: every week at first, every day at last.
DAYS = (*range(90, 7, -7), *range(6, 0, -1))
BEGAN = timedelta(days=DAYS[0], hours=1)
# At one look in so many, accounts have been used again; a story of all of them would tell of little else.
_LATELY_USED = 4
# What part of the company changes from one look to the next, and before the one that the window opens with.
CHURN, LAST_CHURN = 0.02, 0.1


def has_past(services: Services) -> bool:
    """Whether anything was ever read here."""
    return bool(list_sessions(services.store, limit=1))


def tell_story(
    services: Services, simulator: Simulator, tell: Callable[[float], None], stop: threading.Event | None = None
) -> None:
    """Fill a new demo with its past; one that has a past already is left alone. `tell` hears the share that is done.

    The clock of the whole process is set back meanwhile, so nothing else may be going on.
    """
    if has_past(services):
        return
    halt = stop or threading.Event()
    _change_integrations(services, deactivate_people=True)
    for number, days in enumerate(DAYS):
        if halt.is_set():
            raise Cancelled
        with clock.set_back(timedelta(days=days)):
            if number % _LATELY_USED == 0 or days == DAYS[-1]:
                # Nobody was seen later than on the day of the look.
                simulator.turn_to(clock.now().date())
            for integration in launched(services):
                # As if the schedule had begun it; otherwise three months of slots would be overdue.
                take_due(services.store, integration)
            _read_vendors(services, halt)
            if number == len(DAYS) // 2:
                _archive_two(services)
        if days == DAYS[-1]:
            # The next run takes away more people than this one is told to expect, and is held.
            _change_integrations(services, "pagerduty", deactivate_limit_count=1)
        simulator.churn(CHURN if days > DAYS[-1] else LAST_CHURN)
        tell((number + 1) / len(DAYS))


def _read_vendors(services: Services, stop: threading.Event) -> None:
    """Run every launched integration, one after the other: whoever comes first makes a person.

    Side by side they would tell another story each time.
    """
    options = RunOptions(started_by=BY_SCHEDULE)
    for integration in launched(services):
        run_integration(services.store, services.vault, integration, options, lambda _news: None, stop)


def _change_integrations(services: Services, vendor: str = "", **changes: object) -> None:
    """Change the settings of all integrations of users, or of those of one vendor."""
    for integration in launched(services):
        document = integration.document
        if document.object == "users" and vendor in ("", integration.connector.key):
            integrations.save_integration(services.store, document.model_copy(update=changes))


def _archive_two(services: Services) -> None:
    """Two people are said to have left, and nobody closes their accounts."""
    several = Rule(field="active_accounts", operator=Operator.AT_LEAST, value="3")
    people = RecordList(services.store, ObjectKind.PEOPLE)
    leavers = people.ids(ListQuery(rule=several, sort=(("name", False),), active=True))[:2]
    set_archived(services.store, ObjectKind.PEOPLE, leavers, "left the company", archived=True)

"""Ninety days of the demo's company: what its vendors would have told, day by day, replayed on a clock set back."""

import threading
from collections.abc import Callable
from datetime import timedelta

from saasdesk import clock
from saasdesk.app.demo import fill, launched
from saasdesk.errors import Cancelled
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from saasdesk.sync import integrations
from saasdesk.sync.due import take_due
from saasdesk.sync.events import BY_SCHEDULE
from saasdesk.sync.sessions import list_sessions

# How many days ago the company is looked at: every week at first, every day at last.
DAYS = (*range(90, 7, -7), *range(6, 0, -1))
BEGAN = timedelta(days=DAYS[0], hours=1)
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
    for number, days in enumerate(DAYS):
        if halt.is_set():
            raise Cancelled
        with clock.set_back(timedelta(days=days)):
            for integration in launched(services):
                # As if the schedule had begun it; otherwise three months of slots would be overdue.
                take_due(services.store, integration)
            fill(services, halt, BY_SCHEDULE)
        if days == DAYS[-1]:
            _expect_few_leavers(services)
        simulator.churn(CHURN if days > DAYS[-1] else LAST_CHURN)
        tell((number + 1) / len(DAYS))


def _expect_few_leavers(services: Services) -> None:
    """Let one integration hold its next run, which takes away more people than it is told to expect."""
    integration = next(each for each in launched(services) if each.connector.key == "pagerduty")
    expected = integration.document.model_copy(update={"deactivate_limit_count": 1})
    integrations.save_integration(services.store, expected)

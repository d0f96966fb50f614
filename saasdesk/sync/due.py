"""Which integrations are due, and claiming their slot so that it runs at most once."""

from datetime import datetime, timedelta

from saasdesk.clock import as_text, from_text, now, now_text
from saasdesk.schedule import latest_slot, next_slot, slot_key
from saasdesk.store import Connection, Store
from saasdesk.sync import rows
from saasdesk.sync.integration import Integration, IntegrationState

# So long a run may be late, or go on, before somebody is told.
PATIENCE = timedelta(hours=24)


def next_run(integration: Integration) -> str | None:
    """When the schedule runs the integration next, in UTC; None while it is a draft or paused."""
    if integration.state is not IntegrationState.ACTIVE:
        return None
    return as_text(next_slot(integration.document.schedule, now()))


def overdue_slots(db: Connection, moment: datetime) -> list[tuple[Integration, datetime]]:
    """Integrations whose first slot since they last began, or were last changed, lies more than a day back."""
    found = []
    for integration in rows.integrations(db):
        if integration.state is IntegrationState.ACTIVE:
            slot = next_slot(integration.document.schedule, from_text(rows.waits_since(db, integration.id)))
            if moment - slot > PATIENCE:
                found.append((integration, slot))
    return found


def due_integrations(store: Store, moment: datetime | None = None) -> list[Integration]:
    """Active integrations whose latest slot has not run yet, in the order in which they were made.

    Slots missed while nothing was running coalesce to the latest one. A restored database stays quiet until resumed.
    """
    moment = moment or now()
    if store.settings().scheduling_paused:
        return []
    with store.reading() as db:
        known = [i for i in rows.integrations(db) if i.state is IntegrationState.ACTIVE]
        return [i for i in known if _is_due(db, i, moment)]


def has_schedules(store: Store) -> bool:
    """Whether anything runs by itself."""
    with store.reading() as db:
        return any(integration.state is IntegrationState.ACTIVE for integration in rows.integrations(db))


def _is_due(db: Connection, integration: Integration, moment: datetime) -> bool:
    slot = latest_slot(integration.document.schedule, moment)
    if slot is None or integration.launched_at is None or slot < from_text(integration.launched_at):
        return False
    return not rows.is_slot_taken(db, integration.id, slot_key(integration.document.schedule, slot))


def take_due(store: Store, integration: Integration, moment: datetime | None = None) -> bool:
    """Claim the integration's latest slot; False when another process was quicker."""
    slot = latest_slot(integration.document.schedule, moment or now())
    if slot is None:
        return False
    key = slot_key(integration.document.schedule, slot)
    return store.write(lambda db: rows.take_slot(db, integration.id, key, now_text()))

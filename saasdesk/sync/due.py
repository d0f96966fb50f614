"""Which integrations are due, and claiming their slot so that it runs at most once."""

from datetime import datetime, timedelta

from saasdesk.clock import as_text, from_text, now
from saasdesk.schedule import latest_slot, next_slot, slot_key
from saasdesk.schedule import rows as slots
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
    active = [each for each in rows.integrations(db) if each.state is IntegrationState.ACTIVE]
    since = {each.id: rows.waits_since(db, each.id) for each in active}
    late = [each for each in active if _is_late(each, since[each.id], moment)]
    if not late:
        return []
    # What was due while all schedules rested was not missed. Asked last: it reads the whole audit log.
    resumed = rows.schedules_resumed_at(db) or ""
    began = [(each, max(since[each.id], resumed)) for each in late]
    return [(each, _slot_after(each, start)) for each, start in began if _is_late(each, start, moment)]


def _slot_after(integration: Integration, since: str) -> datetime:
    return next_slot(integration.document.schedule, from_text(since))


def _is_late(integration: Integration, since: str, moment: datetime) -> bool:
    return moment - _slot_after(integration, since) > PATIENCE


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
    return not slots.is_slot_taken(db, "integration", integration.id, slot_key(integration.document.schedule, slot))


def take_due(store: Store, integration: Integration, moment: datetime | None = None) -> bool:
    """Claim the integration's latest slot; False when another process was quicker."""
    moment = moment or now()
    slot = latest_slot(integration.document.schedule, moment)
    if slot is None:
        return False
    key = slot_key(integration.document.schedule, slot)
    return store.write(lambda db: slots.take_slot(db, "integration", integration.id, key, as_text(moment)))

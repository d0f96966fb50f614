"""How integrations stand, in one word."""

from saasdesk.sync import integrations
from saasdesk.sync.due import take_due
from saasdesk.sync.integration import Integration
from saasdesk.sync.latest import Standing, standings
from tests.sync.conftest import Office

LONG_AGO = "2026-03-01T12:00:00Z"


def forgotten(office: Office) -> Integration:
    """Launched long ago; no run has begun since."""
    integration = office.integrate()
    office.store.write(
        lambda db: db.execute_sql("UPDATE integration SET launched_at = ?, updated_at = ?", (LONG_AGO, LONG_AGO))
    )
    return integration


def standing(office: Office) -> Standing:
    (found,) = standings(office.store)
    return found


def test_that_one_whose_run_did_not_begin_is_overdue_since_its_slot(office: Office) -> None:
    forgotten(office)

    found = standing(office)

    assert found.word == "overdue"
    assert found.overdue is not None
    assert found.overdue.startswith("2026-03-0")


def test_that_it_is_overdue_no_more_once_its_slot_is_taken(office: Office) -> None:
    integration = forgotten(office)

    assert take_due(office.store, integration)

    assert standing(office).word == "active"


def test_that_nothing_is_overdue_while_it_is_paused_or_all_schedules_rest(office: Office) -> None:
    integration = forgotten(office)
    office.store.save_setting("scheduling_paused", "true")
    assert standing(office).word == "active"
    office.store.save_setting("scheduling_paused", "false")

    integrations.pause(office.store, integration)

    assert standing(office).word == "paused"

"""What did not happen is told too: once, and by the clock that the test sets."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Vault
from saasdesk.notices import Notice, NoticeKind, list_notices
from saasdesk.profile import open_profile
from saasdesk.schedule.rows import take_slot
from saasdesk.store import Store
from saasdesk.sync import integrations, rows
from saasdesk.sync.due import take_due
from saasdesk.sync.integration import Integration, IntegrationDocument, with_default_mapping
from saasdesk.sync.watchdog import watch

PAGERDUTY = CONNECTORS["pagerduty"]
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(open_profile(tmp_path / "profile", demo=True)) as opened:
        yield opened


@pytest.fixture
def vault(store: Store) -> Vault:
    return Vault(store)


@pytest.fixture
def launched(store: Store, vault: Vault) -> Integration:
    """Daily at 02:30 in UTC, launched at noon of the first of March."""
    vault.set("pd key", PAGERDUTY, "u+abcdefghijklmnop")
    document = IntegrationDocument.model_validate(
        {
            "name": "PagerDuty users",
            "connector": "pagerduty",
            "credential": "pd key",
            "contacts": ["it@example.com"],
            "schedule": {"every": "day", "at": "02:30", "timezone": "UTC"},
        }
    )
    saved = integrations.save_integration(store, with_default_mapping(document, PAGERDUTY))
    integrations.launch(store, saved, vault.known())
    noon = "2026-03-01T12:00:00Z"
    store.write(lambda db: db.execute_sql("UPDATE integration SET launched_at = ?, updated_at = ?", (noon, noon)))
    return integrations.find_integration(store, "PagerDuty users")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def unread(store: Store) -> list[Notice]:
    return [notice for notice in list_notices(store) if notice.is_unread]


# ----- a run that did not begin


def test_that_a_slot_is_missed_only_when_nothing_caught_it_up_within_a_day(store: Store, launched: Integration) -> None:
    watch(store, at("2026-03-03T02:30"))
    assert unread(store) == []

    watch(store, at("2026-03-03T02:31"))

    (notice,) = unread(store)
    assert notice.kind is NoticeKind.SLOT_MISSED
    assert "2026-03-02 at 02:30" in notice.body
    assert notice.place == ("integration", launched.id)


def test_that_the_same_missed_slot_is_told_once_however_long_it_lasts(store: Store, launched: Integration) -> None:
    for days in range(5):
        watch(store, at("2026-03-04T08:00") + days * DAY)

    assert [notice.count for notice in list_notices(store)] == [1]
    with store.reading() as db:
        assert db.execute_sql("SELECT count(*) FROM mail").fetchone() == (1,)


def test_that_a_slot_that_was_caught_up_was_not_missed(store: Store, launched: Integration) -> None:
    store.write(lambda db: take_slot(db, "integration", launched.id, "2026-03-02T02:30", "2026-03-02T11:00:00Z"))

    watch(store, at("2026-03-04T02:00"))

    assert unread(store) == []


def test_that_nothing_is_missed_while_an_integration_or_every_schedule_rests(
    store: Store, launched: Integration
) -> None:
    store.save_setting("scheduling_paused", "true")
    watch(store, at("2026-03-09T08:00"))
    store.save_setting("scheduling_paused", "false")
    # Whoever lets schedules go on today has not missed what was due last week.
    watch(store, at("2026-03-09T08:00"))
    integrations.pause(store, launched)
    watch(store, datetime.now(UTC) + 9 * DAY)

    assert list_notices(store) == []


def test_that_a_changed_schedule_is_not_blamed_for_the_one_before(store: Store, launched: Integration) -> None:
    schedule = launched.document.schedule.model_copy(update={"at": "18:00"})
    integrations.save_integration(store, launched.document.model_copy(update={"schedule": schedule}))

    watch(store, at("2026-03-09T08:00"))

    assert list_notices(store) == []


def test_that_a_caught_up_slot_waits_for_the_one_after_it(store: Store, launched: Integration) -> None:
    morning = datetime.now(UTC)
    assert take_due(store, launched, morning)

    watch(store, morning + 3 * DAY)

    assert [notice.kind for notice in unread(store)] == [NoticeKind.SLOT_MISSED]


# ----- a run that does not end


def test_that_a_run_of_more_than_a_day_is_told_once(store: Store, launched: Integration) -> None:
    store.write(lambda db: take_slot(db, "integration", launched.id, "2026-03-02T02:30", "2026-03-02T02:30:30Z"))
    session = store.write(lambda db: rows.begin_session(db, launched, "run", "schedule", "2026-03-02T02:30:30Z"))
    watch(store, at("2026-03-03T02:29"))
    assert unread(store) == []

    watch(store, at("2026-03-03T02:31"))
    watch(store, at("2026-03-03T02:32"))

    (notice,) = unread(store)
    assert (notice.kind, notice.count, notice.place) == (NoticeKind.NOT_FINISHED, 1, ("activity", session))


# ----- a key that expires


def test_that_a_key_is_mentioned_at_14_at_7_and_at_1_day_and_when_it_is_over(store: Store, vault: Vault) -> None:
    vault.set("pd key", PAGERDUTY, "u+abcdefghijklmnop", expires=date(2026, 6, 30))
    seen = []
    for day in range(10, 32):
        before = len(list_notices(store))
        watch(store, datetime(2026, 6, 1, 12, tzinfo=UTC) + (day - 1) * DAY)
        if len(list_notices(store)) > before:
            seen.append(day)

    assert seen == [16, 23, 29, 31]
    (notice,) = unread(store)
    assert notice.title == "The key “pd key” has expired"
    assert notice.place == ("configuration", "credentials:pd key")


def test_that_a_replaced_key_is_mentioned_no_more(store: Store, vault: Vault) -> None:
    noon = datetime(2026, 6, 25, 12, tzinfo=UTC)
    vault.set("pd key", PAGERDUTY, "u+abcdefghijklmnop", expires=date(2026, 6, 30))
    watch(store, noon)
    assert len(unread(store)) == 1

    vault.set("pd key", PAGERDUTY, "u+qrstuvwxyzabcdef", expires=date(2027, 6, 30))
    watch(store, noon)

    assert unread(store) == []


def test_that_whoever_is_a_contact_where_the_key_is_used_hears_of_it(
    store: Store, vault: Vault, launched: Integration
) -> None:
    vault.set("pd key", PAGERDUTY, "u+abcdefghijklmnop", expires=date(2026, 3, 2))

    watch(store, at("2026-03-01T13:00"))

    (notice,) = unread(store)
    assert "“PagerDuty users”" in notice.body
    with store.reading() as db:
        assert db.execute_sql("SELECT recipient FROM mail").fetchall() == [("it@example.com",)]

"""A muted integration calls nobody: its notices are kept as read, and its failures stand where they stood."""

from datetime import datetime, timedelta

import pytest

from saasdesk.clock import as_text, now
from saasdesk.errors import UserError
from saasdesk.notices import NoticeKind, list_notices, unread_count
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.store.audit import verify
from saasdesk.sync import integrations, latest, muting
from saasdesk.sync.telling import settle_stalled, tell_stalled
from saasdesk.sync.watchdog import watch
from tests.sync.conftest import NAME, Office

CONTACT = "it@example.com"


def set_up(office: Office, until: datetime | None = None) -> None:
    mute(office, until)
    office.simulator.faults.add(Fault(FaultKind.STATUS, vendor="pagerduty", status=401))


def mute(office: Office, until: datetime | None = None) -> None:
    office.integrate(contacts=[CONTACT])
    muting.mute(office.store, integrations.find_integration(office.store, NAME), until)


def waiting(office: Office) -> int:
    return int(str(office.value("SELECT count(*) FROM mail")))


def test_that_a_failure_is_kept_and_shown_but_calls_nobody(office: Office) -> None:
    set_up(office)

    office.run()

    (notice,) = list_notices(office.store)
    assert (notice.kind, notice.is_unread, notice.solved_at) == (NoticeKind.RUN_FAILED, False, None)
    assert waiting(office) == 0
    assert [standing.word for standing in latest.standings(office.store)] == ["failed"]


def test_that_the_next_failure_after_it_is_told_again(office: Office) -> None:
    set_up(office, now() + timedelta(hours=1))
    office.run()
    assert unread_count(office.store) == 0

    muting.unmute(office.store, integrations.find_integration(office.store, NAME))
    office.run()

    assert (unread_count(office.store), waiting(office)) == (1, 1)
    assert muting.muted_integrations(office.store) == {}
    assert verify(office.store) == []


def test_that_a_silence_ends_by_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    mute(office, now() + timedelta(hours=1))
    assert list(muting.muted_integrations(office.store)) == [1]

    later = as_text(now() + timedelta(hours=2))
    monkeypatch.setattr(muting, "now_text", lambda: later)

    assert muting.muted_integrations(office.store) == {}


def test_that_a_moment_that_is_over_is_refused(office: Office) -> None:
    with pytest.raises(UserError, match="over already"):
        mute(office, now() - timedelta(minutes=1))


def test_that_a_deleted_integration_leaves_its_silence_to_nobody(office: Office) -> None:
    mute(office)
    integrations.delete_integration(office.store, integrations.find_integration(office.store, NAME))

    office.integrate()

    assert muting.muted_integrations(office.store) == {}


def test_that_a_key_that_expires_is_told_without_mail_to_the_muted(office: Office) -> None:
    mute(office)
    today = now().astimezone().date()
    office.store.write(lambda db: db.execute_sql("UPDATE credential SET expires = ?", (today.isoformat(),)).rowcount)

    watch(office.store)

    assert [notice.kind for notice in list_notices(office.store)] == [NoticeKind.KEY_EXPIRES]
    assert (unread_count(office.store), waiting(office)) == (1, 0)


def test_that_a_run_that_stalls_is_told_in_the_program_and_settled_by_its_end(office: Office) -> None:
    office.integrate(contacts=[CONTACT])
    found = integrations.find_integration(office.store, NAME)
    at = as_text(now())
    office.store.write(lambda db: tell_stalled(db, found, None, 10, at))
    (notice,) = list_notices(office.store)
    assert (notice.title, notice.place) == (f"The run of “{NAME}” has stalled", ("activity", None))
    assert waiting(office) == 0

    office.run()

    assert list_notices(office.store)[0].solved_at is not None
    office.store.write(lambda db: tell_stalled(db, found, 7, 10, at))
    office.store.write(lambda db: settle_stalled(db, found, at))
    assert unread_count(office.store) == 0

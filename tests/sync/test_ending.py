"""How a run ends: cancelled, crashed, refused; and that nothing half-done is left."""

import threading
from datetime import date

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.errors import UserError
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.store.audit import verify
from saasdesk.sync import sessions
from saasdesk.sync.events import PagesRead, PhaseBegan, Status
from tests.sync.conftest import NAME, Office


@pytest.mark.parametrize("phase", ["Reading users", "Working out the changes", "Saving"])
def test_p09_that_cancel_changes_no_record_whenever_it_comes(office: Office, phase: str) -> None:
    office.integrate()

    def cancel(news: object) -> None:
        if isinstance(news, PhaseBegan) and news.text == phase:
            office.stop.set()

    result = office.run(tell=cancel)

    assert result.status is Status.CANCELLED
    assert result.exit_code == 130
    assert office.value("SELECT count(*) FROM person") == 0
    office.stop.clear()
    assert office.run().status is Status.COMPLETED


def test_p09_that_cancel_ends_a_wait_for_a_silent_vendor_within_two_seconds(office: Office) -> None:
    office.integrate()
    office.simulator.faults.add(Fault(FaultKind.HANG, endpoint="users"))
    results = []
    thread = threading.Thread(target=lambda: results.append(office.run()))
    thread.start()
    thread.join(0.4)

    office.stop.set()
    thread.join(2.5)

    assert not thread.is_alive()
    assert results[0].status is Status.CANCELLED


def test_p02_that_a_finished_run_is_in_the_database_with_its_counts(office: Office) -> None:
    office.integrate()

    result = office.run()

    stored = sessions.find_session(office.store, result.session)
    assert stored.status is Status.COMPLETED
    assert stored.counts == result.counts
    assert stored.evidence["stated_end"] is True


def test_p01_that_a_failure_while_saving_leaves_everything_as_it_was(office: Office) -> None:
    office.integrate()
    office.store.write(
        lambda db: db.execute_sql(
            "CREATE TRIGGER break_it BEFORE INSERT ON licence WHEN (SELECT count(*) FROM licence) > 3 "
            "BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END"
        )
    )

    with pytest.raises(Exception, match="broken on purpose"):
        office.run()

    assert office.value("SELECT count(*) FROM person") == 0
    assert office.value("SELECT count(*) FROM change WHERE session IS NOT NULL") == 0
    office.store.write(lambda db: db.execute_sql("DROP TRIGGER break_it"))
    assert office.run().status is Status.COMPLETED


def test_that_records_edited_while_a_plan_was_made_are_planned_again(office: Office) -> None:
    office.integrate()
    office.run()
    look = "UPDATE source_link SET raw_hash = NULL"
    office.store.write(lambda db: db.execute_sql(look))
    edited: list[bool] = []

    def edit(news: object) -> None:
        if isinstance(news, PhaseBegan) and news.text == "Saving" and not edited:
            edited.append(True)
            office.store.write(
                lambda db: db.execute_sql(
                    "INSERT INTO change (cause, at, object, record, kind) VALUES ('by hand', '', 'people', 1, 'update')"
                )
            )

    result = office.run(tell=edit)

    assert edited
    assert result.status is Status.COMPLETED


def test_p17_that_a_missing_key_is_exit_3_and_a_sentence(office: Office) -> None:
    office.integrate()
    office.vault.delete("pd key", used_by=lambda _: [], force=True)

    result = office.run()

    assert (result.status, result.exit_code) == (Status.FAILED, 3)
    assert "pd key" in result.message


def test_p17_that_a_key_past_its_day_is_said_to_have_expired(office: Office) -> None:
    office.integrate()
    access = office.simulator.access()["pagerduty"]
    connector = CONNECTORS["pagerduty"]
    office.vault.set("pd key", connector, access["key"], base_url=access["base_url"], expires=date(2020, 1, 31))
    office.simulator.faults.add(Fault(FaultKind.STATUS, endpoint="users", status=401))

    result = office.run()

    assert result.exit_code == 3
    assert "The key expired on 2020-01-31" in result.message


def test_p17_that_a_vendor_that_is_not_there_is_exit_4(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.integrate()
    office.simulator.stop()
    monkeypatch.setattr("saasdesk.web.waiting.random.uniform", lambda _least, _most: 0)

    result = office.run()

    assert (result.status, result.exit_code) == (Status.FAILED, 4)
    assert "127.0.0.1" in result.message


def test_that_a_crash_is_noted_at_the_next_start(office: Office) -> None:
    integration = office.integrate()
    from saasdesk.sync import rows

    session = office.store.write(
        lambda db: rows.begin_session(db, integration, "run", "by hand", "2026-01-01T00:00:00Z")
    )

    names = sessions.recover(office.store)

    assert names == [NAME]
    assert sessions.find_session(office.store, session).status is Status.INTERRUPTED
    assert sessions.recover(office.store) == []


def test_p16_that_every_run_is_in_the_audit_log_with_the_hash_of_its_changes(office: Office) -> None:
    office.integrate()
    office.run()
    office.simulator.churn(0.2)
    office.run()

    assert verify(office.store) == []
    office.store.write(lambda db: db.execute_sql("UPDATE change SET reason = 'forged' WHERE id = 3"))
    assert len(verify(office.store)) == 1


def test_that_progress_is_told_at_most_ten_times_a_second(office: Office) -> None:
    office.integrate()

    office.run()

    pages = [news for news in office.news if isinstance(news, PagesRead)]
    assert len(pages) == 1
    assert (pages[0].read, pages[0].expected) == (40, 40)


def test_p10_that_hostile_names_are_kept_as_they_are(office: Office) -> None:
    office.integrate()
    office.simulator.faults.add(Fault(FaultKind.HOSTILE_TEXT))

    result = office.run()

    names = {str(row[0]) for row in office.rows("SELECT name FROM person")}
    assert result.status in {Status.COMPLETED, Status.COMPLETED_WITH_ERRORS}
    assert any(name.startswith("=HYPERLINK") for name in names)
    assert any("\u202e" in name for name in names)


def test_that_a_record_without_an_id_is_reported_and_nobody_is_called_missing(office: Office) -> None:
    office.integrate()
    office.run()
    office.simulator.faults.add(Fault(FaultKind.NO_ID))

    result = office.run()

    assert result.status is Status.INCOMPLETE
    assert office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 0


def test_that_launching_says_everything_that_is_missing(office: Office) -> None:
    with pytest.raises(UserError, match="Map Role") as caught:
        office.integrate(map=[{"source": "email", "target": "email"}, {"source": "email", "target": "username"}])

    assert "sync key" in str(caught.value)


def test_that_what_is_read_before_the_users_has_words_of_its_own_and_a_duration(office: Office) -> None:
    office.integrate()

    result = office.run()

    phases = [news.text for news in office.news if isinstance(news, PhaseBegan)]
    licences = phases.index("Reading licences")
    assert phases[licences - 1] == phases[licences + 1] == "Reading users"
    evidence = sessions.find_session(office.store, result.session).evidence
    assert [name for name, seconds in evidence["phases"] if seconds >= 0] == [
        "Signing in",
        "Reading users",
        "Reading licences",
        "Reading last activity",
        "Working out the changes",
        "Saving",
    ]
    assert evidence["user"]
    assert evidence["version"]


def test_that_a_run_that_is_cancelled_before_it_began_ends_as_cancelled(office: Office) -> None:
    office.integrate()
    office.stop.set()

    assert office.run().status.value == "cancelled"

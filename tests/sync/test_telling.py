"""What the admin is told of runs: failures, held plans, and that they were seen to."""

import threading

import pytest

from saasdesk.notices import Notice, NoticeKind, list_notices
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.sync import integrations, plans, run, sessions
from saasdesk.sync import rows as sync_rows
from saasdesk.sync.events import PhaseBegan, Status
from tests.sync.conftest import NAME, Office
from tests.sync.test_safeguards import leave


def told(office: Office) -> list[tuple[NoticeKind, int]]:
    """What nobody has read or seen to yet."""
    return [(notice.kind, notice.count) for notice in list_notices(office.store) if notice.is_unread]


def only(office: Office) -> Notice:
    (notice,) = list_notices(office.store)
    return notice


def refuse(office: Office) -> Fault:
    return office.simulator.faults.add(Fault(FaultKind.STATUS, vendor="pagerduty", status=401))


def test_that_a_failed_run_is_told_with_its_reason_and_its_session(office: Office) -> None:
    office.integrate(contacts=["it@example.com"])
    refuse(office)
    result = office.run()

    notice = only(office)
    assert notice.kind is NoticeKind.RUN_FAILED
    assert notice.title == f"“{NAME}” failed"
    assert notice.body == result.message
    assert notice.place == ("activity", result.session)
    assert office.rows("SELECT recipient, body FROM mail") == [("it@example.com", result.message)]


def test_that_failing_again_is_counted_and_a_run_that_goes_through_settles_it(office: Office) -> None:
    office.integrate(contacts=["it@example.com"])
    fault = refuse(office)
    office.run()
    office.run()
    assert told(office) == [(NoticeKind.RUN_FAILED, 2)]
    assert office.value("SELECT count(*) FROM mail") == 1

    office.simulator.faults.remove(fault)
    office.run()

    assert told(office) == []
    assert only(office).solved_at is not None


@pytest.mark.parametrize("options", [{"preview": True}, {"preview": True, "is_test": True, "limit": 3}])
def test_that_a_preview_tells_nobody(office: Office, options: dict[str, object]) -> None:
    office.integrate()
    refuse(office)
    assert office.run(**options).status is Status.FAILED

    assert list_notices(office.store) == []


def test_that_a_cancelled_run_is_no_news(office: Office) -> None:
    office.integrate()

    result = office.run(tell=lambda _news: office.stop.set())

    assert result.status is Status.CANCELLED
    assert list_notices(office.store) == []


def test_that_a_held_plan_is_one_notice_until_it_is_decided(office: Office) -> None:
    office.integrate()
    office.run()
    leave(office, 30)
    office.run()
    held = office.run()
    assert told(office) == [(NoticeKind.PLAN_HELD, 2)]
    assert only(office).place == ("plan", held.plan)

    plans.reject(office.store, held.plan or 0)

    assert told(office) == []


def test_that_an_approved_plan_waits_for_nobody(office: Office) -> None:
    office.integrate()
    office.run()
    leave(office, 30)
    held = office.run()

    plans.approve(office.store, held.plan or 0, 30)

    assert told(office) == []


def test_that_a_run_that_is_not_through_after_a_day_is_stopped_and_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "LONGEST_RUN_SECONDS", 0.05)
    office.integrate()
    given_up = threading.Event()

    def wait_for_the_end(news: object) -> None:
        if isinstance(news, PhaseBegan) and not given_up.is_set():
            office.stop.wait(10)
            given_up.set()

    result = office.run(tell=wait_for_the_end)

    assert result.status is Status.FAILED
    assert "24 hours" in result.message
    assert told(office) == [(NoticeKind.NOT_FINISHED, 1)]


def test_that_a_run_that_a_crash_cut_off_is_told_at_the_next_start(office: Office) -> None:
    integration = office.integrate()
    office.store.write(lambda db: sync_rows.begin_session(db, integration, "run", "schedule", "2026-03-01T02:30:00Z"))

    sessions.recover(office.store)

    assert told(office) == [(NoticeKind.RUN_FAILED, 1)]
    assert only(office).title == f"“{NAME}” was interrupted"


def test_that_nothing_is_left_to_do_once_the_integration_is_deleted(office: Office) -> None:
    integration = office.integrate()
    refuse(office)
    office.run()

    integrations.delete_integration(office.store, integration)

    assert told(office) == []

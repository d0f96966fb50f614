"""The demo's company has a past: looked at week by week on a clock set back, and one plan held at the end."""

import threading
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from saasdesk import clock
from saasdesk.app import demo_story
from saasdesk.app.demo import demo_services, fill
from saasdesk.fields import ObjectKind
from saasdesk.licences.prices import list_contracts
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.records.past import moment_of_day, past_store
from saasdesk.store import Store
from saasdesk.sync.due import overdue_slots
from saasdesk.sync.sessions import list_sessions

DAYS = (15, 8, 1)


def latest_activity(store: Store) -> str:
    """When somebody was last seen anywhere."""
    with store.reading() as db:
        return str(db.execute_sql("SELECT max(last_activity) FROM saas_user").fetchone()[0])


def test_that_the_demo_comes_with_a_past_a_key_that_expires_and_a_held_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_story, "DAYS", DAYS)
    # Of a company this small more must go, so that there are leavers enough.
    monkeypatch.setattr(demo_story, "LAST_CHURN", 0.4)
    told: list[float] = []
    with demo_services(tmp_path / "demo", 60, began=timedelta(days=16)) as (services, simulator):
        store = services.store
        demo_story.tell_story(services, simulator, told.append)

        runs = [session for session in list_sessions(store) if session.kind == "run"]
        days = {(clock.now() - clock.from_text(run.started_at)).days for run in runs}
        assert days == set(DAYS)
        assert {run.started_by for run in runs} == {"schedule"}
        assert told[-1] == 1
        with store.reading() as db:
            assert overdue_slots(db, clock.now()) == []
        week_ago = moment_of_day(store, clock.now() - timedelta(days=12))
        with past_store(store, week_ago, lambda _share: None) as past:
            assert RecordList(past, ObjectKind.PEOPLE).count(ListQuery()) == 60
            assert latest_activity(past) < week_ago.at, "nobody was seen after the moment that is looked at"
        assert latest_activity(store) > clock.as_text(clock.now() - timedelta(days=5))
        assert any(key.expires is not None for key in services.vault.list())
        (contract,) = list_contracts(store)
        assert contract.last_day_to_cancel is not None
        assert contract.last_day_to_cancel > clock.now().date(), "a contract that ended long ago tells nobody anything"
        results = fill(services, threading.Event())
        assert {r.status.value for r in results if r.integration == "PagerDuty users"} == {"stopped_by_safeguard"}

        before = len(list_sessions(store))
        demo_story.tell_story(services, simulator, told.append)
        assert len(list_sessions(store)) == before, "a past is told once"


def test_that_the_clock_is_right_again_whatever_happened_in_the_past() -> None:
    before = clock.now()

    with suppress(RuntimeError), clock.set_back(timedelta(days=3)):
        assert before - clock.now() > timedelta(days=2)
        raise RuntimeError("then")

    assert timedelta() <= clock.now() - before < timedelta(minutes=1)


def facts_of_a_story(folder: Path) -> list[object]:
    with demo_services(folder, 40, began=timedelta(days=16)) as (services, simulator):
        demo_story.tell_story(services, simulator, lambda _share: None)
        people = RecordList(services.store, ObjectKind.PEOPLE)
        keys = ("username", "name", "job_title", "record_state", "active_accounts", "active_licences", "last_activity")
        counts = [session.counts for session in list_sessions(services.store)]
        return [*counts, *people.iterate(ListQuery(sort=(("username", False),), active=None), keys)]


def test_that_the_story_is_the_same_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_story, "DAYS", DAYS)

    assert facts_of_a_story(tmp_path / "once") == facts_of_a_story(tmp_path / "again")

"""Several integrations side by side: who overlaps, who waits, and that nobody's failure is another's."""

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.jobs import Jobs
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.store import Connection
from saasdesk.sync import integrations
from saasdesk.sync.events import PhaseBegan, Status, SyncResult
from saasdesk.sync.integration import Integration
from saasdesk.sync.run import RunOptions, run_integration
from saasdesk.sync.sessions import list_sessions, recover
from saasdesk.sync.staging.rows import filling
from saasdesk.sync.together import about, run_together
from tests.sync.conftest import Office

TITLES = ("EU", "US")

# A change by another hand: what is left of one in the history.
EDIT = """INSERT INTO change (cause, at, object, record, kind)
          VALUES ('by hand', '2026-01-01T00:00:00Z', 'people', 1, 'update')"""


class Branches(Office):
    """An office with two accounts of one vendor, each with a key and an integration of its own."""

    def __init__(self, folder: Path, first: Simulator, second: Simulator) -> None:
        super().__init__(folder, first)
        self.simulators = {"EU": first, "US": second}
        self.jobs = Jobs(lambda _message: None)
        self.told: list[tuple[int, str]] = []
        self.on_phase: Callable[[int, str], None] = lambda _position, _text: None
        for name, simulator in self.simulators.items():
            self.add_key(f"{name} key", simulator)
            self.integrate(name, credential=f"{name} key", saas_application=name)

    def add_key(self, name: str, simulator: Simulator) -> None:
        """Store a key under one more name."""
        access = simulator.access()["pagerduty"]
        self.vault.set(name, CONNECTORS["pagerduty"], access["key"], base_url=access["base_url"])

    def wanted(self, *names: str) -> list[Integration]:
        """The integrations of these names, as they are now."""
        return [integrations.find_integration(self.store, name) for name in names]

    def run_both(self, *names: str, **options: object) -> list[SyncResult]:
        """Run them side by side."""
        wanted = self.wanted(*(names or TITLES))
        return run_together(
            self.store,
            self.vault,
            wanted,
            RunOptions(**options),
            self.jobs,
            self._tell,
            self.stop,  # type: ignore[arg-type]
        )

    def _tell(self, position: int, news: object) -> None:
        if isinstance(news, PhaseBegan):
            self.told.append((position, news.text))
            self.on_phase(position, news.text)


def meet_at(barrier: threading.Barrier) -> Callable[[int, str], None]:
    """Runs that wait for one another when they begin to read."""

    def on_phase(_position: int, text: str) -> None:
        if text == "Reading users":
            barrier.wait()

    return on_phase


@pytest.fixture
def branches(tmp_path: Path, people: int) -> Iterator[Branches]:
    """Two accounts of the same company, so that the same people are in both."""
    with Simulator(people) as first, Simulator(people) as second:
        desk = Branches(tmp_path / "profile", first, second)
        yield desk
        desk.close()


def test_that_runs_with_keys_of_their_own_overlap_and_results_come_in_the_order_asked(branches: Branches) -> None:
    both_read = threading.Barrier(2, timeout=20)
    branches.on_phase = meet_at(both_read)

    results = branches.run_both("US", "EU")

    assert [(result.integration, result.status) for result in results] == [
        ("US", Status.COMPLETED),
        ("EU", Status.COMPLETED),
    ]
    assert not both_read.broken
    assert branches.value("SELECT count(*) FROM saas_user WHERE NOT deactivated") == 80
    assert not branches.store.profile.left_stages()


def test_that_two_runs_over_the_same_people_make_each_of_them_once(branches: Branches) -> None:
    both_read = threading.Barrier(2, timeout=20)
    # Neither begins to plan before both know what the vendor has, and nobody of it is here yet.
    branches.on_phase = meet_at(both_read)

    results = branches.run_both()

    truth = {account.email for account in branches.simulator.truth("pagerduty")}
    assert {row[0] for row in branches.rows("SELECT email FROM person")} == truth
    assert branches.value("SELECT count(*) FROM person") == len(truth)
    assert sorted(result.counts["people"]["created"] for result in results) == [0, 40]
    shared = branches.value("SELECT count(*) FROM (SELECT person FROM saas_user GROUP BY person HAVING count(*) = 2)")
    assert shared == 40
    assert [result.status for result in branches.run_both()] == [Status.COMPLETED] * 2
    assert branches.value("SELECT count(*) FROM change WHERE session > 2") == 0


@pytest.mark.parametrize(
    ("second_key", "why", "status"),
    [
        ("EU key", "Waiting for “{0}”, which uses the same key", Status.QUEUED),
        ("eu KEY", "Waiting for “{0}”, which uses the same key", Status.QUEUED),
        ("EU spare key", "Waiting for “{0}”, which reads the same organisation", Status.FETCHING),
    ],
)
def test_that_of_two_runs_at_one_organisation_one_waits_and_says_so(
    branches: Branches, second_key: str, why: str, status: Status
) -> None:
    branches.add_key("EU spare key", branches.simulator)
    branches.integrate("EU again", credential=second_key, saas_application="EU again")
    names = ("EU", "EU again")
    waits = threading.Event()
    seen: list[set[str]] = []
    begun: set[int] = set()

    def on_phase(position: int, text: str) -> None:
        # What is read besides stands between two parts of the reading.
        if text == "Reading users" and position not in begun:
            begun.add(position)
            waits.wait(20)
            seen.append({session.status for session in list_sessions(branches.store)})
        elif text.startswith("Waiting for"):
            waits.set()

    branches.on_phase = on_phase

    results = branches.run_both(*names)

    assert [result.status for result in results] == [Status.COMPLETED] * 2
    assert seen == [{Status.FETCHING, status}, {Status.COMPLETED, Status.FETCHING}]
    (late,) = (position for position, text in branches.told if text.startswith("Waiting for"))
    first = 1 - late
    assert (late, why.format(names[first])) in branches.told
    assert branches.told.index((first, "Saving")) < branches.told.index((late, "Reading users"))


def test_that_runs_side_by_side_work_on_what_came_one_at_a_time(
    branches: Branches, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work: set[int] = set()
    most = 0

    def insert_slowly(db: Connection, vendor_ids: Iterable[str]) -> None:
        nonlocal most
        at_work.add(threading.get_ident())
        most = max(most, len(at_work))
        threading.Event().wait(0.2)
        at_work.discard(threading.get_ident())
        insert_seen(db, vendor_ids)

    insert_seen = filling.insert_seen
    monkeypatch.setattr(filling, "insert_seen", insert_slowly)
    branches.on_phase = meet_at(threading.Barrier(2, timeout=20))

    branches.run_both()

    assert most == 1


def test_that_an_integration_asked_for_twice_runs_twice_one_after_the_other(branches: Branches) -> None:
    results = branches.run_both("EU", "EU")

    assert [result.status for result in results] == [Status.COMPLETED] * 2
    assert sorted(result.counts["created"] for result in results) == [0, 80]


def test_that_one_vendor_down_leaves_the_other_alone(branches: Branches, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saasdesk.web.waiting.random.uniform", lambda _least, _most: 0)
    branches.run_both()
    branches.simulators["EU"].faults.add(Fault(FaultKind.STATUS, endpoint="", status=503))
    gone = branches.simulators["US"].churn(0.05)["pagerduty"].gone

    down, other = branches.run_both()

    assert (down.status, down.exit_code, other.status) == (Status.FAILED, 4, Status.COMPLETED)
    assert other.counts["deactivated"] == len(gone) > 0
    assert down.counts["deactivated"] == 0
    eu = branches.rows(
        """SELECT count(*) FROM saas_user u JOIN saas_application a ON a.id = u.saas_application
           WHERE a.name = 'EU' AND NOT u.deactivated"""
    )
    assert eu == [(40,)]


def test_that_a_bug_in_one_run_is_raised_when_the_others_are_over(
    branches: Branches, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_phase(position: int, text: str) -> None:
        if (position, text) == (0, "Reading users"):
            raise ZeroDivisionError

    branches.on_phase = on_phase

    with pytest.raises(ZeroDivisionError):
        branches.run_both()

    sessions = {session.integration_name: session.status for session in list_sessions(branches.store)}
    assert sessions == {"EU": Status.FAILED, "US": Status.COMPLETED}


def test_p09_that_a_stop_cancels_all_of_them_also_who_waits(branches: Branches) -> None:
    branches.integrate("EU again", credential="EU key", saas_application="EU again")

    def on_phase(_position: int, text: str) -> None:
        if text.startswith("Waiting"):
            branches.stop.set()

    branches.on_phase = on_phase
    branches.simulators["EU"].faults.add(Fault(FaultKind.HANG))

    results = branches.run_both("EU", "EU again")

    assert [(result.status, result.exit_code) for result in results] == [(Status.CANCELLED, 130)] * 2
    assert branches.value("SELECT count(*) FROM person") == 0
    assert not branches.store.profile.left_stages()


def test_that_one_of_them_can_be_cancelled_alone(branches: Branches) -> None:
    eu, _ = branches.wanted(*TITLES)
    branches.simulators["EU"].faults.add(Fault(FaultKind.HANG))

    def on_phase(position: int, text: str) -> None:
        job = branches.jobs.find(about(eu))
        if (position, text) == (1, "Saving") and job is not None:
            branches.jobs.stop(job)

    branches.on_phase = on_phase

    results = branches.run_both()

    assert [result.status for result in results] == [Status.CANCELLED, Status.COMPLETED]


def test_that_what_changed_while_a_run_waited_holds_for_it(branches: Branches) -> None:
    first: list[int] = []

    def on_phase(position: int, text: str) -> None:
        if text == "Reading users" and not first:
            first.append(position)
            branches.integrate(
                "EU", credential="EU key", saas_application="EU", saas_mode="user_only", deactivate=False
            )

    branches.on_phase = on_phase

    results = branches.run_both("EU", "EU")

    early, late = results[first[0]], results[1 - first[0]]
    assert (early.counts["saas_users"]["created"], late.counts["saas_users"]["unchanged"]) == (40, 0)
    assert late.counts["people"]["unchanged"] == 40


def test_that_an_integration_deleted_while_it_waits_does_not_run(branches: Branches) -> None:
    doomed = branches.integrate("EU again", credential="EU key", saas_application="EU again")
    is_reading, is_deleted = threading.Event(), threading.Event()

    def on_phase(_position: int, text: str) -> None:
        if text == "Reading users":
            is_reading.set()
            is_deleted.wait(20)

    def on_wait(news: object) -> None:
        assert isinstance(news, PhaseBegan)
        assert news.text == "Waiting for “EU”, which uses the same key"
        integrations.delete_integration(branches.store, doomed)
        is_deleted.set()

    branches.on_phase = on_phase
    first = threading.Thread(target=branches.run_both, args=("EU",))
    first.start()
    assert is_reading.wait(20)

    result = run_integration(branches.store, branches.vault, doomed, RunOptions(), on_wait, branches.stop)
    first.join(20)

    assert (result.status, result.exit_code) == (Status.FAILED, 2)
    assert result.message == "“EU again” was deleted before it could run. Nothing was changed."


def test_that_a_record_edited_while_its_plan_is_made_is_planned_again(branches: Branches) -> None:
    branches.run_both()
    branches.simulators["EU"].churn(0.1)
    edits: list[int] = []

    def on_phase(_position: int, text: str) -> None:
        if text == "Saving" and len(edits) < 2:
            edits.append(branches.store.write(lambda db: db.execute_sql(EDIT).rowcount))

    branches.on_phase = on_phase

    (result,) = branches.run_both("EU")

    assert edits == [1, 1]
    assert result.status is Status.COMPLETED
    assert [text for _, text in branches.told].count("Working out the changes") == 5


def test_that_a_run_gives_up_when_records_never_stay_as_they_are(branches: Branches) -> None:
    def on_phase(_position: int, text: str) -> None:
        if text == "Saving":
            branches.store.write(lambda db: db.execute_sql(EDIT).rowcount)

    branches.on_phase = on_phase

    (result,) = branches.run_both("EU")

    assert (result.status, result.exit_code) == (Status.FAILED, 1)
    assert result.message == "Records kept changing while the plan was made. Run again."
    assert branches.value("SELECT count(*) FROM person") == 0


def test_that_a_run_cut_off_while_it_waits_is_interrupted_at_the_next_start(branches: Branches) -> None:
    branches.run_both("EU")
    branches.store.write(lambda db: db.execute_sql("UPDATE sync_session SET status = 'queued', finished_at = NULL"))

    assert recover(branches.store) == ["EU"]
    assert list_sessions(branches.store)[0].status is Status.INTERRUPTED

"""Pull the plug while every vendor is being read, a hundred times over: each is left as it was or as it should be."""

import hashlib
import random
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.profile import open_profile
from saasdesk.store import Store
from saasdesk.store.audit import verify
from tests.desktop import Desktop
from tests.journeys.several import Several, ask, several
from tests.journeys.shell import Vendors

pytestmark = [pytest.mark.journey, pytest.mark.slow]

SEED = 20_240_229
PEOPLE = 150
# At any moment of a run, and from the moment on at which the first of several runs saves; of an empty profile's first
# run, and of one that finds a tenth of the company changed.
KILLS = {
    "first": {"": 15, "Saving": 25},
    "churned": {"": 20, "Saving": 30},
    # Enough to be written to the log in many pieces, and to be brought into the database before the end.
    "large": {"Saving": 10},
}
COMPLETED_EVERY = 8
LARGE = 2_000
LARGE_NAMES = ("pagerduty", "jumpcloud")

# Everything that a run writes of its own application, but for moments and for numbers that depend on who came first.
STATE = (
    """SELECT saas_user_id, u.email, u.name, u.role, u.status, u.deactivated, u.deactivated_reason, person IS NULL
       FROM saas_user u JOIN saas_application a ON a.id = u.saas_application WHERE a.name = @title ORDER BY 1""",
    """SELECT licence_key, product, l.deactivated FROM licence l JOIN saas_application a ON a.id = l.saas_application
       WHERE a.name = @title ORDER BY 1""",
    """SELECT vendor_id, person IS NULL, saas_user IS NULL, hex(raw_hash), gone FROM source_link
       WHERE integration = (SELECT id FROM integration WHERE name = @name) ORDER BY 1""",
    """SELECT c.object, c.kind, c.field, c.before, c.after FROM change c JOIN sync_session s ON s.id = c.session
       WHERE s.integration_name = @name AND c.object IN ('saas_users', 'licences')
         AND coalesce(c.field, '') NOT IN ('person', 'saas_application', 'saas_user') ORDER BY 1, 2, 3, 4, 5""",
    "SELECT mapping_signature, scope_signature, tenant FROM integration WHERE name = @name",
    "SELECT count(*) FROM audit WHERE action = 'integration.run' AND subject = @name",
)


def state(profile: Path, vendor: str) -> str:
    """A digest of everything that the runs of one integration wrote."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(profile / "saasdesk.db")) as db:
        for question in STATE:
            rows = db.execute(question, {"name": vendor, "title": CONNECTORS[vendor].title})
            digest.update(repr(rows.fetchall()).encode())
    return digest.hexdigest()


def assert_is_whole(profile: Path) -> None:
    """The database is sound, the history is the recorded one, and each person is there once."""
    assert ask(profile, "PRAGMA integrity_check") == [("ok",)]
    assert ask(profile, "PRAGMA foreign_key_check") == []
    assert ask(profile, "SELECT email__key FROM person GROUP BY 1 HAVING count(*) > 1") == []
    assert (
        ask(profile, "SELECT id FROM person WHERE id NOT IN (SELECT person FROM source_link WHERE person NOT NULL)")
        == []
    )
    assert ask(profile, "SELECT id FROM saas_user WHERE person IS NULL") == []
    with Store.open(open_profile(profile), writable=False) as store:
        assert verify(store) == []


def copy_of(profile: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(profile, target)
    return target


class Killer:
    """Runs everything on copies of a profile and kills it; knows what each integration was like before and after."""

    def __init__(self, desk: Several, names: Sequence[str], before: Path, after: Path) -> None:
        self.desk, self.names, self.before, self.after = desk, names, before, copy_of(before, after)
        self.left: Counter[str] = Counter()
        self.mixed = 0
        whole = desk.try_to("run", *names, profile=self.after, phase="Saving")
        assert whole.code == 0, whole
        assert whole.since_phase is not None
        self.seconds = {"": whole.seconds, "Saving": whole.since_phase}
        self.old = {name: state(before, name) for name in names}
        self.new = {name: state(self.after, name) for name in names}
        assert all(self.old[name] != self.new[name] for name in names)
        self.known = ask(before, "SELECT coalesce(max(id), 0) FROM sync_session")[0]

    def kill_often(self, victim: Path, when: str, dice: random.Random) -> None:
        """Kill as often as it says above, at moments spread over the whole time, and complete some of what is left."""
        for phase, kills in KILLS[when].items():
            for nth in range(kills):
                self.kill(victim, self.seconds[phase] * (nth + dice.random()) / kills, phase)
                if nth % COMPLETED_EVERY == 0:
                    self.complete(victim)

    def kill(self, victim: Path, moment: float, phase: str) -> None:
        """Kill a run so long after it began, or after the first of its integrations said what it does."""
        copy_of(self.before, victim)
        ended = self.desk.try_to("run", *self.names, profile=victim, kill_after=moment, phase=phase)
        assert ended.code in (0, -signal.SIGKILL), ended
        assert_is_whole(victim)
        statuses = dict(
            ask(victim, "SELECT integration_name, status FROM sync_session WHERE id > ? ORDER BY id", self.known)
        )
        found = {name: state(victim, name) for name in self.names}
        for name, digest in found.items():
            where = f"{moment:.3f} s after {phase or 'the start'}"
            assert digest in (self.old[name], self.new[name]), f"half a run of {name} is left by a kill {where}"
            # What is told of the run lands together with what it did.
            assert (statuses.get(name) == "completed") == (digest == self.new[name])
            self.left[statuses.get(name, "not begun")] += 1
        assert ended.code != 0 or found == self.new
        self.mixed += 0 < sum(found[name] == self.new[name] for name in found) < len(found)

    def complete(self, victim: Path) -> None:
        """Whatever the kill left: the next run completes it."""
        done = self.desk.try_to("run", *self.names, profile=victim)
        assert done.code == 0, done
        assert_is_whole(victim)
        assert not list(victim.glob("stage*"))
        statuses = ask(victim, "SELECT DISTINCT status FROM sync_session WHERE id > ?", self.known)
        assert {status for (status,) in statuses} <= {"interrupted", "completed"}
        people = "SELECT email__key FROM person ORDER BY 1"
        assert ask(victim, people) == ask(self.after, people)
        active = "SELECT saas_user_id, email, name, status, deactivated FROM saas_user ORDER BY 1"
        assert ask(victim, active) == ask(self.after, active)


@pytest.mark.parametrize("seed", [SEED])
def test_p01_that_a_kill_at_any_moment_leaves_each_integration_in_the_old_state_or_the_new_one(
    desktop: Desktop, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    victim = tmp_path / "victim"
    with Vendors(desktop, people=PEOPLE) as vendors, several(desktop, tmp_path / "desk", vendors) as desk:
        first = Killer(desk, desk.names, copy_of(desk.profile, tmp_path / "empty"), tmp_path / "full")
        first.kill_often(victim, "first", dice)
        vendors.churn(0.1)
        churned = Killer(desk, desk.names, first.after, tmp_path / "after")
        churned.kill_often(victim, "churned", dice)
    # Otherwise the kills came too early or too late to prove anything.
    left = first.left + churned.left
    assert left["completed"] >= 15, left
    assert left["applying"] >= 5, left
    assert left["fetching"] >= 15, left
    assert first.mixed + churned.mixed >= 5


def test_p01_that_a_kill_in_the_middle_of_much_to_save_leaves_nothing_of_it(desktop: Desktop, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    with Vendors(desktop, people=LARGE) as vendors, several(desktop, tmp_path / "desk", vendors) as desk:
        killer = Killer(desk, LARGE_NAMES, copy_of(desk.profile, tmp_path / "empty"), tmp_path / "full")
        killer.kill_often(tmp_path / "victim", "large", dice)
    assert killer.left["applying"], killer.left

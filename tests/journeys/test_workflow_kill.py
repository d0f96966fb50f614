"""A run that deletes two hundred users is killed fifty times: nobody twice, nothing untrue, every call on record."""

import json
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saasdesk.credentials import environment_name
from saasdesk.simulator.control import Simulator
from tests.desktop import Desktop
from tests.journeys.forks import Ended, Forks
from tests.journeys.several import ask

pytestmark = pytest.mark.journey

SEED = 20_261_121
USERS, KILLS = 200, 50
KEY = "pd key"
WORKFLOW = """
name = "Leavers"
object = "people"
[[block]]
id = "begin"
kind = "begin"
settings = { criteria = { all = [
    { field = "email", operator = "in", value = ADDRESSES },
    { field = "department", operator = "does_not_equal", value = "Gone" },
] } }
[[block]]
id = "delete"
kind = "api"
settings = { preset = "pagerduty_delete_user", credential = "pd key" }
[[block]]
id = "mark"
kind = "update"
settings = { values = { department = "Gone" } }
[[block]]
id = "done"
kind = "end"
[[link]]
from = "begin"
outlet = "next"
to = "delete"
[[link]]
from = "delete"
to = "mark"
[[link]]
from = "mark"
to = "done"
"""


class Leavers:
    """A profile with a launched workflow that deletes them all, and the vendor with whom they are."""

    def __init__(self, folder: Path, forks: Forks, simulator: Simulator) -> None:
        self.folder, self.forks, self.simulator = folder, forks, simulator
        self.profile = folder / "profile"
        access = simulator.access()["pagerduty"]
        self.env = {"SAASDESK_PROFILE": str(self.profile), environment_name(KEY): access["key"]}
        words = ("--connector", "pagerduty", "--base-url", access["base_url"], "--no-secret", "--permission", "act")
        self.do("credential", "set", KEY, *words)
        self.apply("integration", f'name = "PagerDuty"\nconnector = "pagerduty"\ncredential = "{KEY}"\n')
        self.do("integration", "launch", "PagerDuty")
        self.do("run", "PagerDuty")
        for setting in ("destructive_calls_per_run", "destructive_calls_per_day"):
            self.do("setting", "set", setting, "1000")
        self.do("setting", "set", "destructive_percent", "100")
        busy = set(simulator.pagerduty.busy_ids())
        going = [each for each in simulator.truth("pagerduty") if each.id not in busy and each.role != "owner"][:USERS]
        assert len(going) == USERS
        self.ids = {each.id for each in going}
        self.apply("workflow", WORKFLOW.replace("ADDRESSES", json.dumps([each.email for each in going])))
        self.do("workflow", "launch", "Leavers")

    def apply(self, what: str, text: str) -> None:
        file = self.folder / f"{what}.toml"
        file.write_text(text, encoding="utf-8")
        self.do(what, "apply", file)

    def try_to(self, *words: str | Path, **options: Any) -> Ended:
        return self.forks.run(*words, env=self.env, folder=self.folder, **options)

    def do(self, *words: str | Path) -> None:
        ended = self.try_to(*words)
        assert ended.code == 0, ended

    def left(self) -> int:
        """How many the next run would come to."""
        going = ", ".join(f"'{user}'" for user in self.ids)
        ((count,),) = ask(
            self.profile,
            f"SELECT count(*) FROM person WHERE pager_duty_user_id IN ({going}) AND coalesce(department, '') != 'Gone'",
        )
        return int(count)

    def finish(self) -> None:
        """What a person does afterwards: let go on what waits, look at open calls, run it again."""
        self.try_to("run", "--due")
        self.run_it()
        gone = self.gone()
        for call in self.try_to("workflow", "calls", "--json").json():
            found = "--carried-out" if call["targets"]["pager_duty_user_id"] in gone else "--not-carried-out"
            self.do("workflow", "decide", str(call["id"]), found)
        self.run_it()

    def run_it(self, **options: Any) -> Ended:
        return self.try_to("workflow", "run", "Leavers", "--yes", "--count", str(self.left()), **options)

    def gone(self) -> set[str]:
        """Those whom the vendor does not have any more."""
        return self.ids - {each.id for each in self.simulator.truth("pagerduty")}

    def calls(self) -> list[tuple[str, str, str]]:
        """Every call on record: whom it was about, how far it came, and what reading back showed."""
        rows = ask(self.profile, "SELECT targets, state, verified FROM vendor_action ORDER BY id")
        return [(json.loads(targets)["pager_duty_user_id"], state, verified) for targets, state, verified in rows]

    def assert_is_true(self) -> None:
        """What is on record is what the vendor has, or says that nobody knows."""
        gone, calls = self.gone(), self.calls()
        may_have_left = {user for user, state, _ in calls if state not in {"refused", "not_sent"}}
        assert gone <= may_have_left, "a call went out that is not on record"
        done = {user for user, state, verified in calls if state in {"succeeded", "resolved"} or verified == "gone"}
        assert done <= gone, "something is called done that is not"
        completed = ask(
            self.profile,
            """
            SELECT p.pager_duty_user_id FROM workflow_run r JOIN person p ON p.id = r.record
            WHERE r.state = 'completed' OR p.department = 'Gone'
            """,
        )
        assert {user for (user,) in completed} <= gone


@pytest.fixture
def leavers(tmp_path: Path) -> Iterator[Leavers]:
    # No key is kept anywhere: no keyring is needed.
    with (
        Simulator(320, latency_ms=2) as simulator,
        Desktop(screen=None, window_manager=False, bus=False, keyring=None) as desktop,
        Forks(desktop, tmp_path) as forks,
    ):
        yield Leavers(tmp_path, forks, simulator)


def test_p05_that_a_run_that_is_killed_fifty_times_deletes_nobody_twice_and_hides_nothing(leavers: Leavers) -> None:
    dice = random.Random(SEED)
    killed, spent, gone = 0, 0.5, 10
    while killed < KILLS and leavers.left():
        # Spread over the whole run, however fast this machine is: some are left for the end.
        share = leavers.left() / (KILLS - killed + 10) * spent / gone
        ended = leavers.run_it(kill_after=dice.uniform(0, 2) * share, phase="0 of")
        leavers.assert_is_true()
        spent, gone = spent + (ended.since_phase or 0), 10 + len(leavers.gone())
        if ended.code == -signal.SIGKILL:
            killed += 1
        else:
            # It came to the end, past those who were on their way when they were killed: these go on now.
            leavers.try_to("run", "--due")

    was_open = sum(state in {"armed", "unknown"} for _, state, _ in leavers.calls())
    leavers.finish()

    assert killed == KILLS, "they were too late: it was finished before"
    assert gone > USERS // 4, "they were too early to prove anything"
    assert was_open, "none came while a call was on its way"
    assert leavers.gone() == leavers.ids
    assert leavers.left() == 0
    leavers.assert_is_true()
    # A second one for the same user would have found nobody.
    assert leavers.simulator.requests.count(method="DELETE", status=204) == USERS
    assert leavers.simulator.requests.count(method="DELETE", status=404) == 0

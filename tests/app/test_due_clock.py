"""The window's clock: a look every half minute, but not in the first moment after a sleep."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.app import due
from saasdesk.app.due import DueClock
from saasdesk.credentials import Vault
from saasdesk.jobs import Jobs
from saasdesk.profile import open_profile
from saasdesk.records.search.rows import INDEXED, read_state
from saasdesk.services import Services
from saasdesk.store import Store
from saasdesk.ui.bridge import Bridge

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Times:
    """A wall clock and one that stands still while the computer sleeps."""

    def __init__(self) -> None:
        self.wall, self.awake = BEGIN, 0.0

    def pass_by(self, seconds: float, *, asleep: float = 0.0) -> None:
        self.wall += timedelta(seconds=seconds + asleep)
        self.awake += seconds


class Watched(Jobs):
    """Remembers what was started."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge.listener)
        self.names: list[str] = []

    def start(self, work, name, about=""):  # type: ignore[no-untyped-def]
        self.names.append(name)
        return super().start(work, name, about)


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Times:
    made = Times()
    monkeypatch.setattr(due, "now", lambda: made.wall)
    return made


@pytest.fixture
def jobs(qapp: QApplication) -> Watched:
    return Watched(Bridge())


@pytest.fixture
def clock(tmp_path: Path, times: Times, jobs: Watched, qtbot: QtBot) -> Iterator[DueClock]:
    with Store.open(open_profile(tmp_path / "profile")) as store:
        services = Services(store.profile, store, Vault(store))
        yield DueClock(services, None, jobs, Bridge(), monotonic=lambda: times.awake)  # type: ignore[arg-type]
        qtbot.waitUntil(lambda: not jobs.running())


def looks(clock: DueClock, jobs: Watched, qtbot: QtBot) -> bool:
    """Whether a look asks what is due."""
    jobs.names.clear()
    clock.look()
    qtbot.waitUntil(lambda: not jobs.running())
    return "Looking what is due" in jobs.names


def test_that_each_look_asks_what_is_due(clock: DueClock, times: Times, jobs: Watched, qtbot: QtBot) -> None:
    assert looks(clock, jobs, qtbot)
    times.pass_by(30)
    assert looks(clock, jobs, qtbot)


def test_that_each_look_puts_what_is_new_into_the_search_index(
    clock: DueClock, times: Times, jobs: Watched, qtbot: QtBot
) -> None:
    looks(clock, jobs, qtbot)

    with clock._services.store.reading() as db:
        assert [read_state(db, kind) is not None for kind in INDEXED] == [True, True]


def test_p15_that_after_a_sleep_the_network_gets_half_a_minute(
    clock: DueClock, times: Times, jobs: Watched, qtbot: QtBot
) -> None:
    assert looks(clock, jobs, qtbot)
    times.pass_by(2, asleep=8 * 3600)
    assert not looks(clock, jobs, qtbot)
    times.pass_by(30)
    assert looks(clock, jobs, qtbot)


def test_that_a_busy_moment_is_no_sleep(clock: DueClock, times: Times, jobs: Watched, qtbot: QtBot) -> None:
    assert looks(clock, jobs, qtbot)
    times.pass_by(600, asleep=60)
    assert looks(clock, jobs, qtbot)


def test_that_a_clock_set_back_is_no_sleep_either(clock: DueClock, times: Times, jobs: Watched, qtbot: QtBot) -> None:
    assert looks(clock, jobs, qtbot)
    times.pass_by(30, asleep=-7200)
    assert looks(clock, jobs, qtbot)

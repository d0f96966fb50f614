import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from saasdesk.jobs import Jobs, Said
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.status_bar import DEMO, LIVE, NOTHING_OPEN, KeyringState, Progress, StatusBar, age_in_words, as_of
from saasdesk.ui.theme import Theme

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def as_progress(news: object) -> Progress | None:
    return news if isinstance(news, Progress) else None


@pytest.fixture
def status(qtbot: QtBot, theme: Theme, jobs: Jobs, bridge: Bridge) -> StatusBar:
    bar = StatusBar(theme, jobs, as_progress, job_shortcut="Ctrl+J", now=lambda: NOON)
    bridge.heard.connect(bar.hear)
    qtbot.addWidget(bar)
    bar.resize(1280, 28)
    bar.show()
    return bar


def holding(gate: threading.Event, *news: object) -> Callable[..., object]:
    def work(tell: Callable[[object], None], stop: threading.Event) -> None:
        for piece in news:
            tell(piece)
        gate.wait(10)

    return work


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (725, "12 min ago"),
        (3600, "1 h ago"),
        (86_400, "yesterday"),
        (200_000, "2 days ago"),
    ],
)
def test_that_ages_are_said_in_the_largest_fitting_unit(seconds: float, words: str) -> None:
    assert age_in_words(seconds) == words


def test_that_the_mode_is_a_word_and_not_only_a_color(status: StatusBar) -> None:
    status.set_mode(LIVE)
    assert status.mode.label.text() == "LIVE"

    status.set_mode(DEMO)
    assert status.mode.label.text() == "DEMO"

    status.set_mode(as_of("1 Nov"))
    assert status.mode.label.text() == "AS OF 1 Nov"

    status.set_mode(NOTHING_OPEN)
    assert not status.mode.isVisible()


def test_that_the_age_of_the_data_is_shown(status: StatusBar) -> None:
    status.set_data_age(NOON - timedelta(minutes=12))
    assert status.age.label.text() == "Data read 12 min ago"

    status.set_data_age(None)
    assert status.age.label.text() == "No data read yet"


def test_that_a_job_that_was_begun_is_shown_at_once(status: StatusBar, jobs: Jobs, gate: threading.Event) -> None:
    status.announce(jobs.start(holding(gate), "JumpCloud users"))

    assert status.job_chip.isVisible()
    assert status.job_chip.accessibleName() == "JumpCloud users"


def test_that_a_job_shows_its_phase_and_share(
    qtbot: QtBot, status: StatusBar, jobs: Jobs, gate: threading.Event
) -> None:
    jobs.start(holding(gate, Progress("page 7 of ~12", 0.56)), "JumpCloud users")

    qtbot.waitUntil(lambda: "page 7 of ~12" in status.job_chip.accessibleName())

    assert status.job_chip.accessibleName() == "JumpCloud users, page 7 of ~12, 56%"


def test_that_the_chip_goes_with_the_job(qtbot: QtBot, status: StatusBar, jobs: Jobs, gate: threading.Event) -> None:
    status.announce(jobs.start(holding(gate), "JumpCloud users"))

    gate.set()

    qtbot.waitUntil(lambda: not status.job_chip.isVisible())


def test_that_small_work_in_the_background_does_not_flash(status: StatusBar, jobs: Jobs, gate: threading.Event) -> None:
    jobs.start(holding(gate), "Looking what is due")

    status.show_jobs()

    assert not status.job_chip.isVisible()


def test_that_work_in_the_background_shows_when_it_takes_long(
    status: StatusBar, jobs: Jobs, gate: threading.Event
) -> None:
    jobs.start(holding(gate), "Daily backup")

    status.look_again()
    assert not status.job_chip.isVisible()

    status.look_again()
    assert status.job_chip.accessibleName() == "Daily backup"


def test_that_several_jobs_are_counted(status: StatusBar, jobs: Jobs, gate: threading.Event) -> None:
    for name in ("One", "Two", "Three"):
        status.announce(jobs.start(holding(gate), name))

    assert status.job_chip.accessibleName() == "Three +2"


def test_that_a_cancelled_job_says_so_at_once(status: StatusBar, jobs: Jobs, gate: threading.Event) -> None:
    job = jobs.start(holding(gate), "JumpCloud users")
    status.announce(job)

    status.mark_cancelling(job)

    assert "cancelling" in status.job_chip.accessibleName()


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (KeyringState.UNLOCKED, "Keyring unlocked · Secret Service"),
        (KeyringState.LOCKED, "Keyring locked · Secret Service"),
        (KeyringState.WAITING, "Waiting for the keyring · Secret Service"),
    ],
)
def test_that_the_keyring_is_named(status: StatusBar, state: KeyringState, text: str) -> None:
    status.set_keyring(state, "Secret Service")

    assert status.keyring.label.text() == text


def test_that_a_name_from_outside_cannot_hide_anything(status: StatusBar, jobs: Jobs, gate: threading.Event) -> None:
    status.announce(jobs.start(holding(gate), "<b>x</b>\u202e"))

    assert status.job_chip.accessibleName() == "<b>x</b>⟨U+202E⟩"
    assert status.job_chip.toolTip().startswith("<span")


def test_that_a_job_that_says_nothing_for_ten_minutes_is_called_stalled_unless_it_waits(
    qtbot: QtBot, theme: Theme, jobs: Jobs, bridge: Bridge
) -> None:
    times, gate = [0.0], threading.Event()
    bar = StatusBar(theme, jobs, as_progress, now=lambda: NOON, clock=lambda: times[0])
    bridge.heard.connect(bar.hear)
    qtbot.addWidget(bar)
    job = jobs.start(holding(gate, Progress("page 3")), "Export")
    qtbot.waitUntil(lambda: bar.job_chip.accessibleName() == "Export, page 3")

    def said_at(seconds: float) -> str:
        times[0] = seconds
        bar.show_jobs()
        return bar.job_chip.accessibleName()

    assert said_at(600) == "Export, page 3"
    assert said_at(601) == "Export, stalled"
    bar.hear(Said(job, Progress("waits 20 min", patience=1200)))
    assert said_at(601 + 1800) == "Export, waits 20 min"
    assert said_at(601 + 1801) == "Export, stalled"
    gate.set()
    qtbot.waitUntil(lambda: not bar.shown_jobs())

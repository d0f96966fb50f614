"""Who keeps the schedules without a window: the tray, or the system's timer, both chosen in the settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from saasdesk.profile import open_profile
from saasdesk.schedule.timer import Outcome, timer_for
from saasdesk.store import Store
from saasdesk.ui.pages.settings import schedules_section
from saasdesk.ui.pages.settings.schedules_section import SchedulesSection, TimerKeeper
from saasdesk.ui.reading import Reading
from tests.ui.pages.people.desk import Desk, unnamed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, qapp)
    yield made
    made.close()


@pytest.fixture
def answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Outcome]:
    """What the system's systemd says to a word; all is well as long as this is empty."""
    said: dict[str, Outcome] = {}
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def run(words: object) -> Outcome:
        return next((answer for word, answer in said.items() if word in words), Outcome(0))  # type: ignore[operator]

    monkeypatch.setattr(schedules_section, "timer_for", lambda profile: timer_for(profile, run, "linux"))
    return said


@pytest.fixture
def section(desk: Desk, answers: dict[str, Outcome], profile_dir: Path) -> SchedulesSection:
    profile = open_profile(profile_dir)
    Store.open(profile).close()
    made = SchedulesSection(desk.theme)
    keeper = TimerKeeper(profile, made, Reading(desk.readers, made))
    desk.show(made)
    keeper.refresh()
    desk.qtbot.waitUntil(lambda: made.state.status.word == "Not installed")
    return made


def press(desk: Desk, button: QPushButton) -> None:
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_that_the_timer_is_installed_and_removed_here_too(
    desk: Desk, section: SchedulesSection, tmp_path: Path
) -> None:
    press(desk, section.install)
    desk.qtbot.waitUntil(lambda: section.state.status.word == "Installed")
    assert not section.install.isEnabled()
    assert len(list((tmp_path / "config" / "systemd" / "user").iterdir())) == 2

    press(desk, section.remove)
    desk.qtbot.waitUntil(lambda: section.state.status.word == "Not installed")
    assert not section.remove.isEnabled()
    assert list((tmp_path / "config" / "systemd" / "user").iterdir()) == []


def test_that_a_system_that_refuses_is_quoted_and_can_be_asked_again(
    desk: Desk, section: SchedulesSection, answers: dict[str, Outcome]
) -> None:
    answers |= {"enable": Outcome(1, "Failed to connect to bus"), "is-active": Outcome(3, "inactive")}

    press(desk, section.install)

    desk.qtbot.waitUntil(section.error.isVisible)
    assert "Failed to connect to bus" in section.error.message
    assert section.state.status.word == "Installed, not running"
    answers.clear()
    press(desk, section.install)
    desk.qtbot.waitUntil(lambda: section.state.status.word == "Installed")
    assert not section.error.isVisible()


def test_that_without_a_tray_the_choice_is_not_offered_and_the_form_says_why(section: SchedulesSection) -> None:
    assert not section.tray.isEnabled()


def test_that_where_there_is_a_tray_it_can_be_chosen(qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    section = SchedulesSection(desk.theme)
    desk.show(section)

    with qtbot.waitSignal(section.fields.chosen) as said:
        press(desk, next(b for b in section.tray.findChildren(QPushButton) if b.text() == "Keep running in the tray"))

    assert said.args == ["tray", "keep"]


def test_that_everything_here_has_a_name(section: SchedulesSection) -> None:
    assert unnamed(section) == []

"""Closing the window where there is a tray: asked once, obeyed from then on, and Quit always quits."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from saasdesk.jobs import Jobs
from saasdesk.ui.main_window import MainWindow
from saasdesk.ui.widgets.question import Question
from tests.ui.conftest import OpenWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Choice:
    """What the program knows about the tray."""

    def __init__(self) -> None:
        self.has_tray = True
        self.said: bool | None = None

    def is_possible(self) -> bool:
        return self.has_tray

    def answer(self) -> bool | None:
        return self.said

    def keep(self, answer: bool) -> None:
        self.said = answer


@pytest.fixture
def choice() -> Choice:
    return Choice()


@pytest.fixture
def window(open_window: OpenWindow, choice: Choice) -> MainWindow:
    return open_window(staying=choice)


def press(qtbot: QtBot, window: MainWindow, text: str) -> None:
    question = window.findChild(Question)
    button = next(button for button in question.findChildren(QPushButton) if button.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_that_the_first_time_the_tray_is_explained_and_the_answer_is_kept(
    qtbot: QtBot, window: MainWindow, choice: Choice
) -> None:
    assert not window.close()
    assert "schedules" in window.findChild(Question).text.text()

    with qtbot.waitSignal(window.hidden_away):
        press(qtbot, window, "Keep running in the tray")

    assert not window.isVisible()
    assert choice.said is True

    window.show()
    with qtbot.waitSignal(window.hidden_away):
        assert not window.close()
    assert not window.isVisible()


def test_that_quit_is_an_answer_too(qtbot: QtBot, window: MainWindow, choice: Choice) -> None:
    window.close()

    with qtbot.waitSignal(window.closed):
        press(qtbot, window, "Quit")

    assert choice.said is False
    assert not window.isVisible()


def test_that_escape_keeps_the_window_and_asks_again_another_time(
    qtbot: QtBot, window: MainWindow, choice: Choice
) -> None:
    window.close()
    with qtbot.waitSignal(window.stayed):
        qtbot.keyClick(window.findChild(Question), Qt.Key.Key_Escape)

    assert window.isVisible()
    assert choice.said is None


def test_that_the_command_quit_quits_tray_or_not(qtbot: QtBot, window: MainWindow, choice: Choice) -> None:
    choice.said = True

    with qtbot.waitSignal(window.closed):
        window.quit()


def test_that_quit_from_the_tray_works_without_a_window(qtbot: QtBot, window: MainWindow, choice: Choice) -> None:
    choice.said = True
    window.close()

    with qtbot.waitSignal(window.closed):
        window.quit()


def test_that_jobs_go_on_in_the_tray_if_one_wants(
    qtbot: QtBot, window: MainWindow, choice: Choice, jobs: Jobs, gate: threading.Event
) -> None:
    choice.said = False
    window.start_job(lambda _tell, stop: stop.wait(10), "JumpCloud users")
    window.close()

    with qtbot.waitSignal(window.hidden_away):
        press(qtbot, window, "Keep running in the tray")

    assert not window.isVisible()
    assert len(jobs.running()) == 1
    # For this time only: the setting stays.
    assert choice.said is False


def test_that_without_a_tray_nothing_of_it_is_offered(
    qtbot: QtBot, window: MainWindow, choice: Choice, gate: threading.Event
) -> None:
    choice.has_tray = False
    window.start_job(lambda _tell, stop: stop.wait(10), "JumpCloud users")
    window.close()

    texts = [button.text() for button in window.findChild(Question).findChildren(QPushButton)]

    assert texts == ["Stay", "Cancel and quit"]


def test_that_a_stay_after_quit_does_not_make_the_next_closing_a_quit(
    qtbot: QtBot, window: MainWindow, choice: Choice, gate: threading.Event
) -> None:
    choice.said = True
    window.start_job(lambda _tell, stop: gate.wait(10), "JumpCloud users")
    window.quit()
    press(qtbot, window, "Stay")

    with qtbot.waitSignal(window.hidden_away):
        window.close()


def test_that_something_unsaved_goes_along_into_the_tray(qtbot: QtBot, window: MainWindow, choice: Choice) -> None:
    choice.said = True
    page = window.current_page
    page.may_go = False  # type: ignore[union-attr]

    with qtbot.waitSignal(window.hidden_away):
        window.close()

    page.may_go = True  # type: ignore[union-attr]

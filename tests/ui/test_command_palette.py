from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from saasdesk.ui.command_palette import CommandPalette, find_commands
from saasdesk.ui.navigation import Command
from saasdesk.ui.theme import Theme

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Press = Callable[[Qt.Key], None]


class Ran(list[str]):
    def command(self, text: str, shortcut: str = "") -> Command:
        return Command(text, lambda: self.append(text), shortcut)


@pytest.fixture
def ran() -> Ran:
    return Ran()


@pytest.fixture
def commands(ran: Ran) -> list[Command]:
    return [ran.command("People", "Ctrl+1"), ran.command("Run now: PagerDuty users"), ran.command("Settings")]


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def palette(theme: Theme, window: QWidget, commands: list[Command]) -> CommandPalette:
    shown = CommandPalette(theme, window)
    shown.open_with(commands)
    return shown


def texts(palette: CommandPalette) -> list[str]:
    return [command.text for command in palette.shown]


def test_that_it_opens_with_everything_and_the_keyboard(palette: CommandPalette) -> None:
    assert texts(palette) == ["People", "Run now: PagerDuty users", "Settings"]
    assert palette.field.hasFocus()


def test_that_typing_and_enter_run_the_best_match(qtbot: QtBot, palette: CommandPalette, ran: Ran) -> None:
    qtbot.keyClicks(palette.field, "rnpd")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)

    assert ran == ["Run now: PagerDuty users"]
    assert not palette.isVisible()


def test_that_arrows_choose_and_go_round(qtbot: QtBot, palette: CommandPalette, ran: Ran) -> None:
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)

    assert ran == ["Settings"]


def test_that_escape_closes_without_running(qtbot: QtBot, palette: CommandPalette, ran: Ran) -> None:
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)

    assert not palette.isVisible()
    assert ran == []


def test_that_what_was_used_last_leads_next_time(
    qtbot: QtBot, palette: CommandPalette, commands: list[Command]
) -> None:
    qtbot.keyClicks(palette.field, "settings")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)

    palette.open_with(commands)

    assert texts(palette)[0] == "Settings"
    assert palette.recent == ["Settings"]


def test_that_enter_does_nothing_when_nothing_fits(qtbot: QtBot, palette: CommandPalette, ran: Ran) -> None:
    qtbot.keyClicks(palette.field, "zzz")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)

    assert texts(palette) == []
    assert ran == []


def test_that_what_was_found_elsewhere_is_added(qtbot: QtBot, palette: CommandPalette, ran: Ran) -> None:
    qtbot.keyClicks(palette.field, "asha")

    palette.offer("asha", [ran.command("Asha Nair")])

    assert texts(palette) == ["Asha Nair"]


def test_that_an_answer_to_an_older_question_is_dropped(qtbot: QtBot, palette: CommandPalette, ran: Ran) -> None:
    qtbot.keyClicks(palette.field, "asha")

    palette.offer("as", [ran.command("Astrid")])

    assert texts(palette) == []


def test_that_screen_readers_hear_text_group_and_shortcut(palette: CommandPalette) -> None:
    model = palette.list.model()

    spoken = model.data(model.index(0, 0), int(Qt.ItemDataRole.AccessibleTextRole))

    assert spoken == "People, Tools, Ctrl+1"


def test_that_the_menu_name_finds_its_commands_too(ran: Ran) -> None:
    quit_it = Command("Quit", lambda: None, group="File")

    assert find_commands([quit_it, ran.command("People")], "file", []) == [quit_it]


def test_that_what_is_found_late_takes_the_choice_from_nobody(qtbot: QtBot, palette: CommandPalette, ran: Ran) -> None:
    qtbot.keyClicks(palette.field, "e")
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    chosen = palette.list.currentIndex().data()

    palette.offer("e", [ran.command("Eve")])

    assert texts(palette)[0] == "Eve"
    assert palette.list.currentIndex().data() == chosen


def test_that_what_stands_among_the_commands_is_not_offered_twice(
    qtbot: QtBot, palette: CommandPalette, ran: Ran
) -> None:
    qtbot.keyClicks(palette.field, "run now")

    palette.offer("run now", [ran.command("Run now: PagerDuty users")])

    assert texts(palette) == ["Run now: PagerDuty users"]


def test_p07_that_names_of_people_are_not_remembered(qtbot: QtBot, palette: CommandPalette, ran: Ran) -> None:
    qtbot.keyClicks(palette.field, "asha")
    palette.offer("asha", [ran.command("Asha Nair")])

    qtbot.keyClick(palette.field, Qt.Key.Key_Return)

    assert ran == ["Asha Nair"]
    assert palette.recent == []


def test_that_a_look_at_another_window_loses_nothing_that_was_typed(
    qtbot: QtBot, palette: CommandPalette, theme: Theme
) -> None:
    qtbot.keyClicks(palette.field, "peo")
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)

    assert palette.isVisible()
    assert palette.field.text() == "peo"

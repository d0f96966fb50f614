import threading
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QToolButton
from pytestqt.qtbot import QtBot

from saasdesk.jobs import Jobs
from saasdesk.ui.main_window import MainWindow, smallest_for
from saasdesk.ui.navigation import Command, PageEntry
from saasdesk.ui.shortcut_sheet import ShortcutSheet
from saasdesk.ui.status_bar import DEMO, LIVE
from saasdesk.ui.theme import Theme, ThemeMode
from saasdesk.ui.widgets.buttons import IconButton
from saasdesk.ui.widgets.question import Question
from tests.ui.conftest import DummyPage, KeptInMemory, OpenWindow

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CTRL = Qt.KeyboardModifier.ControlModifier


def page(window: MainWindow) -> DummyPage:
    shown = window.current_page
    assert isinstance(shown, DummyPage)
    return shown


def actions(window: MainWindow) -> dict[str, QAction]:
    """Every entry of every menu that can be seen."""
    return {
        action.text().replace("&&", "&"): action
        for top in window.menuBar().actions()
        if top.isVisible()
        for action in top.menu().actions()
        if not action.isSeparator()
    }


def wait_for(gate: threading.Event) -> Any:
    return lambda tell, stop: stop.wait(10)


def test_that_the_first_page_is_shown_and_the_others_are_not_built(window: MainWindow) -> None:
    assert page(window).title == "People"
    assert window.stack.count() == 1
    assert window.windowTitle() == "People — saasdesk"


@pytest.mark.parametrize(
    ("key", "modifier", "title"),
    [
        (Qt.Key.Key_2, CTRL, "Integrations"),
        (Qt.Key.Key_3, CTRL, "Activity"),
        (Qt.Key.Key_Comma, CTRL, "Settings"),
        (Qt.Key.Key_J, CTRL, "Activity"),
    ],
)
def test_that_shortcuts_lead_to_pages(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier, title: str
) -> None:
    qtbot.keyClick(window, key, modifier)

    assert page(window).title == title


def test_that_a_click_in_the_rail_leads_to_a_page(qtbot: QtBot, window: MainWindow) -> None:
    row = window.rail.entries.row_of("integrations")
    place = window.rail.visualRect(window.rail.entries.index(row)).center()

    qtbot.mouseClick(window.rail.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert page(window).title == "Integrations"
    assert window.rail.open_key == "integrations"


def test_that_a_page_inside_another_marks_that_entry_and_shows_the_way(window: MainWindow) -> None:
    window.navigate("person", 7)

    assert page(window).opened == [7]
    assert window.rail.open_key == "people"
    assert window.trail.isVisible()
    assert window.windowTitle() == "Person 7 — saasdesk"


def test_that_back_and_forward_bring_the_same_place_as_it_was_left(qtbot: QtBot, window: MainWindow) -> None:
    people = page(window)
    people.scrolled = 40
    window.navigate("person", 7)
    window.navigate("person", 8)

    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert page(window).opened[-1] == 7

    window.trail.back.click()
    assert page(window) is people
    assert people.restored == [40]

    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert page(window).opened[-1] == 7


def test_that_the_trail_links_to_the_steps_before(qtbot: QtBot, window: MainWindow) -> None:
    window.navigate("person", 7)
    link = next(child for child in window.trail.findChildren(type(page(window).link)) if child.label == "People")

    link.click()

    assert page(window).title == "People"
    assert not window.trail.isVisible()


def test_that_a_page_with_something_unsaved_may_keep_us(window: MainWindow) -> None:
    page(window).may_go = False

    window.navigate("activity")

    assert page(window).title == "People"


def test_that_a_page_that_is_not_there_is_not_gone_to(window: MainWindow) -> None:
    window.navigate("hardware")

    assert page(window).title == "People"


def test_that_f5_refreshes_the_page(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F5)

    assert page(window).refreshed == 1


def test_that_f6_walks_the_panes_and_comes_round(qtbot: QtBot, window: MainWindow) -> None:
    visited = []
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_F6)
        visited.append(QApplication.focusWidget())

    assert window.rail in visited
    assert visited[0] is visited[2]


def test_that_the_commands_of_the_page_are_in_menu_palette_and_keyboard(qtbot: QtBot, window: MainWindow) -> None:
    assert "Count People" in actions(window)
    assert "Count People" in {command.text for command in window.all_commands()}

    qtbot.keyClick(window, Qt.Key.Key_R, CTRL)

    assert page(window).ran == 1


def test_that_the_commands_of_a_page_go_with_it(qtbot: QtBot, window: MainWindow) -> None:
    people = page(window)
    window.navigate("activity")

    qtbot.keyClick(window, Qt.Key.Key_R, CTRL)

    assert "Count People" not in actions(window)
    assert people.ran == 0
    assert page(window).ran == 1


def test_that_the_commands_of_the_program_are_there_on_every_page(open_window: OpenWindow) -> None:
    ran: list[str] = []
    window = open_window(commands=lambda: [Command("Back up R&D now…", lambda: ran.append("x"), group="File")])
    window.navigate("activity")

    actions(window)["Back up R&D now…"].trigger()

    assert ran == ["x"]


@pytest.mark.parametrize(("zoom", "width"), [(100, 1280), (150, 1280), (200, 1280), (200, 960)])
def test_that_every_menu_can_be_seen_and_pressed_with_letters_of_any_size(
    qtbot: QtBot, open_window: OpenWindow, theme: Theme, zoom: int, width: int
) -> None:
    groups = ("File", "Edit", "View", "Go", "Run", "Tools", "Help")
    window = open_window(
        commands=lambda: [Command(f"Something to {name}", lambda: None, group=name) for name in groups]
    )
    window.add_to_corner(IconButton(theme, "bell", "Notices"))
    bar = window.menuBar()

    theme.zoom = zoom
    window.resize(width, 800)

    def all_of_them_before_the_corner() -> bool:
        room = bar.cornerWidget().geometry().left()
        places = [bar.actionGeometry(action) for action in bar.actions() if action.isVisible()]
        return len(places) == len(groups) and all(place.width() > 0 and place.right() < room for place in places)

    qtbot.waitUntil(all_of_them_before_the_corner)
    assert not bar.findChild(QToolButton, "qt_menubar_ext_button").isVisible()
    assert window.command_box.geometry().right() < bar.width()
    assert (window.command_box.width() < theme.measure("command-box")) is (zoom == 200)


def test_that_menus_without_entries_are_not_shown(window: MainWindow) -> None:
    shown = [action.text() for action in window.menuBar().actions() if action.isVisible()]

    assert shown == ["File", "View", "Go", "Run", "Help"]


def test_that_every_command_with_a_shortcut_is_in_a_menu(window: MainWindow) -> None:
    in_menus = {action.shortcut() for action in actions(window).values()}

    for command in window.all_commands():
        if command.shortcut:
            assert QKeySequence(command.shortcut) in in_menus, command.text


def test_that_no_shortcut_is_given_twice(window: MainWindow) -> None:
    shortcuts = [keys.toString() for action in actions(window).values() for keys in action.shortcuts()]

    assert sorted(shortcuts) == sorted(set(shortcuts))


def test_that_ctrl_k_finds_a_page_by_keyboard_alone(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    assert window.palette_box.field.hasFocus()

    qtbot.keyClicks(window.palette_box.field, "integr")
    qtbot.keyClick(window.palette_box.field, Qt.Key.Key_Return)

    assert page(window).title == "Integrations"


def test_that_the_command_box_opens_the_palette(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(window.command_box, Qt.MouseButton.LeftButton)

    assert window.palette_box.isVisible()


def test_that_ctrl_slash_shows_every_shortcut(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Slash, CTRL)

    sheet = window.findChild(ShortcutSheet)
    assert sheet is not None
    assert sheet.isVisible()
    sheet.close()


def test_that_the_theme_is_switched_while_the_window_is_open(window: MainWindow, theme: Theme) -> None:
    run = {command.text: command.run for command in window.all_commands()}

    run["Appearance: Dark"]()

    assert theme.mode is ThemeMode.DARK
    assert window.grab().toImage().pixelColor(700, 500).name() == theme.color("bg").name()


def test_that_the_stripe_has_the_color_of_the_mode(window: MainWindow, theme: Theme) -> None:
    for mode, token in ((LIVE, "ok"), (DEMO, "demo")):
        window.set_mode(mode)
        QApplication.processEvents()
        place = window.stripe.mapTo(window, QPoint(300, 2))

        assert window.grab().toImage().pixelColor(place).name() == theme.color(token).name()


def test_that_the_rail_is_made_narrow_and_wide_again(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_B, CTRL)
    assert window.rail.is_narrow

    qtbot.keyClick(window, Qt.Key.Key_B, CTRL)
    assert not window.rail.is_narrow


def test_that_a_page_that_needs_width_gets_it_while_it_is_shown(window: MainWindow) -> None:
    page(window).frame.need_width(True)
    assert window.rail.is_narrow

    window.navigate("activity")
    assert not window.rail.is_narrow

    window.navigate("people")
    assert window.rail.is_narrow


def test_that_the_admins_choice_of_rail_wins_and_is_remembered(open_window: OpenWindow) -> None:
    memory = KeptInMemory()
    window = open_window(memory=memory)
    page(window).frame.need_width(True)
    window.toggle_rail()
    assert not window.rail.is_narrow
    window.close()

    again = open_window(memory=memory)
    page(again).frame.need_width(True)

    assert not again.rail.is_narrow


def test_that_a_small_window_has_a_narrow_rail(qtbot: QtBot, window: MainWindow, theme: Theme) -> None:
    theme.zoom = 200

    assert window.rail.is_narrow


def test_that_the_size_of_the_window_is_remembered(open_window: OpenWindow) -> None:
    memory = KeptInMemory()
    window = open_window(memory=memory)
    # Only the height: the offscreen platform's screen is narrower than our smallest window.
    window.resize(1100, 700)
    window.close()

    assert open_window(memory=memory, size=None).height() == 700


@pytest.mark.parametrize("data", [{"geometry": "nonsense"}, {"geometry": 7}, {"rail_by_page": {}}])
def test_that_an_odd_memory_does_not_keep_the_window_closed(open_window: OpenWindow, data: dict[str, object]) -> None:
    window = open_window(memory=KeptInMemory(data))

    assert window.isVisible()


def test_that_a_job_is_shown_as_soon_as_it_is_begun(window: MainWindow, gate: threading.Event) -> None:
    window.start_job(wait_for(gate), "JumpCloud users", "integration:1")

    assert window.status.job_chip.isVisible()


def test_that_the_same_thing_is_not_begun_twice(window: MainWindow, jobs: Jobs, gate: threading.Event) -> None:
    window.start_job(wait_for(gate), "JumpCloud users", "integration:1")

    assert window.start_job(wait_for(gate), "JumpCloud users", "integration:1") is None

    assert len(jobs.running()) == 1
    assert "still running" in window.toasts.shown[-1].text.text()


def test_that_the_job_chip_leads_to_activity(qtbot: QtBot, window: MainWindow, gate: threading.Event) -> None:
    window.start_job(wait_for(gate), "JumpCloud users")

    window.status.job_chip.click()

    assert page(window).title == "Activity"


def test_that_a_window_without_jobs_closes_at_once(window: MainWindow) -> None:
    assert window.close()


def test_that_staying_keeps_window_and_job(qtbot: QtBot, window: MainWindow, jobs: Jobs, gate: threading.Event) -> None:
    window.start_job(wait_for(gate), "JumpCloud users")
    assert not window.close()
    question = window.findChild(Question)
    assert "JumpCloud users" in question.text.text()
    qtbot.waitUntil(question.buttons[0].hasFocus)

    question.buttons[0].click()

    assert window.isVisible()
    assert len(jobs.running()) == 1


def test_that_cancel_and_quit_stops_the_jobs_and_closes(
    qtbot: QtBot, window: MainWindow, jobs: Jobs, gate: threading.Event
) -> None:
    window.start_job(wait_for(gate), "JumpCloud users")
    window.close()

    window.findChild(Question).buttons[1].click()

    qtbot.waitUntil(lambda: not window.isVisible())
    assert jobs.running() == ()


def test_that_a_job_that_does_not_stop_holds_the_window_two_seconds_at_most(
    qtbot: QtBot, window: MainWindow, gate: threading.Event
) -> None:
    window.start_job(lambda tell, stop: gate.wait(10), "Deaf job")

    window.quit_quietly()

    qtbot.waitUntil(lambda: not window.isVisible(), timeout=3000)


def test_that_quitting_quietly_asks_nothing(
    qtbot: QtBot, window: MainWindow, jobs: Jobs, gate: threading.Event
) -> None:
    window.start_job(wait_for(gate), "JumpCloud users")

    window.quit_quietly()

    qtbot.waitUntil(lambda: not window.isVisible())
    assert window.findChild(Question) is None
    assert jobs.running() == ()


def test_that_a_page_with_something_unsaved_keeps_the_window_open(window: MainWindow) -> None:
    page(window).may_go = False

    assert not window.close()

    page(window).may_go = True


def test_that_a_bare_page_has_no_rail_and_no_command_box(open_window: OpenWindow, theme: Theme) -> None:
    class BarePage(DummyPage):
        bare = True

    window = open_window(entries=[PageEntry("start", "Start", "home", lambda frame: BarePage(theme, frame, "Start"))])

    assert not window.rail.isVisible()
    assert not window.command_box.isVisible()


def test_that_a_line_said_is_shown_until_the_page_changes(window: MainWindow) -> None:
    window.say("email picked; arrows choose a target")
    assert window.status.message.text() == "email picked; arrows choose a target"

    window.navigate("activity")
    assert window.status.message.text() == ""


def test_that_dialogs_close_with_escape(qtbot: QtBot, window: MainWindow, gate: threading.Event) -> None:
    window.start_job(wait_for(gate), "JumpCloud users")
    window.close()
    question = window.findChild(Question)

    qtbot.keyClick(question, Qt.Key.Key_Escape)

    assert question.result() == QDialog.DialogCode.Rejected
    assert window.isVisible()


@pytest.mark.parametrize(("room", "height"), [(1040, 600), (540, 508), (200, 400)])
def test_that_the_status_bar_stays_on_a_screen_that_is_low_at_200_percent(room: int, height: int) -> None:
    assert smallest_for(room).height() == height

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from saasdesk.ui.rail import Rail, RailEntry
from saasdesk.ui.theme import Theme

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ENTRIES = [
    RailEntry("people", "People", "people", shortcut="Ctrl+1"),
    RailEntry("activity", "Activity", "activity"),
    RailEntry("settings", "Settings", "settings", is_at_foot=True),
]


@pytest.fixture
def rail(qtbot: QtBot, theme: Theme) -> Rail:
    shown = Rail(theme, ENTRIES)
    qtbot.addWidget(shown)
    shown.resize(200, 600)
    shown.set_open("people")
    shown.show()
    return shown


def row_text(rail: Rail, key: str, role: Qt.ItemDataRole) -> object:
    model = rail.model()
    return model.data(model.index(rail.entries.row_of(key), 0), int(role))


def test_that_a_click_opens_a_page(qtbot: QtBot, rail: Rail) -> None:
    place = rail.visualRect(rail.entries.index(rail.entries.row_of("activity"))).center()

    with qtbot.waitSignal(rail.chosen) as chosen:
        qtbot.mouseClick(rail.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert chosen.args == ["activity"]


def test_that_arrows_walk_without_opening_and_enter_opens(qtbot: QtBot, rail: Rail) -> None:
    opened: list[str] = []
    rail.chosen.connect(opened.append)

    qtbot.keyClick(rail, Qt.Key.Key_Down)
    qtbot.keyClick(rail, Qt.Key.Key_Down)
    assert opened == []

    qtbot.keyClick(rail, Qt.Key.Key_Return)
    assert opened == ["settings"]


def test_that_settings_stand_at_the_foot(rail: Rail) -> None:
    place = rail.visualRect(rail.entries.index(rail.entries.row_of("settings")))

    assert place.bottom() > rail.viewport().height() - 8


def test_that_the_gap_above_the_foot_cannot_be_chosen(qtbot: QtBot, rail: Rail) -> None:
    opened: list[str] = []
    rail.chosen.connect(opened.append)

    qtbot.mouseClick(rail.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 300))

    assert opened == []


def test_that_screen_readers_hear_the_count(rail: Rail) -> None:
    rail.set_count("activity", 3)
    assert row_text(rail, "activity", Qt.ItemDataRole.AccessibleTextRole) == "Activity, 3"

    rail.set_count("activity", 0)
    assert row_text(rail, "activity", Qt.ItemDataRole.AccessibleTextRole) == "Activity"


def test_that_a_narrow_rail_says_its_titles_in_tool_tips(rail: Rail) -> None:
    assert row_text(rail, "people", Qt.ItemDataRole.ToolTipRole) is None

    rail.set_narrow(True)

    assert row_text(rail, "people", Qt.ItemDataRole.ToolTipRole) == "People (Ctrl+1)"
    assert rail.width() == 55

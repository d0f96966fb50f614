"""A list of lines that are read."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def table(qtbot: QtBot, theme: Theme) -> LineTable:
    shown = LineTable(theme, "Things", (Heading("Name"),))
    qtbot.addWidget(shown)
    shown.resize(400, 300)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.activateWindow()
    shown.setFocus(Qt.FocusReason.TabFocusReason)
    return shown


def rows_in_accent(table: LineTable) -> set[int]:
    """At which heights the ring is seen in the middle of the table."""
    image: QImage = table.viewport().grab().toImage()
    accent = table._theme.color("accent").rgb()
    return {y for y in range(image.height()) if image.pixel(image.width() // 2, y) == accent}


def test_that_a_double_click_and_enter_open_the_same_line(qtbot: QtBot, table: LineTable) -> None:
    opened: list[object] = []
    table.opened.connect(opened.append)
    table.show_lines([Line((Cell("First"),), 1), Line((Cell("Second"),), 2)])
    second = table.model_of_lines.index(1, 0)

    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(second).center())
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(second).center())
    table.setCurrentIndex(second)
    qtbot.keyClick(table, Qt.Key.Key_Return)

    assert opened == [2, 2]


def test_that_the_keyboard_stands_on_the_first_line_as_soon_as_there_is_one(qtbot: QtBot, table: LineTable) -> None:
    assert rows_in_accent(table)
    assert max(rows_in_accent(table)) < table.verticalHeader().defaultSectionSize() + 2

    table.show_lines([Line((Cell("First"),), 1)])

    assert table.current_key == 1
    assert table.visualRect(table.currentIndex()).contains(QPoint(10, 10))


@pytest.mark.parametrize("width", [460, 480, 900])
def test_that_columns_that_have_room_side_by_side_are_not_pushed_out_of_it(
    qtbot: QtBot, theme: Theme, width: int
) -> None:
    numbers = [Heading(str(number), at_right=True) for number in range(5)]
    table = LineTable(theme, "Parts", (Heading("", share=2), *numbers))
    qtbot.addWidget(table)

    table.resize(width, 300)
    with qtbot.waitExposed(table):
        table.show()

    room = table.viewport().width()
    assert room - 6 <= table.horizontalHeader().length() <= room

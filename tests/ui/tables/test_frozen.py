"""Columns that stay in their place while the others scroll sideways."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from saasdesk.fields import FieldType
from saasdesk.records.listing import Column, ListQuery
from saasdesk.ui.tables import RecordTable
from saasdesk.ui.tables.menus import ColumnMenu
from tests.ui.tables.conftest import OpenTable, settle
from tests.ui.tables.fake_source import COLUMNS, FakeSource

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

WIDE = (*COLUMNS[:4], *(Column(f"more_{place}", f"More {place}", FieldType.SHORT_TEXT, 160) for place in range(6)))
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def source() -> FakeSource:
    return FakeSource(9, WIDE)


@pytest.fixture
def table(source: FakeSource, open_table: OpenTable) -> RecordTable:
    """A table much wider than its window, in which Name stays, scrolled to the right."""
    opened = open_table(source)
    action(opened, "name", "Freeze up to here").trigger()
    opened.view.horizontalScrollBar().setValue(400)
    return opened


def section_of(table: RecordTable, key: str) -> int:
    return [column.key for column in table.columns].index(key)


def action(table: RecordTable, key: str, text: str) -> QAction:
    return next(each for each in ColumnMenu(table, section_of(table, key)).actions() if each.text() == text)


def left_of(table: RecordTable, key: str) -> int:
    return table.view.visualRect(table.model.index(0, section_of(table, key))).left()


def key_at(table: RecordTable, x: int) -> str:
    return table.columns[table.view.indexAt(QPoint(x, 10)).column()].key


def test_that_frozen_columns_stay_and_the_others_go_below_them(table: RecordTable) -> None:
    view = table.view

    assert (left_of(table, "name"), key_at(table, 30)) == (0, "name")
    assert left_of(table, "email") < 0
    assert view.frozen.width == view.columnWidth(section_of(table, "name"))
    assert key_at(table, view.frozen.width + 1) not in {"name", "email"}
    assert view.frozen.header.isVisible()
    assert view.frozen.header.geometry().getRect() == (0, 0, view.frozen.width, view.header.height())
    assert not action(table, "name", "Freeze up to here").isEnabled()

    action(table, "more_2", "Unfreeze columns").trigger()
    assert left_of(table, "name") == -400
    assert not view.frozen.header.isVisible()
    assert not action(table, "more_2", "Unfreeze columns").isEnabled()
    assert not action(table, "more_5", "Freeze up to here").isEnabled()


def test_that_a_click_on_either_side_of_the_line_speaks_of_the_same_selection(qtbot: QtBot, table: RecordTable) -> None:
    view, opened = table.view, []
    table.opened.connect(opened.append)

    qtbot.mouseClick(view.viewport(), LEFT, pos=QPoint(60, view.rowHeight(0) + 5))
    assert view.currentIndex().column() == section_of(table, "name")
    qtbot.mouseClick(view.viewport(), LEFT, Qt.KeyboardModifier.ShiftModifier, QPoint(500, 3 * view.rowHeight(0) + 5))
    assert list(table.selected_ids()) == [2, 3, 4]
    qtbot.mouseDClick(view.viewport(), LEFT, pos=QPoint(60, 5))

    assert opened == [1]


def test_that_the_keyboard_never_stands_below_a_frozen_column(qtbot: QtBot, table: RecordTable) -> None:
    view = table.view
    view.setFocus(Qt.FocusReason.TabFocusReason)
    view.setCurrentIndex(table.model.index(0, section_of(table, "more_5")))

    seen = []
    for _ in range(len(WIDE) - 1):
        qtbot.keyClick(view, Qt.Key.Key_Left)
        seen.append((table.columns[view.currentIndex().column()].key, view.visualRect(view.currentIndex()).left()))

    assert seen[-1] == ("name", 0)
    assert all(left >= view.frozen.width for key, left in seen if key != "name")
    before = view.horizontalScrollBar().value()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.horizontalScrollBar().value() == before


def test_that_the_heads_of_frozen_columns_sort_widen_and_change_places(qtbot: QtBot, table: RecordTable) -> None:
    view, head = table.view, table.view.frozen.header
    action(table, "email", "Freeze up to here").trigger()
    qtbot.mouseClick(head.viewport(), LEFT, pos=QPoint(60, 10))
    settle(qtbot, table)
    assert table.query.sort == (("name", False),)

    head.resizeSection(section_of(table, "name"), 220)
    assert table.arrangement.widths["name"] == 220
    assert left_of(table, "email") == 220
    head.moveSection(0, 1)
    assert table.visible_keys[:3] == ("email", "name", "department")
    assert table.arrangement.frozen_to == "name"
    # What is moved over the line changes sides, and the line stays.
    table.arrangement.move(section_of(table, "name"), 1)
    assert table.arrangement.frozen_to == "department"
    assert not view.grab().isNull()


def test_that_a_hidden_column_is_no_longer_among_the_frozen_ones(table: RecordTable) -> None:
    action(table, "email", "Freeze up to here").trigger()

    table.arrangement.hide(section_of(table, "email"))
    assert table.arrangement.frozen_to == "name"
    table.arrangement.hide(section_of(table, "name"))
    assert table.arrangement.frozen_to == ""
    assert table.view.frozen.sections == ()


def test_that_columns_for_which_there_is_no_room_scroll_along(table: RecordTable) -> None:
    action(table, "more_3", "Freeze up to here").trigger()
    assert [table.columns[section].key for section in table.view.frozen.sections] == [
        "name",
        "email",
        "department",
        "seats",
    ]

    table.resize(400, 500)

    assert [table.columns[section].key for section in table.view.frozen.sections] == ["name"]


def test_that_frozen_columns_are_remembered_and_belong_to_the_look(
    table: RecordTable, source: FakeSource, open_table: OpenTable, memory: dict[str, Any]
) -> None:
    look = table.look()
    assert look.frozen_to == "name"
    table.hide()
    assert memory["people"]["frozen_to"] == "name"
    again = open_table(source)
    assert again.arrangement.frozen_to == "name"

    again.show_look(again.usual_look())
    assert again.arrangement.frozen_to == ""
    again.show_look(look)
    assert again.arrangement.frozen_to == "name"
    again.arrangement.reset()
    assert again.look().frozen_to == ""


def test_that_the_words_of_a_group_stay_where_the_frozen_columns_are(qtbot: QtBot, table: RecordTable) -> None:
    table.show_query(ListQuery(group_by="department"))
    settle(qtbot, table)
    rows = table.model.rowCount()

    qtbot.mouseClick(table.view.viewport(), LEFT, pos=QPoint(30, 10))

    assert table.model.rowCount() < rows
    assert not table.view.grab().isNull()


def test_that_frozen_columns_stand_at_the_right_where_one_reads_from_there(table: RecordTable) -> None:
    table.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    view = table.view
    view.updateGeometries()
    name = view.visualRect(table.model.index(0, section_of(table, "name")))

    assert name.right() + 1 == view.viewport().width()
    assert view.indexAt(name.center()).column() == section_of(table, "name")
    assert view.frozen.header.geometry().right() == view.header.geometry().right()
    assert not view.grab().isNull()

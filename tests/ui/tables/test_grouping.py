from array import array
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from saasdesk.records.listing import ListQuery
from saasdesk.ui.tables import RecordTable
from saasdesk.ui.tables.grouping import Grouping, Head
from saasdesk.ui.tables.menus import ColumnMenu, GroupMenu, RowMenu
from tests.ui.tables.conftest import OpenTable, settle
from tests.ui.tables.fake_source import FakeSource

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def head(key: str, count: int) -> Head:
    return Head(key, key, count, {})


def act(menu: QMenu, begins: str) -> None:
    next(action for action in menu.actions() if action.text().startswith(begins)).trigger()


def shown(table: RecordTable) -> list[str]:
    """Each line of the list: the words of a head, or a name."""
    section = [column.key for column in table.columns].index("name")
    return [str(table.model.index(row, section).data()) for row in range(table.model.rowCount())]


def selected_names(table: RecordTable) -> list[int]:
    return list(table.selected_ids())


def test_that_lines_have_a_head_for_each_group_and_the_records_of_open_ones() -> None:
    grouping = Grouping(array("q", [7, 8, 9]), [head("a", 1), head("b", 2)])

    assert list(grouping.lines().ids) == [-1, 7, -2, 8, 9]
    closed = grouping.lines({"a"})
    assert list(closed.ids) == [-1, -2, 8, 9]
    assert (closed.row_above(3), closed.row_above(0)) == (1, 0)
    assert closed.count_records([range(4)]) == 2
    assert closed.head_at(1) == head("b", 2)
    assert grouping.group_of(9) == "b"


@pytest.fixture
def grouped(qtbot: QtBot, open_table: OpenTable) -> RecordTable:
    source = FakeSource()
    for name, department, seats in (("Ann", "IT", 1), ("Bob", "Finance", 2), ("Cleo", "IT", 4), ("Dora", None, 8)):
        source.add(name, department=department, seats=seats)
    table = open_table(source, sort=(("name", False),))
    section = [column.key for column in table.columns].index("department")
    act(ColumnMenu(table, section), "Group by Department")
    settle(qtbot, table)
    qtbot.waitUntil(lambda: not table.model.unread(0, 20))
    return table


def test_that_heads_tell_count_and_sums_and_are_closed_and_opened_by_keyboard(
    qtbot: QtBot, grouped: RecordTable
) -> None:
    table, view = grouped, grouped.view
    assert shown(table) == ["Finance, 1", "Bob", "IT, 2", "Ann", "Cleo", "Department is empty, 1", "Dora"]
    seats = [column.key for column in table.columns].index("seats")
    assert [table.model.index(row, seats).data() for row in (0, 2, 5)] == ["2", "5", "8"]
    assert table.count_label.text() == "4"
    assert table.filters.group is not None
    view.setFocus()

    view.make_current(4)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.currentIndex().row() == 2
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert shown(table) == ["Finance, 1", "Bob", "IT, 2", "Department is empty, 1", "Dora"]
    assert view.currentIndex().row() == 2
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert len(shown(table)) == 7
    view.make_current(4)
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert shown(table) == ["Finance, 1", "IT, 2", "Department is empty, 1"]
    assert view.currentIndex().row() == 1
    assert table.count_label.text() == "4"
    # A list that is read again keeps its groups closed.
    table.refresh()
    settle(qtbot, table)
    assert len(shown(table)) == 3
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert len(shown(table)) == 5
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert len(shown(table)) == 7


def test_that_a_selection_has_records_only_and_everything_means_closed_groups_too(
    qtbot: QtBot, grouped: RecordTable
) -> None:
    table = grouped
    table.view.selectAll()
    assert selected_names(table) == [2, 1, 3, 4]
    assert table.selection_bar.text.startswith("4 selected")

    table.clear_selection()
    table.view.make_current(2)
    act(RowMenu(table), "Select the 2 of the group")
    assert selected_names(table) == [1, 3]
    act(GroupMenu(table), "Collapse all")
    assert selected_names(table) == []
    table.select_all_matching()
    assert selected_names(table) == [2, 1, 3, 4]
    act(GroupMenu(table), "Collapse all")
    assert table.row_of(3) == 4 - 1
    assert table.row_of(99) is None


def test_that_the_arrow_of_a_head_is_clicked_and_a_row_is_not_opened_by_it(qtbot: QtBot, grouped: RecordTable) -> None:
    table, opened = grouped, []
    table.opened.connect(opened.append)
    top = table.view.visualRect(table.model.index(0, 0))

    qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, top.center().y()))
    assert len(shown(table)) == 6
    qtbot.mouseDClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, top.center().y()))

    assert len(shown(table)) == 7
    assert opened == []
    assert not table.view.grab().isNull()


def test_that_groups_are_remembered_exported_first_and_taken_away(
    qtbot: QtBot, grouped: RecordTable, open_table: OpenTable, memory: dict[str, Any]
) -> None:
    table = grouped
    assert table.look().group_by == "department"
    assert table.export_request().visible_keys == ("department", "name", "email", "seats")
    assert table.export_request().query.group_by == "department"
    table.hide()
    assert memory["people"]["group"] == "department"
    assert open_table(FakeSource(4)).query == ListQuery(group_by="department")

    table.show()
    assert table.filters.group is not None
    table.filters.group.removed.emit()
    settle(qtbot, table)

    assert shown(table) == ["Ann", "Bob", "Cleo", "Dora"]
    assert table.filters.group is None

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from saasdesk.ui.tables import RecordTable
from saasdesk.ui.tables.filter_dialog import FilterDialog
from saasdesk.ui.tables.rules_dialog import RulesDialog
from tests.ui.pages.people.desk import unnamed
from tests.ui.tables.conftest import OpenTable, settle, shown_names
from tests.ui.tables.fake_source import FakeSource

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def opened(table: RecordTable) -> RulesDialog:
    return next(each for each in table.findChildren(RulesDialog) if each.isVisible())


def test_that_a_filter_of_which_any_condition_holds_is_made_and_changed(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(10))
    table.add_filter("department")
    first = next(each for each in table.findChildren(FilterDialog) if each.isVisible())
    first.value.first.setText("Fin")
    first.several.click()
    dialog = opened(table)
    assert unnamed(dialog) == []
    (begun,) = dialog.group.conditions
    assert begun.rule().value == "Fin"
    dialog.group.joint.setCurrentIndex(1)
    row = dialog.group.add_condition({"field": "seats", "operator": "equals"})
    dialog.keep.click()
    assert dialog.banner.isVisible()
    row.value.first.setText("many")
    dialog.keep.click()
    assert dialog.isVisible()
    row.value.first.setText("4")
    dialog.keep.click()
    settle(qtbot, table)

    assert table.count_label.text() == "6 of 10"
    assert len(table.filters.chips) == 1
    assert "Person 00004" in shown_names(table)

    qtbot.mouseClick(table.filters.chips[0], Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    again = opened(table)
    again.group.joint.setCurrentIndex(0)
    again.keep.click()
    settle(qtbot, table)

    # What must hold all together are filters side by side.
    assert [chip.label for chip in table.filters.chips] == ["Department contains Fin", "Seats is 4"]
    assert table.empty.isVisible()


def test_that_a_filter_without_any_condition_is_none(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(2))
    table.add_filter("name")
    next(each for each in table.findChildren(FilterDialog) if each.isVisible()).several.click()
    dialog = opened(table)
    dialog.group.conditions[0].remove.click()

    dialog.keep.click()

    assert dialog.isVisible()
    assert dialog.rule is None
    dialog.reject()
    assert table.query.rule is None

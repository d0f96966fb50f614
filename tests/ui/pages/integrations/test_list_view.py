"""List view: every integration on a line, which opens it and has the menu of its tile."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from saasdesk.sync import integrations
from saasdesk.sync.beginning import add_draft, gallery
from saasdesk.ui.pages.integrations import IntegrationsPage
from saasdesk.ui.pages.integrations.editing.rename_dialog import RenameDialog
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def page_of(whole: Whole) -> IntegrationsPage:
    page = whole.window.page("integrations")
    assert isinstance(page, IntegrationsPage)
    whole.wait(lambda: page.blocks.tiles)
    return page


def list_of(whole: Whole, lines: int) -> IntegrationsPage:
    """The page, in list view."""
    page = page_of(whole)
    segment = next(button for button in page.narrowing.view._segments if button.key == "list")
    whole.qtbot.mouseClick(segment, Qt.MouseButton.LeftButton)
    whole.wait(lambda: page.list.table.model.rowCount() == lines and cell(page, 0, "name"))
    return page


def cell(page: IntegrationsPage, row: int, key: str) -> str:
    model = page.list.table.model
    column = next(place for place, column in enumerate(model.columns) if column.key == key)
    found = model.cell(row, column)
    return found.text if found is not None else ""


def test_that_a_line_says_how_the_integration_stands_and_what_its_last_run_did(whole: Whole) -> None:
    whole.office.run()
    add_draft(whole.office.store, gallery()[0])
    page_of(whole).refresh()

    page = list_of(whole, 2)

    assert [cell(page, 0, key) for key in ("name", "state", "vendor", "last_status", "failed")] == [
        "PagerDuty users",
        "Active",
        "PagerDuty",
        "Completed",
        "0",
    ]
    assert int(cell(page, 0, "created")) >= 60
    assert cell(page, 0, "next_run")
    assert [cell(page, 1, key) for key in ("state", "next_run", "last_status", "created")] == [
        "Draft",
        "",
        "Never run",
        "",
    ]


def test_that_enter_opens_the_line_and_f2_renames_it(whole: Whole) -> None:
    page = list_of(whole, 1)
    view = page.list.table.view
    view.make_current(0)
    view.setFocus()

    whole.qtbot.keyClick(view, Qt.Key.Key_F2)
    whole.wait(lambda: isinstance(QApplication.activeModalWidget(), RenameDialog))
    QApplication.activeModalWidget().close()
    whole.qtbot.keyClick(view, Qt.Key.Key_Return)

    whole.wait(lambda: whole.window.current_page is whole.window.page("integration"))


def test_that_the_menu_of_a_line_is_that_of_the_tile(whole: Whole) -> None:
    page = list_of(whole, 1)
    page.list.table.view.make_current(0)
    menu = QMenu(page)

    page.list.table.row_menu_shown.emit(menu)

    texts = [action.text() for action in menu.actions()]
    assert {"Run Now", "Pause", "Rename…", "Duplicate", "Export…", "Delete…"} <= set(texts)
    next(action for action in menu.actions() if action.text() == "Pause").trigger()
    whole.wait(lambda: cell(page, 0, "state") == "Paused")


def test_that_the_search_and_the_states_narrow_the_list_too_and_the_view_is_remembered(whole: Whole) -> None:
    integrations.pause(whole.office.store, whole.office.integrate("Rests"))
    page_of(whole).refresh()
    page = list_of(whole, 2)

    page.narrowing.filter.setText("rests")

    whole.wait(lambda: page.list.table.model.rowCount() == 1 and cell(page, 0, "name") == "Rests")
    assert whole.desk.pages.memory["integrations-page"]["view"] == "list"
    assert page.new.isVisible()

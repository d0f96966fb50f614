"""Mapping view: fields against integrations; a cell opens the mapping there, feeders are put in order here."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from saasdesk.fields import ObjectKind
from saasdesk.mapping.editing import Place
from saasdesk.records.feeders import feeders_of
from saasdesk.sync.beginning import add_draft, gallery
from saasdesk.ui.pages.integrations import IntegrationsPage
from saasdesk.ui.pages.integrations.feeder_dialog import FeederDialog
from saasdesk.ui.pages.integrations.mapping_page import MappingPage
from saasdesk.ui.pages.integrations.mapping_view import MappingView
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PAGERDUTY, JUMPCLOUD = "PagerDuty users", "JumpCloud users"


def page_of(whole: Whole) -> IntegrationsPage:
    page = whole.window.page("integrations")
    assert isinstance(page, IntegrationsPage)
    return page


def matrix_of(whole: Whole) -> MappingView:
    """Mapping view with PagerDuty's and JumpCloud's users in it."""
    for connector in gallery():
        if (connector.key, connector.loads) in {("jumpcloud", "users"), ("jumpcloud", "assets")}:
            add_draft(whole.office.store, connector)
    page = page_of(whole)
    page.refresh()
    whole.wait(lambda: len(page.blocks.tiles) == 3)
    segment = next(button for button in page.narrowing.view._segments if button.key == "mapping")
    whole.qtbot.mouseClick(segment, Qt.MouseButton.LeftButton)
    whole.wait(lambda: page.mapping.table.matrix_model.columnCount() == 3)
    return page.mapping


def find(view: MappingView, field: str, integration: str = "") -> tuple[int, int]:
    """Row and column; without an integration those of its feeders."""
    model = view.table.matrix_model
    row = next(place for place, each in enumerate(model.fields) if each.external_id == field)
    names = [column.integration.name for column in model.matrix.columns]
    return row, names.index(integration) if integration else len(names)


def stand(view: MappingView, field: str, integration: str = "") -> None:
    """Put the keyboard on a cell."""
    view.table.setFocus()
    view.table.setCurrentIndex(view.table.matrix_model.index(*find(view, field, integration)))


def order(whole: Whole, field: str) -> list[str]:
    return [feeder.name for feeder in feeders_of(whole.office.store, field) if feeder.is_ordered]


def test_that_a_cell_says_the_source_and_the_key_in_words_too(whole: Whole) -> None:
    view = matrix_of(whole)
    model = view.table.matrix_model

    assert model.text(*find(view, "email", PAGERDUTY)) == "Email"
    assert model.text(*find(view, "role", PAGERDUTY)) == "“Employee”"
    assert model.spoken(*find(view, "email", PAGERDUTY)) == "Email from Email of PagerDuty users, sync key 1"
    assert (
        model.spoken(*find(view, "pager_duty_user_id", JUMPCLOUD))
        == "PagerDuty User ID is not mapped by JumpCloud users"
    )
    last = model.rowCount() - 1
    assert model.text(last, 0).endswith(" free")
    assert model.spoken(last, 0).startswith("Still free in PagerDuty users: ")


def test_that_screen_readers_hear_the_cell_and_how_the_integration_stands(whole: Whole) -> None:
    view = matrix_of(whole)
    model = view.table.matrix_model
    row, section = find(view, "email", PAGERDUTY)
    spoken = int(Qt.ItemDataRole.AccessibleTextRole)

    cell = model.data(model.index(row, section), spoken)
    heading = model.headerData(section, Qt.Orientation.Horizontal, spoken)

    assert cell == "Email from Email of PagerDuty users, sync key 1"
    assert heading == "PagerDuty users, Active"


def test_that_the_keyboard_stands_on_a_cell_when_the_cells_come_after_it(whole: Whole) -> None:
    view = matrix_of(whole)
    table = view.table
    stand(view, "email", PAGERDUTY)

    table.matrix_model.beginResetModel()
    table.matrix_model.endResetModel()

    assert (table.currentIndex().row(), table.currentIndex().column()) == (0, 0)


def test_that_enter_opens_the_mapping_at_the_field(whole: Whole) -> None:
    view = matrix_of(whole)
    stand(view, "job_title", PAGERDUTY)

    whole.qtbot.keyClick(view.table, Qt.Key.Key_Return)

    page = whole.window.page("mapping")
    assert isinstance(page, MappingPage)
    whole.wait(lambda: page.editor is not None)
    assert page.editor is not None
    assert page.editor.targets.current_place == Place(ObjectKind.PEOPLE, "job_title")
    assert page.editor.targets.hasFocus()


def test_that_a_click_on_a_cell_and_on_a_name_opens_the_mapping(whole: Whole) -> None:
    view = matrix_of(whole)
    index = view.table.matrix_model.index(*find(view, "email", JUMPCLOUD))

    whole.qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=view.table.visualRect(index).center())
    whole.wait(lambda: whole.window.current_page is whole.window.page("mapping"))
    whole.show("integrations")
    view.table.horizontalHeader().sectionClicked.emit(0)

    page = whole.window.page("mapping")
    assert isinstance(page, MappingPage)
    whole.wait(lambda: page._number == 1)


def test_that_alt_up_puts_a_feeder_before_the_others_and_undo_takes_it_back(whole: Whole) -> None:
    view = matrix_of(whole)
    stand(view, "email", JUMPCLOUD)

    whole.qtbot.keyClick(view.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)

    whole.wait(lambda: order(whole, "email") == [JUMPCLOUD, PAGERDUTY])
    model = view.table.matrix_model
    whole.wait(lambda: "feeder 1 of 2" in model.spoken(*find(view, "email", JUMPCLOUD)))
    assert model.text(*find(view, "email")) == f"{JUMPCLOUD}, {PAGERDUTY}"
    # The keyboard stays where it was.
    assert view.table.currentIndex() == model.index(*find(view, "email", JUMPCLOUD))
    view._keep_order(model.fields[find(view, "email")[0]], (), is_undo=True)
    whole.wait(lambda: order(whole, "email") == [])


def test_that_the_dialog_of_the_feeders_keeps_the_order_that_was_made_by_keyboard(whole: Whole) -> None:
    view = matrix_of(whole)
    stand(view, "email")
    whole.qtbot.keyClick(view.table, Qt.Key.Key_Return)
    whole.wait(lambda: isinstance(QApplication.activeModalWidget(), FeederDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, FeederDialog)
    assert not dialog.list.isEnabled()

    dialog.first.setChecked(True)
    whole.qtbot.keyClick(dialog.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert dialog.order == (JUMPCLOUD, PAGERDUTY)
    whole.qtbot.mouseClick(dialog.update_button, Qt.MouseButton.LeftButton)

    whole.wait(lambda: order(whole, "email") == [JUMPCLOUD, PAGERDUTY])


def test_that_a_field_with_one_source_has_nothing_to_put_in_order(whole: Whole) -> None:
    view = matrix_of(whole)
    stand(view, "pager_duty_user_id", PAGERDUTY)

    whole.qtbot.keyClick(view.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)

    row, section = find(view, "pager_duty_user_id", PAGERDUTY)
    assert not any("feeder" in action.text() for action in view.menu_of(row, section).actions())
    assert order(whole, "pager_duty_user_id") == []


def test_that_assets_have_a_matrix_of_their_own_and_the_choice_is_remembered(whole: Whole) -> None:
    view = matrix_of(whole)

    whole.qtbot.mouseClick(view.objects._segments[2], Qt.MouseButton.LeftButton)
    whole.qtbot.mouseClick(view.only_mapped, Qt.MouseButton.LeftButton)

    model = view.table.matrix_model
    whole.wait(lambda: [column.integration.name for column in model.matrix.columns] == ["JumpCloud devices"])
    assert not view.order.isVisible()
    kept = whole.desk.pages.memory["integrations-page"]
    assert kept["matrix"] == {"object": "assets", "all_fields": True}


def test_that_the_search_narrows_the_columns(whole: Whole) -> None:
    view = matrix_of(whole)

    page_of(whole).narrowing.filter.setText("jumpcloud users")

    model = view.table.matrix_model
    whole.wait(lambda: [column.integration.name for column in model.matrix.columns] == [JUMPCLOUD])


def test_that_the_menu_key_opens_the_menu_of_the_cell_and_its_name_opens_the_integration(whole: Whole) -> None:
    view = matrix_of(whole)
    stand(view, "email", JUMPCLOUD)

    QApplication.sendEvent(view.table, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint()))
    whole.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    texts = [action.text() for action in menu.actions()]
    assert texts[0] == "Open the mapping of JumpCloud users at Email\tEnter"
    assert "Order of the feeders of Email…" in texts
    next(action for action in menu.actions() if action.text() == "Open JumpCloud users").trigger()
    menu.close()

    page = whole.window.page("integration")
    whole.wait(lambda: whole.window.current_page is page and page.header.title.text() == JUMPCLOUD)

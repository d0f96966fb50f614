"""NEW INTEGRATION: search, ADD, and on the page of a draft; all of it by keyboard too."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from saasdesk.store.variables import set_variable
from saasdesk.sync import integrations
from saasdesk.sync.beginning import add_draft, gallery
from saasdesk.sync.integration import IntegrationState
from saasdesk.ui.pages.integrations import IntegrationsPage
from saasdesk.ui.pages.integrations.gallery import Gallery
from saasdesk.ui.pages.integrations.integration_page import IntegrationPage
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def page_of(whole: Whole) -> IntegrationsPage:
    page = whole.window.page("integrations")
    assert isinstance(page, IntegrationsPage)
    whole.wait(lambda: page.blocks.tiles)
    return page


def shown(page: IntegrationsPage) -> list[str]:
    return [entry.name for entry in page.gallery.entries if entry.isVisible()]


def test_that_new_integration_search_and_add_make_a_draft_and_open_its_page(whole: Whole) -> None:
    set_variable(whole.office.store, "JetBrains.Company Code", "ACME")
    page = page_of(whole)

    whole.qtbot.mouseClick(page.blocks.users.new, Qt.MouseButton.LeftButton)
    whole.wait(page.gallery.search.hasFocus)
    whole.qtbot.keyClicks(page.gallery.search, "jetb")
    assert shown(page) == ["JetBrains users"]
    whole.qtbot.mouseClick(page.gallery.matches[0].add, Qt.MouseButton.LeftButton)

    opened = whole.window.page("integration")
    assert isinstance(opened, IntegrationPage)
    whole.wait(lambda: whole.window.current_page is opened and opened.header.title.text() == "JetBrains users")
    draft = integrations.find_integration(whole.office.store, "JetBrains users")
    assert draft.state is IntegrationState.DRAFT
    assert draft.document.inputs == {"company_code": "ACME"}
    whole.wait(opened.gate_card.isVisible)
    assert opened.gate_count.text()
    assert opened.launch.isVisible()


def test_that_the_panel_is_not_made_before_somebody_wants_it(whole: Whole) -> None:
    page = page_of(whole)
    assert not page.is_gallery_open
    assert page.findChild(Gallery) is None

    page.open_gallery()
    page.close_gallery()
    page.open_gallery()

    assert page.findChildren(Gallery) == [page.gallery]
    assert page.gallery.isVisible()


def test_that_the_keyboard_alone_adds_the_first_match(whole: Whole) -> None:
    page = page_of(whole)

    page.open_gallery()
    whole.wait(page.gallery.search.hasFocus)
    whole.qtbot.keyClicks(page.gallery.search, "jumpcloud dev")
    whole.qtbot.keyClick(page.gallery.search, Qt.Key.Key_Return)

    whole.wait(lambda: any(i.name == "JumpCloud devices" for i in integrations.list_integrations(whole.office.store)))
    assert integrations.find_integration(whole.office.store, "JumpCloud devices").document.loads_assets


def test_that_a_second_press_while_the_draft_is_made_adds_no_second_one(whole: Whole) -> None:
    page = page_of(whole)
    page.open_gallery()
    entry = page.gallery.matches[0]

    entry.add.click()
    entry.add.click()

    whole.wait(lambda: whole.window.current_page is not page)
    assert len(integrations.list_integrations(whole.office.store)) == 2


def test_that_each_section_offers_what_belongs_into_it(whole: Whole) -> None:
    page = page_of(whole)

    page.blocks.assets.new.click()
    assert shown(page) == ["JumpCloud devices"]
    page.blocks.users.new.click()

    assert "JumpCloud devices" not in shown(page)
    assert "JumpCloud users" in shown(page)


def test_that_a_search_that_finds_nothing_says_so_and_enter_adds_nothing(whole: Whole) -> None:
    page = page_of(whole)
    page.open_gallery()

    whole.qtbot.keyClicks(page.gallery.search, "nobody")
    whole.qtbot.keyClick(page.gallery.search, Qt.Key.Key_Return)

    assert shown(page) == []
    assert page.gallery._nothing.isVisible()
    assert len(integrations.list_integrations(whole.office.store)) == 1


def test_that_escape_empties_the_search_then_closes_the_panel_and_the_keyboard_is_where_it_was(whole: Whole) -> None:
    page = page_of(whole)
    whole.window.activateWindow()
    page.blocks.users.new.setFocus()
    whole.qtbot.keyClick(page.blocks.users.new, Qt.Key.Key_Space)
    whole.wait(page.gallery.search.hasFocus)
    whole.qtbot.keyClicks(page.gallery.search, "j")

    whole.qtbot.keyClick(page.gallery.search, Qt.Key.Key_Escape)
    assert page.is_gallery_open
    whole.qtbot.keyClick(page.gallery.search, Qt.Key.Key_Escape)

    assert not page.is_gallery_open
    assert QApplication.focusWidget() is page.blocks.users.new


def test_that_connecting_a_vendor_step_by_step_stays_one_press_away(whole: Whole) -> None:
    page = page_of(whole)
    page.open_gallery()

    whole.qtbot.mouseClick(page.gallery.guide, Qt.MouseButton.LeftButton)

    dialog = QApplication.activeModalWidget() or next(
        w for w in QApplication.topLevelWidgets() if type(w).__name__ == "ConnectVendorDialog"
    )
    assert dialog.isVisible()
    dialog.close()
    assert {"New integration…", "Connect a vendor…"} <= {command.text for command in page.commands()}


def test_that_the_state_filter_shows_only_those_in_that_state_and_is_remembered(whole: Whole) -> None:
    page = page_of(whole)
    office = whole.office
    integrations.pause(office.store, office.integrate("Rests"))
    page.refresh()
    whole.wait(page.narrowing.states.chips["paused"].isVisible)
    assert page.narrowing.states.chips["paused"].label == "Paused 1"
    assert not page.narrowing.states.chips["failed"].isVisible()

    whole.qtbot.mouseClick(page.narrowing.states.chips["paused"], Qt.MouseButton.LeftButton)
    page.narrowing.filter.setText("rests")

    assert [t.facts.integration.name for t in page.blocks.tiles.values() if t.isVisible()] == ["Rests"]
    kept = whole.desk.pages.memory["integrations-page"]
    assert (kept["view"], kept["search"], kept["state"]) == ("blocks", "rests", "paused")


def test_that_chips_that_are_hidden_leave_no_gap(whole: Whole) -> None:
    page = page_of(whole)
    integrations.pause(whole.office.store, whole.office.integrate("Rests"))
    page.refresh()
    paused = page.narrowing.states.chips["paused"]
    whole.wait(paused.isVisible)

    active = page.narrowing.states.chips["active"]

    whole.wait(lambda: 0 < paused.x() - active.geometry().right() < 24)


def test_that_ctrl_f_goes_to_the_search_in_every_view(whole: Whole) -> None:
    page = page_of(whole)
    whole.window.activateWindow()
    for key in ("blocks", "list", "mapping"):
        page.narrowing.choose_view(key)
        page.panes()[0].setFocus()

        whole.qtbot.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)

        whole.wait(page.narrowing.filter.hasFocus)


def test_that_the_views_are_commands_too(whole: Whole) -> None:
    page = page_of(whole)

    next(command for command in page.commands() if command.text == "Mapping view").run()

    assert page.narrowing.view.current == "mapping"
    whole.wait(page.mapping.table.isVisible)


def test_that_an_overdue_run_is_said_on_its_tile(whole: Whole) -> None:
    page = page_of(whole)
    long_ago = "2026-03-01T12:00:00Z"
    whole.office.store.write(
        lambda db: db.execute_sql("UPDATE integration SET launched_at = ?, updated_at = ?", (long_ago, long_ago))
    )

    page.refresh()

    tile = next(iter(page.blocks.tiles.values()))
    whole.wait(lambda: tile.state.status.word == "Overdue")
    assert "has not begun" in tile._sentence.text()
    assert tile.run.isVisible()
    assert page.attention.text() == "1 needs attention"


def test_that_a_tile_alone_in_its_section_is_as_wide_as_the_others(whole: Whole) -> None:
    page = page_of(whole)
    for connector in gallery():
        add_draft(whole.office.store, connector)

    page.refresh()

    whole.wait(lambda: len(page.blocks.tiles) == len(gallery()) + 1)
    whole.wait(lambda: len({tile.width() for tile in page.blocks.tiles.values()}) == 1)
    assert len(page.blocks.assets.tiles) == 1
    assert page.blocks.assets.tiles[0].width() < page.blocks.width() * 0.6

"""The overview without a mouse and without eyes: names, Tab, and a ring wherever the keyboard is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from saasdesk.sync.beginning import add_draft, gallery
from saasdesk.ui.pages.integrations import IntegrationsPage
from tests.ui.pages.conftest import Whole
from tests.ui.test_keyboard_and_names import focusable, name_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

VIEWS = ("blocks", "list", "mapping")


def page_in(whole: Whole, view: str) -> IntegrationsPage:
    """The page in this view, with the gallery beside it."""
    for connector in gallery():
        add_draft(whole.office.store, connector)
    page = whole.window.page("integrations")
    assert isinstance(page, IntegrationsPage)
    page.narrowing.choose_view(view)
    page.refresh()
    page.open_gallery()
    whole.wait(lambda: len(page.blocks.tiles) == len(gallery()) + 1)
    whole.wait(page.gallery.search.hasFocus)
    whole.wait(page.shown_view.isVisible)
    if view == "mapping":
        whole.wait(page.mapping.table.matrix_model.rowCount)
    return page


def is_other_choice(widget: QWidget) -> bool:
    """Whether it is one of several choices, and not the one that is on."""
    if not isinstance(widget, QAbstractButton) or widget.isChecked():
        return False
    return widget.autoExclusive() or widget.group() is not None


@pytest.mark.parametrize("view", VIEWS)
def test_that_everything_of_the_overview_has_a_name_and_is_reached_by_tab(whole: Whole, view: str) -> None:
    page = page_in(whole, view)
    # Of several choices Tab stops at the one that is on; arrows walk the others.
    wanted = {widget for widget in focusable(page) if not is_other_choice(widget)}

    nameless = [widget for widget in wanted if not name_of(widget)]
    reached: set[QWidget | None] = set()
    for _ in range(3 * len(wanted) + 40):
        whole.qtbot.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())

    assert nameless == []
    assert wanted - reached == set()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_that_the_keyboard_is_seen_wherever_it_is_in_the_overview(whole: Whole, view: str, mode: str) -> None:
    whole.desk.theme.mode = mode  # type: ignore[assignment]  # light or dark
    page = page_in(whole, view)
    unseen = []
    for widget in focusable(page):
        page.narrowing.filter.setFocus()
        if widget is page.narrowing.filter:
            continue
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if widget.grab().toImage() == before:
            unseen.append(widget)

    assert unseen == []


@pytest.mark.parametrize("view", VIEWS)
def test_that_nothing_of_the_head_is_cut_at_200_percent(whole: Whole, view: str) -> None:
    page = page_in(whole, view)
    page.close_gallery()

    whole.desk.theme.zoom = 200
    whole.wait(lambda: page.narrowing.view.height() >= page.narrowing.view.sizeHint().height())

    assert whole.window.width() == 1280
    for widget in (page.narrowing.view, page.narrowing.filter, page.narrowing.states):
        assert page.rect().contains(widget.mapTo(page, widget.rect().bottomRight())), widget
        assert widget.width() >= widget.minimumSizeHint().width(), widget
    assert page.narrowing.view.width() >= page.narrowing.view.sizeHint().width()
    assert name_of(page.narrowing.view._segments[0]) == "Block view"


def test_that_the_gallery_takes_the_whole_page_where_both_do_not_fit(whole: Whole) -> None:
    page = page_in(whole, "blocks")
    assert page.blocks.isVisible()

    whole.desk.theme.zoom = 200
    whole.wait(lambda: not page.blocks.isVisible())

    assert page.gallery.isVisible()
    assert whole.window.width() == 1280
    page.close_gallery()
    assert page.blocks.isVisible()


def test_that_arrows_walk_the_states_and_the_views(whole: Whole) -> None:
    page = page_in(whole, "blocks")
    page.close_gallery()
    page.narrowing.states.chips[""].setFocus()

    whole.qtbot.keyClick(page.narrowing.states.chips[""], Qt.Key.Key_Right)
    assert page.narrowing.states.current == "active"
    page.narrowing.view._segments[0].setFocus()
    whole.qtbot.keyClick(page.narrowing.view._segments[0], Qt.Key.Key_Right)

    whole.wait(page.list.isVisible)

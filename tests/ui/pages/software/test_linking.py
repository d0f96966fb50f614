"""Link to catalogue: the search, what it changes, and the way back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.records.changes import Cause
from saasdesk.records.software import ensure_application
from saasdesk.ui.pages.software import SoftwarePage
from saasdesk.ui.pages.software.link_dialog import LinkDialog
from tests.ui.pages.people.desk import Company, Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
NAME = "On-call EU"


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path / "profile", 2, runs=0)
    cause = Cause("sync 1", "PagerDuty users")
    made.store.write(lambda db: ensure_application(db, NAME, "Somebody", cause, "2026-01-02T03:04:05Z"))
    yield made
    made.close()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, qapp)
    yield made
    made.close()


@pytest.fixture
def page(desk: Desk, company: Company) -> SoftwarePage:
    made = SoftwarePage(
        company.services,
        desk.frame,
        desk.theme,
        desk.bridge,
        desk.readers,
        desk.memory,
        export=lambda _request: None,
        connect_vendor=lambda: None,
        run=lambda _integration: None,
    )
    desk.show(made)
    made.open(company.value(f"SELECT id FROM saas_application WHERE name = '{NAME}'"))
    desk.qtbot.waitUntil(lambda: bool(made.view and made.view.header.title.text()))
    return made


def stored(company: Company) -> tuple[object, ...]:
    columns = ("vendor", "category", "catalogue_entry")
    return tuple(company.value(f"SELECT {one} FROM saas_application WHERE name = '{NAME}'") for one in columns)


def open_dialog(page: SoftwarePage) -> LinkDialog:
    page.link_to_catalogue()
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, LinkDialog) and w.isVisible())


def link(page: SoftwarePage, desk: Desk, wanted: str) -> None:
    dialog = open_dialog(page)
    dialog.search.setText(wanted)
    desk.qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: bool(page.view and page.view.linked.isVisible()))


def test_that_an_application_is_linked_by_keyboard_and_says_so(
    page: SoftwarePage, desk: Desk, company: Company
) -> None:
    assert page.view is not None
    assert not page.view.linked.isVisible()
    assert not page.view.unlink_action.isEnabled()

    link(page, desk, "pagerduty")

    assert stored(company) == ("PagerDuty", "Incident and monitoring", "PagerDuty")
    assert page.view.linked.text() == "Linked to PagerDuty"
    assert "Incident and monitoring" in page.view.header.subtitle.text()
    assert page.view.unlink_action.isEnabled()


def test_that_what_a_link_changes_is_shown_before_it_is_made(page: SoftwarePage, company: Company) -> None:
    dialog = open_dialog(page)
    dialog.search.setText("pagerduty")

    said = dialog.outcome.text()

    assert "Vendor: Somebody → PagerDuty" in said
    assert "Category: nothing → Incident and monitoring" in said
    assert stored(company) == ("Somebody", None, None)
    dialog.reject()


def test_that_a_link_can_be_undone(page: SoftwarePage, desk: Desk, company: Company) -> None:
    link(page, desk, "pagerduty")
    assert desk.frame.last_action is not None
    words, undo = desk.frame.last_action

    undo()

    assert words == "Undo"
    desk.qtbot.waitUntil(lambda: bool(page.view and not page.view.linked.isVisible()))
    assert stored(company) == ("Somebody", None, None)


def test_that_unlinking_leaves_what_the_link_filled(page: SoftwarePage, desk: Desk, company: Company) -> None:
    link(page, desk, "pagerduty")
    assert page.view is not None

    page.view.unlink_action.trigger()

    desk.qtbot.waitUntil(lambda: bool(page.view and not page.view.linked.isVisible()))
    assert stored(company) == ("PagerDuty", "Incident and monitoring", None)


def test_that_a_search_without_a_match_offers_no_link(page: SoftwarePage) -> None:
    dialog = open_dialog(page)

    dialog.search.setText("zzzqqq")

    assert dialog.entry is None
    assert not dialog.take.isEnabled()
    assert "The catalogue has nothing of this name" in dialog.outcome.text()
    dialog.reject()


def test_that_a_name_that_the_catalogue_does_not_know_shows_all_of_it(page: SoftwarePage) -> None:
    dialog = open_dialog(page)

    assert dialog.search.text() == ""
    assert dialog.entry is not None
    dialog.reject()

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from saasdesk.fields import ObjectKind
from saasdesk.jobs import Ended, Job
from saasdesk.licences.money import Money, Period
from saasdesk.licences.prices import Price, keep_price
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.ui.pages.record_list import record_editing
from saasdesk.ui.pages.record_list.timeline import TimelineEntry
from saasdesk.ui.tables import ExportRequest
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton, PrimaryButton
from tests.ui.pages.people.conftest import OpenPage
from tests.ui.pages.people.desk import Company, Desk, texts, unnamed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ACTIVE = "SELECT count(*) FROM person WHERE NOT deactivated"
RENAMED = "SELECT record FROM change WHERE object = 'people' AND field = 'name' LIMIT 1"


def wait_for(page_person: object, desk: Desk, page: object) -> None:
    desk.qtbot.waitUntil(
        lambda: page.inspector.shown is not None and page.inspector.shown.id == page_person  # type: ignore[attr-defined]
    )


def test_that_the_title_says_how_many_people_there_are(open_page: OpenPage, company: Company) -> None:
    page = open_page()

    assert page.header.subtitle.text().startswith(str(company.value(ACTIVE)))


def test_that_a_row_that_is_clicked_is_looked_at(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()
    person = page.table.model.ids[3]

    page.table.view.make_current(3)

    wait_for(person, desk, page)
    assert "PagerDuty" in texts(page.inspector)


def test_that_space_hides_the_inspector_and_the_next_start_remembers_it(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()
    page.table.view.make_current(0)
    assert page.inspector.isVisible()

    desk.qtbot.keyClick(page.table.view, Qt.Key.Key_Space)

    assert not page.inspector.isVisible()
    assert not open_page().inspector.isVisible()


def test_that_the_inspector_takes_the_place_of_the_list_where_there_is_no_room_beside_it(
    open_page: OpenPage, desk: Desk
) -> None:
    page = open_page()
    page.table.view.setFocus()
    page.table.view.make_current(0)

    desk.theme.zoom = 200
    desk.qtbot.waitUntil(lambda: not page.inspector.isVisible())
    assert page.table.isVisible()
    desk.qtbot.keyClick(page.table.view, Qt.Key.Key_Space)
    assert (page.inspector.isVisible(), page.table.isVisible()) == (True, False)
    assert page.inspector.close_button.hasFocus()
    desk.qtbot.keyClick(page.inspector.close_button, Qt.Key.Key_Escape)
    assert (page.inspector.isVisible(), page.table.view.hasFocus()) == (False, True)
    page.open(page.order[1])
    assert (page.inspector.isVisible(), page.table.isVisible()) == (True, False)
    page.open(None)
    assert (page.inspector.isVisible(), page.table.isVisible()) == (False, True)

    desk.theme.zoom = 100
    desk.qtbot.waitUntil(page.inspector.isVisible)
    assert page.table.isVisible()


def test_that_a_list_with_its_inspector_asks_for_width(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()
    assert desk.frame.needs_width

    page.toggle_inspector()

    assert desk.frame.needs_width is False


def test_that_enter_opens_the_page_of_the_person(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()
    page.table.view.setFocus()
    page.table.view.make_current(2)

    desk.qtbot.keyClick(page.table.view, Qt.Key.Key_Return)

    assert desk.frame.visited == [("person", page.order[2])]


def test_that_the_inspector_leads_to_the_page_and_to_each_account(
    open_page: OpenPage, company: Company, desk: Desk
) -> None:
    person = company.value(RENAMED)
    page = open_page(argument=person)
    wait_for(person, desk, page)
    application, user = company.rows("SELECT saas_application, id FROM saas_user WHERE person = ?", person)[0]

    desk.qtbot.mouseClick(page.inspector.page_link, Qt.MouseButton.LeftButton)
    desk.qtbot.mouseClick(page.inspector.strip.cards[0], Qt.MouseButton.LeftButton)

    assert desk.frame.visited == [("person", person), ("software", (application, "users", user))]


def test_that_the_inspector_leads_to_the_manager_and_says_what_the_person_costs(
    desk: Desk, open_page: OpenPage, tmp_path: Path
) -> None:
    company = Company(tmp_path / "profile", 3, runs=1)
    (first, second), *_ = company.rows("SELECT min(id), max(id) FROM person")
    manager = company.value("SELECT username FROM person WHERE id = ?", second)
    company.store.write(
        lambda db: db.execute_sql("UPDATE person SET manager = ? WHERE id = ?", (manager, first)) and None
    )
    application = company.value("SELECT id FROM saas_application")
    keep_price(company.store, Price(application, Money(4_100, "EUR"), Period.MONTH, date(2020, 1, 1)))

    page = open_page(company, first)

    def link() -> LinkButton | None:
        named = [link for link in page.inspector.findChildren(LinkButton) if link.label == manager and link.isVisible()]
        return named[0] if named else None

    desk.qtbot.waitUntil(lambda: link() is not None and "41.00 EUR a month" in texts(page.inspector))
    found = link()
    assert found is not None
    assert found.accessibleName() == f"Open {manager}"
    found.click()
    assert desk.frame.visited == [("person", second)]
    company.close()


def test_that_escape_closes_the_inspector(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()
    page.table.view.make_current(0)

    desk.qtbot.keyClick(page.inspector, Qt.Key.Key_Escape)

    assert not page.inspector.isVisible()


def test_that_a_person_whom_another_page_names_is_selected(open_page: OpenPage, company: Company, desk: Desk) -> None:
    person = company.value(RENAMED)

    page = open_page(argument=person)

    desk.qtbot.waitUntil(lambda: list(page.table.selected_ids()) == [person])
    wait_for(person, desk, page)


def test_that_somebody_hidden_by_the_filters_is_shown_with_a_way_to_the_list(
    open_page: OpenPage, company: Company, desk: Desk
) -> None:
    person = company.value(RENAMED)
    page = open_page()
    page.table.search.setText("nobody has this name")
    desk.qtbot.waitUntil(lambda: page.header.subtitle.text().startswith("0 of"))

    page.open(person)
    desk.qtbot.waitUntil(lambda: "The filters of the list hide this person." in texts(page.inspector))
    page.inspector.filters_wanted_off.emit()

    desk.qtbot.waitUntil(lambda: list(page.table.selected_ids()) == [person])
    assert "The filters of the list hide this person." not in texts(page.inspector)


def test_that_a_change_leads_to_the_sync_session_that_made_it(
    open_page: OpenPage, company: Company, desk: Desk
) -> None:
    person = company.value(RENAMED)
    session = company.value(
        "SELECT session FROM change WHERE object = 'people' AND record = ? AND field = 'name'", person
    )
    page = open_page(argument=person)
    wait_for(person, desk, page)

    newest = page.inspector.findChildren(TimelineEntry)[0]
    desk.qtbot.mouseClick(newest.link, Qt.MouseButton.LeftButton)

    assert desk.frame.visited == [("activity", session)]


def test_that_a_changed_name_is_told_with_before_and_after(open_page: OpenPage, company: Company, desk: Desk) -> None:
    person = company.value(RENAMED)
    before, after = company.rows(
        "SELECT before, after FROM change WHERE object = 'people' AND record = ? AND field = 'name'", person
    )[0]

    page = open_page(argument=person)
    wait_for(person, desk, page)

    assert f"Name: {before} → {after}" in texts(page.inspector)


def test_that_export_gets_what_the_list_shows(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()

    desk.qtbot.mouseClick(page.table.export_button, Qt.MouseButton.LeftButton)

    (request,) = page.exported  # type: ignore[attr-defined]
    assert isinstance(request, ExportRequest)
    assert request.matching == page.table.model.rowCount()


def test_that_everything_the_keyboard_reaches_has_a_name(open_page: OpenPage, company: Company, desk: Desk) -> None:
    person = company.value(RENAMED)
    page = open_page(argument=person)
    wait_for(person, desk, page)

    assert unnamed(page) == []


def test_that_back_shows_the_same_person_again(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()
    first, second = page.table.model.ids[1], page.table.model.ids[5]
    page.open(first)
    wait_for(first, desk, page)
    state = page.view_state()
    page.open(second)
    wait_for(second, desk, page)

    page.restore_view(state)

    wait_for(first, desk, page)


def test_that_a_finished_run_is_seen_without_asking(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    company = Company(tmp_path / "profile", 12, runs=1)
    page = open_page(of=company)
    before = page.header.subtitle.text()
    company.simulator.churn(0.5)
    company.run()

    desk.bridge.heard.emit(Ended(Job(1, "PagerDuty users", "integration:1")))

    desk.qtbot.waitUntil(lambda: page.header.subtitle.text() != before)
    company.close()


def test_that_an_empty_profile_offers_to_connect_a_vendor_or_to_import_a_file_and_no_inspector(
    desk: Desk, open_page: OpenPage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "people.csv"
    monkeypatch.setattr(record_editing, "ask_for_csv", lambda *_about: file)
    company = Company(tmp_path / "profile", 5, runs=0)
    page = open_page(of=company)
    qtbot.waitUntil(page.table.empty.isVisible)
    button = next(b for b in page.table.empty.findChildren(PrimaryButton) if b.isVisible())

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    bring = next(b for b in page.table.empty.findChildren(OutlinedButton) if b.isVisible())
    assert bring.text() == "Import from CSV…"
    qtbot.mouseClick(bring, Qt.MouseButton.LeftButton)

    assert page.connected == [True]  # type: ignore[attr-defined]
    assert desk.frame.visited == [("import", (ObjectKind.PEOPLE, file))]
    assert not page.inspector.isVisible()
    company.close()


def test_that_markup_in_a_name_stays_text(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    company = Company(tmp_path / "profile", 30, runs=0)
    company.simulator.faults.add(Fault(FaultKind.HOSTILE_TEXT))
    company._integrate(company_key())
    company.run()
    company.simulator.faults.clear()
    hostile = company.value("SELECT id FROM person WHERE name LIKE '<img%'")

    page = open_page(of=company, argument=hostile)
    wait_for(hostile, desk, page)

    formats = {label.textFormat() for label in page.findChildren(QLabel)}
    assert formats == {Qt.TextFormat.PlainText}
    assert page.inspector.name.text().startswith("<img")
    company.close()


def company_key():  # type: ignore[no-untyped-def]
    from saasdesk.simulator.pagerduty import KeyKind

    return KeyKind.FULL

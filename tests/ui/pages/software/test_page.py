from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.clock import now
from saasdesk.records.listing import ListQuery
from saasdesk.simulator.pagerduty import KeyKind
from saasdesk.ui.pages.software import SoftwarePage
from saasdesk.ui.pages.software.sources import application_facts
from tests.ui.pages.people.desk import Company, Desk, unnamed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

OpenPage = Callable[..., SoftwarePage]
APPLICATION = "SELECT id FROM saas_application"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    made = Company(tmp_path_factory.mktemp("company") / "profile", 30, runs=1)
    yield made
    made.close()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, qapp)
    yield made
    made.close()


@pytest.fixture
def open_page(desk: Desk, company: Company) -> OpenPage:
    """Opens the list, or an application once its users are there."""

    def open_it(argument: object = None, of: Company = company) -> SoftwarePage:
        page = SoftwarePage(
            of.services,
            desk.frame,
            desk.theme,
            desk.bridge,
            desk.readers,
            desk.memory,
            export=desk.frame.said.append,  # type: ignore[arg-type]  # only remembered
            connect_vendor=lambda: None,
            run=desk.frame.said.append,  # type: ignore[arg-type]  # only remembered
        )
        desk.show(page)
        page.open(argument)
        table = page.table if page.view is None else page.view.table
        desk.qtbot.waitUntil(lambda: bool(table.count_label.text()) and not table.is_reading)
        if page.view is not None:
            desk.qtbot.waitUntil(lambda: bool(page.view and page.view.header.title.text()))
        return page

    return open_it


def shown_titles(page: SoftwarePage) -> list[str]:
    assert page.view is not None
    table = page.view.table
    titles = {column.key: column.title for column in table.columns}
    return [titles[key] for key in table.visible_keys]


def test_that_enter_on_an_application_goes_to_its_page(open_page: OpenPage, company: Company, desk: Desk) -> None:
    page = open_page()
    page.table.view.setFocus()
    page.table.view.make_current(0)

    desk.qtbot.keyClick(page.table.view, Qt.Key.Key_Return)

    assert desk.frame.visited == [("software", company.value(APPLICATION))]


def test_that_an_application_opens_on_its_users_with_role_status_and_activity(
    open_page: OpenPage, company: Company
) -> None:
    page = open_page(company.value(APPLICATION))

    assert shown_titles(page) == ["Name", "Email", "SaaS Role", "Status", "Last Activity", "Person"]
    assert page.view is not None
    assert page.view.table.model.rowCount() == 30


def test_that_the_head_counts_active_users_and_licences_and_leads_to_them(
    open_page: OpenPage, company: Company, desk: Desk
) -> None:
    licences = company.value("SELECT count(*) FROM licence WHERE NOT deactivated")

    page = open_page(company.value(APPLICATION))

    view = page.view
    assert view is not None
    assert view.header.subtitle.text() == "Incident and monitoring · fed by PagerDuty users"
    assert (view.user_count.label, view.licence_count.label) == ("30 active users", f"{licences} licences")
    view.users.show_query(ListQuery(quick="nobody", active=None))
    desk.qtbot.mouseClick(view.licence_count, Qt.MouseButton.LeftButton)
    assert view.current_tab == "licences"
    desk.qtbot.mouseClick(view.user_count, Qt.MouseButton.LeftButton)
    assert view.current_tab == "users"
    desk.qtbot.waitUntil(lambda: not view.users.is_reading and view.users.model.rowCount() == 30)

    page.resize(800, 760)
    counted = f"30 active users · {licences} licences · fed by PagerDuty users"
    desk.qtbot.waitUntil(lambda: view.header.subtitle.text() == f"Incident and monitoring · {counted}")
    assert not view.user_count.isVisible()


def test_that_the_second_tab_lists_the_licences(open_page: OpenPage, company: Company, desk: Desk) -> None:
    page = open_page((company.value(APPLICATION), "licences"))

    assert page.view is not None
    assert page.view.table is page.view.licences
    assert page.view.licences.model.rowCount() == company.value("SELECT count(*) FROM licence WHERE NOT deactivated")

    held = company.value("SELECT id FROM licence WHERE saas_user IS NOT NULL ORDER BY id LIMIT 1")
    page.view.licences.opened.emit(held)
    holder = company.value("SELECT u.person FROM licence l JOIN saas_user u ON u.id = l.saas_user WHERE l.id = ?", held)
    desk.qtbot.waitUntil(lambda: desk.frame.visited == [("person", holder)])
    page.view.licences.opened.emit(0)
    desk.qtbot.waitUntil(lambda: "Nobody is known to have this licence." in str(desk.frame.toasts))


def test_that_the_way_names_list_application_and_tab(open_page: OpenPage, company: Company, desk: Desk) -> None:
    page = open_page(company.value(APPLICATION))
    assert [crumb.title for crumb in page.breadcrumb()] == ["Software", "PagerDuty", "Users"]

    assert page.view is not None
    page.view.open_tab("licences")

    assert [crumb.title for crumb in page.breadcrumb()] == ["Software", "PagerDuty", "Licences"]
    assert desk.frame.trails > 0


def test_that_the_list_itself_has_no_way_to_show(open_page: OpenPage) -> None:
    assert list(open_page().breadcrumb()) == []


def test_that_a_user_leads_to_the_person(open_page: OpenPage, company: Company, desk: Desk) -> None:
    page = open_page(company.value(APPLICATION))
    assert page.view is not None
    user = page.view.users.model.ids[4]
    page.view.users.view.make_current(4)

    desk.qtbot.keyClick(page.view.users.view, Qt.Key.Key_Return)

    person = company.value("SELECT person FROM saas_user WHERE id = ?", user)
    desk.qtbot.waitUntil(lambda: desk.frame.visited == [("person", person)])


def test_that_a_user_whom_another_page_names_is_selected(open_page: OpenPage, company: Company, desk: Desk) -> None:
    user = company.value("SELECT id FROM saas_user ORDER BY name LIMIT 1 OFFSET 20")
    page = open_page((company.value(APPLICATION), "users", user))
    assert page.view is not None

    users = page.view.users
    desk.qtbot.waitUntil(lambda: list(users.selected_ids()) == [user])
    assert page.view.current_tab == "users"


def test_that_a_user_whom_filters_hide_is_shown_all_the_same(open_page: OpenPage, company: Company, desk: Desk) -> None:
    user = company.value("SELECT id FROM saas_user ORDER BY id LIMIT 1")
    page = open_page(company.value(APPLICATION))
    assert page.view is not None
    users = page.view.users
    users.search.setText("nobody has this name")
    desk.qtbot.waitUntil(lambda: users.model.rowCount() == 0)

    page.open((company.value(APPLICATION), "users", user))

    desk.qtbot.waitUntil(lambda: list(users.selected_ids()) == [user])


def test_that_an_account_of_nobody_says_so_instead_of_leading_nowhere(
    open_page: OpenPage, tmp_path: Path, desk: Desk
) -> None:
    company = Company(tmp_path / "profile", 6, runs=1)
    company.store.write(lambda db: db.execute_sql("UPDATE saas_user SET person = NULL"))
    page = open_page(company.value(APPLICATION), of=company)
    assert page.view is not None
    page.view.users.view.make_current(0)

    desk.qtbot.keyClick(page.view.users.view, Qt.Key.Key_Return)

    desk.qtbot.waitUntil(lambda: bool(desk.frame.toasts))
    assert desk.frame.visited == []
    company.close()


def test_that_unknown_activity_says_why_where_the_key_may_not_read_it(
    open_page: OpenPage, tmp_path: Path, desk: Desk
) -> None:
    company = Company(tmp_path / "profile", 6, runs=1, key=KeyKind.NO_EXTRAS)
    page = open_page(company.value(APPLICATION), of=company)

    assert page.view is not None
    assert page.view.why_unknown.isVisible()
    assert "Analytics" in page.view.why_unknown.text
    company.close()


def test_that_known_activity_needs_no_explanation(company: Company) -> None:
    facts = application_facts(company.store, company.value(APPLICATION))

    assert facts is not None
    assert facts.why_unknown == ""


def test_that_an_application_which_is_gone_leads_back_to_the_list(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()

    page.open(999)

    desk.qtbot.waitUntil(lambda: desk.frame.visited == [("software", None)])


def test_that_export_takes_the_list_of_the_open_tab(open_page: OpenPage, company: Company, desk: Desk) -> None:
    page = open_page((company.value(APPLICATION), "licences"))
    assert page.view is not None

    desk.qtbot.mouseClick(page.view.licences.export_button, Qt.MouseButton.LeftButton)

    (request,) = desk.frame.said
    assert request.source.noun == "licences"  # type: ignore[attr-defined]


def test_that_everything_the_keyboard_reaches_has_a_name(open_page: OpenPage, company: Company) -> None:
    assert unnamed(open_page(company.value(APPLICATION))) == []


def test_that_the_history_of_an_application_tells_who_made_it_and_opens_the_run(
    open_page: OpenPage, company: Company, desk: Desk
) -> None:
    page = open_page((company.value(APPLICATION), "history"))
    assert page.view is not None
    history = page.view.history
    desk.qtbot.waitUntil(lambda: len(history.table.model_of_lines.lines) > 0)

    made = history.table.model_of_lines.lines[-1]

    assert [made.cells[place].text for place in (1, 2, 6)] == ["Added", "Application", "PagerDuty users"]
    assert [crumb.title for crumb in page.breadcrumb()][-1] == "History"


def test_that_the_actions_of_an_application_lead_to_plans_runs_and_pages(
    open_page: OpenPage, desk: Desk, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched = SimpleNamespace(id=4, name="Tidy up", document=SimpleNamespace(description="Away with the idle"))
    monkeypatch.setattr("saasdesk.ui.pages.software.application_actions.workflows_by_hand", lambda *_: [launched])
    page = open_page(company.value(APPLICATION))
    view = page.view
    assert view is not None
    cards = view.action_cards

    def press(name: str) -> None:
        desk.qtbot.mouseClick(cards.button(name), Qt.MouseButton.LeftButton)

    view.users.view.select_rows([0, 1])
    chosen = tuple(view.users.selected_ids())
    view.open_tab("actions")
    desk.qtbot.waitUntil(lambda: cards.found is not None)
    press("Show the plan of Tidy up")
    press("Run PagerDuty users now")
    press("Open PagerDuty users")
    press("All workflows")

    assert desk.frame.visited == [
        ("workflow_plan", (4, chosen)),
        ("integration", company.value("SELECT id FROM integration")),
        ("workflows", None),
    ]
    assert [each.name for each in desk.frame.said] == ["PagerDuty users"]  # type: ignore[attr-defined]
    assert unnamed(cards) == []
    press("Choose users")
    assert view.current_tab == "users"


def test_that_licences_that_end_soon_are_counted_in_the_head_and_listed(
    open_page: OpenPage, desk: Desk, company: Company
) -> None:
    soon, later = (now() + timedelta(days=days) for days in (10, 90))
    company.store.write(
        lambda db: [
            db.execute_sql(
                "INSERT INTO licence (saas_application, licence_key, product, valid_until, created_at, updated_at) "
                "VALUES ((SELECT id FROM saas_application), hex(randomblob(4)), 'Suite', ?, 'then', 'then')",
                (day.date().isoformat(),),
            )
            for day in (soon, soon, later)
        ]
    )
    page = open_page(company.value(APPLICATION))
    view = page.view
    assert view is not None
    desk.qtbot.waitUntil(view.expiring.isVisible)
    assert view.expiring.text() == "2 end within 30 days"

    desk.qtbot.mouseClick(view.expiring, Qt.MouseButton.LeftButton)

    assert view.current_tab == "licences"
    desk.qtbot.waitUntil(lambda: view.licences.model.record_count == 2)

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.licences.money import Money, Period
from saasdesk.licences.prices import Price, keep_price
from saasdesk.licences.reclaim import list_exemptions, list_reclaims
from saasdesk.licences.seats import Lane, SeatList, read_findings
from saasdesk.records.listing import ListQuery
from saasdesk.ui.formats import choose_formats
from saasdesk.ui.pages.reclaim import ReclaimPage
from saasdesk.ui.pages.reclaim.dialogs import ApproveDialog, ExemptDialog
from saasdesk.ui.pages.software.costs_view import CostsView
from saasdesk.ui.pages.software.price_dialog import PriceDialog
from tests.ui.pages.people.desk import Company, Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path / "profile", 30, runs=1)
    application = made.value("SELECT id FROM saas_application")
    keep_price(made.store, Price(application, Money(4_100, "EUR"), Period.MONTH, date(2020, 1, 1)))
    yield made
    made.close()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, qapp)
    yield made
    made.close()


@pytest.fixture
def page(desk: Desk, company: Company) -> ReclaimPage:
    opened = ReclaimPage(
        company.services,
        desk.frame,
        desk.theme,
        desk.bridge,
        desk.readers,
        desk.memory,
        export=desk.frame.said.append,  # type: ignore[arg-type]  # only remembered
    )
    desk.show(opened)
    wait_for_rows(desk, opened)
    return opened


def wait_for_rows(desk: Desk, page: ReclaimPage) -> None:
    desk.qtbot.waitUntil(lambda: not page.seats.table.is_reading and bool(page.potential.text()))


def test_that_cards_and_rows_say_the_same_and_a_card_opens_its_rows(
    page: ReclaimPage, company: Company, desk: Desk
) -> None:
    findings = read_findings(company.store)
    card, table = page.seats.cards.cards[Lane.READY], page.seats.table
    assert card.count.text() == f"{findings.lane(Lane.READY).seats} seats"
    page.potential.click()
    desk.qtbot.waitUntil(lambda: not table.is_reading)
    assert findings.potential.seats == table.model.rowCount()

    card.show_seats.click()

    desk.qtbot.waitUntil(lambda: not table.is_reading)
    assert table.model.rowCount() == findings.lane(Lane.READY).seats


def test_that_a_seat_says_how_its_amount_was_computed(page: ReclaimPage, desk: Desk) -> None:
    page.seats.table.view.make_current(0)

    desk.qtbot.waitUntil(page.seats.computed.isVisible)
    assert "41.00 EUR a month from 1 Jan 2020, the price of the application" in page.seats.computed.text()


def test_that_the_days_of_the_evidence_are_written_as_chosen_and_stay_as_they_are_in_an_export(
    page: ReclaimPage, desk: Desk
) -> None:
    choose_formats("1,234.56", "day-first")
    table = page.seats.table
    table.refresh()
    section = [column.key for column in table.model.columns].index("why")

    def shown() -> list[str]:
        cells = [table.model.cell(row, section) for row in range(len(table.model.ids))]
        return [cell.text for cell in cells if cell is not None]

    used = re.compile(r"Last used on \d\d/\d\d/20\d\d, more than")
    desk.qtbot.waitUntil(lambda: any(map(used.match, shown())))
    exported = [str(why) for (why,) in table.source.iterate(table.query, ["why"])]
    assert any(re.match(r"Last used on 20\d\d-\d\d-\d\d, more than", why) for why in exported)


def test_that_approved_seats_go_from_the_lanes_onto_a_list(page: ReclaimPage, company: Company, desk: Desk) -> None:
    seats = page.seats
    before = read_findings(company.store).potential.seats
    seats.table.view.select_rows([0, 1])
    seats.ask_to_approve()
    (dialog,) = seats.findChildren(ApproveDialog)
    dialog.name.setText("November")

    dialog.keep.click()

    desk.qtbot.waitUntil(lambda: len(page.lists.lists.table.model_of_lines.lines) == 1)
    (reclaim,) = list_reclaims(company.store)
    assert (reclaim.name, reclaim.open_seats, str(reclaim.approved)) == ("November", 2, "82.00 EUR")
    desk.qtbot.waitUntil(lambda: seats.table.model.rowCount() == before)
    desk.qtbot.waitUntil(lambda: seats.cards.given.approved.text() == "82.00 EUR")


def test_that_a_seat_is_left_alone_only_with_a_reason(page: ReclaimPage, company: Company, desk: Desk) -> None:
    seats = page.seats
    seats.table.view.make_current(0)
    seats.ask_to_exempt()
    (dialog,) = seats.findChildren(ExemptDialog)

    dialog.keep.click()
    assert dialog.reason_error.message
    dialog.reason.setText("On leave")
    dialog.keep.click()

    desk.qtbot.waitUntil(lambda: len(page.exemptions.list.table.model_of_lines.lines) == 1)
    assert [each.reason for each in list_exemptions(company.store)] == ["On leave"]


def test_that_enter_on_a_seat_goes_to_whoever_holds_it(page: ReclaimPage, company: Company, desk: Desk) -> None:
    table = page.seats.table
    table.view.make_current(0)
    holder = "SELECT person FROM saas_user u JOIN licence l ON l.saas_user = u.id WHERE l.id = ?"
    held_by = company.value(holder, table.model.ids[0] // 2)

    desk.qtbot.keyClick(table.view, Qt.Key.Key_Return)

    desk.qtbot.waitUntil(lambda: desk.frame.visited == [("person", held_by)])


def test_that_enter_on_a_seat_without_a_person_goes_to_its_account(
    page: ReclaimPage, company: Company, desk: Desk
) -> None:
    account = company.value(
        "SELECT u.id FROM saas_user u JOIN licence l ON l.saas_user = u.id WHERE u.last_activity IS NOT NULL LIMIT 1"
    )
    company.store.write(
        lambda db: db.execute_sql("UPDATE saas_user SET person = NULL WHERE id = ?", (account,)) and None
    )
    table = page.seats.table
    page.seats.narrow("finding", "Without a person")
    page.seats.refresh()
    desk.qtbot.waitUntil(lambda: not table.is_reading and table.model.rowCount() > 0)
    table.view.make_current(0)

    desk.qtbot.keyClick(table.view, Qt.Key.Key_Return)

    desk.qtbot.waitUntil(lambda: bool(desk.frame.visited))
    ((key, (_, tab, opened)),) = desk.frame.visited
    assert (key, tab) == ("software", "users")
    assert company.value("SELECT person FROM saas_user WHERE id = ?", opened) is None


def test_that_an_application_is_shown_with_its_seats_only(page: ReclaimPage, company: Company, desk: Desk) -> None:
    page.open("Something else")

    desk.qtbot.waitUntil(lambda: not page.seats.table.is_reading and page.seats.table.model.rowCount() == 0)


@pytest.fixture
def costs(desk: Desk, company: Company) -> CostsView:
    application = company.value("SELECT id FROM saas_application")
    view = CostsView(company.store, desk.theme, desk.readers, application)
    desk.show(view)
    view.refresh()
    desk.qtbot.waitUntil(lambda: view.costs is not None)
    return view


def test_that_the_costs_of_an_application_are_those_of_its_seats(costs: CostsView, company: Company) -> None:
    seats = company.value("SELECT count(*) FROM licence WHERE NOT deactivated")

    assert costs.total.text() == f"{seats * 41:,}.00 EUR a month"
    assert costs.show_seats.text() == f"Show {len(SeatList(company.store).ids(ListQuery()))} seats"


def test_that_the_figures_of_the_costs_stand_at_one_height(costs: CostsView) -> None:
    assert costs.total.mapTo(costs, QPoint()).y() == costs.potential.mapTo(costs, QPoint()).y()


@pytest.mark.parametrize(
    ("amount", "currency", "reason"),
    [
        ("-1", "EUR", "never below zero"),
        ("1e99", "EUR", "is no amount"),
        ("abc", "EUR", "is no amount"),
        ("1", "XYZ", "is no currency"),
    ],
)
def test_that_a_price_that_is_none_is_refused_at_its_field_and_stays_there(
    costs: CostsView, amount: str, currency: str, reason: str
) -> None:
    costs.ask_for_price()
    (dialog,) = costs.findChildren(PriceDialog)
    dialog.money.amount.setText(amount)
    dialog.money.currency.setEditText(currency)

    dialog.keep.click()

    assert any(reason in error.message for error in dialog._grid.errors.values())
    assert dialog.money.amount.text() == amount
    assert dialog.isVisible()


def test_that_another_currency_asks_for_its_rate_and_then_counts(
    costs: CostsView, company: Company, desk: Desk
) -> None:
    costs.ask_for_price()
    (dialog,) = costs.findChildren(PriceDialog)
    assert not dialog.money.rate.isVisible()
    dialog.money.amount.setText("10")
    dialog.money.currency.setEditText("USD")
    assert dialog.money.rate.isVisible()

    dialog.money.rate.setText("0.5")
    desk.qtbot.keyClick(dialog, Qt.Key.Key_Return)

    seats = company.value("SELECT count(*) FROM licence WHERE NOT deactivated")
    desk.qtbot.waitUntil(lambda: costs.total.text() == f"{seats * 5}.00 EUR a month")


def test_that_without_approved_lists_the_line_that_says_so_stands_on_top(page: ReclaimPage, desk: Desk) -> None:
    page.open(("lists",))
    desk.qtbot.waitUntil(lambda: page.lists.lists.isVisible() and not page.lists.table.isVisible())

    assert page.lists.lists.mapTo(page.lists, QPoint(0, 0)).y() < page.lists.height() / 4
    assert page.lists.lists.height() < page.lists.height() / 4

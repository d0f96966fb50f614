from collections import Counter
from datetime import date

import pytest

from saasdesk.licences.money import Money, Period
from saasdesk.licences.person_cost import read_person_cost
from saasdesk.licences.prices import Contract, Price, PriceScope, keep_contract, keep_price
from saasdesk.licences.seats import (
    Finding,
    Lane,
    SeatList,
    Use,
    keep_own_days,
    read_application_seats,
    read_findings,
)
from saasdesk.records.listing import ListQuery
from saasdesk.store import Store
from tests.licences.conftest import day_in, days_ago
from tests.records.listing.company import Company


class Desk:
    """One application whose licences a test gives away."""

    def __init__(self, store: Store, company: Company) -> None:
        self.store, self.company = store, company
        self.application = company.application("PagerDuty")
        self._number = 0

    def account(self, **values: object) -> int:
        self._number += 1
        person = values.pop("person", None) or self.company.person(f"p{self._number}@example.com")
        values.setdefault("last_activity", days_ago(1))
        return self.company.saas_user(
            self.application,
            saas_user_id=f"U{self._number}",
            email=f"u{self._number}@example.com",
            person=person,
            **values,
        )

    def licence(self, account: int | None, **values: object) -> int:
        self._number += 1
        return self.company.licence(self.application, f"L{self._number}", saas_user=account, **values)

    def found(self) -> Counter[Finding]:
        counted: Counter[Finding] = Counter()
        for each in read_findings(self.store).counts:
            counted[each.finding] += each.figure.seats
        return counted

    def use(self) -> Counter[str]:
        return read_application_seats(self.store)[0].by_use


@pytest.fixture
def desk(store: Store, company: Company) -> Desk:
    return Desk(store, company)


def test_that_a_seat_not_used_for_longer_than_the_threshold_is_idle(desk: Desk) -> None:
    desk.licence(desk.account(last_activity=days_ago(61)))
    desk.licence(desk.account(last_activity=days_ago(60)))

    assert desk.found() == {Finding.IDLE: 1}
    assert desk.use() == {Use.IDLE: 1, Use.ACTIVE: 1}


def test_that_an_unknown_last_activity_is_unknown_and_never_idle(desk: Desk) -> None:
    desk.licence(desk.account(last_activity=None))

    assert desk.found() == {}
    assert desk.use() == {Use.UNKNOWN: 1}


def test_that_licences_that_tell_their_own_use_are_not_judged_by_the_account(desk: Desk) -> None:
    account = desk.account(last_activity=days_ago(1))
    desk.licence(account, product="Rider", last_used=days_ago(200))
    desk.licence(account, product="GoLand", last_used=None)

    assert desk.use() == {Use.IDLE: 1, Use.UNKNOWN: 1}


def test_that_a_newly_given_seat_has_its_grace(desk: Desk) -> None:
    desk.licence(desk.account(last_activity=days_ago(100)), assigned_at=days_ago(5))

    assert desk.found() == {}
    assert desk.use() == {Use.NEW: 1}


def test_that_an_application_may_have_a_threshold_of_its_own(desk: Desk) -> None:
    desk.licence(desk.account(last_activity=days_ago(61)))
    keep_own_days(desk.store, desk.application, 90)
    assert desk.found() == {}

    keep_own_days(desk.store, desk.application, None)

    assert desk.found() == {Finding.IDLE: 1}


def test_that_every_reason_to_give_a_seat_back_is_found(desk: Desk) -> None:
    directory = desk.company.application("JumpCloud")
    feeding = desk.company.integration("JumpCloud users")
    desk.store.write(lambda db: db.execute_sql('UPDATE integration SET document = \'{"connector":"jumpcloud"}\''))
    suspended = desk.company.person("suspended@example.com")
    desk.company.saas_user(
        directory, status="suspended", deactivated=1, person=suspended, owner_integration=feeding, saas_user_id="J1"
    )
    gone = desk.company.person("gone@example.com", deactivated=1)
    desk.licence(None)
    desk.licence(None, held_by="server")
    desk.licence(desk.account(person=gone))
    desk.licence(desk.account(deactivated=1))
    desk.licence(desk.account(person=suspended))
    desk.licence(desk.account(), valid_until=str(day_in(-1)))
    twice = desk.account()
    desk.licence(twice, product="Business")
    desk.licence(twice, product="Business")
    nobodys = desk.account()
    desk.store.write(lambda db: db.execute_sql("UPDATE saas_user SET person = NULL WHERE id = ?", (nobodys,)))
    desk.licence(nobodys)

    assert desk.found() == {
        Finding.UNASSIGNED: 1,
        Finding.LEAVER: 2,
        Finding.SUSPENDED: 1,
        Finding.EXPIRED: 1,
        Finding.SECOND: 1,
        Finding.NOBODYS: 1,
    }


def test_that_of_an_application_without_licences_the_accounts_are_the_seats(desk: Desk) -> None:
    desk.account(last_activity=days_ago(100))
    desk.account(deactivated=1, last_activity=days_ago(100))

    (seats,) = read_application_seats(desk.store)
    assert (seats.total.seats, seats.total.priced) == (1, 0)
    assert desk.found() == {Finding.IDLE: 1}


def test_that_protected_records_are_in_a_lane_of_their_own_and_not_potential(desk: Desk) -> None:
    boss = desk.company.person("Ana.Ruiz@example.com")
    desk.licence(desk.account(person=boss, last_activity=days_ago(100)))
    desk.store.save_setting("protected_records", "ana.ruiz@EXAMPLE.com")

    findings = read_findings(desk.store)

    assert findings.lane(Lane.PROTECTED).seats == 1
    assert findings.potential.seats == 0


def test_that_the_most_particular_price_counts(desk: Desk) -> None:
    since = date(2020, 1, 1)
    old = days_ago(100)
    desk.licence(desk.account(last_activity=old, role="Admin"), product="Business")
    desk.licence(desk.account(last_activity=old, role="admin"), product="Free")
    desk.licence(desk.account(last_activity=old, role="User"), product="Free")

    def costs(minor: int, scope: PriceScope = PriceScope.APPLICATION, name: str = "") -> int:
        keep_price(desk.store, Price(desk.application, Money(minor, "EUR"), Period.MONTH, since, scope, name))
        return read_findings(desk.store).potential.monthly.minor

    assert costs(1) == 3
    keep_contract(desk.store, Contract(desk.application, "All", Money(100, "EUR"), Period.MONTH, seats=10))
    assert read_findings(desk.store).potential.monthly.minor == 30
    assert costs(100, PriceScope.ROLE, "Admin") == 210
    assert costs(1_000, PriceScope.PRODUCT, "Business") == 1_110


def test_that_a_price_without_exchange_rate_leaves_its_seats_unpriced(desk: Desk) -> None:
    desk.licence(None)
    keep_price(desk.store, Price(desk.application, Money(100, "USD"), Period.MONTH, date(2020, 1, 1)))

    potential = read_findings(desk.store).potential

    assert (potential.seats, potential.priced, potential.monthly.minor) == (1, 0, 0)


def test_that_a_row_tells_the_evidence_and_how_its_amount_was_computed(desk: Desk) -> None:
    number = desk.licence(desk.account(last_activity=days_ago(100)), product="Business")
    keep_price(desk.store, Price(desk.application, Money(4_100, "EUR"), Period.MONTH, date(2020, 1, 1)))

    seats = SeatList(desk.store)
    (row,) = seats.rows(seats.ids(ListQuery()), ("finding", "lane", "monthly", "why", "computed")).values()

    assert list(seats.ids(ListQuery())) == [number * 2]
    assert row[:3] == ("Idle", "Ready", 41.0)
    assert row[3] == f"Last used on {days_ago(100)[:10]}, more than 60 days ago"
    assert row[4] == "41.00 EUR a month from 2020-01-01, the price of the application"


def test_that_seats_are_sorted_by_what_they_cost(desk: Desk) -> None:
    dear, cheap = desk.licence(None, product="Dear"), desk.licence(None, product="Cheap")
    for name, minor in (("Dear", 900), ("Cheap", 100)):
        keep_price(
            desk.store,
            Price(desk.application, Money(minor, "EUR"), Period.MONTH, date(2020, 1, 1), PriceScope.PRODUCT, name),
        )

    ids = SeatList(desk.store).ids(ListQuery(sort=(("monthly", True),)))

    assert list(ids) == [dear * 2, cheap * 2]


def test_that_a_person_costs_what_their_active_seats_cost(desk: Desk) -> None:
    keep_price(desk.store, Price(desk.application, Money(4_100, "EUR"), Period.MONTH, date(2020, 1, 1)))
    person = desk.company.person("ana@example.com")
    desk.licence(desk.account(person=person), product="Business")
    desk.licence(desk.account(person=person), deactivated=1)
    desk.licence(desk.account())
    other = desk.company.application("Wiki")
    desk.company.saas_user(other, person=person, saas_user_id="W1")

    cost = read_person_cost(desk.store, person)

    assert [(seat.application, seat.application_name, seat.product) for seat in cost.seats] == [
        (desk.application, "PagerDuty", "Business"),
        (other, "Wiki", ""),
    ]
    assert (cost.total.seats, cost.total.priced, str(cost.total.monthly)) == (2, 1, "41.00 EUR")

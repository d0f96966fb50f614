import pytest

from saasdesk.clock import as_text, now
from saasdesk.errors import UserError
from saasdesk.licences.reclaim import (
    ExemptionScope,
    Given,
    accounts_of,
    approve,
    delete_exemption,
    exempt,
    list_exemptions,
    list_reclaims,
    seats_of_list,
    take_back,
)
from saasdesk.licences.seats import Lane, SeatList, read_findings
from saasdesk.records.listing import ListQuery
from saasdesk.store import Store
from tests.licences.conftest import day_in, days_ago
from tests.records.listing.company import Company

LATER = as_text(now().replace(year=now().year + 1))


@pytest.fixture
def seats(store: Store, company: Company) -> list[int]:
    """Two idle seats of one application, of different products."""
    application = company.application("PagerDuty")
    for number, product in enumerate(("Business", "Starter")):
        person = company.person(f"p{number}@example.com")
        account = company.saas_user(
            application,
            saas_user_id=f"U{number}",
            person=person,
            last_activity=days_ago(100),
            email=f"{number}@example.com",
        )
        company.licence(application, f"L{number}", saas_user=account, product=product)
    return found(store)


def found(store: Store) -> list[int]:
    return list(SeatList(store).ids(ListQuery()))


def lanes(store: Store) -> dict[Lane, int]:
    findings = read_findings(store)
    return {lane: findings.lane(lane).seats for lane in Lane if findings.lane(lane).seats}


def deactivate(store: Store, seat: int, *, session: int | None) -> None:
    statement = "UPDATE licence SET deactivated = 1, deactivated_at = ?, deactivated_session = ? WHERE id = ?"
    store.write(lambda db: db.execute_sql(statement, (LATER, session, seat // 2)))


def test_that_an_approved_seat_is_potential_no_longer(store: Store, seats: list[int]) -> None:
    number, kept = approve(store, seats[:1], "November")

    assert kept == 1
    assert lanes(store) == {Lane.READY: 1, Lane.APPROVED: 1}
    assert read_findings(store).potential.seats == 1
    assert [seat.given for seat in seats_of_list(store, number)] == [Given.HELD]


def test_that_a_seat_is_realised_only_when_a_run_does_not_find_it_any_more(store: Store, seats: list[int]) -> None:
    approve(store, seats, "November")
    deactivate(store, seats[0], session=7)
    deactivate(store, seats[1], session=None)

    (reclaim,) = list_reclaims(store)

    assert (reclaim.open_seats, reclaim.realised_seats) == (1, 1)


def test_that_a_licence_taken_from_somebody_is_still_paid_for(store: Store, seats: list[int]) -> None:
    number, _ = approve(store, seats[:1], "November")
    store.write(lambda db: db.execute_sql("UPDATE licence SET saas_user = NULL WHERE id = ?", (seats[0] // 2,)))

    assert [seat.given for seat in seats_of_list(store, number)] == [Given.FREE]


def test_that_what_is_on_a_list_already_is_not_approved_twice(store: Store, seats: list[int]) -> None:
    approve(store, seats, "November")

    with pytest.raises(UserError, match="on a list already"):
        approve(store, seats, "December")
    assert [reclaim.name for reclaim in list_reclaims(store)] == ["November"]


def test_that_taking_a_list_back_leaves_what_is_realised_on_record(store: Store, seats: list[int]) -> None:
    approve(store, seats, "November")
    deactivate(store, seats[0], session=7)
    (reclaim,) = list_reclaims(store)

    assert take_back(store, reclaim) == 1

    (reclaim,) = list_reclaims(store)
    assert (reclaim.open_seats, reclaim.realised_seats) == (0, 1)
    assert lanes(store) == {Lane.READY: 1}


def test_that_a_list_of_which_nothing_is_left_goes_away(store: Store, seats: list[int]) -> None:
    approve(store, seats, "November")

    take_back(store, list_reclaims(store)[0])

    assert list_reclaims(store) == []


def test_that_the_holders_of_seats_are_named_once_each(store: Store, seats: list[int]) -> None:
    with store.reading() as db:
        accounts = [number for (number,) in db.execute_sql("SELECT id FROM saas_user")]

    assert sorted(accounts_of(store, [*seats, *seats])) == accounts


@pytest.mark.parametrize(("scope", "left"), [(ExemptionScope.PRODUCT, 1), (ExemptionScope.APPLICATION, 0)])
def test_that_an_exemption_may_be_a_rule(store: Store, seats: list[int], scope: ExemptionScope, left: int) -> None:
    exempt(store, seats[:1], scope, "On leave", None)

    assert read_findings(store).potential.seats == left
    assert lanes(store).get(Lane.PROTECTED) == 2 - left


def test_that_an_exemption_that_is_over_exempts_nobody(store: Store, seats: list[int]) -> None:
    exempt(store, seats[:1], ExemptionScope.SEAT, "On leave", day_in(1))
    assert lanes(store) == {Lane.READY: 1, Lane.PROTECTED: 1}

    store.write(lambda db: db.execute_sql("UPDATE exemption SET until = ?", (str(day_in(-1)),)))

    assert lanes(store) == {Lane.READY: 2}


def test_that_an_ended_exemption_lets_its_seat_count_again(store: Store, seats: list[int]) -> None:
    exempt(store, seats[:1], ExemptionScope.SEAT, "On leave", None)
    (exemption,) = list_exemptions(store)

    delete_exemption(store, exemption)

    assert lanes(store) == {Lane.READY: 2}


def test_that_an_exemption_needs_a_reason_and_a_day_to_come(store: Store, seats: list[int]) -> None:
    with pytest.raises(UserError, match="Say why"):
        exempt(store, seats, ExemptionScope.SEAT, " ", None)
    with pytest.raises(UserError, match="has passed"):
        exempt(store, seats, ExemptionScope.SEAT, "On leave", day_in(-2))
    assert list_exemptions(store) == []

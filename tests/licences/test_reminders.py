from datetime import date

from saasdesk import clock
from saasdesk.licences.money import Money, Period
from saasdesk.licences.prices import Contract, delete_contract, keep_contract, list_contracts
from saasdesk.licences.reminders import remind
from saasdesk.notices import list_notices
from saasdesk.store import Store
from tests.licences.conftest import day_in
from tests.records.listing.company import Company


def agree(store: Store, company: Company, renews_on: date | None) -> Contract:
    money = Money(6_200_000, "USD")
    application = company.application("PagerDuty")
    keep_contract(
        store, Contract(application, "Business plan", money, Period.YEAR, renews_on=renews_on, notice_days=30)
    )
    return list_contracts(store)[0]


def test_that_a_renewal_is_told_of_once_before_the_last_day_to_cancel(store: Store, company: Company) -> None:
    contract = agree(store, company, day_in(40))

    remind(store)
    remind(store)

    (notice,) = list_notices(store)
    assert notice.title == f"The contract “Business plan” of PagerDuty renews on {contract.renews_on}"
    assert f"cancelled until {contract.last_day_to_cancel}" in notice.body
    assert "62,000.00 USD a year" in notice.body
    assert notice.count == 1
    assert notice.place == ("software", f"{contract.application}:costs")


def test_that_nothing_is_told_long_before_nor_without_a_renewal(store: Store, company: Company) -> None:
    contract = agree(store, company, day_in(90))
    remind(store)
    keep_contract(store, Contract(contract.application, "Other", contract.money, contract.period, notice_days=3))
    remind(store)

    assert list_notices(store) == []


def test_that_a_reminder_is_settled_when_its_contract_is_gone(store: Store, company: Company) -> None:
    contract = agree(store, company, day_in(31))
    remind(store)
    delete_contract(store, contract)

    remind(store, clock.now())

    assert [notice.solved_at is not None for notice in list_notices(store)] == [True]

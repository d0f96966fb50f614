"""A list of people says what each costs: the same as the page of that person."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saasdesk import app
from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.licences import priced_lists
from saasdesk.licences.money import Money, Period
from saasdesk.licences.person_cost import read_person_cost
from saasdesk.licences.priced_lists import open_list
from saasdesk.licences.prices import Contract, Price, PriceScope, keep_contract, keep_price
from saasdesk.profile import open_profile
from saasdesk.records.listing import ListQuery, Special
from saasdesk.rules import Operator, Rule
from saasdesk.store import Store
from tests.records.listing.company import Company

_BY_COST = ListQuery(sort=(("monthly", True),), active=None)
_ACCOUNT = st.tuples(
    st.sampled_from([0, 1, 2]),  # which application; the last has no licences
    st.sampled_from([0, 1, 2, None]),  # whose
    st.sampled_from(["admin", "User", None]),  # role
    st.booleans(),  # whether it is deactivated
    st.lists(st.sampled_from(["Business", "Starter", "L'Été {0}", None]), max_size=2),  # its licences
)
_PRICE = st.tuples(
    st.sampled_from([0, 1, 2]),
    st.sampled_from(
        [
            (PriceScope.APPLICATION, ""),
            (PriceScope.PRODUCT, "business"),
            (PriceScope.PRODUCT, "l'Été {0}"),
            (PriceScope.ROLE, "ADMIN"),
        ]
    ),
    st.integers(0, 99_999),
    st.sampled_from(["EUR", "XOF"]),  # the second has no exchange rate
    st.sampled_from(list(Period)),
)


def _fill(store: Store, accounts: list[tuple[int, int | None, str | None, bool, list[str | None]]]) -> list[int]:
    company = Company(store)
    applications = [company.application(name) for name in ("One", "Two", "Bare")]
    people = [company.person(f"p{number}@example.com", name=f"P {number}") for number in range(3)]
    for number, (of, whose, role, is_gone, products) in enumerate(accounts):
        account = company.saas_user(
            applications[of],
            saas_user_id=f"U{number}",
            role=role,
            deactivated=int(is_gone),
            person=None if whose is None else people[whose],
        )
        for place, product in enumerate(products if of < 2 else ()):
            company.licence(applications[of], f"L{number}.{place}", saas_user=account, product=product)
    return applications


def _costs(store: Store) -> list[tuple[int, float | None]]:
    people = open_list(store, ObjectKind.PEOPLE)
    ids = list(people.ids(_BY_COST))
    told = people.rows(ids, ("monthly",))
    return [(number, told[number][0]) for number in ids]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
@given(accounts=st.lists(_ACCOUNT, max_size=8), prices=st.lists(_PRICE, max_size=6), has_contracts=st.booleans())
def test_p10_that_what_a_list_says_of_a_person_is_what_the_page_of_that_person_says(
    accounts: list[tuple[int, int | None, str | None, bool, list[str | None]]],
    prices: list[tuple[int, tuple[PriceScope, str], int, str, Period]],
    has_contracts: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with Store.open(open_profile(tmp_path_factory.mktemp("company") / "profile")) as store:
        applications = _fill(store, accounts)
        for of, (scope, name), minor, currency, period in prices:
            keep_price(store, Price(applications[of], Money(minor, currency), period, date(2020, 1, 1), scope, name))
        if has_contracts:
            for name, product in (("All of it", ""), ("A product", "Starter")):
                keep_contract(
                    store, Contract(applications[0], name, Money(120_000, "EUR"), Period.YEAR, 10, product=product)
                )
        costs = _costs(store)

        for person, monthly in costs:
            found = read_person_cost(store, person).total
            assert (monthly is not None) == bool(found.priced)
            assert monthly is None or Decimal(str(monthly)) == found.monthly.amount
        known = [monthly for _, monthly in costs if monthly is not None]
        assert known == sorted(known, reverse=True)
        assert [monthly for _, monthly in costs[: len(known)]] == known


def _priced(store: Store, company: Company) -> None:
    application = company.application("Bare")
    for number, department in enumerate(("IT", "IT", "Legal")):
        person = company.person(f"p{number}@example.com", name=f"P {number}", department=department)
        for account in range(number + 1):
            company.saas_user(application, saas_user_id=f"U{number}.{account}", person=person)
    keep_price(store, Price(application, Money(1_250, "EUR"), Period.MONTH, date(2020, 1, 1)))


def test_that_people_are_filtered_grouped_and_listed_in_the_shell_by_what_they_cost(
    store: Store, company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    _priced(store, company)
    people = open_list(store, ObjectKind.PEOPLE)
    dear = ListQuery(rule=Rule(field="monthly", operator=Operator.GREATER_THAN, value=20))

    _, groups = people.grouped(ListQuery(group_by="department"), ("monthly",))

    assert people.count(dear) == 2
    assert [(group.value, dict(group.sums)) for group in groups] == [
        ("IT", {"monthly": 37.5}),
        ("Legal", {"monthly": 37.5}),
    ]
    assert app.main(["--profile", str(store.profile.folder), "people", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert sorted(line["monthly"] for line in told) == [12.5, 25.0, 37.5]


def test_that_a_price_that_is_entered_later_is_in_the_list_at_once(store: Store, company: Company) -> None:
    application = company.application("Bare")
    person = company.person("p@example.com")
    company.saas_user(application, saas_user_id="U", person=person)
    people = open_list(store, ObjectKind.PEOPLE)
    assert people.rows([person], ("monthly",)) == {person: (None,)}

    keep_price(store, Price(application, Money(990, "EUR"), Period.MONTH, date(2020, 1, 1)))

    assert people.rows([person], ("monthly",)) == {person: (9.9,)}


def test_that_a_custom_field_of_that_name_is_what_is_meant(store: Store, company: Company) -> None:
    company.field(Field(ObjectKind.PEOPLE, "monthly", "Monthly Bonus", FieldType.NUMBER))
    person = company.person("p@example.com", monthly=7)
    people = open_list(store, ObjectKind.PEOPLE)

    assert [(column.title, column.type) for column in people.columns() if column.key == "monthly"] == [
        ("Monthly Bonus", FieldType.NUMBER)
    ]
    assert people.rows([person], ("monthly",)) == {person: (7,)}


def test_that_the_column_stands_behind_the_last_activity_and_names_its_currency(store: Store) -> None:
    shown = [column for column in open_list(store, ObjectKind.PEOPLE).columns() if column.is_shown]

    assert (shown[-1].title, shown[-1].type, shown[-1].align_right) == ("EUR a Month", Special.MONEY, True)
    assert shown[-2].key == "last_activity"


def test_that_costs_can_be_read_while_the_columns_are_read_again(
    store: Store, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of the window is read by several threads at once."""
    person = company.person("ann@example.com")
    people = open_list(store, ObjectKind.PEOPLE)
    people.columns()
    read = priced_lists.read_tariff
    seen = []

    def read_meanwhile(*arguments: Any) -> Any:
        monkeypatch.setattr(priced_lists, "read_tariff", read)
        seen.append(people.rows([person], ["monthly"]))
        return read(*arguments)

    monkeypatch.setattr(priced_lists, "read_tariff", read_meanwhile)
    people.columns()

    assert seen == [{person: (None,)}]

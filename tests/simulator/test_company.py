import unicodedata
from datetime import date

import pytest

from saasdesk.simulator.company import Aspect, Company, Kind, Person
from tests.simulator.conftest import TODAY


def everybody(company: Company) -> list[Person]:
    return [company.person(serial) for serial in company.serials]


def test_that_the_same_seed_invents_the_same_people() -> None:
    assert everybody(Company(300, 5, TODAY)) == everybody(Company(300, 5, TODAY))


def test_that_another_seed_invents_other_people() -> None:
    assert everybody(Company(300, 5, TODAY)) != everybody(Company(300, 6, TODAY))


def test_that_no_two_of_twenty_thousand_people_share_an_address() -> None:
    addresses = [person.email.casefold() for person in everybody(Company(20_000, 5, TODAY))]

    assert len(set(addresses)) == 20_000


def test_that_addresses_stay_unique_while_people_keep_changing() -> None:
    company = Company(400, 5, TODAY)
    for _ in range(12):
        company.apply(company.plan_churn(0.5))

    addresses = [person.email.casefold() for person in everybody(company)]

    assert len(set(addresses)) == len(addresses)


def test_that_every_address_is_an_example_address() -> None:
    assert all(person.email.endswith("@example.com") for person in everybody(Company(2_000, 5, TODAY)))
    assert all(person.email.isascii() for person in everybody(Company(2_000, 5, TODAY)))


@pytest.mark.parametrize(
    "script",
    ["LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "DEVANAGARI", "THAI", "CJK", "HANGUL", "HIRAGANA"],
)
def test_that_a_company_of_250_has_names_in_many_scripts(script: str) -> None:
    letters = {letter for person in everybody(Company(250, 7, TODAY)) for letter in person.name if letter.isalpha()}

    assert any(unicodedata.name(letter).startswith(script) for letter in letters)


def test_that_some_latin_names_carry_diacritics() -> None:
    names = "".join(person.name for person in everybody(Company(250, 7, TODAY)))

    assert any(unicodedata.decomposition(letter) for letter in names if "LATIN" in unicodedata.name(letter, ""))


def test_that_a_company_of_250_has_contractors_robots_and_leavers() -> None:
    people = everybody(Company(250, 7, TODAY))

    assert {person.kind for person in people} == set(Kind)
    assert any(person.left is not None for person in people)


def test_that_everybody_but_the_chief_has_a_manager_in_the_company() -> None:
    company = Company(1_000, 7, TODAY)

    managers = {person.serial: company.manager_of(person) for person in everybody(company)}

    assert managers.pop(0) is None
    assert all(manager is not None and company.is_here(manager) for manager in managers.values())
    assert all(company.kind_of(manager) is Kind.EMPLOYEE for manager in set(managers.values()) if manager)


def test_that_people_report_within_their_department() -> None:
    company = Company(1_000, 7, TODAY)

    for person in everybody(company)[17:]:
        manager = company.manager_of(person)
        assert manager is not None
        assert company.person(manager).department == person.department


def test_that_the_next_manager_up_takes_over_when_one_leaves() -> None:
    company = Company(250, 7, TODAY)
    person = company.person(200)
    manager = company.manager_of(person)
    assert manager is not None
    grandmanager = company.manager_of(company.person(manager))

    company.leave([manager])

    assert company.manager_of(person) == grandmanager


def test_that_the_kind_is_the_same_asked_for_alone() -> None:
    company = Company(2_000, 7, TODAY)

    assert [company.kind_of(serial) for serial in company.serials] == [person.kind for person in everybody(company)]


def test_that_churn_is_the_same_for_the_same_seed() -> None:
    assert Company(500, 5, TODAY).plan_churn(0.1) == Company(500, 5, TODAY).plan_churn(0.1)


def test_that_a_second_churn_takes_others() -> None:
    company = Company(500, 5, TODAY)
    first = company.plan_churn(0.1)
    company.apply(first)

    assert company.plan_churn(0.1).edited != first.edited


@pytest.mark.parametrize(("people", "fraction", "expected"), [(250, 0.1, 25), (250, 0.0, 0), (5, 0.01, 1), (0, 0.5, 0)])
def test_that_churn_touches_the_fraction_asked_for(people: int, fraction: float, expected: int) -> None:
    churn = Company(people, 5, TODAY).plan_churn(fraction)

    assert len(churn.edited) + len(churn.gone) + len(churn.new) == expected


def test_that_churn_mixes_every_kind_of_change() -> None:
    churn = Company(250, 5, TODAY).plan_churn(0.1)

    assert set(churn.edited.values()) == set(Aspect)
    assert churn.gone
    assert churn.new


def test_that_exactly_the_planned_people_change() -> None:
    company = Company(250, 5, TODAY)
    before = {person.serial: person for person in everybody(company)}
    churn = company.plan_churn(0.2)

    company.apply(churn)

    after = {person.serial: person for person in everybody(company)}
    assert before.keys() - after.keys() == set(churn.gone)
    assert after.keys() - before.keys() == set(churn.new)
    assert {serial for serial in before.keys() & after.keys() if before[serial] != after[serial]} == churn.edited.keys()


@pytest.mark.parametrize("aspect", [Aspect.NAME, Aspect.EMAIL, Aspect.TITLE])
def test_that_a_change_of_an_aspect_changes_what_it_is_called_after(aspect: Aspect) -> None:
    company = Company(250, 5, TODAY)
    for _ in range(10):
        before = {person.serial: person for person in everybody(company)}
        churn = company.plan_churn(0.3)
        company.apply(churn)
        for serial in (serial for serial, changed in churn.edited.items() if changed is aspect):
            assert getattr(company.person(serial), aspect.value) != getattr(before[serial], aspect.value)


def test_that_the_chief_never_leaves() -> None:
    company = Company(3, 5, TODAY)
    for _ in range(30):
        company.apply(company.plan_churn(1.0))

    assert company.is_here(0)


def test_that_newcomers_have_never_been_seen() -> None:
    company = Company(100, 5, TODAY)
    churn = company.plan_churn(0.5)
    company.apply(churn)

    newcomer = company.person(churn.new[0])

    assert company.last_activity(newcomer, company.dice(newcomer.serial, "app")) is None


def test_that_activity_lies_between_joining_and_yesterday() -> None:
    company = Company(2_000, 5, TODAY)
    for person in everybody(company):
        seen = company.last_activity(person, company.dice(person.serial, "app"))
        assert seen is None or person.joined <= seen.date() < TODAY


def test_that_nobody_is_active_after_leaving() -> None:
    company = Company(2_000, 5, TODAY)
    for person in everybody(company):
        seen = company.last_activity(person, company.dice(person.serial, "app"))
        assert seen is None or person.left is None or seen.date() <= person.left


def test_that_the_next_day_changes_only_those_who_come_by() -> None:
    today, tomorrow = Company(500, 5, TODAY), Company(500, 5, date(2026, 11, 22))

    def activity(company: Company) -> list[object]:
        return [
            company.last_activity(company.person(serial), company.dice(serial, "app")) for serial in company.serials
        ]

    changed = sum(old != new for old, new in zip(activity(today), activity(tomorrow), strict=True))

    assert 0 < changed < 250

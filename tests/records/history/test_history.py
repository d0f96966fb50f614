from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.fields import ObjectKind
from saasdesk.records.history import GONE as NOBODY
from saasdesk.records.history import HAND, changes_of_record, people_called, person_facts, person_of_saas_user
from saasdesk.records.listing import AccountState
from saasdesk.sync.integrations import delete_integration, find_integration
from tests.sync.several import Several
from tests.sync.several import person as someone
from tests.ui.pages.people.desk import INTEGRATION, Company

RENAMED = "SELECT record FROM change WHERE object = 'people' AND field = 'name' LIMIT 1"
GONE = "SELECT id FROM saas_user WHERE deactivated LIMIT 1"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    made = Company(tmp_path_factory.mktemp("company") / "profile", 40)
    yield made
    made.close()


def test_that_nobody_is_known_under_a_number_that_nobody_has(company: Company) -> None:
    assert person_facts(company.store, 999_999) is None


def test_that_a_person_is_told_with_every_field_that_has_a_value(company: Company) -> None:
    person = company.value(RENAMED)

    facts = person_facts(company.store, person)

    assert facts is not None
    name, email = company.rows("SELECT name, email FROM person WHERE id = ?", person)[0]
    assert (facts.name, facts.value("email"), facts.value("role")) == (name, email, "Employee")
    assert facts.value("phone") == ""
    assert facts.created_by == INTEGRATION
    assert facts.fed_by == (INTEGRATION,)


def test_that_an_account_is_told_with_role_activity_and_the_age_of_what_is_known(company: Company) -> None:
    person = company.value(RENAMED)
    role, used = company.rows("SELECT role, last_activity FROM saas_user WHERE person = ?", person)[0]

    facts = person_facts(company.store, person)

    assert facts is not None
    (account,) = facts.accounts
    assert (account.application_name, account.role, account.last_activity) == ("PagerDuty", role, used)
    assert account.read_at == company.value("SELECT max(finished_at) FROM sync_session WHERE kind = 'run'")


def test_that_a_deactivated_account_is_gone_since_its_run(company: Company) -> None:
    user = company.value(GONE)
    person = person_of_saas_user(company.store, user)
    assert person is not None

    facts = person_facts(company.store, person)

    assert facts is not None
    account = next(account for account in facts.accounts if account.id == user)
    assert account.state is AccountState.GONE
    assert account.deactivated_at is not None


def test_that_changes_of_person_account_and_licence_come_together_newest_first(company: Company) -> None:
    person = company.value(RENAMED)

    facts = person_facts(company.store, person)

    assert facts is not None
    assert {change.object for change in facts.changes} == {"people", "saas_users", "licences"}
    sessions = [change.session or 0 for change in facts.changes]
    assert sessions == sorted(sessions, reverse=True)


def test_that_a_change_names_its_run_field_before_and_after(company: Company) -> None:
    person = company.value(RENAMED)
    before, after, session = company.rows(
        "SELECT before, after, session FROM change WHERE object = 'people' AND record = ? AND field = 'name'", person
    )[0]

    found = next(
        change for change in changes_of_record(company.store, ObjectKind.PEOPLE, person) if change.field == "name"
    )

    assert (found.label, found.before, found.after) == ("Name", before, after)
    assert (found.integration, found.session, found.session_kind) == (INTEGRATION, session, "run")


def test_that_no_more_changes_are_read_than_wanted(company: Company) -> None:
    person = company.value(RENAMED)

    facts = person_facts(company.store, person, most_changes=1)

    assert facts is not None
    assert len(facts.changes) == 1


def test_that_the_changes_of_a_person_are_found_by_the_index(company: Company) -> None:
    from saasdesk.records.history import rows

    seen: list[str] = []
    with company.store.reading() as db:
        execute = db.execute_sql

        def explain(sql: str, params: tuple[object, ...] = ()) -> object:
            seen.extend(str(row[3]) for row in execute(f"EXPLAIN QUERY PLAN {sql}", params))
            return execute(sql, params)

        class Explaining:
            execute_sql = staticmethod(explain)

        rows.changes_of_person(Explaining(), company.value(RENAMED), 20)  # type: ignore[arg-type]  # what it uses of a connection

    assert not [
        step for step in seen if (step.startswith("SCAN c") and "CONSTANT" not in step) or step.startswith("SCAN h")
    ]


@pytest.fixture
def several(tmp_path: Path) -> Iterator[Several]:
    made = Several(tmp_path / "profile")
    yield made
    made.close()


def test_that_each_value_knows_its_feeder(several: Several) -> None:
    several.vendor("A", {"value": "Finance", "target": "department"}, users=[someone(1, "ana@example.com")])
    several.vendor("B", {"value": "Dublin", "target": "location"}, users=[someone(1, "ana@example.com")])
    several.run_all()
    several.edit(1, "phone", "+44 1")

    facts = person_facts(several.store, 1)

    assert facts is not None
    assert facts.feeders == {
        "username": "A", "email": "A", "role": "A", "department": "A", "location": "B", "phone": HAND,
    }  # fmt: skip


def test_that_values_of_a_deleted_integration_are_said_to_be_that(several: Several) -> None:
    several.vendor("A", users=[someone(1, "ana@example.com")])
    several.run_all()
    delete_integration(several.store, find_integration(several.store, "A"))

    facts = person_facts(several.store, 1)

    assert facts is not None
    assert set(facts.feeders.values()) == {NOBODY}


def test_that_licences_of_all_accounts_come_together_those_that_ended_last(several: Several) -> None:
    several.vendor("B", users=[someone(1, "ana@example.com", licences=["Two", "One"])])
    several.vendor("A", users=[someone(1, "ana@example.com", licences=["Three"])])
    several.run_all()
    several.lists("A", someone(1, "ana@example.com"))
    several.run("A")

    facts = person_facts(several.store, 1)

    assert facts is not None
    assert [(licence.application_name, licence.product, licence.has_ended) for licence in facts.licences] == [
        ("B", "One", False),
        ("B", "Two", False),
        ("A", "Three", True),
    ]


def test_that_only_runs_of_the_person_s_own_integrations_are_gaps_in_their_story(several: Several) -> None:
    several.vendor("A", users=[someone(1, "ana@example.com")])
    several.vendor("B", users=[someone(2, "ben@example.com")])
    several.run_all()
    several.run_all("A", "A", "B")
    several.store.write(
        lambda db: db.execute_sql("UPDATE sync_session SET status = 'failed', message = 'No.' WHERE id > 2")
    )

    facts = person_facts(several.store, 1)

    assert facts is not None
    assert [(gap.integration, gap.status, gap.message) for gap in facts.gaps] == [("A", "failed", "No.")] * 2


@pytest.mark.parametrize(
    ("manager", "found"),
    [("ben@example.com", 2), (" BEN@example.com", 2), ("nobody@example.com", None), ("Ben", 2), ("Two of them", None)],
)
def test_that_whom_a_value_names_is_found_by_user_name_address_or_a_name_that_only_one_has(
    several: Several, manager: str, found: int | None
) -> None:
    several.vendor(
        "A",
        {"source": "name", "target": "name"},
        users=[
            someone(1, "ana@example.com"),
            someone(2, "ben@example.com", name="Ben"),
            *(someone(number, f"p{number}@example.com", name="Two of them") for number in (3, 4)),
        ],
    )
    several.run_all()

    expected = {} if found is None else {"manager": found}
    assert people_called(several.store, {"manager": manager}) == expected


def test_that_a_run_that_only_found_somebody_active_is_history_and_no_event(several: Several) -> None:
    several.vendor("One", users=[{**someone(1, "ana@example.com"), "seen": "2026-01-05T00:00:00Z"}])
    several.run("One")
    several.lists("One", {**someone(1, "ana@example.com"), "seen": "2026-02-05T00:00:00Z", "role": "admin"})
    several.run("One")

    facts = person_facts(several.store, 1, most_changes=50)

    assert facts is not None
    told = [(change.object, change.kind, change.field) for change in facts.changes]
    assert ("saas_users", "update", "last_activity") in told
    events = [(change.object, change.kind, change.field) for change in facts.events]
    assert events == [each for each in told if each[2] != "last_activity"]
    assert ("saas_users", "update", "role") in events

"""Whose value stands: one feeder at a time, others only where nothing is, a person's own word above all."""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.records.apply import apply
from saasdesk.records.changes import Cause
from saasdesk.records.feeders import feeders_of, set_order
from saasdesk.records.rows import small_change_tables
from saasdesk.store.audit import verify
from saasdesk.sync import integrations
from saasdesk.sync.events import PhaseBegan
from tests.sync.several import AT, Several, account, person

ANA = "ana@example.com"
TEAM = {"source": "job_title", "target": "department"}
TEAMS = "SELECT department FROM person ORDER BY id"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Several]:
    made = Several(tmp_path / "profile")
    yield made
    made.close()


def feeding(desk: Several, **teams: str | None) -> None:
    """Each vendor knows Ana, with this team."""
    for name, team in teams.items():
        desk.lists(name, person(1, ANA, job_title=team))


def names(desk: Several, field: str = "department") -> list[str]:
    return [feeder.name for feeder in feeders_of(desk.store, field)]


def test_that_the_first_to_fill_a_field_feeds_it_and_others_leave_it_alone(desk: Several) -> None:
    desk.vendor("A", TEAM, users=[person(1, ANA, job_title="Finance")])
    desk.vendor("B", TEAM, users=[person(1, ANA, job_title="Legal")])

    _, second = desk.run_all()

    assert account(second) == {}
    assert desk.value(TEAMS) == "Finance"


def test_that_an_empty_field_is_filled_by_whoever_knows_it_and_is_theirs_from_then_on(desk: Several) -> None:
    desk.vendor("A", TEAM, users=[person(1, ANA)])
    desk.vendor("B", TEAM, users=[person(1, ANA, job_title="Legal")])
    desk.run_all()
    feeding(desk, A="Finance", B="Law")

    results = desk.run_all()

    assert [account(result) for result in results] == [{}, {"updated": 1}]
    assert desk.value(TEAMS) == "Law"


def test_that_a_value_that_its_feeder_takes_away_is_left_to_the_others(desk: Several) -> None:
    desk.vendor("A", TEAM, users=[person(1, ANA, job_title="Finance")])
    desk.vendor("B", TEAM, users=[person(1, ANA, job_title="Legal")])
    desk.run_all()
    feeding(desk, A=None)

    first, second = desk.run_all()

    assert (account(first), account(second)) == ({"updated": 1}, {"updated": 1})
    assert desk.value(TEAMS) == "Legal"


def test_that_a_new_order_lets_the_first_take_over_at_its_next_run(desk: Several) -> None:
    desk.vendor("A", TEAM, users=[person(1, ANA, job_title="Finance")])
    desk.vendor("B", TEAM, users=[person(1, ANA, job_title="Legal")])
    desk.run_all()

    set_order(desk.store, "department", ["B", "A"])
    first, second = desk.run_all()
    again = desk.run_all()

    assert (account(first), account(second)) == ({}, {"updated": 1})
    assert [account(result) for result in again] == [{}, {}]
    assert desk.value(TEAMS) == "Legal"


def test_that_an_order_made_while_a_run_goes_on_counts_for_the_next(desk: Several) -> None:
    desk.vendor("A", TEAM, users=[person(1, ANA, job_title="Finance")])
    desk.vendor("B", TEAM, users=[person(1, ANA, job_title="Legal")])
    desk.run_all()

    def reorder(news: object) -> None:
        if isinstance(news, PhaseBegan) and news.text == "Saving":
            set_order(desk.store, "department", ["B"])

    during = desk.run("B", reorder)
    after = desk.run("B")

    assert (account(during), account(after)) == ({}, {"updated": 1})
    # Saved once and launched once: an order is no change of the integration.
    assert desk.value("SELECT max(version) FROM integration") == 2


def test_that_the_first_in_an_order_takes_nothing_over_while_it_has_no_value(desk: Several) -> None:
    desk.vendor("A", TEAM, users=[person(1, ANA, job_title="Finance")])
    desk.vendor("B", TEAM, users=[person(1, ANA)])
    desk.run_all()

    set_order(desk.store, "department", ["B", "A"])

    assert [account(result) for result in desk.run_all()] == [{}, {}]
    assert desk.value(TEAMS) == "Finance"


def test_that_whoever_is_in_no_order_comes_last(desk: Several) -> None:
    for name, team in (("A", "Finance"), ("B", "Legal"), ("C", "Sales")):
        desk.vendor(name, TEAM, users=[person(1, ANA, job_title=team)])
    set_order(desk.store, "department", ["C"])

    desk.run_all()
    desk.run_all()

    assert names(desk) == ["C", "A", "B"]
    assert desk.value(TEAMS) == "Sales"


def test_that_an_order_can_be_given_up(desk: Several) -> None:
    desk.vendor("A", TEAM, users=[person(1, ANA, job_title="Finance")])
    desk.vendor("B", TEAM, users=[person(1, ANA, job_title="Legal")])
    set_order(desk.store, "department", ["B"])
    desk.run_all()

    set_order(desk.store, "department", [])
    desk.run_all()

    assert names(desk) == ["A", "B"]
    assert desk.value(TEAMS) == "Legal"


def test_p16_that_an_order_is_in_the_audit_log(desk: Several) -> None:
    desk.vendor("A", TEAM)
    set_order(desk.store, "department", ["a"])

    assert desk.rows("SELECT subject, detail FROM audit WHERE action = 'feeders.ordered'") == [
        ("department", '{"order":["A"]}')
    ]
    assert verify(desk.store) == []


def test_that_only_those_who_map_a_field_have_a_place_in_its_order(desk: Several) -> None:
    desk.vendor("A", TEAM)
    desk.vendor("B")

    with pytest.raises(UserError, match=r"“B” does not map department\. Mapped by: “A”\."):
        set_order(desk.store, "department", ["A", "B"])

    assert names(desk) == ["A"]


def test_that_a_feeder_that_maps_the_field_no_more_leaves_it_to_the_next(desk: Several) -> None:
    desk.vendor("A", TEAM, users=[person(1, ANA, job_title="Finance")])
    desk.vendor("B", TEAM, users=[person(1, ANA, job_title="Legal")])
    desk.run_all()

    desk.vendor("A")
    desk.run_all()

    assert desk.value(TEAMS) == "Legal"


def test_that_the_values_of_a_deleted_integration_stay_until_somebody_knows_better(desk: Several) -> None:
    desk.vendor("A", TEAM, users=[person(1, ANA, job_title="Finance"), person(2, "b@example.com", job_title="Sales")])
    desk.vendor("B", TEAM, users=[person(1, ANA, job_title="Legal"), person(2, "b@example.com")])
    desk.run_all()

    integrations.delete_integration(desk.store, integrations.find_integration(desk.store, "A"))
    desk.run("B")

    assert desk.rows(TEAMS) == [("Legal",), ("Sales",)]


def test_that_an_integration_with_the_number_of_a_deleted_one_inherits_no_values(desk: Several) -> None:
    desk.vendor("A", users=[person(1, ANA)])
    desk.vendor("B", TEAM, users=[person(1, ANA, job_title="Legal")])
    desk.run_all()
    integrations.delete_integration(desk.store, integrations.find_integration(desk.store, "B"))
    desk.vendor("C", TEAM, users=[person(1, ANA)])

    desk.run("C")

    assert desk.value(TEAMS) == "Legal"


@pytest.mark.parametrize(
    ("policy", "kept"),
    [("always", True), ("only_if_empty", True), ("only_if_source_filled", True), ("over_manual", False)],
)
def test_that_a_value_written_by_hand_is_kept_unless_the_policy_says_otherwise(
    desk: Several, policy: str, kept: bool
) -> None:
    line = {**TEAM, "policy": policy}
    desk.vendor("A", line, users=[person(1, ANA, job_title="Finance")])
    desk.vendor("B", line, users=[person(1, ANA, job_title="Legal")])
    desk.run_all()
    desk.edit(1, "department", "Board")

    desk.run("B")

    assert desk.value(TEAMS) == ("Board" if kept else "Legal")


def test_that_no_order_puts_anybody_before_a_person_s_own_word(desk: Several) -> None:
    desk.vendor("A", TEAM, users=[person(1, ANA, job_title="Finance")])
    desk.run("A")
    desk.edit(1, "department", "Board")

    set_order(desk.store, "department", ["A"])
    desk.run("A")

    assert desk.value(TEAMS) == "Board"


def test_that_what_a_person_wrote_into_a_person_of_their_own_is_kept(desk: Several) -> None:
    def create(db: Any) -> None:
        with small_change_tables(db, ObjectKind.PEOPLE, ()) as schema:
            for column in ("email", "email__key", "department"):
                db.execute_sql(f"ALTER TABLE temp.new_person ADD COLUMN {column} TEXT")
            db.execute_sql("INSERT INTO temp.new_person VALUES ('1', 0, ?1, ?1, 'Board')", (ANA,))
            db.execute_sql(
                "INSERT INTO temp.plan_record (kind, object, vendor_id, label, reason) VALUES (?, ?, ?, ?, ?)",
                ("create", "people", "1", ANA, "by hand"),
            )
            apply(db, schema, ObjectKind.PEOPLE, Cause("by hand", "admin"), AT)

    desk.store.write(create)
    desk.vendor("A", TEAM, users=[person(1, ANA, job_title="Finance")])

    desk.run("A")

    assert desk.rows("SELECT department, role, owner_integration FROM person") == [("Board", "Employee", None)]


@pytest.mark.parametrize(
    ("policy", "after"),
    [("always", None), ("only_if_empty", "Finance"), ("only_if_source_filled", "Finance"), ("over_manual", None)],
)
def test_that_an_empty_source_empties_the_field_only_where_the_policy_lets_it(
    desk: Several, policy: str, after: str | None
) -> None:
    desk.vendor("A", {**TEAM, "policy": policy}, users=[person(1, ANA, job_title="Finance")])
    desk.run("A")
    feeding(desk, A=None)

    desk.run("A")

    assert desk.value(TEAMS) == after


def test_that_only_if_empty_leaves_its_own_older_value_too(desk: Several) -> None:
    desk.vendor("A", {**TEAM, "policy": "only_if_empty"}, users=[person(1, ANA, job_title="Finance")])
    desk.run("A")
    feeding(desk, A="Legal")

    desk.run("A")

    assert desk.value(TEAMS) == "Finance"


def test_that_where_a_person_came_from_does_not_change_with_each_vendor_that_runs(desk: Several) -> None:
    key = {"source": "connect:credentials", "target": "location"}
    for name in "AB":
        desk.vendor(name, key, users=[person(1, ANA)], credential=f"key {name}")

    desk.run_all()
    desk.look_at_everybody_again()
    desk.run_all()

    assert desk.value("SELECT location FROM person") == "key A"


POLICIES = st.sampled_from(["always", "only_if_empty", "only_if_source_filled", "over_manual"])
KNOWN = st.dictionaries(st.integers(1, 4), st.sampled_from([None, "", "Finance", "Legal", "Sales"]), max_size=4)
VENDORS = st.dictionaries(st.sampled_from(["A", "B", "C"]), st.tuples(POLICIES, KNOWN), min_size=1)
RECORDS = "SELECT email__key, username, department, deactivated FROM person ORDER BY email__key"


@settings(max_examples=25, deadline=None)
@given(VENDORS, st.permutations(["A", "B", "C"]), st.lists(st.sampled_from(["A", "B", "C"]), max_size=3), st.data())
def test_that_once_everybody_ran_no_run_in_whatever_order_writes_anything(
    vendors: dict[str, tuple[str, dict[int, str | None]]], turns: list[str], order: list[str], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        desk = Several(Path(folder) / "profile")
        for name, (policy, known) in vendors.items():
            users = [person(number, f"p{number}@example.com", job_title=team) for number, team in known.items()]
            desk.vendor(name, {**TEAM, "policy": policy}, users=users)
        set_order(desk.store, "department", [name for name in order if name in vendors])
        desk.run_all(*(name for name in turns if name in vendors))
        # What the first filled before the others came may be taken over once, by whoever stands before it.
        desk.run_all(*(name for name in turns if name in vendors))
        settled = desk.rows(RECORDS)

        for later in data.draw(st.lists(st.sampled_from(sorted(vendors)), max_size=5)):
            if data.draw(st.booleans()):
                desk.look_at_everybody_again()
            assert account(desk.run(later)) == {}

        assert desk.rows(RECORDS) == settled
        desk.close()


def test_that_with_an_order_the_result_is_the_same_whoever_runs_first(tmp_path: Path) -> None:
    results = set()
    for number, turns in enumerate(permutations("ABC")):
        desk = Several(tmp_path / str(number))
        desk.vendor("A", TEAM, users=[person(1, ANA, job_title="Finance"), person(2, "b@example.com")])
        desk.vendor("B", TEAM, users=[person(1, ANA), person(2, "b@example.com", job_title="Sales")])
        desk.vendor("C", TEAM, users=[person(1, ANA, job_title="Legal"), person(2, "b@example.com", job_title="IT")])
        set_order(desk.store, "department", ["B", "C", "A"])

        desk.run_all(*turns)

        results.add(tuple(desk.rows("SELECT email, department FROM person ORDER BY email")))
        desk.close()

    assert results == {((ANA, "Legal"), ("b@example.com", "Sales"))}

"""One field of many records: planned, written whole or not at all, and taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.fields.rows import add_field
from saasdesk.profile import open_profile
from saasdesk.records.editing import (
    FieldProblems,
    add_record,
    apply_bulk,
    edit_record,
    fields_for_many,
    form_of,
    plan_bulk,
    take_back_bulk,
)
from saasdesk.store import Store

PEOPLE = ObjectKind.PEOPLE


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(open_profile(tmp_path / "profile")) as opened:
        opened.write(lambda db: add_field(db, Field(PEOPLE, "floor", "Floor", FieldType.NUMBER)))
        for name, department in (("Ana", "IT"), ("Bob", "Sales"), ("Cleo", "")):
            address = f"{name.lower()}@example.com"
            texts = {"username": address, "email": address, "role": "Employee", "name": name, "department": department}
            add_record(opened, PEOPLE, texts)
        yield opened


def look(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.reading() as db:
        return db.execute_sql(sql).fetchall()


def departments(store: Store) -> list[object]:
    return [value for (value,) in look(store, "SELECT department FROM person ORDER BY id")]


def test_that_a_plan_says_before_and_after_of_every_record_that_would_change(store: Store) -> None:
    plan = plan_bulk(store, PEOPLE, "department", " IT ", [3, 1, 2, 99])

    assert [(line.name, line.before) for line in plan.lines] == [("Cleo", None), ("Bob", "Sales")]
    assert (plan.after, plan.unchanged) == ("IT", 1)
    assert departments(store) == ["IT", "Sales", None]


def test_that_a_plan_is_written_without_what_was_left_out_with_history_and_taken_back(store: Store) -> None:
    plan = plan_bulk(store, PEOPLE, "department", "Legal", [1, 2, 3])

    done = apply_bulk(store, plan, left_out={2})

    assert departments(store) == ["Legal", "Sales", "Legal"]
    assert look(store, "SELECT record, kind, before, after, cause FROM change WHERE field = 'department'") == [
        (1, "update", "IT", "Legal", "by hand"),
        (3, "update", None, "Legal", "by hand"),
    ]
    assert look(store, "SELECT record, event FROM trigger WHERE event <> 'created'") == [(1, "edited"), (3, "edited")]
    take_back_bulk(store, done)
    assert departments(store) == ["IT", "Sales", None]
    actions = look(store, "SELECT action, json_extract(detail, '$.count') FROM audit WHERE action LIKE 'records.%'")
    assert actions == [("records.edited", 2), ("records.edit_taken_back", 2)]


def test_that_nothing_is_written_when_one_of_them_was_changed_meanwhile(store: Store) -> None:
    plan = plan_bulk(store, PEOPLE, "department", "Legal", [1, 2, 3])
    edit_record(store, form_of(store, PEOPLE, 2), {"department": "Board"})

    with pytest.raises(UserError, match="“Bob” was changed meanwhile, and nothing was written"):
        apply_bulk(store, plan)
    assert departments(store) == ["IT", "Board", None]

    done = apply_bulk(store, plan_bulk(store, PEOPLE, "department", "Legal", [1, 2, 3]))
    edit_record(store, form_of(store, PEOPLE, 1), {"department": "Board"})
    with pytest.raises(UserError, match="“Ana” was changed meanwhile"):
        take_back_bulk(store, done)
    assert departments(store) == ["Board", "Legal", "Legal"]


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("floor", "third", "Floor: "),
        ("email", "", "Email is mandatory."),
        ("username", "all@example.com", "Username is unique: only one record can have a value."),
        ("shoe_size", "44", "There is no field “shoe_size” that can be edited."),
    ],
)
def test_that_a_value_that_the_field_cannot_have_is_refused(store: Store, field: str, text: str, problem: str) -> None:
    with pytest.raises(FieldProblems) as wrong:
        plan_bulk(store, PEOPLE, field, text, [1, 2])

    assert wrong.value.problems[field].startswith(problem)


def test_that_a_unique_value_is_given_to_one_record_alone_unless_it_is_another_ones(store: Store) -> None:
    assert len(plan_bulk(store, PEOPLE, "username", "ana.new@example.com", [1]).lines) == 1
    with pytest.raises(FieldProblems, match="“Bob” has this value"):
        plan_bulk(store, PEOPLE, "username", "bob@example.com", [1])


def test_that_more_than_the_limit_is_refused_with_what_to_do(store: Store) -> None:
    store.save_setting("bulk_edit_limit", "2")

    with pytest.raises(UserError, match="3 people are selected, and at most 2 are edited at once\\. Select fewer"):
        fields_for_many(store, PEOPLE, 3)
    with pytest.raises(UserError, match="at most 2"):
        plan_bulk(store, PEOPLE, "department", "IT", [1, 2, 3])

"""Records made and changed by hand: checked like a vendor's, written with history, and to be taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.fields.rows import add_field
from saasdesk.records.editing import (
    FieldProblems,
    add_record,
    edit_record,
    empty_form,
    form_of,
    set_archived,
    take_back,
)
from saasdesk.store import Store
from tests.sync.several import Several

PEOPLE = ObjectKind.PEOPLE
ANA: dict[str, Any] = {"id": "P1", "email": "ana@example.com", "name": "Ana"}
NEW = {"username": "li@example.com", "email": "li@example.com", "role": "Employee"}


@pytest.fixture
def several(tmp_path: Path) -> Iterator[Several]:
    known = Several(tmp_path / "profile")
    known.vendor("One", {"source": "name", "target": "name"}, users=[ANA])
    known.run("One")
    yield known
    known.store.close()


@pytest.fixture
def store(several: Several) -> Store:
    return several.store


def look(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.reading() as db:
        return db.execute_sql(sql).fetchall()


def test_that_a_person_is_added_by_hand_with_history_trigger_and_feeder(store: Store) -> None:
    number = add_record(store, PEOPLE, {**NEW, "name": " Li ", "department": ""})

    assert look(store, f"SELECT username, username__key, name, department FROM person WHERE id = {number}") == [
        ("li@example.com", "li@example.com", "Li", None)
    ]
    assert look(store, f"SELECT kind, cause FROM change WHERE object = 'people' AND record = {number}") == [
        ("create", "by hand")
    ]
    assert look(store, f"SELECT event FROM trigger WHERE object = 'people' AND record = {number}") == [("created",)]
    assert ("name", 0) in look(store, f"SELECT field, integration FROM value_owner WHERE record = {number}")


def test_that_everything_that_is_wrong_is_told_by_its_field_and_nothing_is_written(store: Store) -> None:
    store.write(lambda db: add_field(db, Field(PEOPLE, "level", "Level", FieldType.NUMBER)))
    before = look(store, "SELECT count(*) FROM person")

    with pytest.raises(FieldProblems) as wrong:
        add_record(store, PEOPLE, {"username": "ANA@example.com", "email": "", "role": "Employee", "level": "high"})

    assert wrong.value.problems == {
        "username": "Username is unique, and “Ana” has this value.",
        "email": "Email is mandatory.",
        "level": "Level: “high” is not a whole number.",
    }
    assert look(store, "SELECT count(*) FROM person") == before


def test_that_an_edit_writes_what_was_typed_and_can_be_taken_back(several: Several, store: Store) -> None:
    form = form_of(store, PEOPLE, 1)
    texts = {field.external_id: form.text(field) for field in form.fields} | {"name": "Ana B.", "department": "IT"}

    changes = edit_record(store, form, texts)

    assert {change.field: (change.before, change.after) for change in changes} == {
        "name": ("Ana", "Ana B."),
        "department": (None, "IT"),
    }
    assert look(store, "SELECT name, department FROM person") == [("Ana B.", "IT")]
    several.run("One", limit=None)
    assert look(store, "SELECT name FROM person") == [("Ana B.",)], "the hand's value is kept"

    take_back(store, form, changes)

    assert look(store, "SELECT name, department FROM person") == [("Ana", None)]


def test_that_an_edit_without_a_change_writes_nothing(store: Store) -> None:
    form = form_of(store, PEOPLE, 1)
    before = look(store, "SELECT count(*) FROM change")

    assert edit_record(store, form, {field.external_id: form.text(field) for field in form.fields}) == ()

    assert look(store, "SELECT count(*) FROM change") == before


def test_that_an_edit_of_what_somebody_changed_meanwhile_is_refused(store: Store) -> None:
    mine, other = form_of(store, PEOPLE, 1), form_of(store, PEOPLE, 1)
    edit_record(store, other, {"name": "Anna"})

    with pytest.raises(UserError, match="was changed meanwhile, and nothing was written"):
        edit_record(store, mine, {"name": "Annie"})

    assert look(store, "SELECT name FROM person") == [("Anna",)]


def test_that_a_mandatory_value_cannot_be_taken_away(store: Store) -> None:
    with pytest.raises(FieldProblems, match="Username is mandatory"):
        edit_record(store, form_of(store, PEOPLE, 1), {"username": " "})


def test_that_what_is_not_editable_is_not_in_the_form(store: Store) -> None:
    store.write(lambda db: add_field(db, Field(PEOPLE, "badge", "Badge", editable=False)))

    assert "badge" not in {field.external_id for field in empty_form(store, PEOPLE).fields}
    with pytest.raises(FieldProblems, match="no field “badge” that can be edited"):
        add_record(store, PEOPLE, {**NEW, "badge": "7"})


def test_that_records_are_archived_and_restored_and_those_that_were_so_are_left(store: Store) -> None:
    assert set_archived(store, PEOPLE, [1, 77], "left long ago", archived=True) == [1]
    assert set_archived(store, PEOPLE, [1], "left long ago", archived=True) == []
    assert look(store, "SELECT archived FROM person") == [(1,)]

    assert set_archived(store, PEOPLE, [1], "came back", archived=False) == [1]

    assert look(store, "SELECT archived FROM person") == [(0,)]
    kinds = look(store, "SELECT kind, reason FROM change WHERE object = 'people' ORDER BY id")
    assert kinds[-2:] == [("archive", "left long ago"), ("restore", "came back")]


def test_that_a_form_of_a_record_that_is_gone_says_so(store: Store) -> None:
    with pytest.raises(UserError, match="This person is gone"):
        form_of(store, PEOPLE, 77)


def test_that_what_is_no_mail_address_is_neither_added_nor_typed_over_one(store: Store) -> None:
    sentence = "Email: “li at example.com” is not a mail address: it has no @."

    with pytest.raises(FieldProblems) as added:
        add_record(store, PEOPLE, {**NEW, "email": "li at example.com"})
    with pytest.raises(FieldProblems) as edited:
        edit_record(store, form_of(store, PEOPLE, 1), {"email": "li at example.com"})

    assert added.value.problems == edited.value.problems == {"email": sentence}
    assert look(store, "SELECT email FROM person") == [("ana@example.com",)]

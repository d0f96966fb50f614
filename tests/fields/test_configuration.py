"""The data model as an admin changes it: made, changed, ordered, deleted, and what each refuses."""

from dataclasses import replace
from typing import Any

import pytest

from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, ObjectKind, to_stored
from saasdesk.fields.configuration import (
    Definition,
    change_field,
    create_field,
    delete_field,
    list_configured,
    move_field,
)
from saasdesk.store import Store
from saasdesk.store.audit import verify

PEOPLE = ObjectKind.PEOPLE


def make(store: Store, label: str = "Cost centre", kind: FieldType = FieldType.SHORT_TEXT, **values: Any) -> Field:
    return create_field(store, PEOPLE, kind, Definition(label, **values))


def find(store: Store, external_id: str) -> Field:
    return next(field for field in list_configured(store, PEOPLE) if field.external_id == external_id)


def add_person(store: Store, **values: object) -> None:
    columns = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", **values}
    names, marks = ", ".join(columns), ", ".join("?" for _ in columns)
    store.write(lambda db: db.execute_sql(f"INSERT INTO person ({names}) VALUES ({marks})", tuple(columns.values())))


def test_that_a_field_keeps_everything_that_was_said_of_it(store: Store) -> None:
    make(store, options=("Berlin", "Lisbon", "Berlin", " "), default="lisbon", help="Where it is booked", history=False)

    field = find(store, "cost_centre")

    assert field.options == ("Berlin", "Lisbon")
    assert (field.default, field.help, field.history, field.builtin) == ("lisbon", "Where it is booked", False, False)
    assert verify(store) == []


def test_that_the_external_id_stays_when_the_label_changes(store: Store) -> None:
    changed = change_field(store, make(store), Definition("Kostenstelle"))

    assert (changed.label, changed.external_id) == ("Kostenstelle", "cost_centre")


def test_that_a_field_can_be_made_twice_under_two_names_only(store: Store) -> None:
    make(store)

    with pytest.raises(UserError, match="There is a field “cost CENTRE” already"):
        make(store, "cost  CENTRE")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"label": "  "}, "needs a label"),
        ({"label": "x" * 101}, "needs a label"),
        ({"label": "Tenant", "unique": True, "default": "A"}, "would be shared"),
        ({"label": "Tenant", "default": "C", "options": ("A", "B")}, "not one of its values"),
        ({"label": "Tenant", "help": "x" * 501}, "500 characters"),
    ],
)
def test_that_a_definition_that_makes_no_sense_is_refused(store: Store, values: dict[str, Any], reason: str) -> None:
    before = list_configured(store, PEOPLE)

    with pytest.raises(UserError, match=reason):
        create_field(store, PEOPLE, FieldType.SHORT_TEXT, Definition(**values))

    assert list_configured(store, PEOPLE) == before


def test_that_a_default_must_be_of_the_fields_type(store: Store) -> None:
    with pytest.raises(UserError, match="is not a date"):
        make(store, "Joined", FieldType.DATE, default="soon")


def test_that_only_short_text_can_be_a_drop_down(store: Store) -> None:
    with pytest.raises(UserError, match="drop-down"):
        make(store, "Seats", FieldType.NUMBER, options=("1", "2"))


def test_that_unique_is_refused_with_examples_while_values_are_shared(store: Store) -> None:
    field = make(store)
    add_person(store, username="ana", cost_centre="4711")
    add_person(store, username="li", cost_centre=" 4711 ")

    with pytest.raises(UserError, match="records share values, such as"):
        change_field(store, field, Definition("Cost centre", unique=True))

    assert not find(store, "cost_centre").unique


def test_that_unique_can_be_taken_back(store: Store) -> None:
    field = change_field(store, make(store), Definition("Cost centre", unique=True))
    field = change_field(store, field, Definition("Cost centre"))
    add_person(store, username="ana", cost_centre="4711")
    add_person(store, username="li", cost_centre="4711")

    assert not find(store, "cost_centre").unique


def test_that_built_in_fields_keep_what_the_program_needs(store: Store) -> None:
    email = find(store, "email")

    with pytest.raises(UserError, match="settled"):
        change_field(store, email, replace(Definition.of(email), unique=False))
    assert change_field(store, email, replace(Definition.of(email), label="E-mail")).label == "E-mail"


def test_that_fields_of_ours_change_places(store: Store) -> None:
    for label in ("One", "Two", "Three"):
        make(store, label)

    move_field(store, find(store, "three"), -1)
    move_field(store, find(store, "one"), -1)

    assert [field.label for field in list_configured(store, PEOPLE) if not field.builtin] == ["One", "Three", "Two"]


def test_that_a_field_in_use_is_not_deleted_and_its_users_are_named(store: Store) -> None:
    field = make(store)

    with pytest.raises(UserError, match="is used by “PagerDuty users” and “Atlassian users”"):
        delete_field(store, field, lambda _field: ["PagerDuty users", "Atlassian users"])

    assert find(store, "cost_centre") == field


def test_that_a_backup_is_made_before_a_field_goes(store: Store) -> None:
    delete_field(store, make(store), lambda _field: [])

    assert not any(field.external_id == "cost_centre" for field in list_configured(store, PEOPLE))
    assert [path.name.split("-", 2)[-1] for path in store.profile.backups.glob("*before-field.db")]


def test_that_values_of_a_drop_down_are_spelt_as_there() -> None:
    field = Field(PEOPLE, "site", "Site", options=("Berlin", "São Paulo"))

    assert to_stored(" berlin", field) == "Berlin"
    assert to_stored("", field) is None
    with pytest.raises(ValueError, match="Site: “Rome” is not one of its values: Berlin, São Paulo"):
        to_stored("Rome", field)

"""Edits of a mapping: what each changes, and what it leaves alone."""

import pytest
from pydantic import ValidationError

from saasdesk.fields import ObjectKind
from saasdesk.mapping import MapRow, Policy
from saasdesk.mapping.editing import (
    Place,
    find_row,
    map_source,
    move_sync_key,
    set_policy,
    set_steps,
    set_update_key,
    toggle_sync_key,
    unmap,
    use_constant,
)

EMAIL = Place(ObjectKind.PEOPLE, "email")
NAME = Place(ObjectKind.PEOPLE, "name")
ROLE = Place(ObjectKind.PEOPLE, "role")
ID = Place(ObjectKind.PEOPLE, "user_id")

ROWS = (
    MapRow(source="email", target="email", sync_key=1, transform=("lower",)),
    MapRow(source="id", target="user_id", sync_key=2, update_key=True),
    MapRow(source="name", target="name"),
)


def keys(rows: tuple[MapRow, ...]) -> dict[str, int]:
    return {row.target: row.sync_key for row in rows if row.sync_key is not None}


def test_that_a_new_line_comes_last() -> None:
    rows = map_source(ROWS, ROLE, "role")

    assert rows[:3] == ROWS
    assert (rows[3].source, rows[3].target, rows[3].sync_key) == ("role", "role", None)


def test_that_another_source_keeps_steps_policy_and_key() -> None:
    row = find_row(map_source(ROWS, EMAIL, "mail"), EMAIL)

    assert row is not None
    assert (row.source, row.transform, row.sync_key) == ("mail", ("lower",), 1)


def test_that_a_constant_is_no_sync_key_any_more() -> None:
    rows = use_constant(ROWS, EMAIL, "nobody@example.com")

    row = find_row(rows, EMAIL)
    assert row is not None
    assert (row.source, row.value, row.sync_key) == (None, "nobody@example.com", None)
    assert keys(rows) == {"user_id": 1}


def test_that_the_keys_that_stay_count_from_one() -> None:
    assert keys(unmap(ROWS, EMAIL)) == {"user_id": 1}


def test_that_a_key_is_switched_on_last_and_off_again() -> None:
    on = toggle_sync_key(ROWS, NAME)
    assert keys(on) == {"email": 1, "user_id": 2, "name": 3}

    off = toggle_sync_key(on, ID)
    assert keys(off) == {"email": 1, "name": 2}
    row = find_row(off, ID)
    assert row is not None
    assert not row.update_key


def test_that_keys_change_places_within_their_order() -> None:
    assert keys(move_sync_key(ROWS, ID, -1)) == {"email": 2, "user_id": 1}
    assert move_sync_key(ROWS, EMAIL, -1) == ROWS
    assert move_sync_key(ROWS, NAME, 1) == ROWS


def test_that_a_field_without_a_line_changes_nothing() -> None:
    assert toggle_sync_key(ROWS, ROLE) == ROWS
    assert unmap(ROWS, ROLE) == ROWS
    assert set_steps(ROWS, ROLE, ["trim"]) == ROWS


def test_that_steps_and_policy_and_update_key_are_set() -> None:
    rows = set_update_key(set_policy(set_steps(ROWS, NAME, ["trim"]), NAME, Policy.ONLY_IF_EMPTY), ID, update=False)

    name, user_id = find_row(rows, NAME), find_row(rows, ID)
    assert name is not None
    assert user_id is not None
    assert (name.transform, name.policy) == (("trim",), Policy.ONLY_IF_EMPTY)
    assert not user_id.update_key


def test_that_what_a_file_may_not_say_a_click_may_not_either() -> None:
    with pytest.raises(ValidationError, match="column"):
        map_source(ROWS, NAME, "{{ jjump_cloud_user_id}")

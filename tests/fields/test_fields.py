"""Fields: External IDs are forever, and values are checked on their way in."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, ObjectKind, external_id, fold_key, to_stored
from saasdesk.fields.rows import add_field, delete_field, list_fields, make_unique
from saasdesk.profile import open_profile
from saasdesk.store import Store


@pytest.mark.parametrize(
    ("label", "identifier"),
    [
        ("JumpCloud User Id", "jump_cloud_user_id"),
        ("PagerDuty User ID", "pager_duty_user_id"),
        ("JetBrains License Id", "jet_brains_license_id"),
        ("SaaS Cost", "saas_cost"),
        ("User IDs", "user_ids"),
        ("Größe", "grosse"),
        ("Created At", "created_at_2"),
        ("2FA", "field_2_fa"),
        ("名前", "field"),
    ],
)
def test_that_a_label_becomes_its_external_id(label: str, identifier: str) -> None:
    assert external_id(label) == identifier


@given(st.text(max_size=80), st.sets(st.text(max_size=10), max_size=3))
def test_that_an_external_id_is_a_free_name_that_no_key_column_has(label: str, taken: set[str]) -> None:
    name = external_id(label, taken)

    assert name.isidentifier()
    assert name.isascii()
    assert "__" not in name
    assert name not in {word.casefold() for word in taken}


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (FieldType.SHORT_TEXT, " x ", " x "),
        (FieldType.SHORT_TEXT, "a\udc80\0b", "a\ufffd\ufffdb"),
        (FieldType.SHORT_TEXT, 2**70, str(2**70)),
        (FieldType.SHORT_TEXT, True, "true"),
        (FieldType.LIST, [{"name": "A"}, {"summary": "B"}, "C"], "A, B, C"),
        (FieldType.NUMBER, "12", 12),
        (FieldType.NUMBER, 3.0, 3),
        (FieldType.DECIMAL, "1.5", 1.5),
        (FieldType.FLAG, "yes", 1),
        (FieldType.FLAG, False, 0),
        (FieldType.DATE, "2026-03-01T23:30:00-05:00", "2026-03-02"),
        (FieldType.DATETIME, "2026-03-01T10:00:00", "2026-03-01T10:00:00Z"),
        (FieldType.DATETIME, 1_767_225_600, "2026-01-01T00:00:00Z"),
        (FieldType.DATETIME, 1_767_225_600_000, "2026-01-01T00:00:00Z"),
        (FieldType.SHORT_TEXT, "", None),
    ],
)
def test_that_a_value_is_kept_as_its_type_says(kind: FieldType, value: object, stored: object) -> None:
    assert to_stored(value, Field(ObjectKind.PEOPLE, "x", "X", kind)) == stored


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldType.SHORT_TEXT, "x" * 257),
        (FieldType.LONG_TEXT, "x" * 1025),
        (FieldType.NUMBER, "twelve"),
        (FieldType.NUMBER, 2**63),
        (FieldType.NUMBER, 1.5),
        (FieldType.DECIMAL, float("nan")),
        (FieldType.FLAG, "maybe"),
        (FieldType.DATE, "soon"),
        (FieldType.DATETIME, True),
        (FieldType.SHORT_TEXT, [{"odd": 1}]),
    ],
)
def test_that_a_value_that_does_not_fit_is_refused_by_the_name_of_its_field(kind: FieldType, value: object) -> None:
    with pytest.raises(ValueError, match="Start Day"):
        to_stored(value, Field(ObjectKind.PEOPLE, "x", "Start Day", kind))


def test_that_addresses_that_people_call_the_same_have_one_key() -> None:
    assert fold_key(" Ana@Example.COM ") == fold_key("ana@exa\u200bmple.com") == "ana@example.com"
    assert fold_key("  ") is None


def test_that_a_unique_field_comes_with_its_key_and_goes_with_it(tmp_path: Path) -> None:
    with Store.open(open_profile(tmp_path / "p")) as store:
        field = Field(ObjectKind.PEOPLE, "badge", "Badge", unique=True)
        store.write(lambda db: add_field(db, field))
        with store.reading() as db:
            names = {row[1] for row in db.execute_sql("PRAGMA table_info(person)")}
            labels = [known.label for known in list_fields(db, ObjectKind.PEOPLE)]
        store.write(lambda db: delete_field(db, field))
        with store.reading() as db:
            left = {row[1] for row in db.execute_sql("PRAGMA table_info(person)")}

    assert {"badge", "badge__key"} <= names
    assert "Badge" in labels
    assert not {"badge", "badge__key"} & left


def test_that_unique_is_refused_while_records_share_a_value_and_shows_it(tmp_path: Path) -> None:
    with Store.open(open_profile(tmp_path / "p")) as store:
        field = Field(ObjectKind.PEOPLE, "badge", "Badge")
        store.write(lambda db: add_field(db, field))
        sql = "INSERT INTO person (badge, created_at, updated_at) VALUES (?, '', '')"
        for value in ("B7", " b7 "):
            store.write(lambda db, value=value: db.execute_sql(sql, (value,)))

        with pytest.raises(UserError, match="Badge cannot be Unique"):
            store.write(lambda db: make_unique(db, field))

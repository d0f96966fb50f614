import peewee
import pytest

from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, ObjectKind, external_id, fold_key, quote
from saasdesk.fields.rows import add_field, delete_field, list_fields, make_unique
from saasdesk.store import Connection, Store

NOW = "2026-01-02T03:04:05Z"
TABLES = list(ObjectKind)


def custom(name: str = "cost_centre", *, unique: bool = False, kind: ObjectKind = ObjectKind.PEOPLE) -> Field:
    return Field(kind, name, name.replace("_", " ").title(), unique=unique, position=50)


def add(store: Store, field: Field) -> None:
    store.write(lambda db: add_field(db, field))


def person(store: Store, **values: object) -> None:
    names = ", ".join(quote(name) for name in values)
    marks = ", ".join("?" * len(values))
    store.write(
        lambda db: (
            db.execute_sql(
                f"INSERT INTO person (created_at, updated_at, {names}) VALUES (?, ?, {marks})",
                (NOW, NOW, *values.values()),
            )
            and None
        )
    )


def columns(store: Store, table: str = "person") -> set[str]:
    with store.reading() as db:
        return {row[1] for row in db.execute_sql(f"PRAGMA table_info({table})")}


def indexes(store: Store) -> set[str]:
    with store.reading() as db:
        return {name for (name,) in db.execute_sql("SELECT name FROM sqlite_master WHERE type = 'index'")}


def fields(store: Store, kind: ObjectKind = ObjectKind.PEOPLE) -> dict[str, Field]:
    with store.reading() as db:
        return {field.external_id: field for field in list_fields(db, kind)}


def test_that_a_new_field_is_a_column_and_reads_back_as_it_was_made(store: Store) -> None:
    made = Field(
        ObjectKind.PEOPLE,
        "cost_centre",
        "Cost Centre",
        FieldType.NUMBER,
        mandatory=True,
        options=("10", "20"),
        default="10",
        help="Where the money comes from",
        history=False,
        position=50,
    )

    add(store, made)

    assert fields(store)["cost_centre"] == made
    assert "cost_centre" in columns(store)


@pytest.mark.parametrize(
    ("kind", "value", "typeof"),
    [
        (FieldType.NUMBER, 5, "integer"),
        (FieldType.FLAG, 1, "integer"),
        (FieldType.DECIMAL, 5, "real"),
        (FieldType.SHORT_TEXT, "5", "text"),
        (FieldType.DATETIME, NOW, "text"),
    ],
)
def test_that_a_column_keeps_values_in_the_type_of_its_field(
    store: Store, kind: FieldType, value: object, typeof: str
) -> None:
    add(store, Field(ObjectKind.PEOPLE, "thing", "Thing", kind))

    person(store, thing=value)

    with store.reading() as db:
        assert db.execute_sql("SELECT typeof(thing) FROM person").fetchone() == (typeof,)


def test_that_built_in_fields_come_first_in_the_order_of_their_position(store: Store) -> None:
    add(store, custom())

    names = list(fields(store))

    assert names[:3] == ["username", "email", "role"]
    assert names[-1] == "cost_centre"


def test_that_a_unique_field_refuses_two_values_that_fold_alike(store: Store) -> None:
    add(store, custom(unique=True))
    person(store, cost_centre="Größe", cost_centre__key=fold_key("Größe"))

    with pytest.raises(peewee.IntegrityError):
        person(store, cost_centre="GRÖSSE", cost_centre__key=fold_key("GRÖSSE"))


def test_that_any_number_of_records_may_lack_a_unique_value(store: Store) -> None:
    add(store, custom(unique=True))

    person(store, cost_centre=None)
    person(store, cost_centre=None)

    assert "cost_centre__key" in columns(store)


def test_that_a_name_that_is_taken_is_refused_in_a_sentence(store: Store) -> None:
    add(store, custom())

    with pytest.raises(UserError, match="already a field “cost_centre” among people"):
        add(store, custom())


@pytest.mark.parametrize("kind", TABLES)
def test_that_a_label_like_any_column_of_the_table_can_still_be_made_a_field(store: Store, kind: ObjectKind) -> None:
    for name in sorted(columns(store, kind.table)):
        taken = set(fields(store, kind))
        made = Field(kind, external_id(name.replace("_", " "), taken), name, unique=True)

        add(store, made)

        assert made.external_id in fields(store, kind)


@pytest.mark.parametrize("kind", TABLES)
def test_that_a_field_named_like_an_index_leaves_the_index_alone(store: Store, kind: ObjectKind) -> None:
    before = indexes(store)
    endings = [name.removeprefix(f"{kind.table}_") for name in before if name.startswith(f"{kind.table}_")]

    for ending in sorted(set(endings) - columns(store, kind.table)):
        add(store, custom(ending, unique=True, kind=kind))
        store.write(lambda db, name=ending: delete_field(db, custom(name, unique=True, kind=kind)))

    assert indexes(store) == before


def test_that_a_field_becomes_unique_and_its_values_get_keys(store: Store) -> None:
    add(store, custom())
    person(store, cost_centre=" Lyon ")
    person(store, cost_centre=None)

    store.write(lambda db: make_unique(db, custom()))

    with store.reading() as db:
        assert db.execute_sql("SELECT cost_centre__key FROM person ORDER BY id").fetchall() == [("lyon",), (None,)]
    assert fields(store)["cost_centre"].unique


def test_that_a_field_with_shared_values_stays_as_it_is_and_the_values_are_shown(store: Store) -> None:
    add(store, custom())
    for value in ("Lyon", "lyon ", "Cork", "x" * 200, "X" * 200, "\u202eabc", "\u202eABC"):
        person(store, cost_centre=value)

    with pytest.raises(UserError) as caught:
        store.write(lambda db: make_unique(db, custom()))

    assert "“Lyon” (2)" in str(caught.value)
    assert "Cork" not in str(caught.value)
    assert "\u202e" not in str(caught.value)
    assert len(str(caught.value)) < 300
    assert not fields(store)["cost_centre"].unique
    assert "cost_centre__key" not in columns(store)


def test_that_making_a_unique_field_unique_again_changes_nothing(store: Store) -> None:
    add(store, custom(unique=True))
    before = indexes(store)

    store.write(lambda db: make_unique(db, custom(unique=True)))

    assert indexes(store) == before


def test_that_a_deleted_field_leaves_nothing_behind(store: Store) -> None:
    add(store, custom(unique=True))
    person(store, cost_centre="Lyon", cost_centre__key="lyon")

    def owned(db: Connection) -> None:
        db.execute_sql("INSERT INTO value_owner VALUES ('people', 1, 'cost_centre', 7)")
        db.execute_sql(
            "INSERT INTO integration (id, name, document, created_at, updated_at) VALUES (7, 'i', '{}', ?, ?)",
            (NOW, NOW),
        )
        db.execute_sql("INSERT INTO sync_time_field VALUES ('people', 'cost_centre', 7)")

    store.write(owned)

    store.write(lambda db: delete_field(db, custom(unique=True)))

    assert "cost_centre" not in fields(store)
    assert not {"cost_centre", "cost_centre__key"} & columns(store)
    with store.reading() as db:
        assert db.execute_sql("SELECT count(*) FROM value_owner").fetchone() == (0,)
        assert db.execute_sql("SELECT count(*) FROM sync_time_field").fetchone() == (0,)
        assert db.execute_sql("SELECT count(*) FROM person").fetchone() == (1,)


def test_that_a_deleted_name_can_be_used_again(store: Store) -> None:
    add(store, custom(unique=True))
    store.write(lambda db: delete_field(db, custom(unique=True)))

    add(store, custom(unique=True))

    assert fields(store)["cost_centre"].unique


def test_that_a_built_in_field_cannot_be_deleted(store: Store) -> None:
    email = fields(store)["email"]

    with pytest.raises(UserError, match="Email is built in"):
        store.write(lambda db: delete_field(db, email))

    assert "email" in columns(store)

"""What stands on the lists of objects, and the records that name it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.errors import UserError
from saasdesk.fields import FieldType, ObjectKind
from saasdesk.fields.configuration import Definition, create_field
from saasdesk.fields.custom_objects.objects import change_object
from saasdesk.fields.custom_objects.rows import ObjectItem
from saasdesk.profile import open_profile
from saasdesk.records.objects import ListedItem, delete_item, keep_item, keep_names, read_items
from saasdesk.store import Connection, Store

LIST = "cost_centre"
FIELD = Definition("Cost centre")


@pytest.fixture
def store(profile_dir: Path) -> Iterator[Store]:
    """Five people: two feed their cost centre by integration 7, the others by hand or nobody."""
    with Store.open(open_profile(profile_dir)) as opened:
        create_field(opened, ObjectKind.PEOPLE, FieldType.CUSTOM_OBJECT, FIELD)

        def people(db: Connection) -> None:
            db.execute_sql(
                "INSERT INTO integration (id, name, document, created_at, updated_at) "
                "VALUES (7, 'Somebody', '{}', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z')"
            )
            for number, (value, owner) in enumerate(
                [("Research", 7), ("RESEARCH", 7), ("R-4711", None), ("Sales", None), (None, None)], start=1
            ):
                db.execute_sql(
                    "INSERT INTO person (id, username, cost_centre, owner_integration, created_at, updated_at) "
                    "VALUES (?, ?, ?, ?, '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z')",
                    (number, f"person{number}@example.com", value, owner),
                )

        opened.write(people)
        yield opened


def values(store: Store) -> list[str | None]:
    with store.reading() as db:
        return [value for (value,) in db.execute_sql("SELECT cost_centre FROM person ORDER BY id")]


def listed(store: Store) -> list[tuple[str, int, bool]]:
    return [(each.item.name, each.records, each.kept) for each in read_items(store, LIST)]


def find(store: Store, name: str) -> ListedItem:
    return next(each for each in read_items(store, LIST) if each.item.name == name)


def test_that_what_records_have_is_shown_as_seen_however_it_is_spelt(store: Store) -> None:
    assert [(name.casefold(), records, kept) for name, records, kept in listed(store)] == [
        ("research", 2, False),
        ("r-4711", 1, False),
        ("sales", 1, False),
    ]


def test_that_an_object_is_known_by_all_its_names_and_gives_the_records_the_first(store: Store) -> None:
    changed = keep_item(store, LIST, ObjectItem("Research", ("R-4711",), "Building 3"))

    assert changed == 2
    assert values(store) == ["Research", "Research", "Research", "Sales", None]
    assert listed(store) == [("Research", 3, True), ("Sales", 1, False)]


def test_that_respelt_values_stay_with_whoever_feeds_them_and_stand_in_the_history(store: Store) -> None:
    keep_item(store, LIST, ObjectItem("Research", ("R-4711",)))

    with store.reading() as db:
        hands = db.execute_sql("SELECT record FROM value_owner WHERE integration = 0").fetchall()
        history = db.execute_sql("SELECT record, before, after, reason FROM change ORDER BY record").fetchall()
    assert hands == []
    assert history == [
        (2, "RESEARCH", "Research", "spelt as on the list “Cost centre”"),
        (3, "R-4711", "Research", "spelt as on the list “Cost centre”"),
    ]


def test_that_another_name_goes_to_the_records_and_the_former_one_still_means_it(store: Store) -> None:
    keep_names(store, LIST, ["Research", "Sales"])
    research = find(store, "Research").item

    keep_item(store, LIST, ObjectItem("Science", research.also, research.note, research.id))

    assert values(store) == ["Science", "Science", "R-4711", "Sales", None]
    assert find(store, "Science").item.also == ("Research",)


def test_that_putting_all_on_the_list_leaves_out_what_is_there_and_counts_the_rest(store: Store) -> None:
    assert keep_names(store, LIST, ["Research", "research ", "Sales", ""]) == 2
    assert keep_names(store, LIST, ["SALES"]) == 0


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (ObjectItem(" "), "needs a name"),
        (ObjectItem("sales"), "“sales” means “Sales” already"),
        (ObjectItem("Support", ("SALES",)), "“SALES” means “Sales” already"),
        (ObjectItem("Support", note="x" * 501), "more than 500"),
        (ObjectItem("Support", ("x" * 257,)), "longer than 256"),
    ],
)
def test_that_an_object_that_cannot_be_told_apart_is_refused(store: Store, item: ObjectItem, sentence: str) -> None:
    keep_names(store, LIST, ["Sales"])
    before = listed(store)

    with pytest.raises(UserError, match=sentence):
        keep_item(store, LIST, item)
    assert listed(store) == before


def test_that_an_object_that_records_name_is_deleted_only_where_the_list_takes_other_values(store: Store) -> None:
    keep_names(store, LIST, ["Research", "Sales"])
    change_object(store, LIST, "Cost centre", only_these=True)

    with pytest.raises(UserError, match="2 records name “Research”"):
        delete_item(store, LIST, find(store, "Research").item)
    change_object(store, LIST, "Cost centre", only_these=False)
    delete_item(store, LIST, find(store, "Research").item)

    assert values(store)[0] == "Research"
    assert not find(store, "Research").kept


def test_that_what_somebody_else_deleted_meanwhile_is_said(store: Store) -> None:
    keep_names(store, LIST, ["Sales"])
    sales = find(store, "Sales").item
    delete_item(store, LIST, sales)

    with pytest.raises(UserError, match="taken off the list meanwhile"):
        keep_item(store, LIST, sales)

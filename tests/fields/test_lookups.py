"""Fields whose values are looked up: locations, and the admin's own lists."""

from dataclasses import replace

import pytest

from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, Lookup, ObjectKind, to_stored
from saasdesk.fields.configuration import Definition, create_field, delete_field, list_configured
from saasdesk.fields.custom_objects.objects import change_object, create_object, delete_object, list_objects
from saasdesk.fields.custom_objects.rows import ObjectItem
from saasdesk.records.objects import delete_item, keep_item, keep_names, read_items
from saasdesk.store import Store

PEOPLE = ObjectKind.PEOPLE
OFFICES = {"dublin": "Dublin", "dub": "Dublin", "lisbon": "Lisbon"}


def field(names: dict[str, str], *, only_these: bool = False) -> Field:
    lookup = Lookup("locations", "Locations", only_these, names)
    return Field(PEOPLE, "office", "Office", FieldType.LOCATION, lookup=lookup)


@pytest.mark.parametrize("sent", ["Dublin", "  DUBLIN ", "dub", "DUB"])
def test_that_every_spelling_of_an_object_is_kept_as_on_the_list(sent: str) -> None:
    assert to_stored(sent, field(OFFICES)) == "Dublin"


def test_that_an_open_list_takes_other_values_as_they_come_and_a_closed_one_refuses_them_with_a_sentence() -> None:
    assert to_stored("Oslo", field(OFFICES)) == "Oslo"
    with pytest.raises(ValueError, match="Office: “Oslo” is not on the list “Locations”"):
        to_stored("Oslo", field(OFFICES, only_these=True))
    assert to_stored("  ", field(OFFICES, only_these=True)) is None


def test_that_an_empty_closed_list_accepts_nothing() -> None:
    with pytest.raises(ValueError, match="not on the list"):
        to_stored("Oslo", field({}, only_these=True))


def test_that_a_list_is_made_renamed_and_deleted_once_no_field_uses_it(store: Store) -> None:
    made = create_object(store, "Cost centres", only_these=True)
    own = create_field(store, PEOPLE, FieldType.CUSTOM_OBJECT, Definition("Cost centre"), made.external_id)
    change_object(store, made.external_id, "Budgets", only_these=False)

    (_locations, now) = list_objects(store)
    assert (now.external_id, now.label, now.only_these, now.used_by) == (
        "cost_centres",
        "Budgets",
        False,
        ("Cost centre",),
    )
    with pytest.raises(UserError, match="“Budgets” is used by Cost centre"):
        delete_object(store, made.external_id)
    delete_field(store, own, lambda _field: ())
    delete_object(store, made.external_id)
    assert [each.external_id for each in list_objects(store)] == ["locations"]


def test_that_the_locations_stay(store: Store) -> None:
    with pytest.raises(UserError, match="built in"):
        delete_object(store, "locations")


@pytest.mark.parametrize("label", ["", "locations", "x" * 101])
def test_that_a_list_without_a_name_of_its_own_is_refused(store: Store, label: str) -> None:
    with pytest.raises(UserError):
        create_object(store, label, only_these=False)


def test_that_a_lookup_field_without_a_list_gets_an_open_one_of_its_own_name(store: Store) -> None:
    made = create_field(store, PEOPLE, FieldType.CUSTOM_OBJECT, Definition("Cost centre"))

    assert made.lookup is not None
    assert (made.lookup.custom_object, made.lookup.label, made.lookup.only_these) == (
        "cost_centre",
        "Cost centre",
        False,
    )


def test_that_a_default_value_must_stand_on_a_closed_list(store: Store) -> None:
    made = create_object(store, "Cost centres", only_these=True)
    keep_names(store, made.external_id, ["Research"])

    with pytest.raises(UserError, match="is not on the list"):
        create_field(
            store, PEOPLE, FieldType.CUSTOM_OBJECT, Definition("Cost centre", default="Sales"), made.external_id
        )
    create_field(store, PEOPLE, FieldType.CUSTOM_OBJECT, Definition("Cost centre", default="Research"), "cost_centres")

    kept = next(each for each in list_configured(store, PEOPLE) if each.external_id == "cost_centre")
    assert kept.default == "Research"


def test_that_whether_a_hand_may_change_a_field_is_kept(store: Store) -> None:
    create_field(store, PEOPLE, FieldType.SHORT_TEXT, Definition("Badge", editable=False))

    editable = {each.external_id: each.editable for each in list_configured(store, PEOPLE)}
    assert not editable["badge"]
    assert editable["name"]


@pytest.mark.parametrize("kind", [FieldType.LOCATION, FieldType.CUSTOM_OBJECT])
def test_that_what_is_looked_up_cannot_be_unique(store: Store, kind: FieldType) -> None:
    with pytest.raises(UserError, match="shared by many, so it cannot be Unique"):
        create_field(store, PEOPLE, kind, Definition("Site", unique=True))


def test_that_a_list_is_not_closed_over_a_default_that_it_would_not_accept(store: Store) -> None:
    create_field(store, PEOPLE, FieldType.CUSTOM_OBJECT, Definition("Site", default="DUB"))

    with pytest.raises(UserError, match="“DUB” is the default value of Site"):
        change_object(store, "site", "Sites", only_these=True)
    keep_item(store, "site", ObjectItem("Dublin", ("DUB",)))
    change_object(store, "site", "Sites", only_these=True)

    (dublin,) = read_items(store, "site")
    with pytest.raises(UserError, match="Change the default first"):
        delete_item(store, "site", dublin.item)
    with pytest.raises(UserError, match="Change the default first"):
        keep_item(store, "site", replace(dublin.item, also=()))
    assert read_items(store, "site") == [dublin]


@pytest.mark.parametrize("named", ["cost_centres", "Cost centres", "COST CENTRES"])
def test_that_a_list_can_be_named_by_its_label_too(store: Store, named: str) -> None:
    create_object(store, "Cost centres", only_these=True)

    made = create_field(store, PEOPLE, FieldType.CUSTOM_OBJECT, Definition("Pays"), named)

    assert made.lookup is not None
    assert (made.lookup.custom_object, made.lookup.only_these) == ("cost_centres", True)
    assert len(list_objects(store)) == 2


def test_that_a_list_that_is_made_with_its_field_has_the_name_that_was_given_it(store: Store) -> None:
    create_field(store, PEOPLE, FieldType.CUSTOM_OBJECT, Definition("Pays"), "Cost centres")

    assert [(each.external_id, each.label) for each in list_objects(store)][1:] == [("cost_centres", "Cost centres")]

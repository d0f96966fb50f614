from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.definitions import to_toml
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.licences.priced_lists import ListObject
from saasdesk.profile import open_profile
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.reports.views import ViewDocument, add_view, list_choices, save_view
from saasdesk.reports.views.views import list_starters
from saasdesk.store import Store

PEOPLE, USERS = ListObject.PEOPLE, ListObject.SAAS_USERS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(open_profile(tmp_path / "profile")) as opened:
        yield opened


def view(**what: object) -> ViewDocument:
    return ViewDocument.model_validate({"name": "Mine", "object": "people", **what})


def names(store: Store, of: ListObject) -> list[str]:
    return [choice.name for choice in list_choices(store, of) if choice.number is not None]


def test_that_a_name_is_had_once_among_the_views_of_one_list(store: Store) -> None:
    first = add_view(store, view())
    add_view(store, view(object="saas_users"))
    second = add_view(store, view())

    assert names(store, PEOPLE) == ["Mine", "Mine 2"]
    assert names(store, USERS) == ["Mine"]
    with pytest.raises(UserError, match="There is a saved view “mine” already"):
        save_view(store, second.id, view(name="mine"))
    assert save_view(store, first.id, view(sort=["-name"])).version == 2


def test_that_an_own_view_takes_the_place_of_the_starter_of_its_name_in_its_list_only(store: Store) -> None:
    starters = len(list_choices(store))
    add_view(store, view(name="inactive 60 DAYS"))

    assert len(list_choices(store)) == starters
    assert "Inactive 60 days" not in [choice.name for choice in list_choices(store, PEOPLE)]
    assert "Inactive 60 days" in [choice.name for choice in list_choices(store, USERS)]


def test_that_what_the_window_holds_the_file_can_hold() -> None:
    document = view(
        columns=["name", "email"],
        widths={"name": 300},
        records="all",
        filter={"all": [{"field": "name", "operator": "contains", "value": "a"}]},
        sort=["-name", "email"],
        group_by="department",
        freeze_up_to="name",
        density="compact",
    )

    assert ViewDocument.parse(to_toml(document)) == document


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('version = 9\nname = "A"\nobject = "people"\nglow = 1', "a newer saasdesk made this saved view"),
        ('name = "A"\nobject = "planets"', "object: "),
        ('name = "A"\nobject = "people"\ncolumns = ["name", "name"]', "columns: the same one stands there twice"),
        ('name = "A"\nobject = "people"\nwidths = { name = 0 }', "widths.name: a column is 16 to 4000 pixels wide"),
        (
            'name = "A"\nobject = "people"\ncolumns = ["name"]\nfreeze_up_to = "email"',
            "freeze_up_to: email is not one of",
        ),
        ('name = "A"\nobject = "people"\nglow = 1', "glow is not a known key"),
    ],
)
def test_that_a_file_that_is_no_view_is_refused_by_the_name_of_its_key(text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        ViewDocument.parse(text, "view.toml")


@pytest.mark.parametrize("starter", list_starters(), ids=lambda starter: starter.key)
def test_that_every_starter_speaks_of_columns_that_its_list_has(store: Store, starter: object) -> None:
    document: ViewDocument = starter.document  # type: ignore[attr-defined]
    records = RecordList(store, ObjectKind(document.object.value))
    known = {column.key for column in records.columns()}

    assert set(document.columns) <= known
    records.ids(ListQuery(document.filter, sort=document.sorted_by, active=document.active))

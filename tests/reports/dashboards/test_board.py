from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.definitions import to_toml
from saasdesk.errors import UserError
from saasdesk.profile import open_profile
from saasdesk.reports.dashboards import arranging
from saasdesk.reports.dashboards.board import BoardDocument, Widget, WidgetKind, parse_board
from saasdesk.reports.dashboards.boards import add_board, apply_board, delete_board, find_board, list_boards, save_board
from saasdesk.reports.dashboards.starters import OVERVIEW, find_starter, list_starters
from saasdesk.store import Store


def widget(title: str, width: int = 1, height: int = 1) -> Widget:
    return Widget(title=title, kind=WidgetKind.NUMBER, width=width, height=height)


def board(*widgets: Widget) -> BoardDocument:
    return BoardDocument(name="Mine", widgets=widgets)


def titles(document: BoardDocument) -> list[str]:
    return [each.title for each in document.widgets]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(open_profile(tmp_path / "profile")) as opened:
        yield opened


def test_that_widgets_fill_a_row_before_the_next_begins_and_small_ones_fill_gaps() -> None:
    widgets = (widget("A", 2, 2), widget("B"), widget("C", 2), widget("D"))

    assert arranging.places_of(widgets) == [(0, 0, 2, 2), (0, 2, 1, 1), (1, 2, 1, 2), (0, 3, 1, 1)]
    assert arranging.places_of(widgets, 2) == [(0, 0, 2, 2), (2, 0, 1, 1), (3, 0, 1, 2), (2, 1, 1, 1)]


def test_that_widgets_are_moved_duplicated_removed_and_resized_within_the_board() -> None:
    document = board(widget("A"), widget("B"), widget("C"))

    assert titles(arranging.moved(document, 0, 9)) == ["B", "C", "A"]
    assert titles(arranging.duplicated(document, 0)) == ["A", "A copy", "B", "C"]
    assert titles(arranging.removed(document, 1)) == ["A", "C"]
    larger = arranging.resized(document, 2, 99, 0).widgets[2]
    assert (larger.width, larger.height) == (4, 1)


def test_that_a_ninth_widget_is_refused_with_a_sentence() -> None:
    full = board(*(widget(f"W{number}") for number in range(8)))

    with pytest.raises(UserError, match="at most 8 widgets"):
        arranging.added(full, widget("One more"))


@pytest.mark.parametrize("starter", list_starters(), ids=lambda starter: starter.key)
def test_that_what_the_window_holds_the_file_can_hold(starter: object) -> None:
    document = starter.document  # type: ignore[attr-defined]

    assert parse_board(to_toml(document)) == document


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('name = "A"\n[[widget]]\ntitle = "B"\nkind = "pie"', "kind: "),
        ('name = "A"\n[[widget]]\ntitle = "B"\nkind = "bar"', "group_by: a bar widget needs the field"),
        ('name = "A"\n[[widget]]\ntitle = "B"\nkind = "number"\nmeasure = "sum"', "of: sum needs the field"),
        ('name = "A"\n[[widget]]\ntitle = "B"\nkind = "text"', "text: a text widget needs something to say"),
        ('name = "A"\n[[widget]]\ntitle = "B"\nkind = "number"\nbands = [90, 30]', "bands: days from 1 to 3650"),
        ('name = "A"\n[[widget]]\ntitle = "B"\nkind = "number"\ncolor = "red"', "color is not a known key"),
        ('name = "A\u202e"', "hidden characters"),
        ('version = 2\nname = "A"', "a newer saasdesk made this dashboard"),
        ("name = ", "is not readable TOML"),
    ],
)
def test_that_a_file_that_is_no_dashboard_is_refused_by_the_name_of_its_key(text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        parse_board(text, "board.toml")


def test_that_boards_are_kept_renamed_and_deleted_each_with_its_row_in_the_audit_log(store: Store) -> None:
    first, second = add_board(store, board(widget("A"))), add_board(store, board())
    assert [each.document.name for each in list_boards(store)] == ["Mine", "Mine 2"]

    with pytest.raises(UserError, match="There is a dashboard “mine” already"):
        save_board(store, second.id, second.document.model_copy(update={"name": "mine"}))
    assert save_board(store, first.id, first.document.model_copy(update={"name": "Ours"})).version == 2
    assert apply_board(store, board(widget("B")).model_copy(update={"name": "OURS"})).id == first.id
    delete_board(store, second)

    assert titles(find_board(store, "ours").document) == ["B"]
    with pytest.raises(UserError, match="no longer here"):
        save_board(store, second.id, second.document)
    with store.reading() as db:
        actions = [row[0] for row in db.execute_sql("SELECT action FROM audit WHERE action LIKE 'dashboard.%'")]
    assert [action.removeprefix("dashboard.") for action in actions] == [
        "created", "created", "changed", "changed", "deleted",
    ]  # fmt: skip


def test_that_a_starter_speaks_of_applications_by_the_names_that_they_have_here() -> None:
    copied = find_starter("pagerduty").copy({"PagerDuty": "On-call"})

    filters = {condition.value for each in copied.widgets if each.filter for condition in each.filter.conditions()}
    assert "On-call" in filters
    assert "PagerDuty" not in filters
    assert find_starter(OVERVIEW).copy({}).name == "Overview"
    assert [starter.key for starter in list_starters() if starter.is_of_everything] == [OVERVIEW, "seats"]

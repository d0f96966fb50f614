"""A list that is held whole answers the same questions as one in the database."""

from saasdesk.fields import FieldType
from saasdesk.records.listing import Column, ListQuery, Special
from saasdesk.rules import Operator, Rule
from saasdesk.ui.tables.short_list import ShortList

RECORDS = {
    3: {"name": "Ärger", "state": "Active", "failed": 2},
    1: {"name": "beta", "state": "Paused", "failed": 10},
    2: {"name": "Alpha", "state": "Active", "failed": None},
}
COLUMNS = (
    Column("name", "Name", FieldType.SHORT_TEXT),
    Column("state", "State", Special.STATUS),
    Column("failed", "Failed", FieldType.NUMBER),
)
SHORT = ShortList("things", COLUMNS, lambda: RECORDS)


def ids(**query: object) -> list[int]:
    return list(SHORT.ids(ListQuery(**query)))  # type: ignore[arg-type]


def test_that_without_a_wish_the_order_is_that_of_the_records() -> None:
    assert ids() == [3, 1, 2]


def test_that_numbers_are_sorted_as_numbers_and_what_has_none_comes_last_either_way() -> None:
    assert ids(sort=(("failed", False),)) == [3, 1, 2]
    assert ids(sort=(("failed", True),)) == [1, 3, 2]


def test_that_texts_are_sorted_whatever_their_case_and_levels_go_by_their_order() -> None:
    assert ids(sort=(("state", False), ("name", False)))[-1] == 1
    assert ids(sort=(("name", False),))[:2] == [2, 1]


def test_that_a_filter_and_words_narrow_together() -> None:
    rule = Rule(field="state", operator=Operator.EQUALS, value="active")

    assert ids(rule=rule) == [3, 2]
    assert ids(rule=rule, quick="ALPHA act") == [2]
    assert SHORT.count(ListQuery(quick="nobody")) == 0


def test_that_an_export_has_the_chosen_rows_in_the_order_of_the_list() -> None:
    rows = SHORT.iterate(ListQuery(sort=(("name", False),)), ("name", "failed"), only=[1, 2])

    assert list(rows) == [("Alpha", None), ("beta", 10)]


def test_that_what_is_seen_is_found_and_what_is_kept_is_exported_and_makes_the_order() -> None:
    seen = {1: {"name": "30 Nov 2025"}, 2: {"name": "2 Dec 2025"}}
    kept = {1: {"name": "2025-11-30"}, 2: {"name": "2025-12-02"}}
    short = ShortList("days", COLUMNS[:1], lambda: seen, kept=lambda: kept)
    by_name = (("name", False),)

    assert list(short.ids(ListQuery(sort=by_name))) == [1, 2]
    assert list(short.ids(ListQuery(quick="30 nov"))) == [1]
    assert short.rows([2], ["name"]) == {2: ("2 Dec 2025",)}
    assert list(short.iterate(ListQuery(sort=by_name), ["name"])) == [("2025-11-30",), ("2025-12-02",)]


def test_that_the_question_is_said_in_words() -> None:
    rule = Rule(field="state", operator=Operator.EQUALS, value="Active")

    assert SHORT.sentence(ListQuery(rule=rule, sort=(("name", True),))).startswith("All things where State ")

"""Rules in a real list over a real database."""

from typing import Any

import pytest

from saasdesk.fields import Field, FieldType, ObjectKind, fold_key, quote
from saasdesk.fields.rows import add_field
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.rules import Rule, all_of, any_of, condition, to_predicate
from saasdesk.store import Connection, Store

NOW = "2026-01-02T03:04:05Z"
TYPES = {
    "username": FieldType.SHORT_TEXT,
    "role": FieldType.SHORT_TEXT,
    "seats": FieldType.NUMBER,
    "score": FieldType.DECIMAL,
    "hired": FieldType.DATE,
    "seen": FieldType.DATETIME,
    "vip": FieldType.FLAG,
    "badge": FieldType.SHORT_TEXT,
}
PEOPLE: list[dict[str, Any]] = [
    {"username": "ana", "role": "Größe", "seats": 5, "score": 2.5, "hired": "2026-03-01", "vip": 1, "badge": "A1"},
    {"username": "Bo", "role": " employee ", "seats": 0, "score": 5.0, "seen": "2026-03-01T10:00:00Z", "vip": 0},
    {"username": "名前", "role": None, "seats": None, "score": -1.0, "hired": "2026-03-02", "badge": "a\u200b2"},
    {"username": "dee", "role": "EMPLOYEE", "seen": "2026-03-02T00:00:00Z"},
]


@pytest.fixture
def people(store: Store) -> RecordList:
    def fill(db: Connection) -> None:
        for name, kind in TYPES.items():
            if name not in {"username", "role"}:
                add_field(db, Field(ObjectKind.PEOPLE, name, name.title(), kind, unique=name == "badge"))
        for person in PEOPLE:
            keys = {f"{name}__key": fold_key(person[name]) for name in ("username", "badge") if name in person}
            values = {"created_at": NOW, "updated_at": NOW, **person, **keys}
            names, marks = ", ".join(quote(name) for name in values), ", ".join("?" * len(values))
            db.execute_sql(f"INSERT INTO person ({names}) VALUES ({marks})", tuple(values.values()))

    store.write(fill)
    return RecordList(store, ObjectKind.PEOPLE)


@pytest.mark.parametrize(
    "rule",
    [
        condition("username", "equals", "ANA"),
        condition("username", "in", ["bo", "名前", "nobody"]),
        condition("username", "not_in", ["bo"]),
        condition("badge", "equals", "a2"),
        condition("badge", "is_empty"),
        condition("role", "equals", "Employee"),
        condition("role", "contains", "ss"),
        condition("role", "does_not_contain", "e"),
        condition("seats", "at_least", 0),
        condition("seats", "does_not_equal", 5),
        condition("score", "between", [-1, 2.5]),
        condition("score", "begins_with", 5),
        condition("hired", "equals", "2026-03-01"),
        condition("hired", "not_in", ["2026-03-01"]),
        condition("seen", "at_most", "2026-03-01T10:00:00Z"),
        condition("seen", "is_not_empty"),
        condition("seen", "before_days", 30),
        condition("vip", "equals", "yes"),
        condition("vip", "does_not_equal", True),
        any_of(
            condition("vip", "equals", True), all_of(condition("role", "is_empty"), condition("score", "less_than", 0))
        ),
    ],
    ids=str,
)
def test_that_a_list_finds_whom_the_predicate_finds(people: RecordList, rule: Rule) -> None:
    predicate = to_predicate(rule, TYPES)

    found = list(people.ids(ListQuery(rule=rule)))

    assert found == [number for number, person in enumerate(PEOPLE, start=1) if predicate(person)]
    assert people.count(ListQuery(rule=rule)) == len(found)


def test_that_a_list_says_its_rule_in_words(people: RecordList) -> None:
    rule = all_of(condition("role", "equals", "Employee"), condition("vip", "is_empty"))

    assert people.sentence(ListQuery(rule=rule)) == "Active people where Role is Employee and Vip is empty"

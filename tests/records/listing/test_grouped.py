import os
import time

import pytest

from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.records.listing import Group, ListQuery, RecordList
from saasdesk.rules import condition
from saasdesk.store import Store
from tests.records.listing.company import Company

PEOPLE = ObjectKind.PEOPLE


@pytest.fixture
def people(store: Store, company: Company) -> RecordList:
    company.field(Field(PEOPLE, "desks", "Desks", FieldType.NUMBER))
    company.field(Field(PEOPLE, "joined", "Joined", FieldType.DATE))
    for username, department, desks, joined in (
        ("ann", "Finance", 1, "2026-01-31"),
        ("bob", "IT", 2, "2026-02-01"),
        ("cleo", "finance", 4, "2026-01-02"),
        ("dora", None, None, None),
        ("emil", "", 8, "2026-02-28"),
        ("finn", "Ärzte", None, "2025-12-01"),
        ("gone", "IT", 99, "2026-02-01"),
    ):
        company.person(username, department=department, desks=desks, joined=joined, deactivated=int(username == "gone"))
    return RecordList(store, PEOPLE)


def told(people: RecordList, query: ListQuery, *sums: str) -> list[tuple[Group, list[object]]]:
    """Each group with the user names that stand in it."""
    ids, groups = people.grouped(query, sums)
    rows = people.rows(ids, ["username"])
    names = [rows[number][0] for number in ids]
    assert sum(group.count for group in groups) == len(names)
    found = []
    for group in groups:
        found.append((group, names[: group.count]))
        del names[: group.count]
    return found


def test_that_records_of_one_value_stand_together_whatever_its_case_with_their_sums(people: RecordList) -> None:
    groups = told(people, ListQuery(group_by="department", sort=(("username", True),)), "desks")

    assert [(group.value, group.sums, names) for group, names in groups] == [
        ("Ärzte", (), ["finn"]),
        ("Finance", (("desks", 5),), ["cleo", "ann"]),
        ("IT", (("desks", 2),), ["bob"]),
        (groups[-1][0].value, (("desks", 8),), ["emil", "dora"]),
    ]
    assert not groups[-1][0].value


def test_that_whoever_sorts_by_the_grouped_column_turns_the_groups_and_what_is_empty_stays_last(
    people: RecordList,
) -> None:
    groups = told(people, ListQuery(group_by="desks", sort=(("desks", True),), active=None))

    assert [group.value for group, _ in groups] == [99, 8, 4, 2, 1, None]


def test_that_dates_are_grouped_by_month(people: RecordList, monkeypatch: pytest.MonkeyPatch, company: Company) -> None:
    groups = told(people, ListQuery(group_by="joined"))
    assert [(group.value, group.count) for group, _ in groups] == [
        ("2025-12", 1), ("2026-01", 2), ("2026-02", 2), (None, 1),
    ]  # fmt: skip

    monkeypatch.setitem(os.environ, "TZ", "Asia/Tokyo")
    time.tzset()
    try:
        company.person("hana", created_at="2026-03-31T20:00:00Z")
        (group, names), *_ = told(people, ListQuery(condition("username", "equals", "hana"), group_by="created_at"))
        assert (group.value, names) == ("2026-04", ["hana"])
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("kind", list(ObjectKind))
def test_that_every_column_of_every_list_can_be_grouped_by(store: Store, company: Company, kind: ObjectKind) -> None:
    company.person("ann")
    records = RecordList(store, kind)

    for column in records.columns():
        ids, groups = records.grouped(ListQuery(group_by=column.key), [])
        assert sum(group.count for group in groups) == len(ids)


def test_that_the_file_of_a_grouped_list_has_its_lines_in_the_order_of_the_groups(people: RecordList) -> None:
    query = ListQuery(group_by="department", sort=(("username", False),))

    assert [row for (row,) in people.iterate(query, ["username"])] == ["finn", "ann", "cleo", "bob", "dora", "emil"]
    assert people.sentence(query) == "Active people, grouped by Department, sorted by Username"
    with pytest.raises(UserError, match="There is no column “gone”"):
        people.grouped(ListQuery(group_by="gone"), [])

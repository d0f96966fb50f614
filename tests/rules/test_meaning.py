"""What each operator means, by both compilations, told by who is found."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from saasdesk.errors import UserError
from saasdesk.fields import FieldType
from saasdesk.rules import Rule, SqlColumn, all_of, any_of, condition, to_predicate, to_sql
from tests.rules.table import COLUMNS, NOW, TYPES, found, table


def who(name: str, values: list[Any], operator: str, value: Any = None, now: datetime = NOW) -> list[Any]:
    people = [{name: each} for each in values]
    return [values[number] for number in found(people, condition(name, operator, value), now)]


ROLES = ["Employee", " employee", "EMPLOYEE", "Employees", "Größe", None]


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("equals", "employee", ["Employee", " employee", "EMPLOYEE"]),
        ("equals", "GRÖSSE", ["Größe"]),
        ("does_not_equal", "employee", ["Employees", "Größe", None]),
        ("begins_with", "EMP", ["Employee", " employee", "EMPLOYEE", "Employees"]),
        ("does_not_begin_with", "emp", ["Größe", None]),
        ("ends_with", "ees", ["Employees"]),
        ("does_not_end_with", "e", ["Employees", None]),
        ("contains", "ploy", ["Employee", " employee", "EMPLOYEE", "Employees"]),
        ("contains", "ösS", ["Größe"]),
        ("contains", "%", []),
        ("contains", "_", []),
        ("does_not_contain", "ploy", ["Größe", None]),
        ("in", ["größe", "employees"], ["Employees", "Größe"]),
        ("not_in", ["employee"], ["Employees", "Größe", None]),
        ("is_empty", None, [None]),
        ("is_not_empty", None, ROLES[:-1]),
        ("less_than", "f", ["Employee", " employee", "EMPLOYEE", "Employees"]),
        ("at_least", "employees", ["Employees", "Größe"]),
        ("between", ["employees", "h"], ["Employees", "Größe"]),
    ],
)
def test_that_texts_are_compared_without_case_and_outer_blanks(operator: str, value: Any, expected: list[Any]) -> None:
    assert who("role", ROLES, operator, value) == expected


SEATS = [None, -1, 0, 5, 10, 100]


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("equals", "5", [5]),
        ("equals", 0, [0]),
        ("does_not_equal", 5, [None, -1, 0, 10, 100]),
        ("less_than", 5, [-1, 0]),
        ("at_most", 5, [-1, 0, 5]),
        ("greater_than", "5", [10, 100]),
        ("at_least", 5, [5, 10, 100]),
        ("between", [0, 10], [0, 5, 10]),
        ("in", [5, "10"], [5, 10]),
        ("not_in", [5, 10], [None, -1, 0, 100]),
        ("begins_with", 10, [10, 100]),
        ("ends_with", "0", [0, 10, 100]),
        ("contains", "0", [0, 10, 100]),
        ("does_not_contain", "0", [None, -1, 5]),
        ("is_empty", None, [None]),
        ("is_not_empty", None, SEATS[1:]),
    ],
)
def test_that_numbers_are_compared_as_numbers(operator: str, value: Any, expected: list[Any]) -> None:
    assert who("seats", SEATS, operator, value) == expected


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("equals", "yes", [1]),
        ("equals", False, [0]),
        ("does_not_equal", True, [0, None]),
        ("is_empty", None, [None]),
        ("in", ["no"], [0]),
    ],
)
def test_that_flags_are_compared_by_any_word_for_yes_and_no(operator: str, value: Any, expected: list[Any]) -> None:
    assert who("active", [1, 0, None], operator, value) == expected


DAYS = ["2026-01-09", "2026-03-03", "2026-03-09", "2026-03-10", "2026-03-11", "2026-03-17", None]


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("equals", "2026-03-10", DAYS[3:4]),
        ("does_not_equal", "2026-03-10", [*DAYS[:3], *DAYS[4:]]),
        ("less_than", "2026-03-10", DAYS[:3]),
        ("at_most", "2026-03-10", DAYS[:4]),
        ("greater_than", "2026-03-10", DAYS[4:6]),
        ("at_least", "2026-03-10", DAYS[3:6]),
        ("between", ["2026-03-03", "2026-03-10"], DAYS[1:4]),
        ("in", ["2026-03-03", "2026-03-11"], [DAYS[1], DAYS[4]]),
        ("not_in", ["2026-03-03", "2026-03-11"], [DAYS[0], *DAYS[2:4], *DAYS[5:]]),
        ("before_days", 60, []),
        ("before_days", 59, DAYS[:1]),
        ("within_last_days", 7, DAYS[1:4]),
        ("within_last_days", 0, DAYS[3:4]),
        ("within_next_days", 7, DAYS[3:6]),
        ("after_days", 6, DAYS[5:6]),
        ("after_days", 7, []),
        ("today", None, DAYS[3:4]),
        ("is_empty", None, [None]),
    ],
)
@pytest.mark.parametrize("name", ["hired", "seen"])
def test_that_days_are_counted_whole_for_dates_and_for_moments(
    name: str, operator: str, value: Any, expected: list[Any]
) -> None:
    in_the_evening = {day: day if name == "hired" or day is None else f"{day}T21:15:00Z" for day in DAYS}

    assert who(name, list(in_the_evening.values()), operator, value) == [in_the_evening[day] for day in expected]


MOMENTS = ["2026-03-10T08:59:59Z", "2026-03-10T09:00:00Z", "2026-03-10T09:00:01Z"]


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("equals", "2026-03-10T10:00:00+01:00", MOMENTS[1:2]),
        ("less_than", "2026-03-10T09:00:00Z", MOMENTS[:1]),
        ("at_most", "2026-03-10T09:00:00Z", MOMENTS[:2]),
        ("greater_than", "2026-03-10 09:00", MOMENTS[2:]),
        ("at_least", "2026-03-10 09:00", MOMENTS[1:]),
        ("between", ["2026-03-10T08:59:59Z", "2026-03-10T09:00:00Z"], MOMENTS[:2]),
    ],
)
def test_that_a_moment_given_to_the_second_means_that_second(operator: str, value: Any, expected: list[Any]) -> None:
    assert who("seen", MOMENTS, operator, value) == expected


def test_that_a_day_begins_at_midnight_of_whoever_asks() -> None:
    evening = datetime(2026, 3, 10, 22, 0, tzinfo=ZoneInfo("America/New_York"))
    moments = ["2026-03-10T03:59:59Z", "2026-03-10T04:00:00Z", "2026-03-11T03:59:59Z", "2026-03-11T04:00:00Z"]

    assert who("seen", moments, "today", now=evening) == moments[1:3]
    assert who("seen", moments, "equals", "2026-03-10", evening) == moments[1:3]
    assert who("seen", moments, "at_most", "2026-03-10", evening) == moments[:3]


def test_that_days_on_either_side_of_a_change_of_clocks_begin_at_their_own_midnight() -> None:
    now = datetime(2026, 3, 30, 12, tzinfo=ZoneInfo("Europe/Dublin"))
    moments = ["2026-03-28T23:59:59Z", "2026-03-29T00:00:00Z", "2026-03-29T22:59:59Z", "2026-03-29T23:00:00Z"]

    assert who("seen", moments, "equals", "2026-03-29", now) == moments[1:3]


@pytest.mark.parametrize("value", ["9999-12-31", "9999-12-31T23:59:59Z", "0001-01-01"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("operator", ["equals", "at_most", "greater_than", "less_than", "does_not_equal"])
def test_that_the_first_and_the_last_day_of_all_can_be_asked_for(value: str, zone: str, operator: str) -> None:
    moments = ["0001-01-01T00:00:00Z", "2026-03-10T00:00:00Z", None]

    assert isinstance(who("seen", moments, operator, value, NOW.astimezone(ZoneInfo(zone))), list)


def test_that_all_and_any_nest() -> None:
    people = [{"role": role, "seats": seats} for role in ("a", "b", None) for seats in (1, 2)]
    rule = all_of(
        any_of(condition("role", "equals", "a"), condition("role", "is_empty")), condition("seats", "greater_than", 1)
    )

    assert [people[number] for number in found(people, rule)] == [
        {"role": "a", "seats": 2},
        {"role": None, "seats": 2},
    ]


def test_that_250_conditions_fit_into_one_statement() -> None:
    rule = any_of(*[condition("role", "contains", f"x{number}") for number in range(250)])

    assert found([{"role": "x249"}, {"role": "y"}], rule) == [0]


def test_that_10_000_values_fit_into_one_statement() -> None:
    rule = any_of(*[condition("seats", "in", [*range(n * 1000, n * 1000 + 1000)]) for n in range(10)])

    assert found([{"seats": 9_999}, {"seats": 10_000}], rule) == [0]


@pytest.mark.parametrize(
    ("name", "operator", "value", "problem"),
    [
        ("seats", "equals", "many", "seats: “many” is not a whole number."),
        ("seats", "equals", " ", "seats: a value is missing; “is empty” finds records without one."),
        ("seats", "not_in", ["1", " "], "seats: a value is missing"),
        ("seats", "equals", 2**70, "seats: the number is too large."),
        ("seats", "between", [5, 1], "seats: “is between” needs the smaller value first."),
        ("role", "between", ["b", "A"], "role: “is between” needs the smaller value first."),
        ("hired", "between", ["2026-03-02", "2026-03-01"], "hired: “is between” needs the smaller value first."),
        ("hired", "equals", "soon", "hired: “soon” is not a date."),
        ("seen", "less_than", " ", "seen: a value is missing"),
        ("active", "equals", "maybe", "active: “maybe” is neither yes nor no."),
        ("active", "contains", "e", "active: “contains” is for texts and numbers; compare yes and no with “is”."),
        ("role", "today", None, "role: “is today” is for dates."),
        ("seats", "before_days", 5, "seats: “is more than … days ago” is for dates."),
        ("nobody", "equals", "x", "There is no field “nobody”."),
    ],
)
def test_that_a_value_that_does_not_fit_its_field_is_refused_by_both_alike(
    name: str, operator: str, value: Any, problem: str
) -> None:
    rule = condition(name, operator, value)

    with pytest.raises(UserError) as in_python:
        to_predicate(rule, TYPES, NOW)
    with pytest.raises(UserError) as in_sql:
        to_sql(rule, COLUMNS, NOW)

    assert str(in_python.value) == str(in_sql.value)
    assert str(in_python.value).startswith(problem)


@pytest.mark.parametrize("value", ["'; DROP TABLE record; --", '"', "?", "%s", "\\", "a\0b", "\ud800"])
def test_that_a_hostile_value_is_only_ever_a_value(value: str) -> None:
    rule = any_of(
        condition("role", "contains", value), condition("role", "in", [value]), condition("bio", "equals", value)
    )
    stored = value.replace("\0", "\ufffd").replace("\ud800", "\ufffd")

    assert found([{"role": f"x{stored}x"}, {"role": "other"}], rule) == [0]


@pytest.mark.parametrize(
    ("operator", "value"), [("equals", "Ana@Example.com"), ("in", ["Ana@Example.com", "bo@example.com"])]
)
def test_that_a_comparison_with_a_kept_copy_uses_its_index(operator: str, value: Any) -> None:
    with table([]) as db:
        db.execute("CREATE UNIQUE INDEX key ON record (email__key) WHERE email__key IS NOT NULL")
        fragment = to_sql(condition("email", operator, value), COLUMNS, NOW)
        plan = db.execute(
            f"EXPLAIN QUERY PLAN SELECT * FROM record r WHERE {fragment.text}", fragment.params
        ).fetchall()

    assert fragment.params[0] == "ana@example.com"
    assert "USING INDEX key" in plan[0][3]


def test_that_a_computed_text_is_computed_once() -> None:
    calls: list[int] = []
    with table([{"role": "a"}]) as db:
        db.create_function("costly", 1, lambda value: calls.append(1) or value)
        column = {"role": SqlColumn("costly(r.role)", FieldType.SHORT_TEXT)}
        fragment = to_sql(condition("role", "contains", "A"), column, NOW)
        found_by_it = db.execute(f"SELECT count(*) FROM record r WHERE {fragment.text}", fragment.params).fetchone()

    assert found_by_it == (1,)
    assert calls == [1]


# ----- a vendor's values, as they come


@pytest.mark.parametrize(
    ("kind", "raw", "operator", "value", "expected"),
    [
        (FieldType.SHORT_TEXT, True, "equals", "true", True),
        (FieldType.SHORT_TEXT, 5, "equals", "5", True),
        (FieldType.SHORT_TEXT, {"summary": "Ops"}, "equals", "ops", True),
        (FieldType.SHORT_TEXT, {"x": 1}, "equals", "ops", False),
        (FieldType.SHORT_TEXT, {"x": 1}, "is_empty", None, False),
        (FieldType.SHORT_TEXT, "x" * 5000 + "y", "ends_with", "y", True),
        (FieldType.LIST, [{"name": "Ops"}, {"name": "Dev"}], "contains", "dev", True),
        (FieldType.LIST, [], "is_empty", None, True),
        (FieldType.SHORT_TEXT, {}, "is_empty", None, True),
        (FieldType.NUMBER, "7", "greater_than", 5, True),
        (FieldType.NUMBER, "many", "greater_than", 5, False),
        (FieldType.NUMBER, "many", "does_not_equal", 5, True),
        (FieldType.NUMBER, [7], "greater_than", 5, False),
        (FieldType.DECIMAL, "2.5", "less_than", 3, True),
        (FieldType.FLAG, "yes", "equals", True, True),
        (FieldType.FLAG, False, "equals", "no", True),
        (FieldType.FLAG, {"a": 1}, "equals", True, False),
        (FieldType.DATETIME, "2026-03-10T23:30:00-05:00", "equals", "2026-03-11", True),
        (FieldType.DATETIME, 1773158400, "today", None, True),
        (FieldType.DATETIME, "2026-03-10T10:00:00.123456Z", "today", None, True),
        (FieldType.DATETIME, "never", "before_days", 30, False),
        (FieldType.DATETIME, "never", "is_empty", None, False),
        (FieldType.DATETIME, None, "before_days", 30, False),
        (FieldType.DATE, "2026-03-10T10:00:00Z", "today", None, True),
    ],
)
def test_that_a_vendors_value_is_compared_as_what_it_means(
    kind: FieldType, raw: Any, operator: str, value: Any, expected: bool
) -> None:
    predicate = to_predicate(condition("x", operator, value), {"x": kind}, NOW)

    assert predicate({"x": raw}) is expected


def test_that_a_record_that_lacks_the_key_is_one_without_a_value() -> None:
    assert to_predicate(condition("x", "is_empty"), {"x": FieldType.SHORT_TEXT}, NOW)({})


def test_that_without_a_moment_today_is_the_present_day() -> None:
    rule = condition("seen", "within_last_days", 1)
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    fragment = to_sql(rule, COLUMNS)

    assert to_predicate(rule, TYPES)({"seen": moment})
    with table([{"seen": moment}]) as db:
        assert db.execute(f"SELECT id FROM record r WHERE {fragment.text}", fragment.params).fetchall() == [(0,)]


def test_that_a_group_is_no_condition() -> None:
    group = Rule(any=(condition("role", "is_empty"),))

    assert found([{"role": None}, {"role": "a"}], group) == [0]

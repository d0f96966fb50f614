from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from saasdesk.errors import UserError
from saasdesk.rules import Operator, Rule, all_of, any_of, condition


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("equals", "Employee", "Employee"),
        ("equals", True, True),
        ("in", "a, b,,c ", ("a", "b", "c")),
        ("in", ["a", 1], ("a", 1)),
        ("between", "1, 5", ("1", "5")),
        ("within_last_days", "30", "30"),
        ("is_empty", None, None),
        ("equals", date(2026, 3, 10), "2026-03-10"),
        ("in", [date(2026, 3, 10)], ("2026-03-10",)),
    ],
)
def test_that_a_condition_is_read_from_words(operator: str, value: object, expected: object) -> None:
    rule = condition("role", operator, value)

    assert (rule.field, rule.operator, rule.value) == ("role", Operator(operator), expected)


@pytest.mark.parametrize(
    ("operator", "value", "problem"),
    [
        ("like", "x", "“like” is not an operator. There are: equals, does_not_equal"),
        ("equals", None, "role: “is” needs a value; “is empty” finds what has none."),
        ("equals", "", "role: “is” needs a value; “is empty” finds what has none."),
        ("not_in", ["a", ""], "role: “is none of” needs a value; “is empty” finds what has none."),
        ("is_empty", "x", "role: “is empty” takes no value."),
        ("today", 1, "role: “is today” takes no value."),
        ("equals", ["a"], "role: “is” takes one value, not a list."),
        ("in", [], "role: “is one of” needs a list of values."),
        ("in", " , ", "role: “is one of” needs a list of values."),
        ("in", ["x"] * 1001, "role: “is one of” needs a list of values."),
        ("between", ["1"], "role: “is between” needs two values, the smaller first."),
        ("before_days", "soon", "role: “is more than … days ago” needs a whole number of days, 0 to 36500."),
        ("before_days", -1, "role: “is more than … days ago” needs"),
        ("before_days", 36_501, "role: “is more than … days ago” needs"),
        ("before_days", "9" * 5000, "role: “is more than … days ago” needs"),
        ("before_days", True, "role: “is more than … days ago” needs"),
        ("before_days", "²", "role: “is more than … days ago” needs"),
        ("equals", "x" * 1025, "role: a value has at most 1,024 characters."),
        ("in", ["a", "x" * 1025], "role: a value has at most 1,024 characters."),
        ("equals", float("nan"), "role: this is not a number."),
        ("in", [1, float("inf")], "role: this is not a number."),
        ("equals", {"a": 1}, "role: Input should be"),
    ],
)
def test_that_a_condition_that_makes_no_sense_is_refused_in_a_sentence(operator: str, value: Any, problem: str) -> None:
    with pytest.raises(UserError) as caught:
        condition("role", operator, value)

    assert str(caught.value).startswith(problem)


A, B, C = (condition(name, "is_empty") for name in "abc")


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({}, "either a field with its operator, or one group"),
        ({"field": "a", "all": [A]}, "either a field with its operator, or one group"),
        ({"all": [A], "any": [B]}, "either a field with its operator, or one group"),
        ({"all": []}, "a group needs at least one rule"),
        ({"any": [A], "operator": "equals"}, "a group has no operator and no value of its own"),
        ({"any": [A], "value": 1}, "a group has no operator and no value of its own"),
        ({"field": "a"}, "an operator is missing"),
        ({"field": "", "operator": "is_empty"}, "at least 1 character"),
        ({"field": "a", "operator": "is_empty", "not": True}, "Extra inputs are not permitted"),
        ({"all": [A] * 251}, "a rule has at most 250 conditions"),
        ({"any": [condition("a", "in", ["x"] * 1000)] * 11}, "at most 10,000 values together"),
    ],
)
def test_that_a_rule_that_is_neither_a_condition_nor_a_group_is_refused(document: object, problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Rule.model_validate(document)


def nested(levels: int) -> dict[str, Any]:
    document: dict[str, Any] = {"field": "a", "operator": "is_empty"}
    for _ in range(levels):
        document = {"all": [document]}
    return document


def test_that_groups_stand_seven_deep_around_a_condition() -> None:
    assert Rule.model_validate(nested(7)).depth == 8


@pytest.mark.parametrize("levels", [8, 100, 5000])
def test_that_deeper_groups_are_refused_however_deep(levels: int) -> None:
    with pytest.raises(ValidationError):
        Rule.model_validate(nested(levels))


def test_that_joining_one_rule_gives_the_rule_itself() -> None:
    assert all_of(A) is A
    assert any_of(B) is B


def test_that_joined_rules_know_their_fields_and_conditions_in_order() -> None:
    rule = all_of(A, any_of(B, all_of(C, A)))

    assert rule.field_names() == {"a", "b", "c"}
    assert rule.conditions() == [A, B, C, A]
    assert rule.depth == 4


@pytest.mark.parametrize("join", [all_of, any_of])
def test_that_too_many_conditions_are_refused_in_a_sentence(join: Any) -> None:
    with pytest.raises(UserError, match="cannot be joined: a rule has at most 250 conditions"):
        join(*[A] * 251)

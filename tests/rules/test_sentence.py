import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.rules import WORDS, Operator, Rule, all_of, any_of, condition, to_sentence

LABELS = {"department": "Department", "role": "Role", "seen": "Last Activity"}
A = condition("department", "equals", "Finance")
B = condition("role", "does_not_equal", "Employee")
C = condition("seen", "before_days", 60)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (A, "Department is Finance"),
        (B, "Role is not Employee"),
        (C, "Last Activity is more than 60 days ago"),
        (condition("seen", "within_last_days", 1), "Last Activity is within the last 1 day"),
        (condition("seen", "after_days", "1"), "Last Activity is more than 1 day ahead"),
        (condition("seen", "today"), "Last Activity is today"),
        (condition("role", "is_empty"), "Role is empty"),
        (condition("role", "in", "a, b"), "Role is one of a, b"),
        (condition("role", "between", ["a", "b"]), "Role is between a and b"),
        (condition("role", "equals", True), "Role is yes"),
        (condition("role", "equals", "{0} {}"), "Role is {0} {}"),
        (condition("role", "equals", "a\u202eb"), "Role is a⟨U+202E⟩b"),
        (condition("unknown_field", "equals", 1), "unknown_field is 1"),
        (all_of(A, B), "Department is Finance and Role is not Employee"),
        (any_of(A, B), "Department is Finance or Role is not Employee"),
        (
            all_of(A, any_of(B, C)),
            "Department is Finance and (Role is not Employee or Last Activity is more than 60 days ago)",
        ),
        (Rule(all=(A, Rule(any=(B,)))), "Department is Finance and Role is not Employee"),
        (
            Rule(any=(A, Rule(all=(Rule(all=(B, C)),)))),
            "Department is Finance or (Role is not Employee and Last Activity is more than 60 days ago)",
        ),
        (Rule(all=(Rule(any=(A, B)),)), "Department is Finance or Role is not Employee"),
    ],
)
def test_that_a_rule_is_said_in_words(rule: Rule, words: str) -> None:
    assert to_sentence(rule, LABELS) == words


def test_that_every_operator_has_words() -> None:
    assert set(WORDS) == set(Operator)


@given(st.text(min_size=1, max_size=20))
def test_that_any_value_can_be_said_in_one_line(value: str) -> None:
    sentence = to_sentence(condition("role", "contains", value), LABELS)

    assert sentence.startswith("Role contains ")
    assert len(sentence.splitlines()) == 1

"""Rules mean the same in Python and in SQL."""

import sqlite3
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saasdesk.errors import UserError
from saasdesk.fields import FieldType
from saasdesk.rules import (
    OF_DAYS,
    OF_TEXT,
    WITHOUT_VALUE,
    Operator,
    Rule,
    SqlColumn,
    all_of,
    any_of,
    condition,
    to_predicate,
    to_sentence,
    to_sql,
)
from saasdesk.store.text import fold_text

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
TYPES = {
    "text": FieldType.SHORT_TEXT,
    "number": FieldType.NUMBER,
    "flag": FieldType.FLAG,
    "day": FieldType.DATE,
    "moment": FieldType.DATETIME,
}
COLUMNS = {name: SqlColumn(f'r."{name}"', kind) for name, kind in TYPES.items()}

texts = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "Ana", "ANA", "ana ", "Ångström", "angström", "straße", "STRASSE", "a\u200bna", "佐藤", "%", "_", "'"]
    ),
    st.text(max_size=6),
)
numbers = st.one_of(st.none(), st.integers(-20, 20))
flags = st.sampled_from([None, 0, 1])
days = st.one_of(st.none(), st.dates(date(2026, 2, 1), date(2026, 4, 30)).map(lambda day: day.isoformat()))
moments = days.flatmap(
    lambda day: st.just(None) if day is None else st.sampled_from([f"{day}T00:00:00Z", f"{day}T23:59:59Z"])
)
records = st.fixed_dictionaries({"text": texts, "number": numbers, "flag": flags, "day": days, "moment": moments})


@st.composite
def conditions(draw: st.DrawFn) -> Rule:
    name = draw(st.sampled_from(sorted(TYPES)))
    kind = TYPES[name]
    allowed = [
        o
        for o in Operator
        if (o not in OF_DAYS and o is not Operator.TODAY) or kind in {FieldType.DATE, FieldType.DATETIME}
    ]
    operator = draw(st.sampled_from(allowed))
    filled = {"text": texts, "number": numbers, "flag": flags, "day": days, "moment": moments}[name].filter(
        lambda v: v not in (None, "")
    )
    one: st.SearchStrategy[Any] = filled.map(str) if operator in OF_TEXT else filled
    if operator in WITHOUT_VALUE:
        return condition(name, operator)
    if operator in OF_DAYS:
        return condition(name, operator, draw(st.integers(0, 40)))
    if operator is Operator.BETWEEN:
        return condition(name, operator, [draw(one), draw(one)])
    if operator in {Operator.IN, Operator.NOT_IN}:
        return condition(name, operator, draw(st.lists(one, min_size=1, max_size=3)))
    return condition(name, operator, draw(one))


rules = st.recursive(
    conditions(),
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda parts: st.sampled_from([all_of(*parts), any_of(*parts)])
    ),
    max_leaves=5,
)


@settings(max_examples=400, deadline=None)
@given(rules, records)
def test_that_predicate_and_sql_give_the_same_answer(rule: Rule, record: dict[str, Any]) -> None:
    db = sqlite3.connect(":memory:")
    db.create_function("fold", 1, fold_text, deterministic=True)
    fragment = to_sql(rule, COLUMNS, NOW)
    row = ", ".join(f"? AS {name}" for name in TYPES)
    sql = f"SELECT ({fragment.text}) FROM (SELECT {row}) r"
    (answer,) = db.execute(sql, (*fragment.params, *(record[name] for name in TYPES))).fetchone()
    db.close()

    assert answer is not None
    assert bool(answer) is to_predicate(rule, TYPES, NOW)(record)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (condition("role", "does_not_equal", "Employee"), "Role is not Employee"),
        (condition("last", "before_days", 60), "Last seen is more than 60 days ago"),
        (
            all_of(condition("role", "is_empty"), any_of(condition("last", "today"), condition("role", "in", "a, b"))),
            "Role is empty and (Last seen is today or Role is one of a, b)",
        ),
    ],
)
def test_that_a_rule_can_be_said_in_words(rule: Rule, sentence: str) -> None:
    assert to_sentence(rule, {"role": "Role", "last": "Last seen"}) == sentence


@pytest.mark.parametrize(
    ("operator", "value", "words"),
    [
        ("resembles", "x", "is not an operator"),
        ("equals", None, "needs a value"),
        ("equals", "", "needs a value"),
        ("is_empty", "x", "takes no value"),
        ("before_days", "soon", "whole number of days"),
        ("between", ["1"], "two values"),
    ],
)
def test_that_a_bad_condition_is_refused_with_a_sentence(operator: str, value: Any, words: str) -> None:
    with pytest.raises(UserError, match=words):
        condition("role", operator, value)


def test_that_days_need_a_date_and_a_field_must_exist() -> None:
    with pytest.raises(UserError, match="is for dates"):
        to_sql(condition("text", "before_days", 3), COLUMNS, NOW)
    with pytest.raises(UserError, match="no field “nobody”"):
        to_predicate(condition("nobody", "is_empty"), TYPES, NOW)

"""The two compilations of a rule, to SQL and to Python, mean the same."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, ObjectKind, to_stored
from saasdesk.rules import OF_DAYS, WITHOUT_VALUE, Operator, Rule, condition
from tests.rules.table import NOW, TYPES, by_python, by_sql, found, table

# Few letters, so that values meet; some that fold, compose, vanish, or look like SQL.
LETTERS = "aAbB ßẞéÉ\u0301\u200bİ\u0131\u017f\u212a%_'*?[]\\\t\x1f0.5-名😀\uffff\ufffd"
TEXTS = st.text(alphabet=LETTERS, max_size=6) | st.sampled_from(
    ["Straße", "STRASSE", "true", "1", "5.0", "2026-03-10", " a"]
)
NUMBERS = st.integers(-5, 5) | st.sampled_from([2**63 - 1, -(2**63), 10**15, 10**16])
DECIMALS = st.sampled_from([0.0, 0.5, -0.5, 1.0, 5.0, 1e15, 1e16, 1.5e300, 0.1, -2.25, 1e-7]) | st.floats(
    allow_nan=False, allow_infinity=False
)
MOMENTS = st.datetimes(
    min_value=NOW.replace(tzinfo=None) - timedelta(days=40), max_value=NOW.replace(tzinfo=None) + timedelta(days=40)
).map(lambda moment: moment.replace(microsecond=0, tzinfo=UTC)) | st.sampled_from(
    [
        datetime(2026, 3, 10, tzinfo=UTC),
        datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 11, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    ]
)
VALUES: Mapping[FieldType, st.SearchStrategy[Any]] = {
    FieldType.SHORT_TEXT: TEXTS,
    FieldType.LONG_TEXT: TEXTS,
    FieldType.LIST: st.lists(TEXTS, max_size=3),
    FieldType.NUMBER: NUMBERS,
    FieldType.DECIMAL: DECIMALS,
    FieldType.DATE: MOMENTS.map(lambda moment: moment.date().isoformat()),
    FieldType.DATETIME: MOMENTS.map(lambda moment: moment.isoformat()),
    FieldType.FLAG: st.booleans(),
}


def stored(name: str, value: Any) -> Any:
    return to_stored(value, Field(ObjectKind.PEOPLE, name, name, TYPES[name]))


def records() -> st.SearchStrategy[list[dict[str, Any]]]:
    one = st.fixed_dictionaries(
        {
            name: (st.none() | VALUES[kind]).map(lambda value, name=name: stored(name, value))
            for name, kind in TYPES.items()
        }
    )
    return st.lists(one, min_size=1, max_size=6)


def rule_values(name: str) -> st.SearchStrategy[Any]:
    fitting = VALUES[TYPES[name]].map(lambda value: "a" if isinstance(value, list) else value)
    days = MOMENTS.map(lambda moment: moment.date().isoformat())
    return (
        fitting
        | days
        | TEXTS
        | NUMBERS
        | st.booleans()
        | st.sampled_from(["", "  ", 0.5, 5.0, "5.0", "yes", "a\0", "\ud800"])
    )


@st.composite
def conditions(draw: st.DrawFn, *, fitting: bool = False) -> Rule:
    name = draw(st.sampled_from(sorted(TYPES)))
    operator = draw(st.sampled_from(Operator))
    one = (
        VALUES[TYPES[name]].map(lambda value: "a" if isinstance(value, list) else value)
        if fitting
        else rule_values(name)
    )
    if operator in WITHOUT_VALUE:
        value = None
    elif operator in OF_DAYS:
        value = draw(st.integers(0, 45))
    elif operator is Operator.BETWEEN:
        value = [draw(one), draw(one)]
    elif operator in {Operator.IN, Operator.NOT_IN}:
        value = draw(st.lists(one, min_size=1, max_size=4))
    else:
        value = draw(one)
    try:
        return condition(name, operator, value)
    except UserError:
        assume(condition=False)
        raise


def rules() -> st.SearchStrategy[Rule]:
    return st.recursive(
        conditions(fitting=True),
        lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
            lambda parts: st.sampled_from([Rule(all=tuple(parts)), Rule(any=tuple(parts))])
        ),
        max_leaves=6,
    )


def answer(find: Callable[[], list[int]]) -> list[int] | str:
    try:
        return find()
    except UserError as refusal:
        return str(refusal)


def agree(people: Sequence[Mapping[str, Any]], rule: Rule, now: datetime = NOW) -> None:
    with table(people) as db:
        in_sql = answer(lambda: by_sql(db, rule, now))
    in_python = answer(lambda: by_python(people, rule, now))

    assert in_sql == in_python


@given(records(), conditions())
@example([{"role": "K"}], condition("role", "equals", "k"))
@example([{"role": "a\u200b "}], condition("role", "equals", "A"))
@example([{"role": None}, {"role": ""}], condition("role", "contains", " "))
@example([{"role": "ab"}], condition("role", "ends_with", "xxab"))
@example([{"score": 5.0}], condition("score", "begins_with", 5.0))
@example([{"score": 1.5e300}, {"score": 1e15}], condition("score", "ends_with", 0.0))
@example([{"score": -0.0}], condition("score", "contains", "-"))
def test_that_sql_and_python_give_the_same_answer_or_the_same_refusal(people: list[dict[str, Any]], rule: Rule) -> None:
    agree(people, rule)


@given(records(), rules())
def test_that_groups_in_groups_mean_the_same_in_sql_and_python(people: list[dict[str, Any]], rule: Rule) -> None:
    agree(people, rule)


@given(records(), conditions(fitting=True), st.integers(-14, 14))
def test_that_days_begin_alike_in_every_zone(people: list[dict[str, Any]], rule: Rule, hours: int) -> None:
    agree(people, rule, NOW.astimezone(timezone(timedelta(hours=hours))))


OPPOSITES = {
    Operator.EQUALS: Operator.DOES_NOT_EQUAL,
    Operator.BEGINS_WITH: Operator.DOES_NOT_BEGIN_WITH,
    Operator.ENDS_WITH: Operator.DOES_NOT_END_WITH,
    Operator.CONTAINS: Operator.DOES_NOT_CONTAIN,
    Operator.IN: Operator.NOT_IN,
    Operator.IS_EMPTY: Operator.IS_NOT_EMPTY,
}


@given(records(), conditions(fitting=True))
def test_that_an_operator_and_its_opposite_share_the_records_between_them(
    people: list[dict[str, Any]], rule: Rule
) -> None:
    assume(rule.operator in OPPOSITES)
    opposite = Rule(field=rule.field, operator=OPPOSITES[rule.operator or Operator.EQUALS], value=rule.value)
    try:
        one, other = found(people, rule), found(people, opposite)
    except UserError:
        return

    assert sorted([*one, *other]) == list(range(len(people)))


@pytest.mark.parametrize("operator", list(Operator))
@pytest.mark.parametrize("name", sorted(TYPES))
def test_that_every_operator_meets_every_type(name: str, operator: Operator) -> None:
    samples: dict[FieldType, list[Any]] = {
        FieldType.NUMBER: [-1, 0, 5, None],
        FieldType.DECIMAL: [-1.5, 0.0, 5.0, None],
        FieldType.FLAG: [True, False, None],
        FieldType.DATE: ["2026-03-09", "2026-03-10", "2026-03-11", None],
        FieldType.DATETIME: ["2026-03-09T23:59:59Z", "2026-03-10T15:30:00Z", "2026-03-11T00:00:00Z", None],
    }
    values = samples.get(TYPES[name], ["Ops", "ops ", "Größe", "", None])
    people = [{name: stored(name, value)} for value in values]
    value: Any = values[1]
    if operator in WITHOUT_VALUE:
        value = None
    elif operator in OF_DAYS:
        value = 1
    elif operator in {Operator.IN, Operator.NOT_IN, Operator.BETWEEN}:
        value = [value, value]

    agree(people, condition(name, operator, value))


@given(
    st.recursive(
        st.none() | st.text(max_size=5) | st.integers(),
        lambda i: st.lists(i) | st.dictionaries(st.sampled_from(["all", "any", "field", "operator", "value"]), i),
        max_leaves=20,
    )
)
def test_that_any_document_is_a_rule_or_a_validation_error(document: object) -> None:
    try:
        rule = Rule.model_validate(document)
    except ValidationError:
        return

    assert Rule.model_validate_json(rule.model_dump_json()) == rule

"""Rules about fields whose values are looked up on a list."""

import pytest

from saasdesk.fields import Field, FieldType, Lookup, ObjectKind
from saasdesk.rules import Rule, as_listed, to_predicate

LOOKUP = Lookup("locations", "Locations", names={"dublin": "Dublin", "dub": "Dublin", "lisbon": "Lisbon"})
FIELDS = {
    "location": Field(ObjectKind.PEOPLE, "location", "Location", FieldType.LOCATION, lookup=LOOKUP),
    "name": Field(ObjectKind.PEOPLE, "name", "Name"),
}


def condition(field: str, operator: str, value: object = None) -> Rule:
    return Rule.model_validate({"field": field, "operator": operator, "value": value})


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (condition("location", "equals", "DUB"), True),
        (condition("location", "does_not_equal", "dub"), False),
        (condition("location", "in", ["Oslo", "DUB"]), True),
        (condition("location", "not_in", ["Oslo", "Lisbon"]), True),
        (condition("location", "equals", "Oslo"), False),
        (condition("location", "begins_with", "dub"), True),
        (condition("location", "is_not_empty"), True),
        (condition("name", "equals", "dub"), False),
        (Rule(all=(condition("name", "equals", "Ada"), Rule(any=(condition("location", "equals", "dub"),)))), True),
    ],
)
def test_that_a_rule_finds_an_object_by_any_of_its_names(rule: Rule, fits: bool) -> None:
    types = {name: field.type for name, field in FIELDS.items()}

    decide = to_predicate(as_listed(rule, FIELDS), types)

    assert decide({"location": "Dublin", "name": "Ada"}) is fits


def test_that_a_rule_without_looked_up_values_stays_as_it_is() -> None:
    rule = condition("name", "equals", "Ada")

    assert as_listed(rule, FIELDS) is rule

"""Rules about looked-up fields: whatever an object is called in a rule, its name on the list is meant."""

from collections.abc import Mapping

from saasdesk.fields import Field
from saasdesk.rules.rule import Operator, Rule

# What is compared as a whole; the beginning of a name is the beginning of no other name.
_WHOLE = frozenset({Operator.EQUALS, Operator.DOES_NOT_EQUAL, Operator.IN, Operator.NOT_IN})


def as_listed(rule: Rule, fields: Mapping[str, Field]) -> Rule:
    """The rule with the names that records have: one that says DUB goes on finding Dublin."""
    if rule.parts:
        group = "all" if rule.all is not None else "any"
        return rule.model_copy(update={group: tuple(as_listed(part, fields) for part in rule.parts)})
    field = fields.get(rule.field or "")
    if field is None or field.lookup is None or rule.operator not in _WHOLE:
        return rule
    find = field.lookup.find
    values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    named = tuple((find(value) or value) if isinstance(value, str) else value for value in values)
    return rule.model_copy(update={"value": named if isinstance(rule.value, tuple) else named[0]})

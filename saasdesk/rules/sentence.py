"""A rule in words, for headings, exports and the audit log."""

from collections.abc import Mapping

from saasdesk.rules.rule import WORDS, Operator, Rule, Value
from saasdesk.text import visible_text


def to_sentence(rule: Rule, labels: Mapping[str, str]) -> str:
    """The rule in words: 'Department is Finance and Role is not Employee'."""
    while len(rule.parts) == 1:
        rule = rule.parts[0]
    if rule.parts:
        word = " and " if rule.all is not None else " or "
        return word.join(_part(part, labels) for part in rule.parts)
    return _condition(rule, labels)


def _part(rule: Rule, labels: Mapping[str, str]) -> str:
    text = to_sentence(rule, labels)
    return f"({text})" if len(rule.conditions()) > 1 else text


def _condition(rule: Rule, labels: Mapping[str, str]) -> str:
    if rule.field is None or rule.operator is None:
        return ""
    label = labels.get(rule.field, rule.field)
    words = WORDS[rule.operator]
    if "{}" in words:
        days = _shown(rule.value)
        return f"{label} {words.format(days) if days != '1' else words.format(days).replace('days', 'day')}"
    if rule.value is None:
        return f"{label} {words}"
    joiner = " and " if rule.operator is Operator.BETWEEN else ", "
    values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    return f"{label} {words} {joiner.join(_shown(value) for value in values)}"


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return visible_text(str(value))

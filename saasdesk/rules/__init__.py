"""Rules: conditions on fields, with one meaning in Python and in SQL."""

from saasdesk.rules.lookups import as_listed
from saasdesk.rules.rule import OF_DAYS, OF_TEXT, WITHOUT_VALUE, WORDS, Operator, Rule, Value, all_of, any_of, condition
from saasdesk.rules.sentence import to_sentence
from saasdesk.rules.to_predicate import Predicate, to_predicate
from saasdesk.rules.to_sql import SqlColumn, SqlFragment, to_sql

__all__ = [
    "OF_DAYS",
    "OF_TEXT",
    "WITHOUT_VALUE",
    "WORDS",
    "Operator",
    "Predicate",
    "Rule",
    "SqlColumn",
    "SqlFragment",
    "Value",
    "all_of",
    "any_of",
    "as_listed",
    "condition",
    "to_predicate",
    "to_sentence",
    "to_sql",
]

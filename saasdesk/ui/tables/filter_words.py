"""Filters as people read them, and which comparisons make sense for which column."""

from collections.abc import Collection, Mapping, Sequence

from saasdesk.fields import FieldType
from saasdesk.records.listing import Column, Special
from saasdesk.rules import OF_DAYS, WORDS, Operator, Rule, all_of, to_sentence
from saasdesk.ui.tables.times import in_words, local_time
from saasdesk.ui.widgets.paragraph import Run

_STORED_AS: dict[Special, FieldType] = {
    Special.PERSON: FieldType.SHORT_TEXT,
    Special.APPLICATION: FieldType.SHORT_TEXT,
    Special.STATUS: FieldType.SHORT_TEXT,
    Special.ACCOUNTS: FieldType.LIST,
    Special.AGE: FieldType.DATETIME,
    Special.MONEY: FieldType.DECIMAL,
    Special.SENTENCE: FieldType.SHORT_TEXT,
}

_EMPTINESS = (Operator.IS_EMPTY, Operator.IS_NOT_EMPTY)
_OF_TEXT = (
    Operator.CONTAINS,
    Operator.DOES_NOT_CONTAIN,
    Operator.EQUALS,
    Operator.DOES_NOT_EQUAL,
    Operator.BEGINS_WITH,
    Operator.DOES_NOT_BEGIN_WITH,
    Operator.ENDS_WITH,
    Operator.DOES_NOT_END_WITH,
    Operator.IN,
    Operator.NOT_IN,
    *_EMPTINESS,
)
_OF_CHOICES = (
    Operator.EQUALS,
    Operator.DOES_NOT_EQUAL,
    Operator.IN,
    Operator.NOT_IN,
    Operator.CONTAINS,
    *_EMPTINESS,
)
_OF_ACCOUNTS = (Operator.CONTAINS, Operator.DOES_NOT_CONTAIN, *_EMPTINESS)
_OF_NUMBERS = (
    Operator.EQUALS,
    Operator.DOES_NOT_EQUAL,
    Operator.GREATER_THAN,
    Operator.AT_LEAST,
    Operator.LESS_THAN,
    Operator.AT_MOST,
    Operator.BETWEEN,
    Operator.IN,
    Operator.NOT_IN,
    *_EMPTINESS,
)
_OF_DATES = (
    Operator.WITHIN_LAST_DAYS,
    Operator.BEFORE_DAYS,
    Operator.WITHIN_NEXT_DAYS,
    Operator.AFTER_DAYS,
    Operator.TODAY,
    Operator.EQUALS,
    Operator.DOES_NOT_EQUAL,
    Operator.LESS_THAN,
    Operator.AT_MOST,
    Operator.GREATER_THAN,
    Operator.AT_LEAST,
    Operator.BETWEEN,
    *_EMPTINESS,
)
_OF_FLAGS = (Operator.EQUALS, *_EMPTINESS)

_WORDS_FOR_DATES = {
    Operator.LESS_THAN: "is before",
    Operator.AT_LEAST: "is on or after",
    Operator.GREATER_THAN: "is after",
    Operator.AT_MOST: "is on or before",
}


def stored_type(column: Column) -> FieldType:
    """What the values of a column are to a rule."""
    return _STORED_AS[column.type] if isinstance(column.type, Special) else column.type


def operators_for(column: Column) -> tuple[Operator, ...]:
    """The comparisons that make sense, the usual ones first."""
    match column.type:
        case Special.ACCOUNTS:
            return _OF_ACCOUNTS
        case Special.STATUS | Special.APPLICATION:
            return _OF_CHOICES
        case _:
            pass
    match stored_type(column):
        case FieldType.NUMBER | FieldType.DECIMAL:
            return _OF_NUMBERS
        case FieldType.DATE | FieldType.DATETIME:
            return _OF_DATES
        case FieldType.FLAG:
            return _OF_FLAGS
        case _:
            return _OF_TEXT


def operator_words(operator: Operator, column: Column) -> str:
    """The comparison as it stands in a list of choices."""
    if operator in OF_DAYS:
        return WORDS[operator].format("…")
    if stored_type(column) in {FieldType.DATE, FieldType.DATETIME}:
        return _WORDS_FOR_DATES.get(operator, WORDS[operator])
    return WORDS[operator]


def parts_of(rule: Rule | None) -> tuple[Rule, ...]:
    """The filters that must all hold, each one a chip."""
    if rule is None:
        return ()
    return rule.all if rule.all is not None else (rule,)


def missing_fields(rule: Rule | None, columns: Collection[str]) -> tuple[str, ...]:
    """The fields of a filter that are there no more: who deleted one could not know who asks for it."""
    return () if rule is None else tuple(sorted(rule.field_names() - set(columns)))


def joined(parts: Sequence[Rule]) -> Rule | None:
    """One rule of all these filters."""
    return all_of(*parts) if parts else None


def runs_of(rule: Rule, columns: Mapping[str, Column]) -> tuple[Run, ...]:
    """A filter as a chip says it: "Department is **Finance**", "Status **is not** archived"."""
    column = columns.get(rule.field or "")
    if column is None or rule.operator is None:
        return (Run(to_sentence(rule, {key: known.title for key, known in columns.items()})),)
    shown = _value_in_words(rule, column)
    if column.type is Special.ACCOUNTS and rule.operator is Operator.CONTAINS:
        return (Run("Has an account in "), Run(shown, strong=True))
    if rule.operator in OF_DAYS:
        return (Run(f"{column.title} "), Run(WORDS[rule.operator].format(shown), strong=True))
    words = operator_words(rule.operator, column)
    if not shown:
        return (Run(f"{column.title} "), Run(words, strong=True))
    is_plain = rule.operator is Operator.EQUALS
    return (Run(f"{column.title} "), Run(words, strong=not is_plain), Run(" "), Run(shown, strong=is_plain))


def _value_in_words(rule: Rule, column: Column) -> str:
    if rule.value is None:
        return ""
    values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    joiner = " and " if rule.operator is Operator.BETWEEN else ", "
    return joiner.join(_one_value(value, column) for value in values)


def _one_value(value: object, column: Column) -> str:
    kind = stored_type(column)
    if kind is FieldType.FLAG:
        return "yes" if str(value).casefold() in {"true", "yes", "1"} else "no"
    if (
        kind in {FieldType.DATE, FieldType.DATETIME}
        and (moment := local_time(str(value))) is not None
        and "T" not in str(value)
    ):
        return in_words(moment.date())
    return str(value)

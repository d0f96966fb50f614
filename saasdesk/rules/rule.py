"""Conditions: one definition, read from files and forms, compiled to a predicate and to SQL."""

import math
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from saasdesk.errors import UserError

Value = str | int | float | bool | tuple[str | int | float | bool, ...] | None

_DEEPEST = 8
_LONGEST = 1024
_MOST_IN_A_LIST = 1_000
# What SQLite takes in one statement, with room to spare.
_MOST_CONDITIONS = 250
_MOST_VALUES = 10_000


class Operator(StrEnum):
    """How a field is compared; the names stand in files."""

    EQUALS = "equals"
    DOES_NOT_EQUAL = "does_not_equal"
    BEGINS_WITH = "begins_with"
    DOES_NOT_BEGIN_WITH = "does_not_begin_with"
    ENDS_WITH = "ends_with"
    DOES_NOT_END_WITH = "does_not_end_with"
    CONTAINS = "contains"
    DOES_NOT_CONTAIN = "does_not_contain"
    LESS_THAN = "less_than"
    AT_MOST = "at_most"
    GREATER_THAN = "greater_than"
    AT_LEAST = "at_least"
    BETWEEN = "between"
    IN = "in"
    NOT_IN = "not_in"
    IS_EMPTY = "is_empty"
    IS_NOT_EMPTY = "is_not_empty"
    BEFORE_DAYS = "before_days"
    WITHIN_LAST_DAYS = "within_last_days"
    WITHIN_NEXT_DAYS = "within_next_days"
    AFTER_DAYS = "after_days"
    TODAY = "today"

    @property
    def words(self) -> str:
        """As people say it, and as the window does."""
        return WORDS[self].format("…")


WORDS = {
    Operator.EQUALS: "is",
    Operator.DOES_NOT_EQUAL: "is not",
    Operator.BEGINS_WITH: "begins with",
    Operator.DOES_NOT_BEGIN_WITH: "does not begin with",
    Operator.ENDS_WITH: "ends with",
    Operator.DOES_NOT_END_WITH: "does not end with",
    Operator.CONTAINS: "contains",
    Operator.DOES_NOT_CONTAIN: "does not contain",
    Operator.LESS_THAN: "is less than",
    Operator.AT_MOST: "is at most",
    Operator.GREATER_THAN: "is more than",
    Operator.AT_LEAST: "is at least",
    Operator.BETWEEN: "is between",
    Operator.IN: "is one of",
    Operator.NOT_IN: "is none of",
    Operator.IS_EMPTY: "is empty",
    Operator.IS_NOT_EMPTY: "is not empty",
    Operator.BEFORE_DAYS: "is more than {} days ago",
    Operator.WITHIN_LAST_DAYS: "is within the last {} days",
    Operator.WITHIN_NEXT_DAYS: "is within the next {} days",
    Operator.AFTER_DAYS: "is more than {} days ahead",
    Operator.TODAY: "is today",
}

WITHOUT_VALUE = frozenset({Operator.IS_EMPTY, Operator.IS_NOT_EMPTY, Operator.TODAY})
OF_DAYS = frozenset({Operator.BEFORE_DAYS, Operator.WITHIN_LAST_DAYS, Operator.WITHIN_NEXT_DAYS, Operator.AFTER_DAYS})
OF_TEXT = frozenset(
    {
        Operator.BEGINS_WITH,
        Operator.DOES_NOT_BEGIN_WITH,
        Operator.ENDS_WITH,
        Operator.DOES_NOT_END_WITH,
        Operator.CONTAINS,
        Operator.DOES_NOT_CONTAIN,
    }
)
_LISTS = frozenset({Operator.IN, Operator.NOT_IN, Operator.BETWEEN})


class Rule(BaseModel):
    """A condition on one field, or a group of rules of which all or any must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: str | None = Field(default=None, min_length=1, max_length=200)
    operator: Operator | None = None
    value: Value = None
    all: tuple["Rule", ...] | None = None
    any: tuple["Rule", ...] | None = None

    @field_validator("value", mode="before")
    @classmethod
    def _as_in_files(cls, value: Any) -> Any:
        # TOML has dates of its own, and its lists are lists.
        if isinstance(value, list | tuple):
            return tuple(_without_date(each) for each in value)
        return _without_date(value)

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        given = [self.field is not None, self.all is not None, self.any is not None]
        if sum(given) != 1:
            raise ValueError("a rule is either a field with its operator, or one group: all = […] or any = […]")
        if self.field is None:
            if self.operator is not None or self.value is not None:
                raise ValueError("a group has no operator and no value of its own")
            if not self.parts:
                raise ValueError("a group needs at least one rule")
            if self.depth > _DEEPEST:
                raise ValueError(f"groups stand at most {_DEEPEST} deep in each other")
            conditions = self.conditions()
            if len(conditions) > _MOST_CONDITIONS:
                raise ValueError(f"a rule has at most {_MOST_CONDITIONS} conditions")
            if sum(len(each.value) for each in conditions if isinstance(each.value, tuple)) > _MOST_VALUES:
                raise ValueError(f"the lists of a rule have at most {_MOST_VALUES:,} values together")
            return self
        if self.operator is None:
            raise ValueError("an operator is missing")
        _check_value(self.operator, self.value)
        return self

    @property
    def parts(self) -> tuple["Rule", ...]:
        """The rules of a group; none for a condition."""
        return self.all if self.all is not None else self.any or ()

    @property
    def depth(self) -> int:
        """How many groups stand in each other."""
        return 1 + max((part.depth for part in self.parts), default=0)

    def conditions(self) -> "list[Rule]":
        """Every condition in the rule, in the order in which they are written."""
        return [self] if self.field is not None else [each for part in self.parts for each in part.conditions()]

    def field_names(self) -> set[str]:
        """Every field that the rule looks at."""
        return {each.field for each in self.conditions() if each.field is not None}


def _without_date(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _check_value(operator: Operator, value: Value) -> None:
    if operator in WITHOUT_VALUE:
        if value is not None:
            raise ValueError(f"“{operator.words}” takes no value")
        return
    if any(part is None or part == "" for part in (value if isinstance(value, tuple) else (value,))):
        raise ValueError(f"“{operator.words}” needs a value; “is empty” finds what has none")
    if operator in _LISTS:
        if not isinstance(value, tuple) or not value or len(value) > _MOST_IN_A_LIST:
            raise ValueError(f"“{operator.words}” needs a list of values")
        if operator is Operator.BETWEEN and len(value) != 2:
            raise ValueError("“is between” needs two values, the smaller first")
    elif isinstance(value, tuple):
        raise ValueError(f"“{operator.words}” takes one value, not a list")
    if operator in OF_DAYS and not _is_days(value):
        raise ValueError(f"“{operator.words}” needs a whole number of days, 0 to 36500")
    for each in value if isinstance(value, tuple) else (value,):
        if isinstance(each, str) and len(each) > _LONGEST:
            raise ValueError("a value has at most 1,024 characters")
        if isinstance(each, float) and not math.isfinite(each):
            raise ValueError("this is not a number")


def _is_days(value: Value) -> bool:
    text = str(value)
    return not isinstance(value, bool) and text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 36_500


def condition(field: str, operator: Operator | str, value: Any = None) -> Rule:
    """One condition; a UserError says what is wrong with it."""
    try:
        wanted = Operator(operator)
    except ValueError:
        known = ", ".join(each.value for each in Operator)
        raise UserError(f"“{operator}” is not an operator. There are: {known}.") from None
    if isinstance(value, str) and wanted in _LISTS:
        value = tuple(part.strip() for part in value.split(",") if part.strip())
    try:
        return Rule(field=field, operator=wanted, value=value)
    except ValidationError as error:
        raise UserError(f"{field}: {_reason(error)}.") from None


def _reason(error: ValidationError) -> str:
    return error.errors()[0]["msg"].removeprefix("Value error, ")


def all_of(*rules: Rule) -> Rule:
    """One rule that holds when all of these do."""
    return rules[0] if len(rules) == 1 else _group(lambda: Rule(all=rules))


def any_of(*rules: Rule) -> Rule:
    """One rule that holds when any of these does."""
    return rules[0] if len(rules) == 1 else _group(lambda: Rule(any=rules))


def _group(make: Callable[[], Rule]) -> Rule:
    try:
        return make()
    except ValidationError as error:
        raise UserError(f"These conditions cannot be joined: {_reason(error)}.") from None

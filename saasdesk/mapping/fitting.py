"""Whether a source can fill a field: the same kind, converted on the way, or not at all, and the reason in words."""

from dataclasses import dataclass
from enum import StrEnum

from saasdesk.fields import FieldType


class Fit(StrEnum):
    """How well a source and a field go together."""

    SAME = "same"
    CONVERTED = "converted"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Fitting:
    """A fit, and the reason in a few words."""

    fit: Fit
    reason: str


_TIMES = frozenset({FieldType.DATE, FieldType.DATETIME})
_NUMBERS = frozenset({FieldType.NUMBER, FieldType.DECIMAL})

_IN_WORDS = {
    FieldType.SHORT_TEXT: "text",
    FieldType.LONG_TEXT: "text",
    FieldType.NUMBER: "a number",
    FieldType.DECIMAL: "a number",
    FieldType.DATE: "a date",
    FieldType.DATETIME: "a time",
    FieldType.FLAG: "yes or no",
    FieldType.LIST: "a list",
    FieldType.PERSON: "a person",
    FieldType.LOCATION: "a location",
    FieldType.CUSTOM_OBJECT: "an object on a list",
}


def fitting_of(source: FieldType, target: FieldType, *, unique: bool = False) -> Fitting:
    """How a value of one type gets into a field of another."""
    note = ", unique" if unique else ""
    if target.is_looked_up:
        return _looked_up(source, target)
    if source == target or (source.is_text and target.is_text):
        return Fitting(Fit.SAME, f"same type{note}")
    if target.is_text:
        how = "items are joined with a comma" if source is FieldType.LIST else f"{_IN_WORDS[source]} is kept as text"
        return Fitting(Fit.CONVERTED, how)
    if {source, target} <= _NUMBERS:
        return Fitting(Fit.SAME if target is FieldType.DECIMAL else Fit.CONVERTED, "whole numbers only")
    if {source, target} <= _TIMES:
        return Fitting(
            Fit.CONVERTED, "the time of day is left out" if target is FieldType.DATE else "it becomes midnight"
        )
    if source.is_text:
        return Fitting(Fit.CONVERTED, f"text is read as {_IN_WORDS[target]}; what is none is reported")
    if source in _NUMBERS and target in _TIMES:
        return Fitting(Fit.CONVERTED, "seconds since 1970 become a date")
    if target is FieldType.LIST:
        return Fitting(Fit.CONVERTED, "it becomes a list of one")
    if source is FieldType.FLAG and target in _NUMBERS:
        return Fitting(Fit.CONVERTED, "yes becomes 1, no 0")
    if source in _NUMBERS and target is FieldType.FLAG:
        return Fitting(Fit.CONVERTED, "1 becomes yes, 0 no")
    return Fitting(Fit.IMPOSSIBLE, f"{_IN_WORDS[source]} cannot become {_IN_WORDS[target]}")


def _looked_up(source: FieldType, target: FieldType) -> Fitting:
    """A date or a yes is the name of no object; anything else may be."""
    if source in _TIMES or source is FieldType.FLAG:
        return Fitting(Fit.IMPOSSIBLE, f"{_IN_WORDS[source]} cannot be {_IN_WORDS[target]}")
    if source is FieldType.LIST:
        return Fitting(Fit.CONVERTED, "items are joined with a comma, then looked up")
    return Fitting(Fit.SAME if source.is_text else Fit.CONVERTED, f"looked up as {_IN_WORDS[target]}")

"""What the records at hand tell of a source field: how often it is filled, how many values there are, and which."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from saasdesk.mapping.transforms import in_words

_MOST_EXAMPLES = 3
_LONGEST_EXAMPLE = 60
# Enough to tell what they look like.
_MOST_VALUES = 200

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FieldSample:
    """One source field over the records at hand; `examples` are its most telling values as text,
    `values` the first filled ones as they came."""

    records: int
    filled: int
    distinct: int
    examples: tuple[str, ...]
    values: tuple[object, ...]

    @property
    def fill_rate(self) -> float:
        """The part of the records in which it is filled, from 0 to 1."""
        return self.filled / self.records if self.records else 0.0

    @property
    def more(self) -> int:
        """How many different values there are besides the examples."""
        return self.distinct - len(self.examples)


def sample_field(get: Callable[[Record], Any], records: Sequence[Record]) -> FieldSample:
    """Look at one field in every record."""
    values = [value for record in records if not _is_blank(value := _value(get, record))]
    counted: dict[str, int] = {}
    for value in values:
        text = example_of(value)
        counted[text] = counted.get(text, 0) + 1
    return FieldSample(
        len(records), len(values), len(counted), tuple(_telling(counted, len(values))), tuple(values[:_MOST_VALUES])
    )


def _value(get: Callable[[Record], Any], record: Record) -> Any:
    try:
        return get(record)
    except ValueError:
        # A template that fails on this record has no value there.
        return None


def _is_blank(value: object) -> bool:
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def _telling(counted: dict[str, int], filled: int) -> list[str]:
    """Where values repeat, the commonest; where each is its own, those in which most different signs occur."""
    if len(counted) <= filled // 2:
        order = sorted(counted, key=lambda text: (-counted[text], text))
    else:
        order = sorted(counted, key=lambda text: -min(len(set(text)), 12))
    return order[:_MOST_EXAMPLES]


def example_of(value: object) -> str:
    """A value in a few words: text as it is, a list by its number of items and the first."""
    if isinstance(value, list):
        first = f" · {example_of(value[0])}" if value else ""
        return _short(f"{len(value):,} {'item' if len(value) == 1 else 'items'}{first}")
    if isinstance(value, bool):
        return "yes" if value else "no"
    try:
        return _short(in_words(value))
    except ValueError:
        return "{ }"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST_EXAMPLE else flat[: _LONGEST_EXAMPLE - 1] + "…"

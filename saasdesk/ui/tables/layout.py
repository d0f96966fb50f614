"""How a table was left: columns, widths, order, filter. Kept for each view, and read with care."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from saasdesk.records.listing import Column
from saasdesk.rules import Rule
from saasdesk.ui.tables.header import Sort


class Memory(Protocol):
    """What is remembered from one start to the next, by name; the values are plain JSON."""

    def get(self, name: str, /) -> Any:
        """What was kept, or None."""
        ...  # pragma: no cover - a Protocol

    def __setitem__(self, name: str, value: dict[str, Any], /) -> None: ...  # pragma: no cover - a Protocol


@dataclass(frozen=True, slots=True)
class TableLayout:
    """What somebody changed of a table's looks; empty parts mean: as it comes."""

    order: tuple[str, ...] = ()
    hidden: frozenset[str] | None = None
    widths: Mapping[str, int] = field(default_factory=dict)
    sort: Sort | None = None
    is_compact: bool = False
    active: bool | None = True
    rule: Rule | None = None
    group_by: str = ""
    frozen_to: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a table is looked at, all of it: what a saved view keeps, besides the words of the quick filter."""

    columns: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)
    sort: Sort = ()
    active: bool | None = True
    rule: Rule | None = None
    is_compact: bool = False
    group_by: str = ""
    # The last of the columns that stay in their place; empty where all scroll.
    frozen_to: str = ""

    def known_to(self, columns: Sequence[Column]) -> "Look":
        """The same look as far as a list of these columns can show it."""
        known = {column.key for column in columns}
        shown = tuple(key for key in self.columns if key in known) or usual_keys(columns)
        return replace(
            self,
            columns=shown,
            widths={key: width for key, width in self.widths.items() if key in shown},
            sort=tuple(level for level in self.sort if level[0] in known),
            group_by=self.group_by if self.group_by in known else "",
            frozen_to=self.frozen_to if self.frozen_to in shown else "",
        )


def usual_keys(columns: Sequence[Column]) -> tuple[str, ...]:
    """The columns that are seen when nobody chose."""
    return tuple(column.key for column in columns if column.is_shown)


def as_remembered(layout: TableLayout) -> dict[str, Any]:
    """The layout as plain JSON."""
    return {
        "order": list(layout.order),
        "hidden": None if layout.hidden is None else sorted(layout.hidden),
        "widths": dict(layout.widths),
        "sort": None if layout.sort is None else [list(level) for level in layout.sort],
        "compact": layout.is_compact,
        "active": layout.active,
        "rule": None if layout.rule is None else layout.rule.model_dump(mode="json", exclude_none=True),
        "group": layout.group_by,
        "frozen_to": layout.frozen_to,
    }


def from_memory(kept: object) -> TableLayout:
    """The layout that was kept; whatever makes no sense (any more) is as if it had never been said."""
    if not isinstance(kept, dict):
        return TableLayout()
    hidden, sort, widths = kept.get("hidden"), kept.get("sort"), kept.get("widths")
    active = kept.get("active", True)
    return TableLayout(
        order=_texts(kept.get("order")),
        hidden=frozenset(_texts(hidden)) if isinstance(hidden, list) else None,
        widths={str(key): width for key, width in widths.items() if isinstance(width, int)}
        if isinstance(widths, dict)
        else {},
        sort=_levels(sort) if isinstance(sort, list) else None,
        is_compact=kept.get("compact") is True,
        active=active if active is None or isinstance(active, bool) else True,
        rule=_rule(kept.get("rule")),
        group_by=_text(kept.get("group")),
        frozen_to=_text(kept.get("frozen_to")),
    )


def _rule(kept: object) -> Rule | None:
    try:
        return None if kept is None else Rule.model_validate(kept)
    except ValueError:
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(values: object) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str)) if isinstance(values, list) else ()


def _levels(values: list[Any]) -> Sort:
    return tuple(
        (level[0], bool(level[1]))
        for level in values
        if isinstance(level, list) and len(level) == 2 and isinstance(level[0], str)
    )

"""The lines of a grouped list: a head for each group, and below it the records of those groups that are open."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from saasdesk.fields import FieldType
from saasdesk.records.listing import Column, Group, Special
from saasdesk.ui.tables.cells import CellTexts, status_of
from saasdesk.ui.visible_text import visible_text

# How a group is known again when the list is read anew.
GroupKey = str | float | None


@dataclass(frozen=True, slots=True)
class Head:
    """The line above the records of a group: what they have in common, how many they are, and their sums."""

    key: GroupKey
    text: str
    count: int
    sums: Mapping[str, str]

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        return f"{self.text}, {QLocale().toString(self.count)}"


@dataclass(frozen=True, slots=True)
class Lines:
    """What is seen: record ids, and for the head of group N the number -1 - N; and in which rows the heads stand."""

    ids: "array[int]"
    rows_of_heads: "array[int]"
    grouping: "Grouping"
    closed: frozenset[GroupKey]

    def head_at(self, row: int) -> Head | None:
        """The head that stands in this row, if one does."""
        number = self.ids[row] if 0 <= row < len(self.ids) else 0
        return self.grouping.heads[-1 - number] if number < 0 else None

    def row_above(self, row: int) -> int:
        """Where the head of the group stands that this row belongs to."""
        return self.rows_of_heads[max(0, bisect_right(self.rows_of_heads, row) - 1)]

    def count_records(self, rows: Iterable[range]) -> int:
        """How many records there are in these rows."""
        heads = self.rows_of_heads
        return sum(len(some) - (bisect_left(heads, some.stop) - bisect_left(heads, some.start)) for some in rows)


class Grouping:
    """Every record of a list, group by group."""

    def __init__(self, ids: "array[int]", heads: Sequence[Head]) -> None:
        self.ids = ids
        self.heads = tuple(heads)

    def lines(self, closed: Collection[GroupKey] = ()) -> Lines:
        """What is seen when these groups are closed."""
        hidden = frozenset(closed)
        seen, rows = array("q"), array("q")
        start = 0
        for place, head in enumerate(self.heads):
            rows.append(len(seen))
            seen.append(-1 - place)
            if head.key not in hidden:
                seen.extend(self.ids[start : start + head.count])
            start += head.count
        return Lines(seen, rows, self, hidden)

    def group_of(self, record: int) -> GroupKey:
        """The group in which a record is; a ValueError where it is in none."""
        place = self.ids.index(record)
        for head in self.heads:
            place -= head.count
            if place < 0:
                return head.key
        raise ValueError(record)


def heads_of(
    texts: CellTexts, column: Column, groups: Sequence[Group], columns: Mapping[str, Column]
) -> tuple[Head, ...]:
    """The groups in the words of the window; done in the worker."""
    return tuple(
        Head(
            group.value,
            _text_of(texts, column, group),
            group.count,
            {key: texts.number(columns[key], total) for key, total in group.sums if key in columns},
        )
        for group in groups
    )


def _text_of(texts: CellTexts, column: Column, group: Group) -> str:
    value = group.value
    if value is None or value == "":
        return QCoreApplication.translate("Grouping", "{0} is empty").format(visible_text(column.title))
    if column.is_date:
        year, _, month = str(value).partition("-")
        day = QDate(int(year), int(month), 1) if year.isdecimal() and month.isdecimal() else QDate()
        return QLocale().toString(day, "MMMM yyyy") if day.isValid() else visible_text(str(value))
    if column.type is FieldType.FLAG:
        yes, no = QCoreApplication.translate("Grouping", "yes"), QCoreApplication.translate("Grouping", "no")
        return f"{visible_text(column.title)}: {yes if value else no}"
    if column.is_number and isinstance(value, int | float):
        return texts.number(column, value)
    return status_of(value).word if column.type is Special.STATUS else visible_text(str(value))

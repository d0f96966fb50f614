"""A dashboard: up to eight widgets, each a question to the records. One document, kept and filed."""

from enum import StrEnum
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from saasdesk.licences.priced_lists import ListObject
from saasdesk.reports.documents import NamedDocument
from saasdesk.reports.names import Title
from saasdesk.rules import Rule

MOST_WIDGETS = 8
# A board is four columns wide; a widget takes some of them, and some rows.
COLUMNS, MOST_ROWS = 4, 3
MOST_COLUMNS = 8


class WidgetKind(StrEnum):
    """How a figure is shown."""

    NUMBER = "number"
    BAR = "bar"
    STACKED = "stacked"
    DONUT = "donut"
    LINE = "line"
    TABLE = "table"
    SYNC_HEALTH = "sync_health"
    TEXT = "text"


class Measure(StrEnum):
    """What is told of the records of a group."""

    COUNT = "count"
    DISTINCT = "distinct"
    SUM = "sum"
    AVERAGE = "average"
    MIN = "min"
    MAX = "max"


class DateGroup(StrEnum):
    """How the values of a date are put together: by how long ago, by how soon, or by month."""

    AGE = "age"
    AHEAD = "ahead"
    MONTHS = "months"


GROUPED = frozenset({WidgetKind.BAR, WidgetKind.STACKED, WidgetKind.DONUT})
# More parts of a ring than these, and of those without a value, nobody tells apart.
MOST_SLICES = 4
ASKING = frozenset({*GROUPED, WidgetKind.NUMBER, WidgetKind.LINE, WidgetKind.TABLE})


# What says nothing in a small card.
_NEEDING_ROOM = frozenset(WidgetKind) - {WidgetKind.NUMBER, WidgetKind.TEXT}


class Widget(BaseModel):
    """One figure of a board. Widgets stand in their order, from left to right and from top to bottom."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Title
    kind: WidgetKind
    object: ListObject = ListObject.PEOPLE
    records: Literal["active", "deactivated", "all"] = "active"
    filter: Rule | None = None
    group_by: str = Field(default="", max_length=100)
    split_by: str = Field(default="", max_length=100)
    dates: DateGroup = DateGroup.AGE
    bands: tuple[int, ...] = Field(default=(30, 60, 90), min_length=1, max_length=4)
    measure: Measure = Measure.COUNT
    of: str = Field(default="", max_length=100)
    columns: tuple[str, ...] = Field(default=(), max_length=MOST_COLUMNS)
    limit: int = Field(default=8, ge=1, le=30)
    period: int = Field(default=30, ge=2, le=730)
    text: str = Field(default="", max_length=2_000)
    width: int = Field(default=1, ge=1, le=COLUMNS)
    height: int = Field(default=1, ge=1, le=MOST_ROWS)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind in GROUPED and not self.group_by:
            raise ValueError(f"group_by: a {self.kind.value} widget needs the field by which its marks are grouped")
        if self.kind is WidgetKind.STACKED and not self.split_by:
            raise ValueError("split_by: a stacked widget needs the field by which each bar is divided")
        if self.measure is not Measure.COUNT and not self.of:
            raise ValueError(f"of: {self.measure.value} needs the field that is measured")
        if self.kind is WidgetKind.DONUT and self.measure not in {Measure.COUNT, Measure.SUM}:
            raise ValueError("measure: a donut shows parts of a whole, so it takes count or sum")
        if self.kind is WidgetKind.LINE and self.measure is not Measure.COUNT:
            raise ValueError("measure: a line shows how many records there were, so it takes count only")
        if self.kind is WidgetKind.LINE and not self.object.has_states:
            raise ValueError("object: how seats were used before is kept nowhere, so no line tells of them")
        if list(self.bands) != sorted(set(self.bands)) or not 0 < self.bands[0] <= self.bands[-1] <= 3_650:
            raise ValueError("bands: days from 1 to 3650, each more than the one before")
        if self.kind is WidgetKind.TEXT and not self.text.strip():
            raise ValueError("text: a text widget needs something to say")
        return self

    @property
    def most_groups(self) -> int:
        """How many groups there are before the rest is one."""
        return MOST_SLICES if self.kind is WidgetKind.DONUT else self.limit

    @property
    def is_divided(self) -> bool:
        """Whether each bar has parts."""
        return self.kind is WidgetKind.STACKED

    @property
    def measured(self) -> str:
        """The field whose values are measured; none where records are counted."""
        return "" if self.measure is Measure.COUNT else self.of

    @property
    def active(self) -> bool | None:
        """Which records it asks for, as lists say it."""
        return {"active": True, "deactivated": False, "all": None}[self.records]


def roomy(widget: Widget, kind: WidgetKind) -> tuple[int, int]:
    """How many columns and rows a widget has when it is shown as this: a chart that was a number gets more of them."""
    if kind in _NEEDING_ROOM and widget.kind not in _NEEDING_ROOM:
        return max(2, widget.width), max(2, widget.height)
    return widget.width, widget.height


class BoardDocument(NamedDocument):
    """Everything an admin decides about one dashboard."""

    noun: ClassVar[str] = "dashboard"

    widgets: tuple[Widget, ...] = Field(default=(), alias="widget", max_length=MOST_WIDGETS)


parse_board = BoardDocument.parse
board_from = BoardDocument.of

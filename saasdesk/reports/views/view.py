"""A saved view: the columns of a list, its filter and its order. One document, kept and filed."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from saasdesk.licences.priced_lists import ListObject
from saasdesk.reports.documents import NamedDocument
from saasdesk.rules import Rule

MOST_COLUMNS = 200
MOST_LEVELS = 8
_NARROWEST, _WIDEST = 16, 4_000


class ViewDocument(NamedDocument):
    """Everything an admin decides about how a list is looked at.

    No columns means those that come by themselves. Widths are in pixels at a zoom of 100 %. A sort begins with a minus
    where the largest comes first. The columns up to `freeze_up_to` stay in their place while the others scroll.
    """

    noun: ClassVar[str] = "saved view"

    object: ListObject
    columns: tuple[str, ...] = Field(default=(), max_length=MOST_COLUMNS)
    widths: dict[str, int] = Field(default={}, max_length=MOST_COLUMNS)
    records: Literal["active", "deactivated", "all"] = "active"
    filter: Rule | None = None
    sort: tuple[str, ...] = Field(default=(), max_length=MOST_LEVELS)
    group_by: str = Field(default="", max_length=200)
    freeze_up_to: str = Field(default="", max_length=200)
    density: Literal["comfortable", "compact"] = "comfortable"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("columns: the same one stands there twice")
        if self.columns and self.freeze_up_to and self.freeze_up_to not in self.columns:
            raise ValueError(f"freeze_up_to: {self.freeze_up_to} is not one of the columns")
        for key, width in self.widths.items():
            if not _NARROWEST <= width <= _WIDEST:
                raise ValueError(f"widths.{key}: a column is {_NARROWEST} to {_WIDEST} pixels wide")
        return self

    @property
    def active(self) -> bool | None:
        """Which records it shows, as lists say it."""
        return {"active": True, "deactivated": False, "all": None}[self.records]

    @property
    def sorted_by(self) -> tuple[tuple[str, bool], ...]:
        """The columns by which it is sorted, and whether each is descending."""
        return tuple((key.removeprefix("-"), key.startswith("-")) for key in self.sort)

"""A report: which records, which of their columns, put together by what. One document, kept and filed."""

from enum import StrEnum
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.reports.csv_lines import CsvStyle
from saasdesk.reports.documents import NamedDocument
from saasdesk.reports.report.delivery import Delivery
from saasdesk.rules import Rule
from saasdesk.schedule import Schedule

MOST_COLUMNS = 60
MOST_GROUPS = 4
MOST_TOTALS = 8
MOST_SORTS = 8


class ReportObject(StrEnum):
    """What the lines of a report are about. A seat is a licence, or an account where there are no licences."""

    PEOPLE = "people"
    SAAS_USERS = "saas_users"
    LICENCES = "licences"
    SAAS_APPLICATIONS = "saas_applications"
    ASSETS = "assets"
    SEATS = "seats"
    CHANGES = "changes"

    @property
    def kind(self) -> ObjectKind:
        """The kind of record that a line leads to; of a seat, that is its licence."""
        if self is ReportObject.SEATS:
            return ObjectKind.LICENCES
        return ObjectKind.PEOPLE if self is ReportObject.CHANGES else ObjectKind(self.value)

    @property
    def has_states(self) -> bool:
        """Whether some of them may be deactivated."""
        return self not in {ReportObject.SEATS, ReportObject.CHANGES}


class TotalMeasure(StrEnum):
    """What is told of the records that are put together."""

    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    MIN = "min"
    MAX = "max"


_ADDED = frozenset({TotalMeasure.COUNT, TotalMeasure.SUM})


class Total(BaseModel):
    """One number for each group."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: TotalMeasure = TotalMeasure.COUNT
    of: str = Field(default="", max_length=200)
    title: str = Field(default="", max_length=100)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.measure is not TotalMeasure.COUNT and not self.of:
            raise ValueError(f"of: {self.measure.value} needs the column that is measured")
        return self

    @property
    def key(self) -> str:
        """How files, sorting and columns call it: "count", "sum_monthly"."""
        return "_".join(part for part in (self.measure.value, self.of.replace(".", "_")) if part)


class ReportFormat(BaseModel):
    """How its CSV looks; a spreadsheet opens it unless it is for programs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    delimiter: str = ","
    for_programs: bool = False

    @field_validator("delimiter")
    @classmethod
    def _known(cls, delimiter: str) -> str:
        try:
            CsvStyle(delimiter=delimiter)
        except UserError as error:
            raise ValueError(str(error)) from None
        return delimiter

    @property
    def style(self) -> CsvStyle:
        """The same in the terms of an export."""
        return CsvStyle(
            guard=not self.for_programs,
            bom=not self.for_programs,
            delimiter=self.delimiter,
            external_ids=self.for_programs,
        )


class ReportDocument(NamedDocument):
    """Everything an admin decides about one report.

    A column of another record has the other's name before it: "person.department". A sort begins with a minus where
    the largest comes first.
    """

    noun: ClassVar[str] = "report"

    object: ReportObject
    records: Literal["active", "deactivated", "all"] = "active"
    columns: tuple[str, ...] = Field(default=(), max_length=MOST_COLUMNS)
    filter: Rule | None = None
    group_by: tuple[str, ...] = Field(default=(), max_length=MOST_GROUPS)
    totals: tuple[Total, ...] = Field(default=(), alias="total", max_length=MOST_TOTALS)
    sort: tuple[str, ...] = Field(default=(), max_length=MOST_SORTS)
    format: ReportFormat = ReportFormat()
    schedule: Schedule | None = None
    delivery: Delivery | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for key, named in (("columns", self.columns), ("group_by", self.group_by), ("total", self.total_keys)):
            if len(set(named)) < len(named):
                raise ValueError(f"{key}: the same one stands there twice")
        if self.group_by and self.columns:
            raise ValueError("columns: a report that is grouped shows its groups and totals, and no other columns")
        if self.schedule is not None and self.delivery is None:
            raise ValueError("schedule: say in delivery where the report goes when it runs by itself")
        if self.totals and not self.group_by:
            raise ValueError("total: totals need group_by, which says what is put together")
        return self

    @property
    def runs_by_itself(self) -> bool:
        """Whether it has a schedule that does not rest."""
        return self.schedule is not None and self.delivery is not None and not self.delivery.paused

    def unscheduled(self) -> Self:
        """The same question, which runs only when somebody asks it."""
        return self.model_copy(update={"schedule": None, "delivery": None})

    def resting(self) -> Self:
        """The same, which runs by itself only after somebody has said so here."""
        if self.delivery is None:
            return self
        return self.model_copy(update={"delivery": self.delivery.model_copy(update={"paused": True})})

    @property
    def total_keys(self) -> tuple[str, ...]:
        """What its totals are called."""
        return tuple(total.key for total in self.all_totals)

    @property
    def all_totals(self) -> tuple[Total, ...]:
        """The totals of a grouped report: at least how many there are."""
        if self.group_by and not self.totals:
            return (Total(),)
        return self.totals

    @property
    def added_up(self) -> tuple[str, ...]:
        """Those of its totals whose sum over all lines means something: no averages, no lowest and highest."""
        return tuple(total.key for total in self.all_totals if total.measure in _ADDED)

    @property
    def active(self) -> bool | None:
        """Which records it asks for, as lists say it."""
        if not self.object.has_states:
            return None
        return {"active": True, "deactivated": False, "all": None}[self.records]

    @property
    def sorted_by(self) -> tuple[tuple[str, bool], ...]:
        """The columns by which it is sorted, and whether each is descending."""
        return tuple((key.removeprefix("-"), key.startswith("-")) for key in self.sort)


parse_report = ReportDocument.parse
report_from = ReportDocument.of

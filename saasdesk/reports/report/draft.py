"""A report while somebody edits it: it may lack things, and forgets nothing of what was chosen before."""

from collections.abc import Collection, Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from saasdesk.errors import UserError
from saasdesk.records.listing import Column
from saasdesk.reports.report.delivery import Delivery
from saasdesk.reports.report.document import (
    ReportDocument,
    ReportFormat,
    ReportObject,
    Total,
    TotalMeasure,
    report_from,
)
from saasdesk.rules import Rule
from saasdesk.schedule import Schedule


class TotalDraft(BaseModel):
    """One number for each group; what it measures may still be missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: TotalMeasure = TotalMeasure.COUNT
    of: str = ""
    title: str = ""

    @property
    def key(self) -> str:
        """How files, sorting and columns call it."""
        return Total.model_construct(measure=self.measure, of=self.of).key


class ReportDraft(BaseModel):
    """What the window edits. A report has columns or groups; a draft keeps both, and says which of them count."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    object: ReportObject
    description: str = ""
    records: Literal["active", "deactivated", "all"] = "active"
    is_grouped: bool = False
    columns: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    totals: tuple[TotalDraft, ...] = ()
    filter: dict[str, Any] | None = None
    sort: tuple[str, ...] = ()
    format: ReportFormat = ReportFormat()
    # Decided elsewhere, and carried along.
    schedule: Schedule | None = None
    delivery: Delivery | None = None

    def document(self) -> ReportDocument:
        """The report as it would be kept; a UserError says what is still missing or wrong."""
        if not self.name.strip():
            raise UserError("A report needs a name.")
        if self.is_grouped and not self.group_by:
            raise UserError("Choose by what the lines are put together, or let each record be a line.")
        data = self.model_dump(mode="json", exclude={"is_grouped", "columns", "group_by", "totals"})
        data["name"] = self.name.strip()
        if self.is_grouped:
            data |= {"group_by": self.group_by, "total": [total.model_dump(mode="json") for total in self.totals]}
        else:
            data["columns"] = self.columns
        return report_from(data, "The report")

    @property
    def asks(self) -> tuple[Any, ...]:
        """All that decides its lines: whoever edits anything else need not read them again."""
        lines = (self.group_by, self.totals) if self.is_grouped else (self.columns,)
        return (self.object, self.records, self.is_grouped, *lines, repr(self.filter), self.sort)

    def about(self, other: ReportObject, known: Mapping[str, Column]) -> Self:
        """The same question to other records, as far as they have these fields."""

        def kept(keys: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(key for key in keys if key in known)

        rule = self.filter
        if rule is not None and not _fields_of(rule) <= known.keys():
            rule = None
        totals = tuple(total for total in self.totals if not total.of or total.of in known)
        changed = {
            "object": other,
            "columns": kept(self.columns),
            "group_by": kept(self.group_by),
            "totals": totals,
            "filter": rule,
        }
        draft = self.model_copy(update=changed)
        return draft.sorted_within({*known, *(total.key for total in totals)})

    def sorted_within(self, there: Collection[str]) -> Self:
        """The same, sorted only by what is there."""
        return self.model_copy(update={"sort": tuple(key for key in self.sort if key.removeprefix("-") in there)})


def draft_of(document: ReportDocument) -> ReportDraft:
    """A report to edit."""
    return ReportDraft(
        name=document.name,
        object=document.object,
        description=document.description,
        records=document.records,
        is_grouped=bool(document.group_by),
        columns=document.columns,
        group_by=document.group_by,
        totals=tuple(TotalDraft(**total.model_dump()) for total in document.totals),
        filter=None if document.filter is None else document.filter.model_dump(mode="json", exclude_none=True),
        sort=document.sort,
        format=document.format,
        schedule=document.schedule,
        delivery=document.delivery,
    )


def _fields_of(rule: Mapping[str, Any]) -> set[str]:
    """What a rule speaks of; of one that is half done, nothing that could be kept."""
    try:
        return Rule.model_validate(rule).field_names()
    except ValidationError:
        return {""}

"""A workflow's plan as a CSV file: one row for each request and each change, and what became of it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import orjson

from saasdesk.fields import FieldType
from saasdesk.jobs import Tell
from saasdesk.records.listing import Column as ListColumn
from saasdesk.reports.csv_export import Manifest, export_csv
from saasdesk.ui.pages.workflows.plan.contents import KEPT_BACK, PlanContents

_NAMES = (
    "record", "kind", "goes", "block", "request", "parameters", "body", "field", "before", "after", "problem", "outcome"
)  # fmt: skip


def export_work(
    contents: PlanContents, ticked: frozenset[int], outcomes: Mapping[int, str], target: Path
) -> Callable[[Tell, threading.Event], object]:
    """Write the plan to a file; `outcomes` says in words what became of each record, where it was run."""
    columns = tuple(ListColumn(name, name.capitalize(), FieldType.SHORT_TEXT) for name in _NAMES)

    def work(tell: Tell, stop: threading.Event) -> object:
        manifest = Manifest(what=f"plan of the workflow {contents.workflow.name}", filter="all records", run="")
        return export_csv(
            columns, exported(contents, ticked, outcomes), target, manifest=manifest, tell=tell, stop=stop
        )

    return work


def exported(contents: PlanContents, ticked: frozenset[int], outcomes: Mapping[int, str]) -> Iterator[tuple[str, ...]]:
    """The rows of the file."""
    for way in contents.plan.ways:
        kind = contents.kind_of(way)
        goes = "no" if kind in KEPT_BACK or way.record not in ticked else "yes"
        outcome = outcomes.get(way.record, "")
        is_told = False
        for step in way.steps:
            for request in step.foreseen.requests:
                asked = "&".join(f"{key}={value}" for key, value in request.params.items())
                body = "" if request.body is None else orjson.dumps(request.body).decode()
                yield (way.label, kind, goes, step.title, request.line, asked, body, "", "", "", "", outcome)
                is_told = True
            for change in step.foreseen.changes:
                before, after = ("" if value is None else str(value) for value in (change.before, change.after))
                yield (way.label, kind, goes, step.title, "", "", "", change.label, before, after, "", outcome)
                is_told = True
        if way.problem or not is_told:
            yield (way.label, kind, goes, "", "", "", "", "", "", "", way.problem, outcome)

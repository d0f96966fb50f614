"""A plan as a CSV file: one row a changed field, all of them, whatever is shown."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from saasdesk.fields import FieldType
from saasdesk.jobs import Tell
from saasdesk.records.listing import Column as ListColumn
from saasdesk.reports.csv_export import Manifest, export_csv
from saasdesk.store import Store
from saasdesk.sync.plan_index import stream_lines
from saasdesk.sync.previews.rows import Unticked
from saasdesk.ui.pages.plan.contents import PlanContents
from saasdesk.ui.pages.plan.field_words import before_and_after, label_of_change

_NAMES = ("change", "held", "ticked", "object", "record", "field", "before", "after", "reason")
_APPLIED = frozenset({"create", "update", "reactivate", "deactivate"})


def export_work(
    store: Store, contents: PlanContents, unticked: Unticked, target: Path
) -> Callable[[Tell, threading.Event], object]:
    """Write the plan to a file."""
    columns = tuple(ListColumn(name, name.capitalize(), FieldType.SHORT_TEXT) for name in _NAMES)

    def work(tell: Tell, stop: threading.Event) -> object:
        manifest = Manifest(what=f"plan {contents.plan.id}", filter="all lines", run=str(contents.session.id))
        return export_csv(
            columns, _exported(store, contents, unticked, stop), target, manifest=manifest, tell=tell, stop=stop
        )

    return work


def _exported(
    store: Store, contents: PlanContents, unticked: Unticked, stop: threading.Event
) -> Iterator[tuple[str, ...]]:
    for line in stream_lines(store, contents.plan.id, stop):
        before, after = before_and_after(contents.words, line.kind, line.object, line.field, line.before, line.after)
        label = label_of_change(contents.words, line.kind, line.object, line.field)
        held = "yes" if line.held else "no"
        ticked = ""
        if line.kind in _APPLIED and not line.held:
            change = (line.seq, line.field if line.kind == "update" else "")
            ticked = "no" if change in unticked else "yes"
        yield (line.kind, held, ticked, line.object, line.label, label, before, after, line.reason)

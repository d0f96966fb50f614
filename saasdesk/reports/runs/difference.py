"""How the lines of a report differ now from those of its latest run."""

import contextlib
import threading
from dataclasses import dataclass

from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.lines import ReportLines
from saasdesk.reports.runs import rows
from saasdesk.reports.runs.kept_lines import LineChange, comparison_with
from saasdesk.reports.runs.rows import RunRow
from saasdesk.store import Store

MOST_TOLD = 10_000


@dataclass(frozen=True, slots=True)
class Difference:
    """What was added, removed and changed since a run; of very many changes the first ones."""

    since: RunRow
    added: int
    removed: int
    changed: int
    changes: tuple[LineChange, ...]

    @property
    def total(self) -> int:
        """How many lines differ."""
        return self.added + self.removed + self.changed


def latest_comparable(store: Store, document: ReportDocument) -> RunRow | None:
    """The run that the lines can be compared with; None where there was none yet, or its lines were too many."""
    with store.reading() as db:
        return rows.latest_kept(db, document.name)


def difference_now(store: Store, document: ReportDocument, stop: threading.Event | None = None) -> Difference | None:
    """Compare the lines of now with those of the latest run; None where nothing can be compared."""
    since = latest_comparable(store, document)
    if since is None:
        return None
    lines = ReportLines(store, document)
    keys = [column.key for column in lines.columns()]
    comparison = comparison_with(store.profile.reports / since.kept, document, keys)
    if comparison is None:
        return None
    changes: list[LineChange] = []
    with contextlib.closing(lines.numbered(lines.query, stop)) as found:
        for record, line in found:
            change = comparison.see(record, line)
            if change is not None and len(changes) < MOST_TOLD:
                changes.append(change)
    for change in comparison.left():
        if len(changes) >= MOST_TOLD:
            break
        changes.append(change)
    return Difference(since, comparison.added, comparison.removed, comparison.changed, tuple(changes))

"""What a session changed, and what it left as it was, as CSV files."""

import threading
from collections.abc import Iterable
from pathlib import Path

from saasdesk.fields import FieldType
from saasdesk.jobs import Tell, Work
from saasdesk.records.listing import Column
from saasdesk.records.listing.columns import Value
from saasdesk.reports.csv_export import Manifest, export_csv
from saasdesk.services import Services
from saasdesk.sync import sessions
from saasdesk.sync.history import stream_changes
from saasdesk.ui.pages.activity.problem_words import cause_in_words

_OF_CHANGES = ("at", "session", "cause", "object", "record", "change", "field", "before", "after", "reason")
_OF_LEFT = ("id", "record", "cause", "message", "accepted")


def export_changes(services: Services, session: int, target: Path) -> Work:
    """Write the changes of a session: one row a changed field."""

    def work(tell: Tell, stop: threading.Event) -> object:
        rows = stream_changes(services.store, session, stop)
        return _export("changes", session, _OF_CHANGES, rows, target, tell, stop)

    return work


def export_left(services: Services, session: int, target: Path) -> Work:
    """Write what a session left as it was: the vendor's id or the number of the line, and why."""

    def work(tell: Tell, stop: threading.Event) -> object:
        rows = (
            (
                error.vendor_id or "",
                error.record,
                cause_in_words(error.cause),
                error.message,
                "yes" if error.accepted else "no",
            )
            for error in sessions.errors_of(services.store, session)
        )
        return _export("left as it was", session, _OF_LEFT, rows, target, tell, stop)

    return work


def _export(
    what: str,
    session: int,
    names: tuple[str, ...],
    rows: Iterable[tuple[Value, ...]],
    target: Path,
    tell: Tell,
    stop: threading.Event,
) -> object:
    columns = tuple(Column(name, name.capitalize(), FieldType.SHORT_TEXT) for name in names)
    manifest = Manifest(what=what, filter=f"session {session}", run=str(session))
    return export_csv(columns, rows, target, manifest=manifest, tell=tell, stop=stop)

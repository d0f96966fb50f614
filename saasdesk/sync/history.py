"""The changes of records as rows to export, from one moment's view of the database."""

import threading
from collections.abc import Iterator

from saasdesk.store import Store
from saasdesk.sync import rows

ChangeValues = tuple[str | int | float | None, ...]


def stream_changes(
    store: Store, session: int | None = None, stop: threading.Event | None = None
) -> Iterator[ChangeValues]:
    """(at, session, cause, object, record, change, field, before, after, reason) of every change, oldest first."""
    with store.reading(snapshot=True, stop=stop) as db:
        for change in rows.changes(db, session):
            yield (
                change.at,
                change.session,
                change.cause,
                change.object,
                change.label,
                change.kind,
                change.field,
                _plain(change.before),
                _plain(change.after),
                change.reason,
            )


def _plain(value: object) -> str | int | float | None:
    return value if value is None or isinstance(value, str | int | float) else str(value)

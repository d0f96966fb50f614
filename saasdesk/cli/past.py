"""`--as-of`: reading commands that show what was."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from saasdesk.records.past import moment_of_text, past_store
from saasdesk.store import Store

AS_OF = typer.Option(
    None, "--as-of", metavar="MOMENT", help="As it was: 2026-11-02, '2026-11-02 08:30', or after a run: '#12'."
)


@contextmanager
def store_as_of(store: Store, text: str | None, stop: threading.Event) -> Iterator[Store]:
    """The store as it was at the moment that a text names, or as it is without one."""
    if text is None:
        yield store
        return
    with past_store(store, moment_of_text(store, text), lambda _share: None, stop) as past:
        yield past

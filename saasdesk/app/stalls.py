"""Tells of runs of which nothing is heard any more, while they are still going on."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from saasdesk.clock import now_text
from saasdesk.jobs import Jobs
from saasdesk.store import Connection, Store
from saasdesk.sync import rows
from saasdesk.sync.integration import Integration
from saasdesk.sync.telling import settle_stalled, tell_stalled
from saasdesk.ui.pages.integrations.run_progress import RunProgress
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.status_bar import STALLED_AFTER_SECONDS

_MINUTES = int(STALLED_AFTER_SECONDS // 60)


class Stalls(QObject):
    """One for a window: a run that stalls is told of once, and no more once it goes on or is over."""

    def __init__(self, store: Store, jobs: Jobs, watch: RunWatch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store, self._jobs, self._watch = store, jobs, watch
        self._told: set[str] = set()
        watch.changed.connect(self._on_changed)
        watch.ended.connect(self._on_ended)

    def _on_changed(self, name: str) -> None:
        progress = self._watch.find(name)
        is_stalled = progress is not None and progress.is_stalled(self._watch.now())
        if is_stalled and progress is not None and name not in self._told:
            self._tell(progress)
        elif name in self._told and not is_stalled:
            self._settle(name)

    def _on_ended(self, name: str, _message: object) -> None:
        if name in self._told:
            self._settle(name)

    def _tell(self, progress: RunProgress) -> None:
        self._told.add(progress.integration)
        self._write(
            progress.integration,
            lambda db, integration: tell_stalled(db, integration, progress.session, _MINUTES, now_text()),
        )

    def _settle(self, name: str) -> None:
        self._told.discard(name)
        self._write(name, lambda db, integration: settle_stalled(db, integration, now_text()))

    def _write(self, name: str, change: Callable[[Connection, Integration], None]) -> None:
        store = self._store

        def work(db: Connection) -> None:
            found = rows.integration_named(db, name)
            if found is not None:
                change(db, found)

        self._jobs.start(lambda _tell, _stop: store.write(work), "Telling of a run that stalls", "notices")

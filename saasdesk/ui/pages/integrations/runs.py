"""Starting and cancelling the run of an integration, the same from every page."""

import threading
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from saasdesk.jobs import Tell, Work
from saasdesk.services import Services
from saasdesk.sync import integrations
from saasdesk.sync.events import SyncResult
from saasdesk.sync.imports.applying import apply_import
from saasdesk.sync.integration import Integration
from saasdesk.sync.previews.applying import apply_preview
from saasdesk.sync.previews.rows import Unticked
from saasdesk.sync.run import RunOptions, run_integration
from saasdesk.sync.together import about
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.integrations.run_watch import RunWatch

# What the job of an import is about: it writes records.
IMPORTING = "records from a file"
_FOR_REAL = RunOptions()
PREVIEW = RunOptions(preview=True)


class Runs:
    """Runs integrations as jobs of the frame; one that runs already is not started again, whoever started it."""

    def __init__(self, services: Services, frame: Frame, watch: RunWatch, page: QWidget) -> None:
        self._services, self._frame, self._watch, self._page = services, frame, watch, page

    def start(self, integration: Integration, options: RunOptions = _FOR_REAL) -> bool:
        """Begin a run, as the integration is set up by now; says whether it began."""
        services, name = self._services, integration.name

        def work(tell: Tell, stop: threading.Event) -> SyncResult:
            newest = integrations.find_integration(services.store, name)
            return run_integration(services.store, services.vault, newest, options, tell, stop)

        return self._begin(integration, work)

    def apply(self, integration: Integration, plan: int, unticked: Unticked) -> bool:
        """Begin to write what a preview showed, less what was unticked; says whether it began."""
        store = self._services.store
        return self._begin(integration, lambda tell, stop: apply_preview(store, plan, unticked, tell, stop))

    def apply_import(self, name: str, plan: int, unticked: Unticked) -> bool:
        """Begin to write what the plan of a file showed; says whether it began."""
        store = self._services.store

        def work(tell: Tell, stop: threading.Event) -> SyncResult:
            return apply_import(store, plan, unticked, tell, stop)

        job = self._frame.start_job(work, QCoreApplication.translate("Runs", "Importing {0}").format(name), IMPORTING)
        return job is not None

    def _begin(self, integration: Integration, work: Work) -> bool:
        name = integration.name
        if self._watch.find(name) is not None:
            text = QCoreApplication.translate("Runs", "“{0}” is still running.").format(name)
            show = QCoreApplication.translate("Runs", "Show")
            self._frame.toast(text, "info", (show, lambda: self._frame.navigate("activity")))
            return False
        job = self._frame.start_job(work, name, about(integration))
        if job is not None:
            self._watch.note_started(job, name, self._page)
        return job is not None

    def start_all(self, wanted: Sequence[Integration]) -> None:
        """Begin the runs of several, but for those that run already."""
        for integration in wanted:
            if self._watch.find(integration.name) is None:
                self.start(integration)

    def cancel_all(self) -> None:
        """Ask every run to stop."""
        for progress in self._watch.running:
            self.cancel(progress.integration)

    def cancel(self, name: str) -> None:
        """Ask the run of this integration to stop, and show at once that it was asked."""
        progress = self._watch.find(name)
        if progress is not None and not progress.is_cancelling:
            self._watch.note_cancelling(name)
            self._frame.cancel_job(progress.job)

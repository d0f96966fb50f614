"""Taking an import back, after a question that says what becomes of its records."""

import threading

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.jobs import Tell
from saasdesk.services import Services
from saasdesk.sync.imports.applying import undo_import
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.hand_jobs import HandJobs
from saasdesk.ui.moments import counted, number
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.activity.contents import SessionContents
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton
from saasdesk.ui.widgets.question import Question


class TakingBack(QObject):
    """Asks, then works in a job; `done` says that the session is to be read again."""

    done = Signal()

    def __init__(self, services: Services, frame: Frame, theme: Theme, bridge: Bridge, page: QWidget) -> None:
        super().__init__(page)
        self._store, self._frame, self._theme, self._page = services.store, frame, theme, page
        self._jobs = HandJobs(frame, bridge, self)
        self.question: Question | None = None

    def ask(self, contents: SessionContents) -> None:
        """Ask whether this import is to be taken back."""
        session = contents.session
        keep = OutlinedButton(self._theme, self.tr("Leave it"))
        back = DangerButton(self._theme, self.tr("Take it back"))
        back.clicked.connect(lambda: self._take_back(session.id))
        made, changed = (int(session.counts.get(name, 0)) for name in ("created", "updated"))
        one, many = (
            self.tr("The {0} record that it made is archived."),
            self.tr("The {0} records that it made are archived."),
        )
        what = [counted(made, one, many)] if made else []
        one, many = (
            self.tr("The {0} that it changed gets its former values."),
            self.tr("The {0} that it changed get their former values."),
        )
        what += [counted(changed, one, many)] if changed else []
        self.question = Question(
            self._theme,
            self.tr("Take the import of {0} back?").format(session.integration_name),
            " ".join((*what, self.tr("What was changed since stays as it is."))),
            [keep, back],
            parent=self._page,
        )
        self.question.open()

    def _take_back(self, session: int) -> None:
        store = self._store

        def work(_tell: Tell, _stop: threading.Event) -> tuple[int, int]:
            return undo_import(store, session)

        self._jobs.start(work, self.tr("Taking the import back"), self._on_taken_back, f"undo:{session}")

    def _on_taken_back(self, done: tuple[int, int]) -> None:
        back, stayed = done
        text = counted(back, self.tr("{0} record is as it was."), self.tr("{0} records are as they were."))
        if stayed:
            text += " " + self.tr("{0} were changed since and stay.").format(number(stayed))
        self._frame.toast(text, "ok")
        self.done.emit()

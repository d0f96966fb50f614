"""What is asked before the window goes: running jobs, and whether to go on without it in the tray."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.jobs import Job, Jobs
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton, PaintedButton, PrimaryButton
from saasdesk.ui.widgets.question import Question

_WAIT_MILLISECONDS = 2000
_LOOK_EVERY_MILLISECONDS = 25


class Staying(Protocol):
    """What the program knows about going on without a window."""

    def is_possible(self) -> bool:
        """Whether this desktop has a tray to go on in."""
        ...  # pragma: no cover - a Protocol

    def answer(self) -> bool | None:
        """Whether closing the window leaves the program in the tray; None where the admin is to be asked first."""
        ...  # pragma: no cover - a Protocol

    def keep(self, answer: bool) -> None:
        """Remember what the admin said."""
        ...  # pragma: no cover - a Protocol


class NeverStays:
    """No tray: the program ends with its window."""

    def is_possible(self) -> bool:
        """There is none."""
        return False

    def answer(self) -> bool | None:
        """It ends."""
        return False

    def keep(self, answer: bool) -> None:
        """Nobody is asked."""


class Closing(QObject):
    """Asks one question at a time; the first button of each keeps the window.

    `idle` says that no job is running any more, or that those that are have been waited for long enough.
    """

    stayed = Signal()
    hide_chosen = Signal()
    quit_chosen = Signal()
    idle = Signal()

    def __init__(self, theme: Theme, window: QWidget, staying: Staying) -> None:
        super().__init__(window)
        self._theme, self._window, self.staying = theme, window, staying
        self._question: Question | None = None
        self.is_waiting = False

    @property
    def is_asking(self) -> bool:
        """Whether an answer is awaited."""
        return self._question is not None

    def ask_about_jobs(self, running: Sequence[Job], *, may_hide: bool) -> None:
        """Jobs go on without a window only where there is a tray."""
        names = ", ".join(f"“{job.name}”" for job in running)
        one = len(running) == 1
        title = self.tr("A job is still running") if one else self.tr("{0} jobs are still running").format(len(running))
        text = self.tr("Quitting cancels {0}. What is half done is dropped; records stay as they were.").format(names)
        buttons: list[PaintedButton] = [OutlinedButton(self._theme, self.tr("Stay"))]
        if may_hide:
            hide = OutlinedButton(self._theme, self.tr("Keep running in the tray"))
            hide.clicked.connect(self.hide_chosen)
            buttons.append(hide)
        leave = DangerButton(self._theme, self.tr("Cancel and quit"))
        leave.clicked.connect(self.quit_chosen)
        buttons.append(leave)
        self._ask(Question(self._theme, title, text, buttons, parent=self._window))

    def ask_about_tray(self) -> None:
        """Once: schedules need the program, and the program need not have a window."""
        stay = OutlinedButton(self._theme, self.tr("Stay"))
        leave = OutlinedButton(self._theme, self.tr("Quit"))
        hide = PrimaryButton(self._theme, self.tr("Keep running in the tray"))
        leave.clicked.connect(lambda: self._remember(hides=False))
        hide.clicked.connect(lambda: self._remember(hides=True))
        question = Question(
            self._theme,
            self.tr("Keep saasdesk running in the tray?"),
            self.tr(
                "Your integrations have schedules, and they run only while saasdesk does. In the tray it needs no "
                "window; its icon opens it again, and quits it. You can change this at any time in Settings, Schedules."
            ),
            [stay, leave, hide],
            icon="clock",
            tone="accent",
            parent=self._window,
        )
        self._ask(question)

    def _ask(self, question: Question) -> None:
        self._question = question
        question.finished.connect(self._on_finished)
        question.open()

    def raise_question(self) -> None:
        """Bring the question that is open to the front."""
        if self._question is not None:
            self._question.raise_()

    def wait_for(self, jobs: Jobs) -> None:
        """Wait until the jobs, all of them asked to stop, have done so."""
        self.is_waiting = True
        waited = QElapsedTimer()
        waited.start()
        look = QTimer(self)
        look.setInterval(_LOOK_EVERY_MILLISECONDS)

        def look_again() -> None:
            if not jobs.running() or waited.elapsed() > _WAIT_MILLISECONDS:
                look.stop()
                self.idle.emit()

        look.timeout.connect(look_again)
        look.start()

    def _remember(self, *, hides: bool) -> None:
        self.staying.keep(hides)
        (self.hide_chosen if hides else self.quit_chosen).emit()

    def _on_finished(self, answer: int) -> None:
        if self._question is not None:
            self._question.deleteLater()
            self._question = None
        if not answer:
            self.stayed.emit()

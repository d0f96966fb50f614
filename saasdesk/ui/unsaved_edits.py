"""Edits of one document in a page: kept as a copy soon after each, saved when somebody says so, never lost unasked."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel
from PySide6.QtCore import QEventLoop, QObject
from PySide6.QtWidgets import QWidget

from saasdesk.store.unsaved import Unsaved, UnsavedCopies
from saasdesk.ui.moments import moment_within
from saasdesk.ui.navigation import Frame
from saasdesk.ui.reading import Reading
from saasdesk.ui.soon import soon
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.question import Question

# A copy is kept soon after the last edit: a crash costs a breath, not an hour.
_COPY_MILLISECONDS = 2_000

Document = TypeVar("Document", bound=BaseModel)
Saved = TypeVar("Saved")
Then = Callable[[str], object]
"""Hears why something was not kept; an empty text when it was."""


@dataclass(frozen=True, slots=True)
class Edited(Generic[Document]):
    """What a page holds: its number, the version that it began with, and the document as it is now."""

    number: int
    version: int
    document: Document
    is_dirty: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody is asked who leaves, and told who comes back after a crash."""

    question: str
    explanation: str
    save: str
    changed_since: str


class UnsavedEdits(QObject, Generic[Document]):
    """The one way in which a page with a document keeps, saves, offers and lets go of edits.

    `edited` says what the page holds now, None while it holds nothing. Where the banner stands, and when it is
    shown, is the page's affair.
    """

    def __init__(
        self,
        page: QWidget,
        theme: Theme,
        frame: Frame,
        readers: TableReaders,
        copies: UnsavedCopies[Document],
        edited: Callable[[], Edited[Document] | None],
        words: Words,
    ) -> None:
        super().__init__(page)
        self._page, self._theme, self._frame, self._readers = page, theme, frame, readers
        self._copies, self._edited, self._words = copies, edited, words
        self._reading = Reading(readers, self)
        self._soon = soon(self, _COPY_MILLISECONDS, self._keep_copy)

    # The copy

    def note_edit(self) -> None:
        """Something was edited: a copy is kept soon."""
        self._soon.start()

    def rest(self) -> None:
        """The page holds nothing any more; the copy stays."""
        self._soon.stop()

    def discard(self, number: int) -> None:
        """Let go of what was not saved."""
        self._soon.stop()
        self._copies.discard(number)

    def offer(
        self,
        unsaved: Unsaved[Document],
        version: int,
        banner: Banner,
        restore: Callable[[Document], object],
        forget: Callable[[], object],
    ) -> None:
        """Say in the banner that a crash has left edits behind."""
        take = OutlinedButton(self._theme, self.tr("Restore"))
        take.clicked.connect(lambda: restore(unsaved.document))
        leave = OutlinedButton(self._theme, self.tr("Discard"))
        leave.clicked.connect(forget)
        lead = self.tr("Edits of {0} were not saved.").format(moment_within(unsaved.edited_at))
        text = self._words.changed_since if unsaved.version != version else ""
        banner.say("info", lead, text, (leave, take))

    def _keep_copy(self) -> None:
        edited, copies = self._edited(), self._copies
        if edited is None:
            return
        if edited.is_dirty:
            self._readers.start(
                lambda _tell, _stop: copies.keep(edited.number, edited.version, edited.document), "draft"
            )
        else:
            copies.discard(edited.number)

    # Saving

    def save(self, number: int, write: Callable[[], Saved], kept: Callable[[Saved], object], then: Then) -> None:
        """Write in a worker; `kept` gets what was written, `then` hears how it went."""
        copies = self._copies

        def work(_stop: threading.Event) -> Saved:
            saved = write()
            copies.discard(number)
            return saved

        def done(saved: Saved) -> None:
            self._soon.stop()
            kept(saved)
            then("")

        def refused(sentence: str) -> None:
            self._frame.toast(sentence, "error", seconds=12)
            then(sentence)

        self._reading.ask("save", work, done, refused)

    # Leaving

    def ask_before_leaving(self, save: Callable[[Then], object], discard: Callable[[], object]) -> bool:
        """Save, discard or stay; whether the page may be left."""
        stay = OutlinedButton(self._theme, self.tr("Stay"))
        leave = OutlinedButton(self._theme, self.tr("Discard the changes"))
        keep = PrimaryButton(self._theme, self._words.save)
        answers: list[Callable[[], bool]] = []

        def let_go() -> bool:
            discard()
            return True

        leave.clicked.connect(lambda: answers.append(let_go))
        keep.clicked.connect(lambda: answers.append(lambda: _is_kept(save)))
        question = Question(
            self._theme, self._words.question, self._words.explanation, [stay, leave, keep], parent=self._page
        )
        question.exec()
        question.deleteLater()
        return bool(answers) and answers[0]()


def _is_kept(save: Callable[[Then], object]) -> bool:
    """Save for somebody who leaves: the window works on, but the page stays until it is known."""
    loop = QEventLoop()
    problems: list[str] = []

    def heard(problem: str) -> None:
        problems.append(problem)
        loop.quit()

    save(heard)
    if not problems:
        loop.exec()
    return problems == [""]

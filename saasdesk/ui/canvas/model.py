"""What is edited: the document of a workflow, what is selected in it, what is wrong with it, and how to undo."""

from collections.abc import Callable, Iterable
from time import monotonic

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from saasdesk.ui.edit_step import EditStep
from saasdesk.ui.soon import soon
from saasdesk.workflows.blocks import World
from saasdesk.workflows.graph import Block, WorkflowDocument
from saasdesk.workflows.layout import settled
from saasdesk.workflows.validation import Problem, problems_of

_UNDO_DEPTH = 500
_VALIDATE_AFTER_MS = 300


class WorkflowModel(QObject):
    """The one document that all views show. `changed` comes after every edit, undo and redo.

    `world` says what the document can refer to just now; it is asked on the GUI thread, so it answers from memory.
    """

    changed = Signal()
    selected = Signal()
    problems_changed = Signal()
    announced = Signal(str)
    # What cannot be done, and why: it is shown where the admin looks, and announced.
    refused = Signal(str)
    # Somebody asks for the inspector of the selected block, from the keyboard or by a double-click.
    inspector_wanted = Signal()

    def __init__(
        self,
        document: WorkflowDocument,
        world: Callable[[], World],
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(parent)
        # Blocks that were never placed get their places now, and keep them; by itself that is nothing to save.
        self._document = settled(document)
        self._world, self._clock = world, clock
        self._selection: tuple[str, ...] = ()
        self._problems: tuple[Problem, ...] = ()
        self._ended_merges = 0
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(_UNDO_DEPTH)
        self._validation = soon(self, _VALIDATE_AFTER_MS, self.validate)
        self._validation.start()

    @property
    def document(self) -> WorkflowDocument:
        """The workflow as it is now."""
        return self._document

    @property
    def world(self) -> World:
        """What it can refer to."""
        return self._world()

    def edit(self, name: str, document: WorkflowDocument, *, merge: str = "") -> None:
        """Make this the document, as one step that can be undone.

        Edits of the same `merge` that follow each other quickly are one step: a word is undone, not a letter.
        """
        document = settled(document)
        if document == self._document:
            return
        key = f"{self._ended_merges} {merge}" if merge else ""
        self.undo_stack.push(EditStep(name, self.take_over, self._document, document, key, self._clock()))

    def end_merge(self) -> None:
        """Let the next edit be a step of its own: the field has been left."""
        self._ended_merges += 1

    def take_over(self, document: WorkflowDocument) -> None:
        """Show a document; for edits, undo and redo alone."""
        self._document = document
        there = {block.id for block in document.blocks}
        kept = tuple(block for block in self._selection if block in there)
        self._validation.start()
        self.changed.emit()
        self.select(kept)

    @property
    def selection(self) -> tuple[str, ...]:
        """The ids of the selected blocks, the one selected last at the end."""
        return self._selection

    def select(self, ids: Iterable[str]) -> None:
        """Select these blocks and no others."""
        there = {block.id for block in self._document.blocks}
        wanted = tuple(dict.fromkeys(block for block in ids if block in there))
        if wanted != self._selection:
            self._selection = wanted
            self.selected.emit()

    @property
    def current(self) -> Block | None:
        """The one selected block; None for none or several."""
        return self._document.block(self._selection[0]) if len(self._selection) == 1 else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong when it was last looked at; looked at again a moment after each edit."""
        return self._problems

    @property
    def is_about_to_validate(self) -> bool:
        """Whether an edit is so fresh that its problems are not known yet."""
        return self._validation.isActive()

    def validate(self) -> None:
        """Look now at what is wrong: after the world has changed, or when the answer cannot wait."""
        self._validation.stop()
        found = tuple(problems_of(self._document, self._world()))
        if found != self._problems:
            self._problems = found
            self.problems_changed.emit()

    def announce(self, text: str) -> None:
        """Say what has happened, in the status line and to a screen reader."""
        self.announced.emit(text)

    def refuse(self, why: str) -> None:
        """Say why something was not done."""
        self.refused.emit(why)
        self.announced.emit(why)

    def look_around(self) -> None:
        """What the document can refer to has changed: draw and check it again."""
        self.changed.emit()
        self.validate()

"""One edit of a document as a step that can be undone: what it was before, and what it is after."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtGui import QUndoCommand

_MERGE_SECONDS = 0.7
# Edits that may be taken as one with the edit before carry this mark for the stack.
_MERGEABLE = 1

Document = TypeVar("Document")


class EditStep(QUndoCommand, Generic[Document]):
    """Steps of the same `merge` that follow each other quickly are one: a word is undone, not a letter."""

    def __init__(
        self,
        text: str,
        take_over: Callable[[Document], object],
        before: Document,
        after: Document,
        merge: str = "",
        at: float = 0,
    ) -> None:
        super().__init__(text)
        self._take_over, self._before = take_over, before
        self.after, self.merge, self.at = after, merge, at

    def id(self) -> int:
        return _MERGEABLE if self.merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, EditStep) or other.merge != self.merge or other.at - self.at > _MERGE_SECONDS:
            return False
        self.after, self.at = other.after, other.at
        return True

    def redo(self) -> None:
        self._take_over(self.after)

    def undo(self) -> None:
        self._take_over(self._before)

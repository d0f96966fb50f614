"""What an admin does on the canvas and in the outline: each is one step that can be undone, and says what it did."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from PySide6.QtGui import QGuiApplication

from saasdesk.errors import UserError
from saasdesk.ui.canvas.entries import BlockEntry
from saasdesk.ui.canvas.faces import outlet_in_words
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.outline_tree import MAIN_WAY
from saasdesk.workflows import editing
from saasdesk.workflows.blocks import outlets_of
from saasdesk.workflows.blocks.end import End
from saasdesk.workflows.graph import COMMENT, Link, WorkflowDocument
from saasdesk.workflows.layout import Point, auto_layout

Found = TypeVar("Found")


class CanvasVerbs:
    """Edits by name. What is refused is said, and changes nothing."""

    def __init__(self, model: WorkflowModel) -> None:
        self._model = model

    def title(self, block_id: str) -> str:
        """What a block is called."""
        block = self._model.document.block(block_id)
        return block_id if block is None else editing.title_of(block)

    def names(self, ids: Iterable[str]) -> str:
        """One block by its name, several by their number."""
        known = list(ids)
        return self.title(known[0]) if len(known) == 1 else f"{len(known)} blocks"

    def next_outlet(self, block_id: str) -> tuple[str, str] | None:
        """The outlet after which a new block comes: that of the main way, else the first that is free."""
        block = self._model.document.block(block_id)
        outlets = () if block is None else outlets_of(block)
        linked = {link.outlet for link in self._model.document.links if link.source == block_id}
        is_main = bool(outlets) and outlets[0] in MAIN_WAY
        free = None if is_main else next((outlet for outlet in outlets if outlet not in linked), None)
        found = free or next(iter(outlets), None)
        return None if found is None else (block_id, found)

    def place_to_add(self, kind: str = "") -> tuple[str, str] | None:
        """The outlet after which a block comes that nobody points out a place for.

        That of the selected block; before a selected End; where nothing is selected, at the end of the main way. An
        End takes nobody's place: it comes only where nothing follows yet.
        """
        current, document = self._model.current, self._model.document
        found = None if current is None or current.is_comment else self.next_outlet(current.id)
        if current is not None and found is None:
            found = next(((link.source, link.outlet) for link in document.links if link.to == current.id), None)
        found = found or self._end_of_way()
        is_taken = found is not None and document.after(*found) is not None
        return None if kind == End.key and is_taken else found

    def _end_of_way(self) -> tuple[str, str] | None:
        document = self._model.document
        here = next(iter(document.of_kind("begin")), None)
        found = None
        # A way that leads round in a circle has no end.
        for _ in document.blocks:
            leaving = None if here is None else self.next_outlet(here.id)
            if leaving is None:
                break
            found, here = leaving, document.after(*leaving)
        return found

    def add(
        self, entry: BlockEntry, *, after: tuple[str, str] | None = None, position: Point | None = None
    ) -> str | None:
        """Put a block in and select it; its id, None if it was refused."""

        def work(document: WorkflowDocument) -> tuple[WorkflowDocument, str]:
            return editing.add_block(
                document, entry.kind, after=after, position=position, settings=entry.settings, title=entry.block_title
            )

        added = self._try(lambda: work(self._model.document))
        if added is None:
            return None
        document, block_id = added
        self._model.edit(f"Add {entry.title}", document)
        self._model.select([block_id])
        where = f" after {self._way(*after)}" if after is not None and entry.kind != COMMENT else ""
        self._model.announce(f"{self.title(block_id)} added{where}.")
        return block_id

    def delete(self, ids: Iterable[str]) -> None:
        """Take blocks out; select what came before."""
        going = list(ids)
        names = self.names(going)
        before = next((link.source for link in self._model.document.links if link.to in going), None)
        document = self._try(lambda: editing.remove_blocks(self._model.document, going))
        if document is None:
            return
        self._model.edit(f"Delete {names}", document)
        self._model.select([before] if before is not None and len(going) == 1 else ())
        self._model.announce(f"{names} deleted. Ctrl+Z brings it back.")

    def connect(self, source: str, outlet: str, to: str) -> None:
        """Let an outlet lead to a block."""
        document = self._try(lambda: editing.connect(self._model.document, source, outlet, to))
        if document is not None:
            self._model.edit(f"Connect {self.title(source)} to {self.title(to)}", document)
            self._model.announce(f"{self._way(source, outlet)} leads to {self.title(to)}.")

    def disconnect(self, link: Link) -> None:
        """Take a wire away."""
        self._model.edit(
            f"Disconnect {self.title(link.source)} from {self.title(link.to)}",
            editing.disconnect(self._model.document, link),
        )
        self._model.announce(f"{self._way(link.source, link.outlet)} leads nowhere now.")

    def move(self, to: Mapping[str, Point], *, merge: str = "") -> None:
        """Put blocks elsewhere."""
        self._model.edit(f"Move {self.names(to)}", editing.move_blocks(self._model.document, to), merge=merge)

    def move_along(self, block_id: str, step: int) -> None:
        """Let a block change places with the one before (-1) or after (1) it on its way."""
        document = self._try(lambda: editing.move_along(self._model.document, block_id, step))
        if document is not None:
            self._model.edit(f"Move {self.title(block_id)}", document)
            before = next((link.source for link in document.links if link.to == block_id), "")
            self._model.announce(f"{self.title(block_id)} comes after {self.title(before)} now.")

    def rename(self, block_id: str, title: str) -> bool:
        """Call a block something else; False if it was refused."""
        before = self.title(block_id)
        document = self._try(lambda: editing.retitle(self._model.document, block_id, title))
        if document is None:
            return False
        self._model.edit(f"Rename {before}", document)
        self._model.announce(f"{before} is called {self.title(block_id)} now.")
        return True

    def label(self, link: Link, words: str) -> Link | None:
        """Write something on a wire; the wire as it is then, None if it was refused."""
        done = self._try(lambda: editing.label_link(self._model.document, link, words))
        if done is None:
            return None
        document, new = done
        way = f"The wire from {self._way(link.source, link.outlet)}"
        if new != link:
            self._model.edit(f"Label {self.title(link.source)} to {self.title(link.to)}", document)
            self._model.announce(f"{way} says “{new.label}” now." if new.label else f"{way} says nothing now.")
        return new

    def tidy(self) -> dict[str, Point]:
        """Lay the selected blocks out, or all of them where less than two are selected; where they stood before."""
        selection = self._model.selection
        chosen = selection if len(selection) > 1 else None
        before = {block.id: block.position for block in self._model.document.blocks if block.position is not None}
        to = auto_layout(self._model.document, chosen)
        self._model.edit(f"Tidy up {self.names(to)}", editing.move_blocks(self._model.document, to))
        self._model.announce(f"{self.names(to)} tidied up.")
        return before

    def copy(self, ids: Iterable[str]) -> None:
        """Put blocks on the clipboard, as text."""
        copied = list(ids)
        if copied:
            QGuiApplication.clipboard().setText(editing.copy_text(self._model.document, copied))
            self._model.announce(f"{self.names(copied)} copied.")

    def cut(self, ids: Iterable[str]) -> None:
        """Copy and delete."""
        going = list(ids)
        self.copy(going)
        if going:
            self.delete(going)

    def paste(self, at: Point | None = None) -> None:
        """Put in what is on the clipboard, and select it."""
        text = QGuiApplication.clipboard().text()
        self._put(lambda: editing.paste(self._model.document, text, at), "Paste", "pasted")

    def duplicate(self, ids: Iterable[str]) -> None:
        """Put blocks in once more, a little off."""
        copied = list(ids)
        if copied:
            text = editing.copy_text(self._model.document, copied)
            self._put(lambda: editing.paste(self._model.document, text, None), "Duplicate", "duplicated")

    def undo(self) -> None:
        """Take the last step back."""
        stack = self._model.undo_stack
        if stack.canUndo():
            name = stack.undoText()
            stack.undo()
            self._model.announce(f"Undone: {name}.")

    def redo(self) -> None:
        """Do it again."""
        stack = self._model.undo_stack
        if stack.canRedo():
            name = stack.redoText()
            stack.redo()
            self._model.announce(f"Done again: {name}.")

    def _put(self, work: Callable[[], tuple[WorkflowDocument, tuple[str, ...]]], verb: str, done: str) -> None:
        put = self._try(work)
        if put is not None:
            document, ids = put
            count = "1 block" if len(ids) == 1 else f"{len(ids)} blocks"
            self._model.edit(f"{verb} {count}", document)
            self._model.select(ids)
            self._model.announce(f"{count} {done}.")

    def _way(self, source: str, outlet: str) -> str:
        block = self._model.document.block(source)
        has_several = block is not None and len(outlets_of(block)) > 1
        return f"{self.title(source)}, {outlet_in_words(outlet)}" if has_several else self.title(source)

    def _try(self, work: Callable[[], Found]) -> Found | None:
        try:
            return work()
        except UserError as problem:
            self._model.refuse(str(problem))
            return None

"""The keys of the canvas: walking along wires, adding, connecting, and everything the mouse can do."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from saasdesk.ui.canvas.walking import sibling, walk
from saasdesk.ui.navigation import Keys
from saasdesk.workflows.layout import GRID

if TYPE_CHECKING:
    from saasdesk.ui.canvas.view import CanvasView

_PUSH = 64


def keys_of_canvas() -> tuple[Keys, Keys]:
    """The keys of canvas and outline in words, for the sheet of shortcuts."""
    canvas = (
        (_tr("Walk along the wires"), _tr("Arrows")),
        (_tr("To the block beside it"), _tr("Shift+Arrows")),
        (_tr("Move what is selected"), _tr("Alt+Arrows")),
        (_tr("Move it further"), _tr("Alt+Shift+Arrows")),
        (_tr("Push the canvas"), _tr("Ctrl+Arrows")),
        (_tr("Add a block"), _tr("Space or Tab")),
        (_tr("Connect the selected block"), "C"),
        (_tr("Open its settings"), _tr("Enter")),
        (_tr("Rename it, label a wire"), "F2"),
        (_tr("Duplicate"), "Ctrl+D"),
        (_tr("Tidy up"), "Ctrl+Shift+L"),
        (_tr("Actual size"), "1"),
        (_tr("Show what is selected"), "F"),
        (_tr("Show everything"), "Shift+F"),
        (_tr("Larger, smaller"), "+  -"),
    )
    outline = (
        (_tr("Add after it"), _tr("Insert or Enter")),
        (_tr("Connect"), "Ctrl+Enter"),
        (_tr("Open its settings"), _tr("Space")),
        (_tr("Rename it"), "F2"),
        (_tr("Label the wire that leads to it"), "Shift+F2"),
        (_tr("Move it along its way"), _tr("Alt+Up, Alt+Down")),
        (_tr("Find"), "Ctrl+F"),
    )
    return Keys(_tr("Canvas"), canvas), Keys(_tr("Outline"), outline)


class CanvasKeys:
    """What each key does. Space is told from Space held down, with which the mouse pushes the canvas."""

    def __init__(self, view: "CanvasView") -> None:
        self._view, self._model, self._verbs = view, view.model, view.verbs
        self.is_pushing = False
        self._has_pushed = False

        def chosen() -> tuple[str, ...]:
            return self._model.selection

        self._keys: dict[str, Callable[[], object]] = {
            "Tab": view.offer,
            "Return": self._open,
            "Enter": self._open,
            "F2": self._rename,
            "C": view.connect_from_here,
            "Del": self._delete,
            "Backspace": self._delete,
            "Esc": self._back,
            "Ctrl+A": lambda: self._model.select(block.id for block in self._model.document.blocks),
            "Ctrl+C": lambda: self._verbs.copy(chosen()),
            "Ctrl+X": lambda: self._verbs.cut(chosen()),
            "Ctrl+V": self._verbs.paste,
            "Ctrl+D": lambda: self._verbs.duplicate(chosen()),
            "Ctrl+Z": self._verbs.undo,
            "Ctrl+Y": self._verbs.redo,
            "Ctrl+Shift+Z": self._verbs.redo,
            "Ctrl+Shift+L": view.tidy,
            "1": lambda: view.set_zoom(1.0),
            "F": lambda: view.fit(chosen() or None),
            "Shift+F": view.fit,
            "+": lambda: view.zoom_step(1),
            "-": lambda: view.zoom_step(-1),
        }
        for name, across, down in (("Left", -1, 0), ("Right", 1, 0), ("Up", 0, -1), ("Down", 0, 1)):
            self._keys[name] = partial(self._walk, name.lower())
            self._keys[f"Shift+{name}"] = partial(self._walk_beside, across + down)
            self._keys[f"Alt+{name}"] = partial(self._nudge, across * GRID, down * GRID)
            self._keys[f"Alt+Shift+{name}"] = partial(self._nudge, 4 * across * GRID, 4 * down * GRID)
            self._keys[f"Ctrl+{name}"] = partial(view.push, QPoint(-across * _PUSH, -down * _PUSH))

    def takes(self, event: QKeyEvent) -> bool:
        """Whether the canvas wants a key that might be somebody's shortcut."""
        return key_name(event) in self._keys or event.key() == Qt.Key.Key_Space

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key says; False if it says nothing here."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            if not event.isAutoRepeat():
                self.is_pushing, self._has_pushed = True, False
                self._view.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
            return True
        work = self._keys.get(key_name(event))
        if work is None:
            return False
        work()
        event.accept()
        return True

    def release(self, event: QKeyEvent) -> bool:
        """Space let go: if nothing was pushed with it, it was meant to add a block."""
        if event.key() != Qt.Key.Key_Space or event.isAutoRepeat() or not self.is_pushing:
            return False
        has_pushed = self._has_pushed
        self.let_go()
        if not has_pushed:
            self._view.offer()
        return True

    def note_push(self) -> None:
        """The canvas was pushed while Space was down."""
        self._has_pushed = True

    def let_go(self) -> None:
        """Space is not down any more."""
        self.is_pushing = False
        self._view.viewport().unsetCursor()

    def _open(self) -> None:
        if self._model.current is not None:
            self._model.inspector_wanted.emit()
        elif self._model.selection:
            self._model.refuse("Several blocks are selected. Select one to open it.")

    def _rename(self) -> None:
        if self._view.selected_link is not None:
            self._view.rename_field.open_on(self._view.selected_link)
        elif self._model.current is not None and self._model.current.is_comment:
            # It has no name but what is written on it.
            self._open()
        elif self._model.current is not None:
            self._view.rename_field.open_for(self._model.current.id)

    def _delete(self) -> None:
        if self._view.selected_link is not None:
            self._verbs.disconnect(self._view.selected_link)
        elif self._model.selection:
            self._verbs.delete(self._model.selection)

    def _back(self) -> None:
        if not self._view.mouse.cancel():
            self._view.select_link(None)
            self._model.select(())

    def _walk(self, way: str) -> None:
        document = self._model.document
        link = self._view.selected_link
        if link is not None:
            self._go({"left": link.source, "right": link.to}.get(way))
        elif self._model.selection:
            self._go(walk(document, self._model.selection[-1], way))
        else:
            begin = next(iter(document.of_kind("begin")), None)
            self._go(begin.id if begin is not None else next((block.id for block in document.blocks), None))

    def _walk_beside(self, step: int) -> None:
        if self._model.selection:
            self._go(sibling(self._model.document, self._model.selection[-1], step))

    def _go(self, block_id: str | None) -> None:
        if block_id is None:
            self._model.announce("There is no block on this side.")
            return
        self._view.select_link(None)
        self._model.select([block_id])
        face = self._view.canvas.blocks[block_id].face
        document = self._model.document
        entering = sum(1 for link in document.links if link.to == block_id)
        self._model.announce(
            f"{face.spoken}. {entering} in, {len(face.outlets)} out. Enter opens, C connects, Space adds after it."
        )

    def _nudge(self, across: int, down: int) -> None:
        places = {
            block.id: block.position
            for block in self._model.document.blocks
            if block.id in self._model.selection and block.position is not None
        }
        if places:
            self._verbs.move(
                {block: (x + across, y + down) for block, (x, y) in places.items()}, merge=f"move {sorted(places)}"
            )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Canvas", text)


def key_name(event: QKeyEvent) -> str:
    """The key with its modifiers, as it is written ("Ctrl+Shift+L")."""
    combination = event.keyCombination()
    modifiers = combination.keyboardModifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = combination.key()
    # Some keys are reached with Shift on some keyboards: what counts is the sign.
    if key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeySequence(modifiers | key).toString(QKeySequence.SequenceFormat.PortableText)

"""A field on the canvas: a block is called something else in it, or something is written on a wire."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from saasdesk.ui.theme import Theme
from saasdesk.workflows.graph import LONGEST_NAME, Link

if TYPE_CHECKING:
    from saasdesk.ui.canvas.view import CanvasView


class RenameField(QLineEdit):
    """Enter takes the words over, Escape leaves the old ones; what is refused stays to be mended."""

    def __init__(self, theme: Theme, view: "CanvasView") -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        self._apply: Callable[[str], bool] = bool
        self.setMaxLength(LONGEST_NAME)
        self.setAccessibleName(self.tr("Name of the block"))
        self.returnPressed.connect(self._take_over)
        self.hide()

    def open_for(self, block_id: str) -> None:
        """Let a block be renamed."""
        self._view.reveal(block_id)
        item = self._view.canvas.blocks[block_id]
        self.setAccessibleName(self.tr("Name of the block"))
        self.setPlaceholderText(item.face.title)
        self._open(item.area, item.block.title, lambda text: self._view.verbs.rename(block_id, text))

    def open_on(self, link: Link) -> None:
        """Let something be written on a wire."""
        self._view.select_link(link)
        middle = self._view.canvas.links[link].middle
        self.setAccessibleName(self.tr("Label of the wire"))
        self.setPlaceholderText(self.tr("Label of the wire"))
        self._open(QRectF(middle, middle), link.label, lambda text: self._view.write_on(link, text))

    def leave(self) -> None:
        """Take what was typed, if it can be taken, and go."""
        if self.isVisible():
            self._apply(self.text())
            self._close()

    def _open(self, about: QRectF, text: str, apply: Callable[[str], bool]) -> None:
        self._apply = apply
        area: QRect = self._view.mapFromScene(about).boundingRect()
        height = self._theme.measure("control")
        width = max(area.width(), self._theme.px(160))
        room = self._view.viewport().rect()
        left = max(room.left(), min(area.center().x() - width // 2, room.right() - width))
        self.setGeometry(left, area.center().y() - height // 2, width, height)
        self.setText(text)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason):
            self.leave()

    def _take_over(self) -> None:
        if self._apply(self.text()):
            self._close()

    def _close(self) -> None:
        self.hide()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

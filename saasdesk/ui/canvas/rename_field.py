"""A field on a block, in which it is called something else."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from saasdesk.ui.theme import Theme
from saasdesk.workflows.graph import LONGEST_NAME

if TYPE_CHECKING:
    from saasdesk.ui.canvas.view import CanvasView


class RenameField(QLineEdit):
    """Enter takes the name over, Escape leaves the old one; a name that is refused stays to be mended."""

    def __init__(self, theme: Theme, view: "CanvasView") -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        self._block = ""
        self.setMaxLength(LONGEST_NAME)
        self.setAccessibleName(self.tr("Name of the block"))
        self.returnPressed.connect(self._take_over)
        self.hide()

    def open_for(self, block_id: str) -> None:
        """Let a block be renamed."""
        self._block = block_id
        self._view.reveal(block_id)
        item = self._view.canvas.blocks[block_id]
        area: QRect = self._view.mapFromScene(item.area).boundingRect()
        height = self._theme.measure("control")
        width = max(area.width(), self._theme.px(160))
        self.setGeometry(area.left(), area.center().y() - height // 2, width, height)
        self.setText(item.block.title)
        self.setPlaceholderText(item.face.title)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Take what was typed, if it can be taken, and go."""
        if self.isVisible():
            self._view.verbs.rename(self._block, self.text())
            self._close()

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
        if self._view.verbs.rename(self._block, self.text()):
            self._close()

    def _close(self) -> None:
        self.hide()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

"""A page that is longer than the window."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class ScrollArea(QScrollArea):
    """Scrolls without a frame; sideways only when a very narrow window or a large zoom leaves no other way."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self.setWidget(content)


class WholeScrollArea(ScrollArea):
    """Asks for as much room as all of its content needs; what gets less scrolls."""

    def sizeHint(self) -> QSize:
        content = self.widget()
        if content is None:
            return super().sizeHint()
        hint = content.sizeHint()
        width = max(hint.width(), self.width()) if self.isVisible() else hint.width()
        return QSize(hint.width(), content.heightForWidth(width) if content.hasHeightForWidth() else hint.height())


def bring_into_view(widget: QWidget, above: QWidget | None = None) -> None:
    """Scroll the area around it, if there is one, until it is seen; what stands `above` it too, where both have room.

    What was shown a moment ago has no place yet: this waits for it.
    """
    QTimer.singleShot(0, widget, lambda: _scroll_to(widget, above))


def _scroll_to(widget: QWidget, above: QWidget | None) -> None:
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    if area is None:
        return
    for wanted in (above, widget):
        if wanted is not None and wanted.isVisible():
            area.ensureWidgetVisible(wanted)

"""A comment on the canvas: a sheet with a text, below everything else."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from saasdesk.ui.canvas.block_item import BlockItem
from saasdesk.ui.canvas.faces import Face
from saasdesk.ui.canvas.ink import FAR, Ink, zoom_of
from saasdesk.workflows.graph import Block
from saasdesk.workflows.layout import BLOCK_WIDTH, COMMENT_MARGIN

_RADIUS, _BAR = 4.0, 3.0
_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


class CommentItem(BlockItem):
    """Draws what is written on a comment, or what can be done while nothing is."""

    def __init__(self, ink: Ink, block: Block, face: Face) -> None:
        super().__init__(ink, block, face)
        self.setZValue(0.5)

    def boundingRect(self) -> QRectF:
        return QRectF(-16, -16, BLOCK_WIDTH + 32, self.face.height + 32)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if zoom_of(painter) < FAR:
            return
        look, ink = self.look, self._ink
        if look.is_dimmed:
            painter.setOpacity(0.4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = QRectF(0, 0, BLOCK_WIDTH, self.face.height)
        if look.is_selected:
            painter.setPen(ink.pen("accent", 2.0))
        else:
            painter.setPen(ink.pen("border" if look.is_hovered else "line-strong", ink.edge))
        painter.setBrush(ink.color("accent-tint"))
        painter.drawRoundedRect(sheet.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.fillRect(QRectF(0, _RADIUS, _BAR, sheet.height() - 2 * _RADIUS), ink.color("accent"))
        room = sheet.adjusted(COMMENT_MARGIN + _BAR, COMMENT_MARGIN, -COMMENT_MARGIN, -4)
        painter.setFont(ink.summary_font)
        painter.setPen(ink.color("text" if self.face.note else "muted"))
        painter.drawText(room, _WRAPPED, self.face.note or "Enter or a double-click: write here")
        if look.change:
            self._paint_change(painter)
        if look.problem:
            self._paint_problem(painter, sheet)

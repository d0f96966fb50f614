"""The card of a block on the canvas."""

from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from saasdesk.ui.canvas.changes import CHANGES
from saasdesk.ui.canvas.faces import Face, outlet_tone
from saasdesk.ui.canvas.ink import FAR, SMALL, Ink, zoom_of
from saasdesk.ui.canvas.shapes import inlet_of, outlet_points
from saasdesk.ui.canvas.trace import BlockTrace, TraceState
from saasdesk.workflows.graph import Block
from saasdesk.workflows.layout import BLOCK_WIDTH

_RADIUS = 8.0
_PORT = 5.0
# Where the sign stands behind an outlet at which something can be added, and how large it is.
PLUS_AT, PLUS_ALONE, PLUS = 74.0, 30.0, 8.0
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_CENTER = int(Qt.AlignmentFlag.AlignCenter)
_WORDS_AT = 52.0


@dataclass(frozen=True, slots=True)
class BlockLook:
    """How a block is drawn just now, besides what it is."""

    is_selected: bool = False
    is_hovered: bool = False
    # Somebody pulls a wire: it may not end here, or it may, or it would if the mouse were let go.
    is_dimmed: bool = False
    is_target: bool = False
    is_magnet: bool = False
    # "error" or "warning" where something is wrong.
    problem: str = ""
    linked: frozenset[str] = field(default_factory=frozenset)
    trace: BlockTrace | None = None
    is_traced: bool = False
    # "added", "removed" or "changed", where two versions are compared.
    change: str = ""


class BlockItem(QGraphicsItem):
    """Draws one block; it knows how it looks and decides nothing."""

    def __init__(self, ink: Ink, block: Block, face: Face) -> None:
        super().__init__()
        self._ink = ink
        self.block, self.face = block, face
        self.look = BlockLook()
        self.area = QRectF()
        # Cut to the room there is when they are first drawn.
        self._words: tuple[str, str] | None = None
        self.setZValue(2)
        self.show_block(block, face)

    def show_block(self, block: Block, face: Face) -> None:
        """Show what the block is now, where it is now."""
        self.prepareGeometryChange()
        self.block, self.face = block, face
        x, y = block.position or (0, 0)
        self.put(QPointF(x, y))
        self.write()

    def put(self, at: QPointF) -> None:
        """Stand elsewhere."""
        self.setPos(at)
        self.area = QRectF(at.x(), at.y(), BLOCK_WIDTH, self.face.height)

    def write(self) -> None:
        """Draw the words anew."""
        self._words = None
        self.update()

    def set_look(self, **changes: Any) -> None:
        """Draw it another way."""
        if any(getattr(self.look, name) != value for name, value in changes.items()):
            self.look = replace(self.look, **changes)
            self.update()

    def _cut_words(self) -> tuple[str, str]:
        if self._words is None:
            room, elide = BLOCK_WIDTH - _WORDS_AT - 14, Qt.TextElideMode.ElideRight
            self._words = (
                self._ink.title_metrics.elidedText(self.face.title, elide, room),
                self._ink.summary_metrics.elidedText(self.face.summary, elide, room),
            )
        return self._words

    def plus_point(self, outlet: str) -> QPointF:
        """Where the sign stands at which something is added after an outlet."""
        at = PLUS_AT if len(self.face.outlets) > 1 else PLUS_ALONE
        return outlet_points(self.area, self.face)[outlet] + QPointF(at, 0)

    @property
    def shows_plus(self) -> bool:
        """Whether something can be added with a press."""
        return (self.look.is_hovered or self.look.is_selected) and not self.look.is_traced

    def boundingRect(self) -> QRectF:
        return QRectF(-16, -16, BLOCK_WIDTH + 112, self.face.height + 50)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if zoom_of(painter) < FAR:
            return
        look, ink = self.look, self._ink
        if look.is_dimmed or (look.is_traced and look.trace is None):
            painter.setOpacity(0.4)
        card = QRectF(0, 0, BLOCK_WIDTH, self.face.height)
        self._paint_card(painter, card)
        middle = card.center().y()
        is_dangerous = self.face.harm.tone == "error"
        square = QRectF(12, middle - 14, 28, 28)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color("error-tint" if is_dangerous else "neutral-tint"))
        painter.drawRoundedRect(square, 6, 6)
        ink.paint_icon(painter, square.center(), self.face.icon, "error" if is_dangerous else "muted", 16)
        width = BLOCK_WIDTH - _WORDS_AT - 10
        painter.setPen(ink.color("text"))
        painter.setFont(ink.title_font)
        title, summary = self._cut_words()
        if summary:
            painter.drawText(QRectF(_WORDS_AT, middle - 20, width, 20), _LEFT, title)
            painter.setPen(ink.color("muted"))
            painter.setFont(ink.summary_font)
            painter.drawText(QRectF(_WORDS_AT, middle + 1, width, 18), _LEFT, summary)
        else:
            painter.drawText(QRectF(_WORDS_AT, middle - 10, width, 20), _LEFT, title)
        self._paint_outlets(painter)
        if self.face.has_inlet:
            self._paint_port(painter, inlet_of(card), is_target=look.is_target, is_magnet=look.is_magnet)
        if self.face.harm.is_any:
            self._paint_harm(painter, card)
        if look.problem and not look.is_traced:
            self._paint_problem(painter, card)
        if look.trace is not None:
            self._paint_trace(painter, card, look.trace)
        if look.change:
            self._paint_change(painter)

    def _paint_card(self, painter: QPainter, card: QRectF) -> None:
        look, ink = self.look, self._ink
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color, width = "line-strong" if not look.is_hovered else "border", ink.edge
        has_failed = look.trace is not None and look.trace.state is TraceState.FAILED
        if has_failed or (look.problem == "error" and not look.is_traced):
            color = "error"
        if look.is_selected or look.is_magnet:
            color, width = "accent", 2.0
        if look.change:
            color, width = CHANGES[look.change].tone, 2.0
        pen = ink.pen(color, width)
        if look.change == "removed":
            pen = QPen(pen)
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(ink.color("raised"))
        inset = width / 2
        painter.drawRoundedRect(card.adjusted(inset, inset, -inset, -inset), _RADIUS, _RADIUS)

    def _paint_port(self, painter: QPainter, at: QPointF, *, is_target: bool = False, is_magnet: bool = False) -> None:
        ink = self._ink
        if is_magnet or is_target:
            radius = 9.0 if is_magnet else 7.5
            painter.setPen(ink.pen("accent", 2.0))
            painter.setBrush(ink.color("accent" if is_magnet else "accent-tint"))
        else:
            radius = _PORT
            painter.setPen(ink.pen("border", 1.5))
            painter.setBrush(ink.color("raised"))
        painter.drawEllipse(at, radius, radius)

    def _paint_outlets(self, painter: QPainter) -> None:
        ink, face, look = self._ink, self.face, self.look
        card = QRectF(0, 0, BLOCK_WIDTH, face.height)
        has_labels, is_legible = len(face.outlets) > 1, zoom_of(painter) >= SMALL
        for outlet, point in outlet_points(card, face).items():
            if has_labels and is_legible:
                words, width = ink.label(outlet)
                room = QRectF(point.x() + 9, point.y() - 15, width, 13)
                painter.fillRect(room, ink.color("surface"))
                painter.setFont(ink.label_font)
                painter.setPen(ink.color(outlet_tone(outlet)))
                painter.drawText(room.adjusted(2, 0, 4, 0), _LEFT, words)
            if self.shows_plus and outlet not in look.linked:
                plus = point + QPointF(PLUS_AT if has_labels else PLUS_ALONE, 0)
                painter.setPen(ink.pen("border", 1.5))
                painter.drawLine(point, plus - QPointF(PLUS, 0))
                paint_plus(painter, ink, plus)
            self._paint_port(painter, point)

    def _paint_harm(self, painter: QPainter, card: QRectF) -> None:
        harm = self.face.harm
        is_grave = harm.tone == "error"
        tone = "on-danger" if is_grave else harm.tone
        right = card.right() - 8
        self._paint_tag(painter, right, harm.word, harm.icon, tone, "danger" if is_grave else f"{tone}-tint")

    def _paint_change(self, painter: QPainter) -> None:
        words = CHANGES[self.look.change]
        width = self._tag_width(words.word)
        self._paint_tag(painter, width, words.word, words.icon, words.tone, f"{words.tone}-tint")

    def _tag_width(self, words: str) -> float:
        return self._ink.badge_metrics.horizontalAdvance(words) + 30

    def _paint_tag(self, painter: QPainter, right: float, words: str, icon: str, tone: str, fill: str) -> None:
        """A word on the upper edge that ends here."""
        ink, width = self._ink, self._tag_width(words)
        tag = QRectF(right - width, -11, width, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color(fill))
        painter.drawRoundedRect(tag, 4, 4)
        ink.paint_icon(painter, QPointF(tag.left() + 13, tag.center().y()), icon, tone, 12)
        painter.setFont(ink.badge_font)
        painter.setPen(ink.color(tone))
        painter.drawText(tag.adjusted(22, 0, 0, 0), _LEFT, words)

    def _paint_problem(self, painter: QPainter, card: QRectF) -> None:
        ink = self._ink
        is_error = self.look.problem == "error"
        middle = QPointF(14, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color("raised"))
        painter.drawEllipse(middle, 9, 9)
        ink.paint_icon(painter, middle, "error" if is_error else "warning", "error" if is_error else "warn", 16)

    def _paint_trace(self, painter: QPainter, card: QRectF, trace: BlockTrace) -> None:
        ink, tone = self._ink, trace.state.tone
        fill = {"muted": "neutral-tint"}.get(tone, f"{tone}-tint")
        pill = QRectF(0, card.bottom() + 8, ink.pill_metrics.horizontalAdvance(trace.words) + 34, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color(fill))
        painter.drawRoundedRect(pill, 4, 4)
        ink.paint_icon(painter, QPointF(pill.left() + 14, pill.center().y()), trace.state.icon, tone, 12)
        painter.setFont(ink.pill_font)
        painter.setPen(ink.color("text" if tone == "muted" else tone))
        painter.drawText(pill.adjusted(25, 0, 0, 0), _LEFT, trace.words)


def paint_plus(painter: QPainter, ink: Ink, middle: QPointF) -> None:
    """The sign at which a press adds a block."""
    painter.setPen(ink.pen("border", 1.0))
    painter.setBrush(ink.color("raised"))
    painter.drawRoundedRect(QRectF(middle.x() - PLUS, middle.y() - PLUS, 2 * PLUS, 2 * PLUS), 4, 4)
    painter.setPen(ink.pen("text", 1.5))
    painter.drawLine(middle - QPointF(4, 0), middle + QPointF(4, 0))
    painter.drawLine(middle - QPointF(0, 4), middle + QPointF(0, 4))

"""A word on a tint: kinds, counts, badges."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.box import draw_box

_INK = {"neutral": "text", "accent": "accent", "ok": "ok", "warn": "warn", "error": "error", "demo": "demo"}
_FILL = {"demo": "neutral-tint"}


def tag_size(theme: Theme, text: str, icon: str = "") -> QSize:
    """How much room a tag takes."""
    width = QFontMetrics(theme.font("tag")).horizontalAdvance(text) + 2 * theme.px(6)
    if icon:
        width += theme.measure("icon-small") + theme.px(4)
    return QSize(max(width, theme.measure("tag")), theme.measure("tag"))


def paint_tag(
    painter: QPainter,
    theme: Theme,
    area: QRect,
    text: str,
    kind: str = "neutral",
    *,
    icon: str = "",
    radius: int = 0,
) -> None:
    """Draw a tag that fills the area."""
    painter.save()
    ink = _INK[kind]
    edge = theme.color(ink) if theme.high_contrast else None
    draw_box(
        painter,
        QRectF(area),
        radius or theme.measure("radius-small"),
        theme.color(_FILL.get(kind, f"{kind}-tint")),
        edge,
        edge_width=theme.edge,
    )
    inside = area.adjusted(theme.px(6), 0, -theme.px(6), 0)
    if icon:
        side = theme.measure("icon-small")
        is_mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = inside.right() - side + 1 if is_mirrored else inside.left()
        theme.paint_icon(painter, QRect(left, area.top(), side, area.height()), icon, ink, 11)
        shift = side + theme.px(4)
        inside = inside.adjusted(0, 0, -shift, 0) if is_mirrored else inside.adjusted(shift, 0, 0, 0)
    font = theme.font("tag")
    painter.setFont(font)
    painter.setPen(theme.color(ink))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, inside.width() + 1)
    painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter), shown)
    painter.restore()


class Tag(QLabel):
    """A tag among other widgets; kinds: neutral, accent, ok, warn, error, demo."""

    def __init__(
        self, theme: Theme, text: str, kind: str = "neutral", icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kind = kind
        self._icon_name = icon
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_text(text, kind, icon)

    def set_text(self, text: str, kind: str = "", icon: str = "") -> None:
        """Show something else, of another kind if one is named."""
        self._kind = kind or self._kind
        self._icon_name = icon or self._icon_name
        self.setText(visible_text(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return tag_size(self._theme, self.text(), self._icon_name)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        hint = self.sizeHint()
        area = QRect(0, (self.height() - hint.height()) // 2, self.width(), hint.height())
        paint_tag(QPainter(self), self._theme, area, self.text(), self._kind, icon=self._icon_name)

"""Colours, fonts and pictures of the canvas, fetched once for each change of the theme and not with each line drawn."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from saasdesk.ui.canvas.faces import outlet_in_words
from saasdesk.ui.theme import Theme
from saasdesk.ui.theme.icons import draw_icon

# Below this zoom nobody can read, and filled boxes do.
FAR = 0.35
# Below this one the names of outlets are dots, and are left out.
SMALL = 0.5
_LABEL = 60.0


def zoom_of(painter: QPainter) -> float:
    """How large the canvas is drawn."""
    return painter.worldTransform().m11()


class Ink:
    """Sizes are those of the canvas at 100 %: the view does the zooming."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._icons: dict[tuple[str, str, int, float], QPixmap] = {}
        self._colors: dict[str, QColor] = {}
        self._pens: dict[tuple[str, float], QPen] = {}
        self._labels: dict[str, tuple[str, float]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Fetch everything again, after the theme has changed."""
        self._icons.clear()
        self._colors.clear()
        self._pens.clear()
        self._labels.clear()
        self.title_font = self._font("strong")
        self.summary_font = self._font("secondary")
        self.label_font = self._font("caption")
        self.badge_font = self._font("badge")
        self.pill_font = self._font("caption-strong")
        self.title_metrics = QFontMetricsF(self.title_font)
        self.summary_metrics = QFontMetricsF(self.summary_font)
        self.label_metrics = QFontMetricsF(self.label_font)
        self.badge_metrics = QFontMetricsF(self.badge_font)
        self.pill_metrics = QFontMetricsF(self.pill_font)
        self.edge = 2.0 if self._theme.high_contrast else 1.0

    def color(self, token: str) -> QColor:
        """A token's colour."""
        if token not in self._colors:
            self._colors[token] = self._theme.color(token)
        return self._colors[token]

    def pen(self, token: str, width: float = 1.0) -> QPen:
        """A pen with round ends."""
        key = (token, width)
        if key not in self._pens:
            pen = QPen(self.color(token), width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            self._pens[key] = pen
        return self._pens[key]

    def paint_icon(self, painter: QPainter, middle: QPointF, name: str, token: str, size: int) -> None:
        """Draw an icon about a point, as sharp as the zoom asks for."""
        scale = zoom_of(painter) * painter.device().devicePixelRatioF()
        ratio = next((step for step in (0.5, 1.0, 1.5, 2.0, 3.0) if scale <= step), 4.0)
        key = (name, token, size, ratio)
        if key not in self._icons:
            self._icons[key] = draw_icon(name, self.color(token), size, ratio)
        painter.drawPixmap(middle - QPointF(size / 2, size / 2), self._icons[key])

    def label(self, outlet: str) -> tuple[str, float]:
        """The name of an outlet, cut to its room, and how wide it is."""
        if outlet not in self._labels:
            words = self.label_metrics.elidedText(outlet_in_words(outlet), Qt.TextElideMode.ElideRight, _LABEL)
            self._labels[outlet] = words, self.label_metrics.horizontalAdvance(words) + 4
        return self._labels[outlet]

    def _font(self, role: str) -> QFont:
        font = self._theme.font(role)
        font.setPointSizeF(font.pointSizeF() * 100 / self._theme.zoom)
        return font

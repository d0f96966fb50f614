"""One or two letters on a tint: people in circles, vendors in tiles."""

import zlib

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from saasdesk.ui.initials import initials
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import draw_box

_TINTS = 6


def tint_of(name: str) -> str:
    """The token of one of six tints, always the same for the same name."""
    return f"tint-{zlib.crc32(name.casefold().encode('utf-8', 'replace')) % _TINTS + 1}"


def paint_monogram(
    painter: QPainter, theme: Theme, area: QRect, letters: str, tint: str, *, tile: bool = False
) -> None:
    """Draw letters on their tint; the area is square."""
    side = area.width()
    painter.save()
    radius = min(theme.measure("radius"), side / 4) if tile else side / 2
    edge = theme.color("border") if theme.high_contrast else None
    draw_box(painter, QRectF(area), radius, theme.color(tint), edge, edge_width=theme.edge)
    font = QFont(theme.font("badge"))
    font.setPixelSize(max(7, round(side * (0.41 if len(letters) < 2 else 0.38))))
    while QFontMetrics(font).horizontalAdvance(letters) > side * 0.8 and font.pixelSize() > 6:
        font.setPixelSize(font.pixelSize() - 1)
    painter.setFont(font)
    painter.setPen(theme.color("text"))
    painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), letters)
    painter.restore()


class Monogram(QWidget):
    """A monogram among other widgets. It only decorates: the name must stand beside it."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        letters: str = "",
        tint: str = "",
        size: int = 24,
        tile: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._size = size
        self._tile = tile
        self._letters = ""
        self._tint = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name, letters=letters, tint=tint)

    def set_name(self, name: str, *, letters: str = "", tint: str = "") -> None:
        """Stand for somebody else."""
        self._letters = letters or initials(name)
        self._tint = tint or tint_of(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(self._size), self._theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        side = self._theme.px(self._size)
        area = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
        paint_monogram(QPainter(self), self._theme, area, self._letters, self._tint, tile=self._tile)

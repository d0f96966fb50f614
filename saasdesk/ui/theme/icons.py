"""Our single-colour line icons, tinted when they are drawn."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from saasdesk.resources import resource

# Icons that point somewhere turn round where people read from right to left.
_DIRECTED = frozenset(
    {"arrow-left", "arrow-right", "chevron-left", "chevron-right", "leave", "undo", "redo", "open", "list", "rail"}
)
_TOKEN = re.compile(r"var\(--([a-z0-9-]+)\)")


@cache
def icon_svg(name: str) -> str:
    """The text of an icon's file; its colour is `currentColor`."""
    return resource(f"icons/{name}.svg").read_text("utf-8")


def icon_names() -> tuple[str, ...]:
    """Every icon there is."""
    return tuple(sorted(path.stem for path in resource("icons").glob("*.svg")))


def tinted_svg(name: str, color: QColor) -> str:
    """The icon's file with its colour filled in."""
    return icon_svg(name).replace("currentColor", color.name())


def render_svg(svg: str, size: QSize, ratio: float, *, mirrored: bool = False) -> QPixmap:
    """A drawing as a pixmap of this many logical pixels."""
    pixmap = QPixmap(size * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    if mirrored:
        painter.translate(pixmap.width(), 0)
        painter.scale(-1, 1)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, pixmap.width(), pixmap.height()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def draw_icon(name: str, color: QColor, size: int, ratio: float) -> QPixmap:
    """One icon in one colour."""
    right_to_left = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    mirrored = right_to_left and name in _DIRECTED
    return render_svg(tinted_svg(name, color), QSize(size, size), ratio, mirrored=mirrored)


def draw_picture(name: str, colors: Mapping[str, str], size: QSize, ratio: float) -> QPixmap:
    """A larger drawing of several tokens, written in its file as var(--token)."""
    svg = resource(f"pictures/{name}.svg").read_text("utf-8")
    return render_svg(_TOKEN.sub(lambda match: colors[match[1]], svg), size, ratio)


def app_icon_path() -> Path:
    """The icon of the program itself."""
    return resource("saasdesk.svg")

"""What the two panes paint alike: the ground of a row, badges of types, words that fit their place."""

from PySide6.QtCore import QCoreApplication, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from saasdesk.connectors import FieldType
from saasdesk.mapping.names import field_name
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.box import draw_box

BADGE_WIDTH = 28
SIDE = 12

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

# Two signs and a tint, the signs first: nobody has to tell colours apart.
_BADGES = {
    FieldType.SHORT_TEXT: ("Aa", "tint-1"),
    FieldType.LONG_TEXT: ("Aa", "tint-1"),
    FieldType.NUMBER: ("12", "tint-3"),
    FieldType.DECIMAL: ("12", "tint-3"),
    FieldType.FLAG: ("01", "tint-6"),
    FieldType.DATE: ("DT", "tint-4"),
    FieldType.DATETIME: ("DT", "tint-4"),
    FieldType.LIST: ("[ ]", "neutral-tint"),
    FieldType.PERSON: ("Aa", "tint-5"),
    FieldType.LOCATION: ("Lo", "tint-5"),
    FieldType.CUSTOM_OBJECT: ("Ob", "tint-5"),
}
_IDENTIFIER = ("ID", "tint-2")


def badge_of(kind: FieldType, label: str) -> tuple[str, str]:
    """The signs and the tint for a type; what is called an id has one of its own."""
    if kind in (FieldType.SHORT_TEXT, FieldType.NUMBER) and not {"id", "employeeid"}.isdisjoint(
        field_name(label).words
    ):
        return _IDENTIFIER
    return _BADGES[kind]


def type_in_words(kind: FieldType, label: str) -> str:
    """The type as screen readers say it."""
    if badge_of(kind, label) == _IDENTIFIER:
        return _tr("identifier")
    return {
        FieldType.SHORT_TEXT: _tr("text"),
        FieldType.LONG_TEXT: _tr("long text"),
        FieldType.NUMBER: _tr("number"),
        FieldType.DECIMAL: _tr("decimal number"),
        FieldType.FLAG: _tr("yes or no"),
        FieldType.DATE: _tr("date"),
        FieldType.DATETIME: _tr("date and time"),
        FieldType.LIST: _tr("list"),
        FieldType.PERSON: _tr("person"),
        FieldType.LOCATION: _tr("location"),
        FieldType.CUSTOM_OBJECT: _tr("custom object"),
    }[kind]


def paint_badge(
    painter: QPainter, theme: Theme, area: QRect, kind: FieldType, label: str, *, faint: bool = False
) -> None:
    """Draw a type badge at the left of an area, in the middle of its height."""
    signs, tint = badge_of(kind, label)
    width, height = theme.px(BADGE_WIDTH), theme.measure("tag")
    box = QRect(area.left(), area.center().y() - height // 2 + 1, width, height)
    painter.save()
    if faint:
        painter.setOpacity(0.5)
    edge = theme.color("border") if theme.high_contrast else None
    draw_box(painter, QRectF(box), theme.measure("radius-small"), theme.color(tint), edge, edge_width=theme.edge)
    painter.setFont(theme.font("badge"))
    painter.setPen(theme.color("text"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), signs)
    painter.restore()


def paint_words(
    painter: QPainter,
    area: QRect,
    text: str,
    font: QFont,
    theme: Theme,
    tone: str = "text",
    *,
    at_right: bool = False,
) -> int:
    """Draw one line of text, cut with an ellipsis where it must be; returns the width that it took."""
    painter.setFont(font)
    painter.setPen(theme.color(tone))
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(visible_text(text), Qt.TextElideMode.ElideRight, max(0, area.width()))
    painter.drawText(area, _RIGHT if at_right else _LEFT, shown)
    return metrics.horizontalAdvance(shown)


def paint_ground(
    painter: QPainter, theme: Theme, area: QRect, *, is_current: bool, has_bar: bool, tint: str = ""
) -> None:
    """The ground of a cell: a tint, the selection, the line below; the bar at the left end of the current row."""
    if tint:
        painter.fillRect(area, theme.color(f"{tint}-tint"))
    if is_current:
        painter.fillRect(area, theme.color("selection"))
    painter.fillRect(area.left(), area.bottom() + 1 - theme.edge, area.width(), theme.edge, theme.color("line"))
    if has_bar:
        token = "accent" if is_current else tint
        painter.fillRect(
            QRect(area.topLeft(), area.size()).adjusted(0, 0, theme.measure("accent-bar") - area.width(), 0),
            theme.color(token),
        )


def _tr(text: str) -> str:
    return QCoreApplication.translate("MappingEditor", text)

"""The field-like button in the menu bar that opens the command palette."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box
from saasdesk.ui.widgets.buttons import PaintedButton
from saasdesk.ui.widgets.key_cap import key_cap_size, native_keys, paint_key_cap

_SHORTCUT = "Ctrl+K"


class CommandBox(PaintedButton):
    """Looks like a search field, says its shortcut, and is one press away from everything."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setObjectName("command_box")
        self.setAccessibleName(self.tr("Search or run a command"))
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._room: int | None = None

    def set_room(self, room: int) -> None:
        """Take no more than this; what it is for and its shortcut are always seen."""
        if room != self._room:
            self._room = room
            is_whole = self.sizeHint().width() >= self._theme.measure("command-box")
            self.setToolTip("" if is_whole else self.accessibleName())
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        wanted = self._theme.measure("command-box")
        width = wanted if self._room is None else max(self._narrowest, min(self._room, wanted))
        return QSize(width, self._theme.measure("menu-bar"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        is_rtl = self.isRightToLeft()
        height = theme.measure("control")
        box = QRect(0, (self.height() - height) // 2, self.width(), height)
        edge, width = ("accent", theme.measure("focus")) if self.has_ring else ("border", theme.edge)
        if self.underMouse() and not self.has_ring:
            edge = "text"
        draw_box(
            painter,
            area_of(self).intersected(box.toRectF()),
            theme.measure("radius"),
            theme.color("bg"),
            theme.color(edge),
            edge_width=width,
        )

        def place(start: int, span: int) -> QRect:
            return QRect(box.right() + 1 - start - span if is_rtl else box.x() + start, box.y(), span, box.height())

        theme.paint_icon(painter, place(theme.px(8), theme.measure("icon")), "search", "muted")
        size = key_cap_size(theme, native_keys(_SHORTCUT))
        cap = place(box.width() - size.width() - theme.px(8), size.width())
        cap.setTop(box.y() + (box.height() - size.height()) // 2)
        cap.setHeight(size.height())
        paint_key_cap(painter, theme, cap, native_keys(_SHORTCUT))
        painter.setFont(theme.font())
        painter.setPen(theme.color("muted"))
        side = Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft
        words = place(theme.px(30), box.width() - theme.px(46) - size.width())
        said = painter.fontMetrics().elidedText(self.accessibleName(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, int(side | Qt.AlignmentFlag.AlignVCenter), said)

    @property
    def _narrowest(self) -> int:
        """The magnifier and the key, without words."""
        return self._theme.px(46) + key_cap_size(self._theme, native_keys(_SHORTCUT)).width()

"""The button that names the view of a list."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip
from saasdesk.ui.widgets.buttons import OutlinedButton

_DOT, _ROOM, _DOT_ICON, _WIDEST = 10, 14, 16, 240


class ViewButton(OutlinedButton):
    """Shows the name of the view, with a dot where the list is not as it was saved."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._is_modified = False

    @property
    def is_modified(self) -> bool:
        """Whether there is a dot."""
        return self._is_modified

    def show_view(self, name: str, description: str, *, is_modified: bool) -> None:
        """Name another view, or the same one in another state."""
        self._is_modified = is_modified
        self.setText(name)
        said = self.tr("View: {0}, modified") if is_modified else self.tr("View: {0}")
        self.setAccessibleName(said.format(self.label))
        tip = self.tr("{0} · changed since it was saved") if is_modified else "{0}"
        self.setToolTip(escaped_tip("\n".join(filter(None, (tip.format(self.label), description)))))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        hint.setWidth(min(hint.width(), self._theme.px(_WIDEST)))
        return hint

    def room_for_mark(self) -> int:
        return self._theme.px(_ROOM) if self._is_modified else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_modified:
            return
        theme = self._theme
        left = self.width() - theme.px(self.side) - theme.measure("icon") - theme.px(_DOT) - theme.px(2)
        is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        place = QRect(self.width() - left - theme.px(_DOT) if is_rtl else left, 0, theme.px(_DOT), self.height())
        theme.paint_icon(QPainter(self), place, "dot", "accent", _DOT_ICON)

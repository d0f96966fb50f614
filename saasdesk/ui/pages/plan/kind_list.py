"""The kinds of changes with their counts; choosing one shows only those."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QWidget

from saasdesk.ui.moments import number
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box, draw_focus_ring
from saasdesk.ui.widgets.buttons import PaintedButton
from saasdesk.ui.widgets.layouts import Column

_HEIGHT = 32


class KindButton(PaintedButton):
    """One kind: its icon, its word, how many there are."""

    def __init__(self, theme: Theme, word: str, icon: str, tone: str) -> None:
        super().__init__(theme, word, icon)
        self._tone = tone
        self._count = 0
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_count(self, count: int) -> None:
        """Show how many there are; a kind of which there are none cannot be chosen."""
        self._count = count
        self.setEnabled(bool(count))
        self.setAccessibleName(f"{self.label}: {number(count)}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(160), self._theme.px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        radius = theme.measure("radius")
        area = area_of(self)
        if self.isChecked():
            draw_box(painter, area, radius, theme.color("selection"))
            bar = QRectF(0, theme.px(6), theme.measure("accent-bar"), area.height() - 2 * theme.px(6))
            if self.isRightToLeft():
                bar.moveRight(area.right())
            painter.fillRect(bar, theme.color("accent"))
        elif self.isEnabled() and self.underMouse():
            draw_box(painter, area, radius, theme.color("hover"))
        if self.has_ring:
            draw_focus_ring(painter, theme, area, radius)
        inside = self.rect().adjusted(theme.px(10), 0, -theme.px(10), 0)
        side = theme.measure("icon")
        first = QRect(inside.left(), 0, side, self.height())
        rest = inside.adjusted(side + theme.px(10), 0, 0, 0)
        if self.isRightToLeft():
            first.moveRight(inside.right())
            rest = inside.adjusted(0, 0, -side - theme.px(10), 0)
        ink = "text" if self.isEnabled() else "disabled"
        theme.paint_icon(painter, first, self._icon_name, self._tone if self.isEnabled() else "disabled")
        painter.setLayoutDirection(self.layoutDirection())
        painter.setPen(theme.color(ink))
        painter.setFont(theme.font("strong" if self.isChecked() else "body"))
        near, far = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if self.isRightToLeft():
            near, far = far, near
        word = painter.fontMetrics().elidedText(
            self.label, Qt.TextElideMode.ElideRight, max(0, rest.width() - theme.px(48))
        )
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter | near), word)
        painter.setFont(theme.font("strong", tabular=True))
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter | far), number(self._count))


class KindList(QWidget):
    """One kind is always chosen; `chosen` says which, "" being all of them. Arrow keys walk through."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, name: str, kinds: Mapping[str, tuple[str, str, str]]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, KindButton] = {}
        column = Column(theme, gap=2)
        for kind, (word, icon, tone) in kinds.items():
            button = self.buttons[kind] = KindButton(theme, word, icon, tone)
            self._group.addButton(button)
            column.addWidget(button)
        self.setLayout(column)
        self._group.buttonClicked.connect(self._on_clicked)
        self.choose(next(iter(kinds)))

    @property
    def current(self) -> str:
        """The chosen kind."""
        return next(kind for kind, button in self.buttons.items() if button.isChecked())

    def choose(self, kind: str) -> None:
        """Choose a kind, without saying so."""
        self.buttons[kind].setChecked(True)

    def set_counts(self, counts: Mapping[str, int], *, hide_empty: frozenset[str] = frozenset()) -> None:
        """Show how many there are of each; a kind that has become empty is left for all of them."""
        for kind, button in self.buttons.items():
            button.set_count(counts.get(kind, 0))
            button.setHidden(kind in hide_empty and not counts.get(kind, 0))
        if not self.buttons[self.current].isEnabled():
            self.choose(next(iter(self.buttons)))

    def _on_clicked(self) -> None:
        self.chosen.emit(self.current)

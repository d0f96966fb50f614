"""A few choices side by side, one of which is always on."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box
from saasdesk.ui.widgets.buttons import PaintedButton
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.one_stop import make_one_stop


@dataclass(frozen=True, slots=True)
class Choice:
    """One segment. Without a text it shows its icon, and the name is what screen readers say."""

    key: str
    text: str = ""
    icon: str = ""
    name: str = ""


class _Segment(PaintedButton):
    def __init__(self, theme: Theme, choice: Choice, parent: QWidget) -> None:
        super().__init__(theme, choice.text, choice.icon, parent)
        self.key = choice.key
        self._whole = choice.text
        self.is_first = False
        self.is_last = False
        self.setCheckable(True)
        if choice.name or not choice.text:
            self.setAccessibleName(choice.name)
            self.setToolTip(choice.name)

    def show_text(self, *, is_shown: bool) -> None:
        """Show text and icon, or the icon alone with the text as its name."""
        if not self._icon_name or not self._whole:
            return
        self.setText(self._whole if is_shown else "")
        self.setAccessibleName(self._whole)
        self.setToolTip("" if is_shown else self._whole)

    def sizeHint(self) -> QSize:
        theme = self._theme
        # The strong font, so that nothing moves when the choice changes.
        width = QFontMetrics(theme.font("strong")).horizontalAdvance(self.label) if self.label else 0
        icon = theme.measure("icon") if self._icon_name else 0
        gap = theme.px(6) if icon and self.label else 0
        return QSize(width + icon + gap + 2 * theme.px(10), theme.measure("control"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        edge = theme.edge
        area = area_of(self)
        painter.save()
        is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        touches_left, touches_right = (self.is_last, self.is_first) if is_rtl else (self.is_first, self.is_last)
        room = area.adjusted(edge if touches_left else 0, edge, -edge if touches_right else 0, -edge)
        painter.setClipPath(self._outline(room, touches_left, touches_right))
        if self.isChecked():
            painter.fillRect(area, theme.color("selection"))
            bar = theme.px(2)
            painter.fillRect(QRectF(0, area.height() - edge - bar, area.width(), bar), theme.color("accent"))
        elif self.isEnabled() and self.underMouse():
            painter.fillRect(area, theme.color("hover"))
        painter.restore()
        if not self.is_last:
            x = 0 if is_rtl else area.width() - edge
            painter.fillRect(QRectF(x, edge, edge, area.height() - 2 * edge), theme.color("border"))
        if self.has_ring:
            width = theme.measure("focus")
            draw_box(painter, area, theme.measure("radius"), edge=theme.color("accent"), edge_width=width)
        ink = "text" if self.isEnabled() else "disabled"
        font = theme.font("strong" if self.isChecked() else "body")
        text_width = QFontMetrics(font).horizontalAdvance(self.label) if self.label else 0
        icon = theme.measure("icon") if self._icon_name else 0
        gap = theme.px(6) if icon and self.label else 0
        x = (self.width() - text_width - icon - gap) // 2
        if icon:
            place = self.rect()
            place.setLeft(self.width() - x - icon if is_rtl else x)
            place.setWidth(icon)
            theme.paint_icon(painter, place, self._icon_name, ink)
        painter.setFont(font)
        painter.setPen(theme.color(ink))
        place = self.rect()
        place.setLeft(x if is_rtl else x + icon + gap)
        place.setWidth(text_width + 2)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.label)

    def _outline(self, area: QRectF, rounds_left: bool, rounds_right: bool) -> QPainterPath:
        """The segment with only its outer corners rounded."""
        radius = self._theme.measure("radius") - self._theme.edge
        rounded = QPainterPath()
        rounded.addRoundedRect(area, radius, radius)
        square = QPainterPath()
        square.addRect(area.adjusted(radius if rounds_left else 0, 0, -radius if rounds_right else 0, 0))
        return rounded.united(square)


class SegmentedControl(QFrame):
    """Segments in one outline; arrows walk them. `chosen` says the key of the segment that was taken."""

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, name: str, choices: Sequence[Choice], current: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._segments = [_Segment(theme, choice, self) for choice in choices]
        row = Row(theme, gap=0)
        self.setLayout(row)
        for segment in self._segments:
            self._group.addButton(segment)
            segment.toggled.connect(self._on_toggled)
            row.addWidget(segment)
        self._segments[0].is_first = True
        self._segments[-1].is_last = True
        self.set_current(current or choices[0].key)
        make_one_stop(self._group)
        self._group.buttonClicked.connect(self._on_button_clicked)

    @property
    def current(self) -> str:
        """The key of the segment that is on."""
        return next(segment.key for segment in self._segments if segment.isChecked())

    def set_current(self, key: str) -> None:
        """Turn a segment on without saying so."""
        for segment in self._segments:
            if segment.key == key:
                segment.setChecked(True)

    def set_compact(self, *, is_compact: bool) -> None:
        """Show icons without their words, where there is no room for both."""
        for segment in self._segments:
            segment.show_text(is_shown=not is_compact)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        draw_box(
            QPainter(self),
            area_of(self),
            theme.measure("radius"),
            theme.color("raised"),
            theme.color("border" if self.isEnabled() else "line-strong"),
            edge_width=theme.edge,
        )

    def _on_toggled(self) -> None:
        # Tab stops at the segment that is on, also when nobody has been here before.
        for segment in self._segments:
            segment.setFocusPolicy(Qt.FocusPolicy.StrongFocus if segment.isChecked() else Qt.FocusPolicy.ClickFocus)

    def _on_button_clicked(self, segment: PaintedButton) -> None:
        if isinstance(segment, _Segment):
            self.chosen.emit(segment.key)

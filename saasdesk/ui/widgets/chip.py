"""Chips: a filter that can be changed or taken away, and a choice that is on or off."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip, visible_text
from saasdesk.ui.widgets.box import area_of, draw_box, draw_focus_ring
from saasdesk.ui.widgets.buttons import IconButton, PaintedButton
from saasdesk.ui.widgets.paragraph import Run

_WARNING = 14


class Chip(PaintedButton):
    """A filter as a sentence: a click changes it (`clicked`), its cross or Delete takes it away (`removed`)."""

    removed = Signal()

    def __init__(self, theme: Theme, *runs: str | Run, removable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._runs: tuple[Run, ...] = ()
        self._cross: IconButton | None = None
        self._is_broken = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if removable:
            self._cross = IconButton(theme, "close", self.tr("Remove the filter"), size=24, icon_size=10, parent=self)
            self._cross.clicked.connect(self.removed)
        self.set_runs(*runs)

    def set_runs(self, *runs: str | Run) -> None:
        """Show another sentence; a Run may be strong."""
        whole = [Run(run) if isinstance(run, str) else run for run in runs]
        self._runs = tuple(Run(visible_text(run.text), run.strong) for run in whole)
        self.setText("".join(run.text for run in self._runs))
        if self._cross is not None:
            self._cross.set_name(self.tr("Remove “{0}”").format(self.label))
        self.updateGeometry()
        self.adjustSize()

    @property
    def is_broken(self) -> bool:
        """Whether the filter cannot be asked any more."""
        return self._is_broken

    def set_broken(self, reason: str) -> None:
        """Show that the filter cannot be asked any more; the reason says what to do."""
        self._is_broken = True
        self.setToolTip(escaped_tip(reason))
        self.setAccessibleDescription(visible_text(reason))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._theme
        width = sum(QFontMetrics(self._font_of(run)).horizontalAdvance(run.text) for run in self._runs)
        width += theme.px(_WARNING + 6) if self._is_broken else 0
        cross = theme.px(24) if self._cross is not None else theme.px(10)
        return QSize(width + theme.px(12) + cross + theme.px(4), theme.measure("control"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._cross is not None:
            self.removed.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_cross()
        if not self._is_broken:
            self.setToolTip(escaped_tip(self.label) if self.width() < self.sizeHint().width() else "")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._place_cross()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        radius = theme.measure("radius")
        tint, tone = ("warn-tint", "warn") if self._is_broken else ("accent-tint", "accent")
        fill = theme.color("selection" if self.underMouse() else tint)
        if self.has_ring:
            inside = draw_focus_ring(painter, theme, area_of(self), radius)
            draw_box(painter, inside, max(2, radius - 3), fill)
        else:
            draw_box(painter, area_of(self), radius, fill, theme.color(tone), edge_width=theme.edge)
        is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = theme.px(12)
        if self._is_broken:
            side = theme.px(_WARNING)
            place = QRect(self.width() - x - side if is_rtl else x, 0, side, self.height())
            theme.paint_icon(painter, place, "warning", tone, _WARNING)
            x += side + theme.px(6)
        painter.setPen(theme.color("text"))
        # Where there is too little room the end is left out; the tool tip has it.
        end = self.width() - (self._cross.width() + theme.px(4) if self._cross is not None else theme.px(10))
        for run in self._runs:
            font = self._font_of(run)
            metrics = QFontMetrics(font)
            text = metrics.elidedText(run.text, Qt.TextElideMode.ElideRight, max(0, end - x + 2))
            width = metrics.horizontalAdvance(text)
            painter.setFont(font)
            left = self.width() - x - width if is_rtl else x
            painter.drawText(QRect(left, 0, width + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), text)
            x += width
            if text != run.text:
                break

    def _font_of(self, run: Run) -> QFont:
        return self._theme.font("strong" if run.strong else "body")

    def _place_cross(self) -> None:
        if self._cross is None:
            return
        side = self._theme.px(24)
        gap = (self.height() - side) // 2
        is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._cross.setGeometry(gap if is_rtl else self.width() - side - gap, gap, side, side)


class ToggleChip(PaintedButton):
    """A choice among others in a row; several may be on. A tick shows it as well as the colour."""

    def __init__(
        self, theme: Theme, text: str, icon: str = "", *, checkable: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, text, icon, parent)
        self.setCheckable(checkable)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        theme = self._theme
        width = QFontMetrics(theme.font("secondary")).horizontalAdvance(self.label) + 2 * theme.px(8) + 1
        if self._shown_icon():
            width += theme.px(12) + theme.px(6)
        return QSize(width, theme.measure("chip"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        ink = "disabled" if not self.isEnabled() else "accent" if self.isChecked() else "text"
        fill = "accent-tint" if self.isChecked() else "neutral-tint"
        if self.isEnabled() and self.underMouse():
            fill = "selection" if self.isChecked() else "pressed"
        radius = theme.measure("radius")
        area = area_of(self)
        if self.has_ring:
            area = draw_focus_ring(painter, theme, area, radius)
        edge = theme.color(ink) if theme.high_contrast and not self.has_ring else None
        draw_box(painter, area, radius, theme.color(fill), edge, edge_width=theme.edge)
        is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        inside = self.rect().adjusted(theme.px(8), 0, -theme.px(8), 0)
        if icon := self._shown_icon():
            side = theme.px(12)
            left = inside.right() - side + 1 if is_rtl else inside.left()
            theme.paint_icon(painter, QRect(left, 0, side, self.height()), icon, ink, 12)
            shift = side + theme.px(6)
            inside = inside.adjusted(0, 0, -shift, 0) if is_rtl else inside.adjusted(shift, 0, 0, 0)
        painter.setFont(theme.font("secondary"))
        painter.setPen(theme.color(ink))
        painter.drawText(inside.adjusted(0, 0, 1, 0), int(Qt.AlignmentFlag.AlignVCenter), self.label)

    def _shown_icon(self) -> str:
        return "check" if self.isCheckable() and self.isChecked() else self._icon_name


class TabChip(ToggleChip):
    """One of several tabs that would not fit side by side; a bar under the open one, and nothing moves for it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isChecked():
            theme, side = self._theme, self._theme.px(8)
            bar = self.rect().adjusted(side, self.height() - theme.px(2), -side, 0)
            QPainter(self).fillRect(bar, theme.color("accent"))

    def _shown_icon(self) -> str:
        return self._icon_name


def exclusive(chips: Sequence[ToggleChip]) -> None:
    """Let only one of these chips be on; Tab stops at that one, and arrows walk the others."""

    def fix_focus() -> None:
        for chip in chips:
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chip.isChecked() else Qt.FocusPolicy.ClickFocus)

    for chip in chips:
        chip.setAutoExclusive(True)
        chip.toggled.connect(fix_focus)

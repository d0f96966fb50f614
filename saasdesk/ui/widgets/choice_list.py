"""A short list of choices at the side of a page, one of which is on: it filters what stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip
from saasdesk.ui.widgets.box import area_of, draw_box
from saasdesk.ui.widgets.buttons import PaintedButton
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.one_stop import make_one_stop
from saasdesk.ui.widgets.plain_label import PlainLabel

_LEAST, _LONG_TEXT = 160, 28


@dataclass(frozen=True, slots=True)
class ListedChoice:
    """One line; without a key it is a heading."""

    text: str
    key: str = ""
    icon: str = ""
    tone: str = "muted"
    count: int | None = None


class ChoiceLine(PaintedButton):
    """One line of the list; by itself, and not checkable, it leads to another page."""

    def __init__(self, theme: Theme, choice: ListedChoice) -> None:
        super().__init__(theme, choice.text, choice.icon)
        self.key = choice.key
        self._tone = choice.tone
        self._count = ""
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_count(choice.count)
        if len(choice.text) > _LONG_TEXT:
            self.setToolTip(escaped_tip(choice.text))

    def set_count(self, count: int | None) -> None:
        self._count = "" if count is None else f"{count:,}"
        self.setAccessibleName(f"{self.label}, {self._count}" if self._count else self.label)
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._theme
        text = QFontMetrics(theme.font("strong")).horizontalAdvance(self.label)
        count = QFontMetrics(theme.font("strong", tabular=True)).horizontalAdvance(self._count)
        return QSize(text + count + theme.px(10 + 14 + 12 + 16 + 10), theme.px(32))

    def minimumSizeHint(self) -> QSize:
        # A long text is cut where there is no room, and whole in its tip.
        return QSize(min(self.sizeHint().width(), self._theme.px(_LEAST)), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        radius = theme.measure("radius")
        area = area_of(self)
        is_rtl = self.isRightToLeft()
        if self.isChecked():
            draw_box(painter, area, radius, theme.color("selection"))
            width, gap = theme.measure("accent-bar"), theme.px(5)
            bar = area.adjusted(0, gap, 0, -gap)
            if is_rtl:
                bar.setLeft(bar.right() - width)
            else:
                bar.setWidth(width)
            draw_box(painter, bar, width / 2, theme.color("accent"))
        elif self.isEnabled() and self.underMouse():
            draw_box(painter, area, radius, theme.color("hover"))
        if self.has_ring:
            draw_box(painter, area, radius, edge=theme.color("accent"), edge_width=theme.measure("focus"))

        def place(start: int, width: int) -> QRect:
            return QRect(self.width() - start - width if is_rtl else start, 0, width, self.height())

        ink = "text" if self.isEnabled() else "disabled"
        icon = theme.measure("icon")
        if self._icon_name:
            tone = "disabled" if not self.isEnabled() else "accent" if self.isChecked() else self._tone
            theme.paint_icon(painter, place(theme.px(10), icon), self._icon_name, tone)
        start = theme.px(10) + icon + theme.px(12)
        end = self.width() - theme.px(10)
        near, far = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if is_rtl:
            near, far = far, near
        painter.setPen(theme.color(ink))
        painter.setFont(theme.font("strong", tabular=True))
        painter.drawText(place(start, end - start), int(far | Qt.AlignmentFlag.AlignVCenter), self._count)
        end -= painter.fontMetrics().horizontalAdvance(self._count) + theme.px(8)
        painter.setFont(theme.font("body"))
        text = painter.fontMetrics().elidedText(self.label, Qt.TextElideMode.ElideRight, end - start)
        painter.drawText(place(start, end - start), int(near | Qt.AlignmentFlag.AlignVCenter), text)


class ChoiceList(QWidget):
    """`chosen` says the key of the line that was taken; arrows walk the lines, Space takes one."""

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        name: str,
        choices: Sequence[ListedChoice],
        current: str = "",
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._lines: dict[str, ChoiceLine] = {}
        column = Column(theme, gap=0)
        for choice in choices:
            if choice.key:
                line = ChoiceLine(theme, choice)
                self._lines[choice.key] = line
                self._group.addButton(line)
                column.addWidget(line)
            else:
                heading = PlainLabel(choice.text.upper(), "caption-strong", "muted")
                heading.setContentsMargins(theme.px(10), theme.px(8), 0, theme.px(4))
                column.addWidget(heading)
        self.setLayout(column)
        if self._lines:
            self.set_current(current or next(iter(self._lines)))
        make_one_stop(self._group)
        self._group.buttonClicked.connect(self._on_button_clicked)

    @property
    def current(self) -> str:
        """The key of the line that is on."""
        return next((key for key, line in self._lines.items() if line.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Turn a line on without saying so."""
        self._lines[key].setChecked(True)

    def set_count(self, key: str, count: int | None) -> None:
        """Show another number; a line with nothing behind it cannot be taken."""
        self._lines[key].set_count(count)
        self._lines[key].setEnabled(count != 0 or self._lines[key].isChecked())

    def set_shown(self, key: str, *, shown: bool) -> None:
        """Show a line, or leave it out."""
        self._lines[key].setVisible(shown)

    def _on_button_clicked(self, line: PaintedButton) -> None:
        if isinstance(line, ChoiceLine):
            self.chosen.emit(line.key)

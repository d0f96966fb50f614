"""What is wrong, line by line, with a way to each place and a press that mends it. It folds, or is put away."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, LinkButton
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.tag import Tag

_ROW = 32
_MOST_ROWS = 4


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One thing that is wrong: `place` leads there, `fix` mends it; empty where there is nothing of the kind."""

    message: str
    is_blocker: bool = True
    place: str = ""
    fix: str = ""


class ProblemList(QWidget):
    """`chosen` and `mend` say the number of a line.

    It folds to its heading; one that is a pane of its own is put away instead, and its lines fill the pane.
    """

    chosen = Signal(int)
    mend = Signal(int)
    put_away = Signal()

    def __init__(self, theme: Theme, fine: str, *, held_up: str = "", is_pane: bool = False) -> None:
        """`fine` is what stands there when nothing is wrong; `held_up` is the step that blockers hold up, or Launch."""
        super().__init__()
        self._theme, self._fine_text, self._is_pane = theme, fine, is_pane
        self._held_up = held_up or self.tr("Launch")
        self._at = -1
        self._is_open = True
        self._shown: list[ProblemLine] | None = None
        self.setAccessibleName(self.tr("Problems"))
        column = Column(theme, gap=0)
        column.addWidget(Line(theme))
        column.addWidget(self._build_head())
        self._list = Column(theme, gap=0, margins=(24, 0, 24, 6))
        inside = QWidget()
        inside.setLayout(self._list)
        self._scroll = ScrollArea(inside)
        column.addWidget(self._scroll, 1 if is_pane else 0)
        if is_pane:
            # The heading stays at the top of a pane without lines.
            column.addStretch()
        self.setLayout(column)
        theme.changed.connect(self._make_room)
        self.show_lines(())

    def show_lines(self, lines: Sequence[ProblemLine]) -> None:
        """Show what is wrong now."""
        if self._shown == list(lines):
            return
        self._shown = list(lines)
        clear_layout(self._list)
        for number, line in enumerate(lines):
            self._list.addWidget(self._line(number, line))
        if self._is_pane:
            self._list.addStretch()
        blockers = sum(1 for line in lines if line.is_blocker)
        warnings = len(lines) - blockers
        self._blockers.setVisible(blockers > 0)
        self._blockers.set_text(
            (self.tr("{0} blocks {1}") if blockers == 1 else self.tr("{0} block {1}")).format(blockers, self._held_up)
        )
        self._warnings.setVisible(warnings > 0)
        self._warnings.set_text((self.tr("{0} warning") if warnings == 1 else self.tr("{0} warnings")).format(warnings))
        self._fine.setVisible(not lines)
        self._keys.setVisible(bool(lines))
        self._toggle.setVisible(bool(lines) or self._is_pane)
        self._make_room()

    def walk(self, by: int) -> None:
        """Go to the next problem, or the one before."""
        if self._shown:
            self._at = (self._at + by) % len(self._shown) if self._at >= 0 or by > 0 else len(self._shown) - 1
            self.chosen.emit(self._at)

    def _build_head(self) -> QWidget:
        theme = self._theme
        row = Row(theme, gap=10, margins=(24, 8, 24, 6))
        row.addWidget(PlainLabel(self.tr("Problems"), "card-title"))
        self._blockers = Tag(theme, "", "error")
        self._warnings = Tag(theme, "", "warn")
        self._fine = PlainLabel(self._fine_text, "secondary", "muted")
        for widget in (self._blockers, self._warnings, self._fine):
            row.addWidget(widget)
        row.addStretch(1)
        self._keys = PlainLabel(self.tr("F8 next · Shift+F8 previous"), "secondary", "muted")
        row.addWidget(self._keys)
        if self._is_pane:
            self._toggle = IconButton(theme, "close", self.tr("Put the problems away"), size=24, icon_size=12)
            self._toggle.clicked.connect(self.put_away)
        else:
            self._toggle = IconButton(theme, "chevron-down", self.tr("Hide the problems"), icon_size=12)
            self._toggle.clicked.connect(self._on_toggle)
        row.addWidget(self._toggle)
        head = QWidget()
        head.setLayout(row)
        return head

    def _line(self, number: int, problem: ProblemLine) -> QWidget:
        theme = self._theme
        tone = "error" if problem.is_blocker else "warn"
        row = Row(theme, gap=8)
        row.addWidget(IconLabel(theme, "error" if problem.is_blocker else "warning", tone))
        row.addWidget(PlainLabel(self.tr("Blocker") if problem.is_blocker else self.tr("Warning"), "strong", tone))
        if problem.place:
            go = LinkButton(theme, problem.place, inline=True, role="strong")
            go.clicked.connect(partial(self._choose, number))
            row.addWidget(go)
        row.addWidget(PlainLabel(problem.message, elided=True), 1)
        if problem.fix:
            fix = LinkButton(theme, problem.fix, inline=True)
            fix.clicked.connect(partial(self.mend.emit, number))
            row.addWidget(fix)
        line = QWidget()
        line.setLayout(row)
        line.setFixedHeight(theme.px(_ROW))
        return line

    def _choose(self, number: int) -> None:
        self._at = number
        self.chosen.emit(number)

    def _on_toggle(self) -> None:
        self._is_open = not self._is_open
        self._toggle.set_icon("chevron-down" if self._is_open else "chevron-up")
        self._toggle.set_name(self.tr("Hide the problems") if self._is_open else self.tr("Show the problems"))
        self._make_room()

    def _make_room(self) -> None:
        rows = min(len(self._shown or ()), _MOST_ROWS)
        height = rows * self._theme.px(_ROW) + self._theme.px(8)
        self._scroll.setVisible(self._is_open and rows > 0)
        if self._is_pane:
            self._scroll.setMinimumHeight(height)
        else:
            self._scroll.setFixedHeight(height)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

"""Under the panes: what keeps the integration from being launched, what to look at, and a press that mends it."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.mapping.problems import Fix, Problem, Severity
from saasdesk.ui.mapping_editor.board import MappingBoard
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


class ProblemsPanel(QWidget):
    """`chosen` brings the keyboard to the line of a problem; `mend` does what its link says."""

    chosen = Signal(object)
    mend = Signal(object)

    def __init__(self, theme: Theme, board: MappingBoard) -> None:
        super().__init__()
        self._theme, self._board = theme, board
        self._at = -1
        self._is_open = True
        self._shown: list[Problem] = []
        self.setAccessibleName(self.tr("Problems"))
        column = Column(theme, gap=0)
        column.addWidget(Line(theme))
        column.addWidget(self._build_head())
        self._list = Column(theme, gap=0, margins=(24, 0, 24, 6))
        inside = QWidget()
        inside.setLayout(self._list)
        self._scroll = ScrollArea(inside)
        column.addWidget(self._scroll)
        self.setLayout(column)
        board.changed.connect(self.refresh)
        board.report_changed.connect(self.refresh)
        board.samples_changed.connect(self.refresh)
        theme.changed.connect(self._make_room)
        self.refresh()

    def refresh(self) -> None:
        """Show what is wrong now."""
        problems = list(self._board.problems)
        if problems == self._shown and self._list.count():
            return
        self._shown = problems
        clear_layout(self._list)
        for problem in problems:
            self._list.addWidget(self._line(problem))
        blockers = sum(1 for problem in problems if problem.severity is Severity.BLOCKER)
        warnings = len(problems) - blockers
        self._blockers.setVisible(blockers > 0)
        self._blockers.set_text(self.tr("{0} block Launch").format(blockers))
        self._warnings.setVisible(warnings > 0)
        self._warnings.set_text((self.tr("{0} warning") if warnings == 1 else self.tr("{0} warnings")).format(warnings))
        self._fine.setVisible(not problems)
        self._keys.setVisible(bool(problems))
        self._toggle.setVisible(bool(problems))
        self._make_room()

    def walk(self, by: int) -> None:
        """Go to the next problem, or the one before."""
        if not self._shown:
            return
        self._at = (self._at + by) % len(self._shown)
        self.chosen.emit(self._shown[self._at])

    def _build_head(self) -> QWidget:
        theme = self._theme
        row = Row(theme, gap=10, margins=(24, 8, 24, 6))
        row.addWidget(PlainLabel(self.tr("Problems"), "card-title"))
        self._blockers = Tag(theme, "", "error")
        self._warnings = Tag(theme, "", "warn")
        self._fine = PlainLabel(self.tr("None: this mapping can be launched."), "secondary", "muted")
        for widget in (self._blockers, self._warnings, self._fine):
            row.addWidget(widget)
        row.addStretch(1)
        self._keys = PlainLabel(self.tr("F8 next · Shift+F8 previous"), "secondary", "muted")
        row.addWidget(self._keys)
        self._toggle = IconButton(theme, "chevron-down", self.tr("Hide the problems"), icon_size=12)
        self._toggle.clicked.connect(self._on_toggle)
        row.addWidget(self._toggle)
        head = QWidget()
        head.setLayout(row)
        return head

    def _line(self, problem: Problem) -> QWidget:
        theme = self._theme
        is_blocker = problem.severity is Severity.BLOCKER
        tone = "error" if is_blocker else "warn"
        row = Row(theme, gap=8)
        row.addWidget(IconLabel(theme, "error" if is_blocker else "warning", tone))
        row.addWidget(PlainLabel(self.tr("Blocker") if is_blocker else self.tr("Warning"), "strong", tone))
        if problem.label and problem.place is not None:
            go = LinkButton(theme, problem.label, inline=True, role="strong")
            go.clicked.connect(partial(self.chosen.emit, problem))
            row.addWidget(go)
        row.addWidget(PlainLabel(problem.message, elided=True), 1)
        words = self._fix_in_words(problem)
        if words:
            fix = LinkButton(theme, words, inline=True)
            fix.clicked.connect(partial(self.mend.emit, problem))
            row.addWidget(fix)
        line = QWidget()
        line.setLayout(row)
        line.setFixedHeight(theme.px(_ROW))
        return line

    def _fix_in_words(self, problem: Problem) -> str:
        match problem.fix:
            case Fix.CONSTANT:
                return self.tr("Use constant “Employee”")
            case Fix.SOURCE:
                return self.tr("Choose a source…")
            case Fix.SYNC_KEY:
                return self.tr("Make Email the sync key")
            case Fix.NO_KEY:
                return self.tr("Not as a sync key")
            case Fix.NONE:
                return ""

    def _on_toggle(self) -> None:
        self._is_open = not self._is_open
        self._toggle.set_icon("chevron-down" if self._is_open else "chevron-up")
        self._toggle.set_name(self.tr("Hide the problems") if self._is_open else self.tr("Show the problems"))
        self._make_room()

    def _make_room(self) -> None:
        rows = min(len(self._shown), _MOST_ROWS)
        height = rows * self._theme.px(_ROW) + self._theme.px(8)
        self._scroll.setVisible(self._is_open and bool(self._shown))
        self._scroll.setFixedHeight(height)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

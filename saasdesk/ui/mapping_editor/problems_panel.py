"""Under the panes: what keeps the integration from being launched, what to look at, and a press that mends it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from saasdesk.mapping.problems import Fix, Problem, Severity
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.problem_list import ProblemLine, ProblemList


class ProblemsPanel(QWidget):
    """`chosen` brings the keyboard to the line of a problem; `mend` does what its link says."""

    chosen = Signal(object)
    mend = Signal(object)

    def __init__(self, theme: Theme, board: MappingBoard, held_up: str = "") -> None:
        super().__init__()
        self._board = board
        self._shown: list[Problem] = []
        self.setAccessibleName(self.tr("Problems"))
        self._list = ProblemList(theme, self.tr("None: nothing is missing in this mapping."), held_up=held_up)
        column = Column(theme, gap=0)
        column.addWidget(self._list)
        self.setLayout(column)
        self._list.chosen.connect(lambda number: self.chosen.emit(self._shown[number]))
        self._list.mend.connect(lambda number: self.mend.emit(self._shown[number]))
        board.changed.connect(self.refresh)
        board.report_changed.connect(self.refresh)
        board.samples_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is wrong now."""
        self._shown = list(self._board.problems)
        self._list.show_lines([self._line(problem) for problem in self._shown])

    def walk(self, by: int) -> None:
        """Go to the next problem, or the one before."""
        self._list.walk(by)

    def _line(self, problem: Problem) -> ProblemLine:
        place = problem.label if problem.place is not None else ""
        return ProblemLine(problem.message, problem.severity is Severity.BLOCKER, place, self._fix_in_words(problem))

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

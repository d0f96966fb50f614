"""Chooses a moment of the past: a day and a time, or the end of a run."""

from collections.abc import Sequence
from datetime import time, timedelta

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from saasdesk import clock
from saasdesk.records.past import Moment, moment_of_text
from saasdesk.store import Store
from saasdesk.sync.rows import SessionRow
from saasdesk.sync.sessions import list_sessions
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.date_field import DateField
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl

DAY, RUN = "day", "run"
_END_OF_DAY = "23:59"


class MomentDialog(FormDialog):
    """`chosen` brings the moment, once it is known that history reaches back to it."""

    chosen = Signal(object)

    def __init__(
        self, store: Store, theme: Theme, readers: TableReaders, parent: QWidget | None = None, *, title: str = ""
    ) -> None:
        super().__init__(theme, title or _tr("Look at the past"), _tr("Look"), width=480, icon="history", parent=parent)
        self._store = store
        self._reading = Reading(readers, self)
        self.how = SegmentedControl(
            theme, _tr("Which moment"), (Choice(DAY, _tr("A day")), Choice(RUN, _tr("After a run")))
        )
        self.day = DateField((clock.now().astimezone() - timedelta(days=1)).date())
        self.time = QLineEdit(_END_OF_DAY)
        self.run = QComboBox()
        self._grid = FormGrid(theme, label_width=96)
        self._grid.add_field(_tr("Moment"), self.how)
        self._day_error = self._grid.add_field(_tr("Day"), self.day)
        self._time_error = self._grid.add_field(
            _tr("Time"), self.time, _tr("Local time. 23:59 is the end of that day.")
        )
        self._run_error = self._grid.add_field(
            _tr("Run"), self.run, _tr("As everything was when this run was through.")
        )
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self.how.chosen.connect(self._fit_fields)
        self.keep.clicked.connect(self._look)
        self._fit_fields()
        self.fit(300)
        self.day.setFocus(Qt.FocusReason.OtherFocusReason)
        self._reading.ask("runs", lambda _stop: list_sessions(store), self._show_runs, self.show_problem)

    def has_changes(self) -> bool:
        """Choosing a moment is no work that could be lost."""
        return False

    def _fit_fields(self) -> None:
        by_day = self.how.current == DAY
        self._grid.set_shown(self.day, shown=by_day)
        self._grid.set_shown(self.time, shown=by_day)
        self._grid.set_shown(self.run, shown=not by_day)

    def _show_runs(self, sessions: Sequence[SessionRow]) -> None:
        for session in sessions:
            if session.kind == "run" and session.finished_at:
                when = moment_in_words(session.finished_at)
                self.run.addItem(visible_text(f"#{session.id}  {when}  {session.integration_name}"), f"#{session.id}")

    def _look(self) -> None:
        self.clear_problem()
        for error in (self._day_error, self._time_error, self._run_error):
            error.clear()
        text = self._text()
        if text:
            self.set_busy(_tr("Looking whether history reaches back so far…"))
            self._reading.ask("moment", lambda _stop: moment_of_text(self._store, text), self._take, self.show_problem)

    def _text(self) -> str:
        """What was chosen, as `moment_of_text` reads it; empty when a field says what is wrong."""
        if self.how.current == RUN:
            if self.run.currentData() is None:
                self._run_error.show_error(_tr("There was no run yet."))
                return ""
            return str(self.run.currentData())
        problem = self.day.problem(may_have_passed=True) or ("" if self.day.day else _tr("Enter a day."))
        if problem:
            self._day_error.show_error(problem)
            return ""
        at = self.time.text().strip()
        if not _is_time(at):
            self._time_error.show_error(_tr("Write the time as hours and minutes, such as 08:30."))
            return ""
        return f"{self.day.text().strip()} {'23:59:59' if at == _END_OF_DAY else at}"

    def _take(self, moment: Moment) -> None:
        self.accept()
        self.chosen.emit(moment)


def _is_time(text: str) -> bool:
    try:
        # Midnight is a time, and "falsy" to Python.
        return ":" in text and time.fromisoformat(text) is not None
    except ValueError:
        return False


def _tr(text: str) -> str:
    return QCoreApplication.translate("MomentDialog", text)

"""Who keeps the schedules while no window is open: saasdesk in the tray, or the operating system."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from saasdesk.errors import UserError
from saasdesk.profile import Profile
from saasdesk.schedule.timer import SystemTimer, TimerState, timer_for
from saasdesk.ui.pages.settings.section import Section, section_grid
from saasdesk.ui.reading import Reading
from saasdesk.ui.theme import Theme
from saasdesk.ui.tray import has_tray
from saasdesk.ui.visible_text import escaped_tip
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl
from saasdesk.ui.widgets.status_word import StatusWord, status

Change = Callable[[SystemTimer], object]


class SchedulesSection(Section):
    """Two ways, side by side; one is enough."""

    install_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        about = QCoreApplication.translate("Settings", "Who looks what is due while no window is open.")
        super().__init__(theme, QCoreApplication.translate("Settings", "Schedules"), about)
        self.tray = SegmentedControl(
            theme,
            self.tr("Closing the window"),
            [
                Choice("ask", self.tr("Ask")),
                Choice("keep", self.tr("Keep running in the tray")),
                Choice("quit", self.tr("Quit")),
            ],
            "ask",
        )
        grid = section_grid(theme)
        self.has_tray = has_tray()
        self.tray.setEnabled(self.has_tray)
        self.fields.add(
            grid,
            "tray",
            self.tr("Closing"),
            self.tray,
            self.tr("In the tray saasdesk keeps its schedules without a window.")
            if self.has_tray
            else self.tr("This desktop has no tray, so closing the window quits. The system's timer needs none."),
        )
        self.state = StatusWord(theme, status("not_checked"))
        self.install = OutlinedButton(theme, self.tr("Install"), icon="plus")
        self.install.setAccessibleName(self.tr("Install the system's timer"))
        self.remove = OutlinedButton(theme, self.tr("Remove"), icon="trash")
        self.remove.setAccessibleName(self.tr("Remove the system's timer"))
        line = QWidget()
        row: QHBoxLayout = Row(theme, gap=12)
        row.addWidget(self.state)
        row.addStretch(1)
        row.addWidget(self.install)
        row.addWidget(self.remove)
        line.setLayout(row)
        line.setAccessibleName(self.tr("The system's timer"))
        grid.add_value(self.tr("System timer"), line)
        self.body.addLayout(grid)
        self._about = Paragraph(
            theme,
            self.tr("The operating system looks every five minutes what is due, also while no window is open."),
            role="secondary",
            tone="muted",
        )
        below = Row(theme, margins=(136, 0, 0, 0))
        below.addWidget(self._about)
        self.body.addLayout(below)
        self.finish()
        self.install.clicked.connect(self.install_wanted)
        self.remove.clicked.connect(self.remove_wanted)
        self.show_looking()

    def show_looking(self) -> None:
        """The system is being asked."""
        self.install.setEnabled(False)
        self.remove.setEnabled(False)
        self.state.set_status(status("waiting", self.tr("Asking the system…")))

    def show_state(self, state: TimerState) -> None:
        """Show how the timer stands."""
        self.error.clear()
        runs = state.text == "installed" and not state.is_for_another_program
        if not state.is_installed:
            shown = status("not_checked", self.tr("Not installed"))
        elif state.is_for_another_program:
            shown = status("review", self.tr("Of another program: install it again"))
        else:
            shown = status("yes", self.tr("Installed")) if runs else status("review", self.tr("Installed, not running"))
        self.state.set_status(shown)
        self.state.setToolTip(escaped_tip(state.text))
        self.install.setEnabled(not runs)
        self.remove.setEnabled(state.is_installed)

    def show_refused(self, reason: str) -> None:
        """It could not be done, or there is no timer for this profile."""
        self.error.show_error(reason)


class TimerKeeper(QObject):
    """Between the section and the operating system, which is asked in a worker thread."""

    def __init__(self, profile: Profile, section: SchedulesSection, reading: Reading) -> None:
        super().__init__(section)
        self._profile, self._section, self._reading = profile, section, reading
        section.install_wanted.connect(self._install)
        section.remove_wanted.connect(self._remove)

    def refresh(self) -> None:
        """Ask how the timer stands."""
        self._ask(lambda _timer: None)

    def _install(self) -> None:
        self._ask(lambda timer: timer.install())

    def _remove(self) -> None:
        self._ask(lambda timer: timer.remove())

    def _ask(self, change: Change) -> None:
        profile, section = self._profile, self._section
        section.show_looking()
        if profile.is_demo:
            section.state.set_status(status("not_checked", section.tr("Not for the demo: its keys lie in memory")))
            return
        self._reading.ask(
            "timer", lambda _stop: _state_after(timer_for(profile), change), self._on_state, section.show_refused
        )

    def _on_state(self, found: tuple[TimerState, str]) -> None:
        state, problem = found
        self._section.show_state(state)
        if problem:
            self._section.show_refused(problem)


def _state_after(timer: SystemTimer, change: Change) -> tuple[TimerState, str]:
    """How it stands afterwards, also where the change was refused."""
    problem = ""
    try:
        change(timer)
    except UserError as error:
        problem = str(error)
    return timer.state(), problem

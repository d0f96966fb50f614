"""Leads the window into the past and back: which moment, the copy of it, and the pages that show it."""

import sys
import threading
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from saasdesk.errors import Cancelled
from saasdesk.jobs import Ended, Job, Message, Tell
from saasdesk.records.past import Moment, last_changes_of_runs, moment_of_run, past_store
from saasdesk.services import Services
from saasdesk.store import PastStore
from saasdesk.sync.rows import SessionRow
from saasdesk.sync.sessions import list_sessions
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.main_window import MainWindow
from saasdesk.ui.navigation import Command
from saasdesk.ui.past.moment_dialog import MomentDialog
from saasdesk.ui.past.moment_words import title_of_moment
from saasdesk.ui.past.past_bar import PastBar
from saasdesk.ui.reading import Reading
from saasdesk.ui.status_bar import Mode, Progress, as_of
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.times import show_moment
from saasdesk.ui.theme import Theme

_ABOUT = "past"
# The pages that can show records as they were; every other page is about the present.
PAST_PAGES = ("people", "person", "software", "hardware", "asset", "reports", "report_group")
# Speaks of two moments itself, and so may be opened from either.
_OF_BOTH = "comparison"
SHORTCUT = "Ctrl+Shift+H"


class LookingBack(QObject):
    """One for a window. `show_records_of` makes the pages of records anew, from other services."""

    def __init__(
        self,
        services: Services,
        window: MainWindow,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        show_records_of: Callable[[Services], None],
        present: Mode,
    ) -> None:
        super().__init__(window)
        self._services, self._window, self._theme, self._readers = services, window, theme, readers
        self._show_records_of = show_records_of
        self._present = present
        self.past: PastStore | None = None
        self._reading = Reading(readers, self)
        # The moment that is shown, the one that is being read, and the one that was asked for meanwhile.
        self._moment: Moment | None = None
        self._wanted: Moment | None = None
        self._next: Moment | None = None
        self._job: Job | None = None
        self.bar: PastBar | None = None
        window.status.offer_past(SHORTCUT, self.choose)
        bridge.heard.connect(self._on_heard)
        window.arrived.connect(self._on_arrived)

    def commands(self) -> tuple[Command, ...]:
        """Looking at the past, and coming back from it."""
        look = Command(self.tr("Look at the past…"), self.choose, SHORTCUT, "history", "View")
        compare = Command(self.tr("Compare two moments…"), self._compare, "", "columns", "View")
        if self.past is None:
            return (look, compare)
        return (look, compare, Command(self.tr("Back to the present"), self.come_back, "Ctrl+Shift+L", "live", "View"))

    def choose(self) -> MomentDialog:
        """Ask for a moment."""
        dialog = MomentDialog(self._services.store, self._theme, self._readers, self._window)
        dialog.chosen.connect(self._begin)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def come_back(self) -> None:
        """Show the present again."""
        past, self.past = self.past, None
        if past is None:
            return
        self._window.set_mode(self._present)
        self._window.set_strip(None)
        self.bar = None
        show_moment(None)
        self._show_records_of(self._services)
        past.close()
        self._window.say(self.tr("This is the present again."))

    def _compare(self) -> None:
        """Go to what has changed since the moment that is shown; where none is, the page asks for one."""
        self._window.navigate(_OF_BOTH, self._moment if self.past is not None else None)

    def close(self) -> None:
        """The window goes: nothing is left of the copy."""
        show_moment(None)
        if self.past is not None:
            self.past.close()
            self.past = None

    def _begin(self, moment: Moment) -> None:
        if self._job is not None:
            self._next = moment
            self._window.cancel_job(self._job)
            return
        store = self._services.store

        def work(tell: Tell, stop: threading.Event) -> PastStore:
            name = self.tr("Reading what was")
            return past_store(store, moment, lambda share: tell(Progress(name, share)), stop)

        self._wanted = moment
        self._job = self._window.start_job(work, self.tr("Looking back to {0}").format(title_of_moment(moment)), _ABOUT)

    def _on_heard(self, message: Message) -> None:
        if not isinstance(message, Ended) or message.job.about != _ABOUT:
            return
        self._job, following, self._next = None, self._next, None
        if following is not None:
            if isinstance(message.result, PastStore):
                message.result.close()
            self._begin(following)
        elif isinstance(message.result, PastStore):
            if self._wanted is not None:
                self.show(message.result, self._wanted)
        elif message.error is not None and not isinstance(message.error, Cancelled):
            self._window.toast(str(message.error), "error")

    def show(self, past: PastStore, moment: Moment) -> None:
        """Show this moment; what was shown before is put away."""
        self._moment = moment
        before, self.past = self.past, past
        walks = self.bar is not None and self._window.focusWidget() is self.bar.slider.slider
        shown = title_of_moment(moment)
        bar = self.bar = PastBar(self._theme, shown)
        bar.back_wanted.connect(self.come_back)
        bar.other_wanted.connect(self.choose)
        bar.comparison_wanted.connect(self._compare)
        self._window.set_mode(as_of(shown))
        bar.slider.wanted.connect(self._go_to_run)
        self._window.set_strip(bar)
        show_moment(past.now())
        self._show_records_of(replace(self._services, store=past))
        if before is not None:
            before.close()
        if self._window.here not in PAST_PAGES:
            self._window.navigate("people")
        self._window.say(self.tr("Everything is shown as of {0}.").format(shown))
        self._reading.ask(
            "runs", lambda _stop: self._runs(), lambda runs: self._show_runs(runs, walks=walks), self._complain
        )

    def _runs(self) -> list[SessionRow]:
        """All that are through, in the order in which they were saved: several may end in one second."""
        sessions = list_sessions(self._services.store)
        runs = [each for each in sessions if each.kind == "run" and each.finished_at]
        last = last_changes_of_runs(self._services.store)
        return sorted(runs, key=lambda each: (each.finished_at or "", last.get(each.id, sys.maxsize), each.id))

    def _show_runs(self, runs: list[SessionRow], *, walks: bool) -> None:
        if self.bar is None or self._moment is None:
            return
        self.bar.slider.show_runs(runs, self._moment.at, self._moment.run)
        if walks:
            # Whoever walks through the runs by keyboard is not sent away at every step.
            self.bar.slider.slider.setFocus()

    def _go_to_run(self, run: int) -> None:
        store = self._services.store
        self._reading.ask("moment", lambda _stop: moment_of_run(store, str(run)), self._begin, self._complain)

    def _complain(self, sentence: str) -> None:
        self._window.toast(sentence, "error")

    def _on_arrived(self, key: str) -> None:
        """A page that has no past leads back to the present: nothing may look like what was and be what is."""
        if self.past is not None and key not in (*PAST_PAGES, _OF_BOTH):
            self.come_back()
            self._window.toast(self.tr("This page shows the present: the look at the past is over."), "info")

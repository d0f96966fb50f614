"""The audit log: who did what, the latest on top, and whether anybody has edited it."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from saasdesk.errors import Cancelled
from saasdesk.jobs import Ended, Job, Message, Said, Tell
from saasdesk.records.listing import ListQuery
from saasdesk.reports.audit_log import LATELY, AuditList, find_entry
from saasdesk.rules import Operator, Rule
from saasdesk.services import Services
from saasdesk.store.audit import Inspection, inspect
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.moments import counted, moment_within
from saasdesk.ui.navigation import Command, Frame
from saasdesk.ui.pages.activity.audit_places import place_of_entry
from saasdesk.ui.reading import Reading
from saasdesk.ui.record_places import Place
from saasdesk.ui.tables import ExportRequest, Memory, NothingYet, RecordTable, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar

_NAME = "audit-log"
_ABOUT = "audit-verify"


class AuditView(QWidget):
    """`verify` looks at every row again, beside whatever else goes on."""

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        memory: Memory,
        *,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__()
        self._store, self._frame, self._theme = services.store, frame, theme
        self._export = export
        self._reading = Reading(readers, self)
        self._job: Job | None = None
        self.setObjectName("audit-view")
        is_new = memory.get(_NAME) is None
        self.table = RecordTable(
            AuditList(services.store),
            theme,
            readers,
            memory,
            _NAME,
            nothing_yet=NothingYet(
                self.tr("Nothing has been done yet"),
                self.tr("Every change of a record, a key, a workflow or a setting leaves a row here, and every call."),
            ),
            sort=LATELY.sort,
            has_states=False,
        )
        if is_new:
            self.table.show_query(LATELY)
        self.verify_button = OutlinedButton(theme, self.tr("Verify"), "shield")
        self.table.add_tool(self.verify_button)
        self.banner = Banner(theme, "info")
        self.banner.hide()
        self.progress = self._build_progress()
        self.progress.hide()
        top = Column(theme, gap=0, margins=(24, 0))
        top.addWidget(self.banner)
        top.addWidget(self.progress)
        column = Column(theme, gap=0, margins=(0, 12, 0, 0))
        column.addLayout(top)
        column.addWidget(self.table, 1)
        self.setLayout(column)
        self.verify_button.clicked.connect(self.verify)
        self.table.opened.connect(self._on_opened)
        self.table.export_wanted.connect(self.ask_to_export)
        self.table.said.connect(frame.say)
        bridge.heard.connect(self._on_heard)

    def refresh(self) -> None:
        """Read the rows again."""
        self.table.refresh()

    def commands(self) -> tuple[Command, ...]:
        """What can be done with the log."""
        return (
            Command(self.tr("Verify the audit log"), self.verify, "", "shield", "Run"),
            Command(self.tr("Find in the audit log"), self.table.focus_quick_filter, "Ctrl+F", "search", "Edit"),
            Command(self.tr("Export the audit log…"), self.ask_to_export, "Ctrl+E", "export", "File"),
        )

    def ask_to_export(self) -> None:
        """Open the export of what is listed."""
        self._export(self.table.export_request())

    def verify(self) -> None:
        """Compute every hash anew, in a job."""
        store = self._store

        def work(tell: Tell, stop: threading.Event) -> Inspection:
            return inspect(store, stop, tell)

        job = self._frame.start_job(work, self.tr("Verify the audit log"), _ABOUT)
        if job is None:
            return
        self._job = job
        had_keyboard = self.verify_button.hasFocus()
        self._share.set_share(0.0)
        self.banner.hide()
        self.progress.show()
        self.verify_button.setEnabled(False)
        if had_keyboard:
            # A button that goes grey hands the keyboard to the next one, which would take a filter away.
            self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_progress(self) -> QWidget:
        part = QWidget()
        row = Row(self._theme, gap=12, margins=(0, 4))
        self._share = ProgressBar(self._theme, self.tr("How much of the audit log is verified"))
        self.cancel_button = LinkButton(self._theme, self.tr("Cancel"))
        self.cancel_button.clicked.connect(self._cancel)
        row.addWidget(PlainLabel(self.tr("Every row and every run is compared with its hash…"), "secondary", "muted"))
        row.addWidget(self._share, 1)
        row.addWidget(self.cancel_button)
        part.setLayout(row)
        return part

    def _cancel(self) -> None:
        if self._job is not None:
            self._frame.cancel_job(self._job)

    def _on_heard(self, message: Message) -> None:
        if self._job is None or message.job != self._job:
            return
        match message:
            case Said(news=float(share)):
                self._share.set_share(share)
            case Ended(result=Inspection() as found):
                self._end()
                self._show_inspection(found)
            case Ended(error=error):
                self._end()
                if isinstance(error, Cancelled):
                    self._say("info", self.tr("Not verified:"), self.tr("it was cancelled before the end."))
                else:
                    self._say("error", self.tr("The audit log could not be verified."), str(error))
            case _:
                pass

    def _end(self) -> None:
        self._job = None
        had_keyboard = self.cancel_button.hasFocus()
        self.verify_button.setEnabled(True)
        if had_keyboard:
            self.verify_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.progress.hide()

    def _say(self, kind: str, lead: str, text: str, row: int | None = None) -> None:
        buttons: tuple[LinkButton, ...] = ()
        if row is not None:
            show = LinkButton(self._theme, self.tr("Show the rows around it"))
            show.clicked.connect(lambda: self._show_around(row))
            buttons = (show,)
        self.banner.say(kind, lead, text, buttons)
        self.banner.show()

    def _show_inspection(self, found: Inspection) -> None:
        rows = counted(found.rows, self.tr("{0} row"), self.tr("{0} rows"))
        if found.problems:
            first = found.problems[0]
            sentences = " ".join(problem.sentence for problem in found.problems[:3])
            meaning = (
                self.tr("What stands from there on proves nothing any more.")
                if first.row is not None
                else self.tr("What the history says of these runs cannot be relied on.")
            )
            advice = self.tr("Compare with a backup from before, and keep this file.")
            self._say("error", sentences, f"{meaning} {advice}", first.row)
            return
        if not found.rows:
            self._say("ok", self.tr("There is nothing to verify yet."), "")
            return
        sessions = counted(found.sessions, self.tr("{0} run"), self.tr("{0} runs"))
        self._say(
            "ok",
            self.tr("The audit log is whole."),
            self.tr(
                "{0} from {1} to {2} each follow the one before, and the changes of {3} are the ones they recorded. "
                "Another file in the place of the whole database would not show here."
            ).format(rows, moment_within(found.first_at or ""), moment_within(found.last_at or ""), sessions),
        )

    def _show_around(self, row: int) -> None:
        between = Rule(field="number", operator=Operator.BETWEEN, value=(max(1, row - 5), row + 5))
        self.table.show_query(ListQuery(rule=between, sort=LATELY.sort))

    def _on_opened(self, number: int) -> None:
        store = self._store

        def look(_stop: threading.Event) -> Place | None:
            entry = find_entry(store, number)
            return None if entry is None else place_of_entry(store, entry)

        self._reading.ask("entry", look, self._go, lambda sentence: self._frame.toast(sentence, "error"))

    def _go(self, place: Place | None) -> None:
        if place is None:
            self._frame.toast(_tr("There is no page for this: the row says all that is known."), "info")
        else:
            self._frame.navigate(*place)


def _tr(text: str) -> str:
    return QCoreApplication.translate("AuditView", text)

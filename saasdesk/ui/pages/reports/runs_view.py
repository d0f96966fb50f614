"""What was run of a report: when, by whom, how many lines, how it differed, and where the file is."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from saasdesk.fields import FieldType
from saasdesk.records.listing import Column as ListColumn
from saasdesk.records.listing import Special
from saasdesk.reports.runs import RunRow, RunStatus
from saasdesk.reports.runs.words import difference_in_words
from saasdesk.ui.navigation import Frame
from saasdesk.ui.tables import Memory, NothingYet, RecordTable, TableReaders
from saasdesk.ui.tables.short_list import Records, ShortList
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column


class ReportRunsView(QWidget):
    """Opening a run opens the folder of its file, or says why there is none."""

    def __init__(self, frame: Frame, theme: Theme, readers: TableReaders, memory: Memory) -> None:
        super().__init__()
        self._frame = frame
        self._runs: dict[int, RunRow] = {}
        self._records: Records = {}
        self.table = RecordTable(
            ShortList(self.tr("runs"), self._columns(), lambda: self._records),
            theme,
            readers,
            memory,
            "report-runs",
            nothing_yet=NothingYet(
                self.tr("No runs yet"), self.tr("Each run is noted here: by hand, by schedule or from a shell.")
            ),
            has_states=False,
        )
        self.table.export_button.hide()
        self.table.opened.connect(self._on_opened)
        self.table.said.connect(frame.say)
        column = Column(theme, gap=0, margins=(0, 8, 0, 0))
        column.addWidget(self.table, 1)
        self.setLayout(column)

    def show_runs(self, runs: Sequence[RunRow]) -> None:
        """Show these, newest first."""
        self._runs = {run.id: run for run in runs}
        self._records = {
            run.id: {
                "began_at": run.began_at,
                "status": run.status.value,
                "lines": None if run.status is RunStatus.FAILED else run.lines,
                "outcome": run.problem or difference_in_words(run) or None,
                "started_by": _started(run),
                "file": _place(run),
                "sha256": run.sha256 or None,
            }
            for run in runs
        }
        self.table.refresh()

    def _columns(self) -> tuple[ListColumn, ...]:
        text = FieldType.SHORT_TEXT
        return (
            ListColumn("began_at", self.tr("Began"), FieldType.DATETIME, 144),
            ListColumn("status", self.tr("Status"), Special.STATUS, 116),
            ListColumn("lines", self.tr("Lines"), FieldType.NUMBER, 72, align_right=True),
            ListColumn("outcome", self.tr("What Came of It"), text, 320),
            ListColumn("started_by", self.tr("Begun By"), text, 116),
            ListColumn("file", self.tr("File"), text, 260),
            ListColumn("sha256", self.tr("SHA-256"), text, 260, is_shown=False),
        )

    def _on_opened(self, number: int) -> None:
        run = self._runs[number]
        if run.problem:
            self._frame.toast(run.problem, "warn", seconds=12)
            return
        folder = Path(run.file).parent
        if not Path(run.file).is_absolute():
            self._frame.say(self.tr("This run went by mail; there is no file of it."))
        elif not folder.is_dir():
            self._frame.toast(self.tr("The folder {0} is not there any more.").format(folder), "warn")
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _started(run: RunRow) -> str:
    by = _tr("Schedule") if run.started_by == "schedule" else _tr("By hand")
    return f"{by}, {run.who}" if run.who else by


def _place(run: RunRow) -> str | None:
    mailed = _tr("mailed to {0}").format(", ".join(run.mailed_to)) if run.mailed_to else ""
    file = run.file if Path(run.file).is_absolute() else ""
    return ", ".join(part for part in (file, mailed) if part) or None


def _tr(text: str) -> str:
    return QCoreApplication.translate("ReportRunsView", text)

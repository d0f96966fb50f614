"""One report: what it asks, what its lines come to, and the lines as they are just now."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from saasdesk.records.listing import Value
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.lines import Altogether, ReportLines
from saasdesk.store import Store
from saasdesk.ui.navigation import Frame
from saasdesk.ui.reading import Reading
from saasdesk.ui.record_places import Place, place_of_line
from saasdesk.ui.tables import ExportRequest, Memory, NothingYet, RecordTable, TableReaders
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

GROUP = "report_group"
"""The page of the records behind one line of a grouped report."""


_LOW = 440


@dataclass(frozen=True, slots=True)
class GroupAsked:
    """Which group of which report is wanted, by the values that its records share."""

    document: ReportDocument
    values: Mapping[str, Value]


class ReportView(QWidget):
    """`show_report` shows another one; its table can be filtered, sorted, copied and exported like every list."""

    shown = Signal()
    # What tables of its kind are remembered under.
    memory_name = "report"

    def __init__(
        self,
        store: Store,
        frame: Frame,
        theme: Theme,
        readers: TableReaders,
        memory: Memory,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__()
        self._store, self._frame, self._theme, self._readers = store, frame, theme, readers
        self._memory, self._export = memory, export
        self._reading = Reading(readers, self)
        self._texts = CellTexts()
        self.document: ReportDocument | None = None
        self.table: RecordTable | None = None
        self.header = PageHeader(theme, "")
        self.about = Paragraph(theme, tone="muted")
        self.figures = PlainLabel("", "body", "text", elided=True, digits=True)
        self.figures.setAccessibleName(self.tr("What the lines come to"))
        self.asks = Paragraph(theme, role="secondary", tone="muted")
        self.asks.setAccessibleName(self.tr("What the report asks"))
        self.top = Column(theme, gap=4, margins=(24, 16, 24, 0))
        for widget in (self.header, self.about, self.figures, self.asks):
            self.top.addWidget(widget)
        self._column = Column(theme, gap=0)
        self._column.addLayout(self.top)
        # Where the table stands.
        self._lines = self._column
        self.setLayout(self._column)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        """Where there is little height, the lines need it more than the words above them."""
        is_low = self.height() < self._theme.px(_LOW)
        self.asks.setHidden(is_low)
        self.about.setHidden(is_low or self.document is None or not self.document.description)

    def show_report(self, document: ReportDocument) -> None:
        """Show this report, as it asks just now."""
        if self.table is not None and self.document == document:
            self.refresh()
            return
        self.document = document
        self._show_heading(document)
        self._put_table(self._lines_of(document))
        self._read_altogether()

    def refresh(self) -> None:
        """Read the lines again."""
        if self.table is not None:
            self.table.refresh()
            self._read_altogether()

    def ask_to_export(self) -> None:
        """Open the export dialog on the lines as they are shown."""
        if self.table is not None:
            self._export(self.table.export_request())

    def _lines_of(self, document: ReportDocument) -> ReportLines:
        return ReportLines(self._store, document)

    def _show_heading(self, document: ReportDocument) -> None:
        self.header.title.set_text(document.name)
        self.about.setText(document.description)
        self._fit_height()
        self.figures.set_text("")
        self.asks.setText("")

    def _put_table(self, lines: ReportLines) -> None:
        before = self.table
        self.table = self._make_table(lines)
        self._lines.addWidget(self.table, 1)
        if before is not None:
            self._lines.removeWidget(before)
            before.hide()
            before.deleteLater()

    def _make_table(self, lines: ReportLines) -> RecordTable:
        document = lines.document
        table = RecordTable(
            lines,
            self._theme,
            self._readers,
            self._memory,
            f"{self.memory_name}-{document.name}",
            nothing_yet=NothingYet(self.tr("No lines"), self.tr("No record is as this report asks just now.")),
            sort=document.sorted_by,
            has_states=False,
        )
        table.export_wanted.connect(self.ask_to_export)
        table.opened.connect(self._open_record)
        table.said.connect(self._frame.say)
        # The heading says how many lines there are; beside the filter stands what is left of them.
        table.count_label.hide()
        table.counted.connect(lambda shown, total: table.count_label.setVisible(shown != total))
        return table

    def _read_altogether(self) -> None:
        document = self.document
        if document is None:
            return

        def work(stop: threading.Event) -> tuple[Altogether, str]:
            lines = self._lines_of(document)
            return lines.altogether(stop), lines.sentence(lines.query)

        self._reading.ask("altogether", work, self._show_altogether, self._show_failure)

    def _show_altogether(self, found: tuple[Altogether, str]) -> None:
        altogether, sentence = found
        lines = (
            self.tr("1 line")
            if altogether.lines == 1
            else self.tr("{0} lines").format(QLocale().toString(altogether.lines))
        )
        sums = [f"{column.title} {self._texts.number(column, value)}" for column, value in altogether.sums]
        self.figures.set_text(" · ".join([lines, *sums]))
        self.asks.setText(sentence)
        self.shown.emit()

    def _show_failure(self, reason: str) -> None:
        # The table says it too, with a way to try again.
        self.figures.set_text("")
        self.asks.setText(reason)
        self.shown.emit()

    def _open_record(self, line: int) -> None:
        """Go to the record of a line, or to the records of a group."""
        document, store = self.document, self._store
        if document is None:
            return
        if document.group_by:

            def go(values: tuple[Value, ...] | None) -> None:
                if values is None:
                    self._go(None)
                else:
                    self._frame.navigate(GROUP, GroupAsked(document, dict(zip(document.group_by, values, strict=True))))

            def read() -> tuple[Value, ...] | None:
                return ReportLines(store, document).rows([line], document.group_by).get(line)

            self._reading.ask("group", lambda _stop: read(), go, self._complain)
            return
        about = document.object
        self._reading.ask("place", lambda _stop: place_of_line(store, about, line), self._go, self._complain)

    def _go(self, place: Place | None) -> None:
        if place is None:
            self._frame.toast(self.tr("This record is no longer here."), "warn")
        else:
            self._frame.navigate(*place)

    def _complain(self, reason: str) -> None:
        self._frame.toast(reason, "error")

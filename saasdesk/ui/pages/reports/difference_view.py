"""What differs in a report since its latest run, line by line; each leads to its record."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.fields import FieldType
from saasdesk.records.listing import Column as ListColumn
from saasdesk.records.listing import Special, Value
from saasdesk.reports.runs.difference import MOST_TOLD, Difference
from saasdesk.reports.runs.kept_lines import Change, LineChange
from saasdesk.ui.moments import number
from saasdesk.ui.navigation import Frame
from saasdesk.ui.tables import ExportRequest, Memory, NothingYet, RecordTable, TableReaders
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.tables.short_list import Records, ShortList
from saasdesk.ui.tables.times import shown_now
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.layouts import Column

_NAMED_BY = 3


class DifferenceView(QWidget):
    """`opened` carries the number of the line whose record is wanted."""

    opened = Signal(int)

    def __init__(
        self,
        frame: Frame,
        theme: Theme,
        readers: TableReaders,
        memory: Memory,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__()
        self._export = export
        self._records: Records = {}
        self._kept: Records = {}
        self._lines: dict[int, int] = {}
        self.banner = Banner(theme, "info")
        self.banner.hide()
        self.table = RecordTable(
            ShortList(self.tr("differences"), self._columns(), lambda: self._records, kept=lambda: self._kept),
            theme,
            readers,
            memory,
            "report-difference",
            nothing_yet=NothingYet(self.tr("No difference"), self.tr("Every line is as the latest run found it.")),
            has_states=False,
        )
        self.table.opened.connect(self._on_opened)
        self.table.export_wanted.connect(self.ask_to_export)
        self.table.said.connect(frame.say)
        top = Column(theme, gap=0, margins=(24, 12, 24, 0))
        top.addWidget(self.banner)
        column = Column(theme, gap=0)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        self.setLayout(column)

    def show_difference(
        self, difference: Difference | None, columns: Sequence[ListColumn], groups: Sequence[str] = ()
    ) -> None:
        """Show what differs; without a run there is nothing to compare with, and that is said.

        A line is named by what makes its group, otherwise by its first values.
        """
        self._records, self._kept, self._lines = {}, {}, {}
        if difference is None:
            lead = self.tr("There is no run to compare with.")
            self.banner.say("info", lead, self.tr("Run the report: the next look says what differs since then."))
        else:
            found = list(_rows(difference, columns, groups))
            self._lines = {place: change.record for place, (change, _, _) in enumerate(found, start=1)}
            self._records = {place: shown for place, (_, shown, _) in enumerate(found, start=1)}
            self._kept = {place: kept for place, (_, _, kept) in enumerate(found, start=1)}
            self.banner.say("warn", self.tr("The first {0} lines are shown.").format(number(MOST_TOLD)))
        self.banner.setVisible(difference is None or difference.total > MOST_TOLD)
        self.table.refresh()

    def show_failure(self, sentence: str) -> None:
        """Say why nothing could be compared."""
        self._records, self._kept, self._lines = {}, {}, {}
        self.banner.say("error", "", sentence)
        self.banner.show()
        self.table.refresh()

    def ask_to_export(self) -> None:
        """Open the export dialog on the differences."""
        self._export(self.table.export_request())

    def _columns(self) -> tuple[ListColumn, ...]:
        widths = (
            ("change", self.tr("Difference"), 112),
            ("line", self.tr("Line"), 240),
            ("column", self.tr("Column"), 136),
            ("before", self.tr("Before"), 128),
            ("after", self.tr("After"), 128),
        )
        return tuple(ListColumn(key, title, FieldType.SHORT_TEXT, width_hint=width) for key, title, width in widths)

    def _on_opened(self, place: int) -> None:
        self.opened.emit(self._lines[place])


def _rows(
    difference: Difference, columns: Sequence[ListColumn], groups: Sequence[str]
) -> Iterator[tuple[LineChange, dict[str, Value], dict[str, Value]]]:
    """A row for each line that came or went, and for each value that is another: as it is shown, and as it is kept."""
    texts, now, known = CellTexts(), shown_now(), {column.key: _with_exact_times(column) for column in columns}

    def column_of(key: str) -> ListColumn:
        # An earlier run may have had columns that are not there any more.
        return known.get(key, ListColumn(key, key, FieldType.SHORT_TEXT))

    def shown(key: str, value: Value) -> str | None:
        return texts.shown(column_of(key), value, now) or None

    def kept(key: str, value: Value) -> str | None:
        return texts.copied(column_of(key), value) or None

    words = {Change.ADDED: _tr("Added"), Change.REMOVED: _tr("Removed"), Change.CHANGED: _tr("Changed")}
    for change in difference.changes:
        values = change.after or change.before
        if groups:
            told = [shown(key, values.get(key)) or _tr("(empty)") for key in groups]
        else:
            told = [text for text in (shown(key, value) for key, value in values.items()) if text][:_NAMED_BY]
        row: dict[str, Value] = {
            "change": words[change.change],
            "line": " · ".join(told) or None,
            "column": None,
            "before": None,
            "after": None,
        }
        if change.change is not Change.CHANGED:
            yield change, row, row
            continue
        for key, value in change.after.items():
            before = change.before.get(key)
            if key in change.before and before != value:
                row["column"] = column_of(key).title
                seen = {"before": shown(key, before), "after": shown(key, value)}
                exact = {"before": kept(key, before), "after": kept(key, value)}
                yield change, row | seen, row | exact


def _with_exact_times(column: ListColumn) -> ListColumn:
    """ "12 days ago" says little of two values side by side."""
    return replace(column, type=FieldType.DATETIME) if column.type is Special.AGE else column


def _tr(text: str) -> str:
    return QCoreApplication.translate("DifferenceView", text)

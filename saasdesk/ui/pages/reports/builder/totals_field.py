"""The numbers that are told of each group: what is measured, of which column, under which title."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from saasdesk.reports.report.document import MOST_TOTALS, TotalMeasure
from saasdesk.reports.report.draft import TotalDraft
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import IconButton, LinkButton
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.quiet_label import label_quietly

_LONGEST_TITLE = 100


class TotalRow(QWidget):
    """One total."""

    changed = Signal()
    removed = Signal()

    def __init__(self, theme: Theme, total: TotalDraft, titles: Mapping[str, str]) -> None:
        super().__init__()
        self.measure = QComboBox()
        label_quietly(self.measure, self.tr("What is measured"), self)
        for measure, word in (
            (TotalMeasure.COUNT, self.tr("How many")),
            (TotalMeasure.SUM, self.tr("Sum of")),
            (TotalMeasure.AVERAGE, self.tr("Average of")),
            (TotalMeasure.MIN, self.tr("Smallest")),
            (TotalMeasure.MAX, self.tr("Largest")),
        ):
            self.measure.addItem(word, measure.value)
        self.measure.setCurrentIndex(self.measure.findData(total.measure.value))
        self.of = QComboBox()
        label_quietly(self.of, self.tr("Of which column"), self)
        self.of.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.of.addItem("", "")
        for key, title in titles.items():
            self.of.addItem(visible_text(title), key)
        if total.of and total.of not in titles:
            gone = self.tr("{0} (not here any more)").format(visible_text(total.of))
            self.of.addItem(theme.icon("warning", "error"), gone, total.of)
        self.of.setCurrentIndex(max(0, self.of.findData(total.of)))
        self.title_field = QLineEdit(total.title)
        self.title_field.setMaxLength(_LONGEST_TITLE)
        self.title_field.setAccessibleName(self.tr("Title of the total"))
        self.title_field.setPlaceholderText(self.tr("Title, if not the usual one"))
        self.remove = IconButton(theme, "close", self.tr("Take the total out"), icon_size=10)
        first = Row(theme, gap=4)
        first.addWidget(self.measure)
        first.addWidget(self.of, 1)
        first.addWidget(self.remove)
        column = Column(theme, gap=4)
        column.addLayout(first)
        column.addWidget(self.title_field)
        self.setLayout(column)
        self._fit()
        self.measure.currentIndexChanged.connect(self._on_measure)
        self.of.currentIndexChanged.connect(self._on_changed)
        self.title_field.textChanged.connect(self._on_changed)
        self.remove.clicked.connect(self.removed)

    def total(self) -> TotalDraft:
        """What was chosen, whole or not."""
        measure, of = TotalMeasure(self.measure.currentData()), str(self.of.currentData() or "")
        return TotalDraft(measure=measure, of=of, title=self.title_field.text().strip())

    def _fit(self) -> None:
        is_count = self.measure.currentData() == TotalMeasure.COUNT.value
        self.of.setItemText(0, self.tr("(all records)") if is_count else self.tr("(choose a column)"))

    def _on_measure(self) -> None:
        self._fit()
        self.changed.emit()

    def _on_changed(self, *_: object) -> None:
        self.changed.emit()


class TotalsField(QWidget):
    """Without any total the records of a group are counted."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._titles: Mapping[str, str] = {}
        self._rows: list[TotalRow] = []
        self._list = Column(theme, gap=12)
        self.add = LinkButton(theme, self.tr("Add total"), "plus")
        self.add.clicked.connect(self._on_add)
        column = Column(theme, gap=4)
        column.addLayout(self._list)
        foot = Row(theme, gap=0)
        foot.addWidget(self.add)
        foot.addStretch(1)
        column.addLayout(foot)
        self.setLayout(column)

    @property
    def totals(self) -> tuple[TotalDraft, ...]:
        """All of them, whole or not."""
        return tuple(row.total() for row in self._rows)

    def show_totals(self, totals: Sequence[TotalDraft], titles: Mapping[str, str]) -> None:
        """Show these."""
        if tuple(totals) == self.totals and titles == self._titles:
            return
        self._titles = titles
        self._rows.clear()
        clear_layout(self._list)
        for total in totals:
            self._put(total)
        self._fit()

    def _put(self, total: TotalDraft) -> TotalRow:
        row = TotalRow(self._theme, total, self._titles)
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))
        self._rows.append(row)
        self._list.addWidget(row)
        return row

    def _on_add(self) -> None:
        row = self._put(TotalDraft())
        self._fit()
        row.measure.setFocus()
        self.changed.emit()

    def _remove(self, row: TotalRow) -> None:
        self._rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._fit()
        self.add.setFocus()
        self.changed.emit()

    def _fit(self) -> None:
        self.add.setEnabled(len(self._rows) < MOST_TOTALS)

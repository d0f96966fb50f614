"""A figure on a card: a number with its past, bars, a line or a table; every figure opens its list."""

from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.records.listing import Column as ListColumn
from saasdesk.reports.dashboards.board import Widget, WidgetKind
from saasdesk.reports.dashboards.figures import Figure, Mark
from saasdesk.ui.charts.bars import BarChart
from saasdesk.ui.charts.donut import DonutChart
from saasdesk.ui.charts.lines import LineChart, Sparkline
from saasdesk.ui.formats import day_text
from saasdesk.ui.pages.dashboards.numbers import (
    amount_in_words,
    below_in_words,
    change_in_words,
    figure_in_words,
    share_in_words,
    value_in_words,
    why_no_line,
    why_not_priced,
)
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.tables.times import shown_now
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl

CHART, TABLE = "chart", "table"


class FigureLink(LinkButton):
    """A number in large type that opens its list."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", inline=True, role="figure")

    def _colors(self) -> tuple[str, str, str]:
        return "", "", "text" if self.isEnabled() else "disabled"


class FigureCard(Card):
    """One widget of a board. `opened` says the mark whose list is wanted."""

    opened = Signal(object)

    def __init__(self, theme: Theme, widget: Widget, parent: QWidget | None = None) -> None:
        super().__init__(theme, gap=4, parent=parent)
        self._theme = theme
        self.widget = widget
        self.figure: Figure | None = None
        self._is_arranged = False
        self.setAccessibleName(widget.title)
        self._build_head()
        self._message = Paragraph(theme, self.tr("Counting…"), tone="muted")
        self._stack = QStackedWidget()
        self._stack.addWidget(_at_top(theme, self._message))
        self._face = self._make_face()
        if self._face is not None:
            self._stack.addWidget(self._face)
        self.body.addWidget(self._stack, 1)
        if widget.kind is WidgetKind.TEXT:
            self._message.set_runs(widget.text)

    # What is shown

    def show_figure(self, figure: Figure, age: str = "") -> None:
        """Show what was computed; `age` says when the vendors were last read."""
        self.figure = figure
        face = self._face
        self.age.set_text(age if isinstance(face, _NumberFace) else "")
        self._fit_head()
        if figure.widget.kind is WidgetKind.LINE and figure.trend is not None and not figure.trend.points:
            self._say(why_no_line(figure.trend))
            return
        if isinstance(face, _ChartFace | _TableFace) and figure.is_empty and not figure.rows and not figure.trend:
            self._say(why_not_priced() if figure.unpriced else self.tr("No record matches."))
            return
        if isinstance(face, _NumberFace | _ChartFace | _TableFace):
            face.show_figure(figure)
            self._stack.setCurrentWidget(face)
            self._fit_twin()
        self.setToolTip(escaped_tip(figure.sentence))

    def show_lines(self, lines: list[Line]) -> None:
        """Show a table that is no question to the records: how the integrations stand."""
        if isinstance(self._face, _TableFace):
            self._face.use_headings(
                (
                    Heading(self.tr("Integration")),
                    Heading(self.tr("State"), width=176),
                    Heading(self.tr("Last good run"), width=136, at_right=True, from_width=400),
                )
            )
            self._face.table.show_lines(lines)
            self._stack.setCurrentWidget(self._face)
        if not lines:
            self._say(self.tr("No integration is launched yet."))

    def set_arranged(self, *, arranged: bool) -> None:
        """While the board is arranged, the corner of the card belongs to its handle."""
        self._is_arranged = arranged
        self._fit_twin()
        self._fit_head()

    def show_failure(self, reason: str) -> None:
        """Say why there is no figure."""
        self._say(reason)

    def _say(self, text: str) -> None:
        self._message.set_runs(text)
        self._stack.setCurrentIndex(0)
        self._fit_twin()

    def _fit_twin(self) -> None:
        """The choice between chart and table is there while there is a chart."""
        is_chart = isinstance(self._face, _ChartFace) and self._stack.currentWidget() is self._face
        self.twin.setVisible(is_chart and not self._is_arranged)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_head()

    def _fit_head(self) -> None:
        """A narrow card names its figure whole, and leaves the age of its data to the status bar."""
        wanted = self.title.sizeHint().width() + self.age.sizeHint().width() + self._theme.px(16 + 2 * 16)
        self.age.setVisible(bool(self.age.text()) and wanted <= self.width() and not self._is_arranged)
        # The menu of the handle lies at the end of the line.
        self.head.setContentsMargins(0, 0, self._theme.px(28) if self._is_arranged else 0, 0)

    # Building

    def _build_head(self) -> None:
        theme, is_number = self._theme, self.widget.kind is WidgetKind.NUMBER
        self.head = Row(theme, gap=8)
        self.head.hold_height(lambda: theme.line_height("body") if is_number else theme.measure("control"))
        look = ("body", "muted") if is_number else ("card-title", "text")
        self.title = PlainLabel(self.widget.title, *look, elided=True)
        self.age = PlainLabel("", "secondary", "muted")
        self.head.addWidget(self.title, 1)
        self.head.addWidget(self.age)
        self.twin = SegmentedControl(
            theme,
            self.tr("Look of {0}").format(self.widget.title),
            [Choice(CHART, icon="reports", name=self.tr("Chart")), Choice(TABLE, icon="rows", name=self.tr("Table"))],
        )
        self.twin.setVisible(False)
        self.twin.chosen.connect(self._on_twin_chosen)
        self.head.addWidget(self.twin)
        self.body.addLayout(self.head)

    def _make_face(self) -> "QWidget | None":
        widget, theme = self.widget, self._theme
        match widget.kind:
            case WidgetKind.NUMBER:
                number = _NumberFace(theme, widget.title)
                number.opened.connect(self.opened)
                return number
            case WidgetKind.BAR | WidgetKind.STACKED | WidgetKind.DONUT | WidgetKind.LINE:
                chart = _ChartFace(theme, widget)
                chart.opened.connect(self.opened)
                return chart
            case WidgetKind.TABLE | WidgetKind.SYNC_HEALTH:
                table = _TableFace(theme, widget)
                table.opened.connect(self.opened)
                return table
            case WidgetKind.TEXT:
                return None

    def _on_twin_chosen(self, key: str) -> None:
        if isinstance(self._face, _ChartFace):
            self._face.show_twin(shown=key == TABLE)


class _NumberFace(QWidget):
    opened = Signal(object)

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self._title = title
        self._mark: Mark | None = None
        self.link = FigureLink(theme)
        self.spark = Sparkline(theme)
        self._icon = IconLabel(theme, "arrow-up", "muted", size=12)
        self.change = PlainLabel("", "secondary", "muted", elided=True)
        # The digits stand in line with the words, not the ring around them.
        row = Row(theme, gap=8, margins=(-2, 0, 0, 0))
        row.addWidget(self.link)
        row.addStretch(1)
        row.addWidget(self.spark, 0, Qt.AlignmentFlag.AlignVCenter)
        below = Row(theme, gap=4)
        below.addWidget(self._icon)
        below.addWidget(self.change, 1)
        column = Column(theme, gap=2)
        column.addLayout(row)
        column.addLayout(below)
        column.addStretch(1)
        self.setLayout(column)
        self.link.clicked.connect(lambda: self.opened.emit(self._mark))

    def show_figure(self, figure: Figure) -> None:
        self._mark = figure.whole
        text = amount_in_words(figure.whole.value, figure.measured)
        self.link.setText(text)
        trend = figure.trend
        icon, words = change_in_words(trend) if trend is not None else ("", below_in_words(figure))
        self._icon.setVisible(bool(icon))
        if icon:
            self._icon.set_icon(icon, "muted")
        self.change.set_text(words)
        self.spark.show_points(trend.points if trend is not None else ())
        # Where there is nothing to draw, the number has its room.
        self.spark.setVisible(trend is not None)
        self.link.setAccessibleName(f"{self._title}: {text}" + (f", {words}" if words else ""))


class _TableFace(QWidget):
    opened = Signal(object)

    def __init__(self, theme: Theme, widget: Widget) -> None:
        super().__init__()
        self._theme, self._widget, self._texts = theme, widget, CellTexts()
        self.column = Column(theme, gap=4)
        self.setLayout(self.column)
        self.table = LineTable(theme, widget.title, ())
        self.more = LinkButton(theme, "", inline=True, role="secondary")
        self.more.clicked.connect(lambda: self.opened.emit(self._mark))
        self._mark: Mark | None = None
        self._headings: tuple[Heading, ...] = ()
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.more.hide()

    def use_headings(self, headings: tuple[Heading, ...]) -> None:
        """Show other columns; what is shown already stays if they are the same."""
        if headings == self._headings:
            return
        self._headings = headings
        self.column.removeWidget(self.table)
        self.table.deleteLater()
        self.table = LineTable(self._theme, self._widget.title, headings, compact=True)
        self.table.setObjectName("card_table")
        self.table.opened.connect(self.opened)
        self.column.insertWidget(0, self.table, 1)

    def show_figure(self, figure: Figure) -> None:
        self._mark = figure.whole
        if figure.columns:
            self.use_headings(tuple(Heading(column.title, at_right=column.align_right) for column in figure.columns))
            self.table.show_lines([self._line(figure, values) for _, values in figure.rows])
            self.more.setText(self.tr("All {0}").format(figure_in_words(figure.whole.value)))
            self.more.show()
            return
        self.use_headings(headings_of(figure))
        self.table.show_lines(lines_of(figure))

    def _line(self, figure: Figure, values: tuple[Any, ...]) -> Line:
        cells, now = [], shown_now()
        for column, value in zip(figure.columns, values, strict=True):
            cells.append(Cell(self._texts.shown(column, value, now), at_right=column.align_right))
        return Line(tuple(cells), figure.whole)


class _ChartFace(QStackedWidget):
    opened = Signal(object)

    def __init__(self, theme: Theme, widget: Widget) -> None:
        super().__init__()
        kinds = {WidgetKind.LINE: LineChart, WidgetKind.DONUT: DonutChart}
        self._measured: ListColumn | None = None
        self.chart = kinds.get(widget.kind, BarChart)(theme, widget.title, self._in_words)
        self.twin = _TableFace(theme, widget)
        self.addWidget(self.chart)
        self.addWidget(self.twin)
        self.chart.opened.connect(self.opened)
        self.twin.opened.connect(self.opened)

    def _in_words(self, value: float | None) -> str:
        return value_in_words(value, self._measured)

    def show_figure(self, figure: Figure) -> None:
        self._measured = figure.measured
        if isinstance(self.chart, BarChart):
            self.chart.show_bars(figure.labels, figure.series)
        elif isinstance(self.chart, DonutChart):
            self.chart.show_parts([mark for series in figure.series for mark in series.marks])
        elif isinstance(self.chart, LineChart) and figure.trend is not None:
            self.chart.show_line(figure.trend.points, figure.whole)
        self.twin.show_figure(figure)

    def show_twin(self, *, shown: bool) -> None:
        self.setCurrentWidget(self.twin if shown else self.chart)


def headings_of(figure: Figure) -> tuple[Heading, ...]:
    """The columns of a chart's table: what the marks are called, then a number for each part."""
    if figure.trend is not None:
        return (Heading(_tr("Day")), Heading(_tr("Number"), at_right=True))
    number = _tr("Number") if figure.measured is None else figure.measured.title
    parts = tuple(Heading(series.name or number, at_right=True) for series in figure.series)
    share = (Heading(_tr("Share"), at_right=True),) if figure.widget.kind is WidgetKind.DONUT else ()
    return (Heading(figure.grouped_by, share=2), *parts, *share)


def lines_of(figure: Figure) -> list[Line]:
    """The lines of a chart's table; each opens the list of its first number."""
    if figure.trend is not None:
        # As in the chart, the last point is not of a day but of this moment.
        return [
            Line(
                (Cell(_day(point.at) if steps_back else _tr("Now")), Cell(figure_in_words(point.value), at_right=True)),
                point if steps_back else figure.whole,
            )
            for steps_back, point in enumerate(reversed(figure.trend.points))
        ]
    lines = []
    # One column of amounts has its currency above it.
    in_words = amount_in_words if len(figure.series) == 1 else value_in_words
    whole = sum(mark.value or 0 for series in figure.series for mark in series.marks)
    for place, label in enumerate(figure.labels):
        marks = [series.marks[place] for series in figure.series]
        cells = [Cell(in_words(mark.value, figure.measured), at_right=True) for mark in marks]
        if figure.widget.kind is WidgetKind.DONUT:
            cells.append(Cell(share_in_words(marks[0].value, whole), at_right=True))
        lines.append(Line((Cell(label, role="name"), *cells), next((m for m in marks if m.behind and m.value), None)))
    return lines


def _day(moment: Any) -> str:
    local = moment.astimezone()
    return day_text(local.date())


def _tr(text: str) -> str:
    return QCoreApplication.translate("Figures", text)


def _at_top(theme: Theme, widget: QWidget) -> QWidget:
    holder = QWidget()
    column = Column(theme, gap=0)
    column.addWidget(widget)
    column.addStretch(1)
    holder.setLayout(column)
    return holder

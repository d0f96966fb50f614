"""The form of a widget: what it asks, how it is shown, and beside it what comes of that."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from saasdesk.definitions import explain
from saasdesk.errors import UserError
from saasdesk.licences.priced_lists import ListObject
from saasdesk.records.listing import Column as ListColumn
from saasdesk.reports.dashboards.board import ASKING, GROUPED, MOST_COLUMNS, Measure, Widget, WidgetKind, roomy
from saasdesk.reports.dashboards.figures import COLUMNS_OF_A_TABLE, Figure, figure_of
from saasdesk.reports.names import LONGEST_NAME
from saasdesk.store import Store
from saasdesk.ui.pages.dashboards import widget_words as words
from saasdesk.ui.pages.dashboards.figure_card import FigureCard
from saasdesk.ui.pages.dashboards.health import health_lines
from saasdesk.ui.reading import Reading
from saasdesk.ui.rule_builder import RuleGroup, draft_of
from saasdesk.ui.soon import soon
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.column_chooser import ColumnChooserDialog
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.stepped_fields import NumberField

_SOON_MILLISECONDS = 350
_PREVIEW_WIDTH, _PREVIEW_HEIGHT = 400, 264

Columns = Mapping[ListObject, Sequence[ListColumn]]


class WidgetDialog(FormDialog):
    """`wanted` carries the widget as it was configured; whoever keeps it closes the dialog."""

    wanted = Signal(object)

    def __init__(
        self,
        theme: Theme,
        store: Store,
        readers: TableReaders,
        columns: Columns,
        widget: Widget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        is_new = widget is None
        title = QCoreApplication.translate("WidgetDialog", "Add a widget" if is_new else "Configure the widget")
        keep = QCoreApplication.translate("WidgetDialog", "ADD" if is_new else "UPDATE")
        super().__init__(theme, title, keep, width=1000, parent=parent)
        self._store, self._columns = store, columns
        self._chosen = widget.columns if widget is not None else ()
        self._reading = Reading(readers, self)
        self._given = widget or Widget(title=self.tr("New widget"), kind=WidgetKind.NUMBER)
        self.rule: RuleGroup | None = None
        self._build()
        self._soon = soon(self, _SOON_MILLISECONDS, self._show_preview)
        self._fill()
        self._connect()
        self.fit(640)
        self.title_field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.title_field.selectAll()
        self._show_preview()

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.title_field = QLineEdit()
        self.title_field.setMaxLength(LONGEST_NAME)
        self.kind = _combo(words.kinds())
        self.object = _combo(words.objects())
        self.records = _combo(words.states())
        self.group_by, self.split_by, self.of = QComboBox(), QComboBox(), QComboBox()
        self.dates = _combo(words.date_groups())
        self.bands = QLineEdit()
        self.measure = _combo(words.measures())
        self.period = NumberField(theme, self.tr("Days"), 2, 730)
        self.limit = NumberField(theme, self.tr("At most"), 1, 30)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(theme.px(120))
        self.grid = FormGrid(theme, label_width=144, gap=10)
        self.grid.add_field(self.tr("Title"), self.title_field)
        self.grid.add_field(self.tr("Shown as"), self.kind)
        self.grid.add_field(self.tr("Object"), self.object)
        self.grid.add_field(self.tr("Records"), self.records)
        self.grid.add_field(self.tr("Group by"), self.group_by)
        self.columns = OutlinedButton(theme, self.tr("Choose columns…"), "columns")
        self.columns.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.grid.add_field(self.tr("Columns"), self.columns)
        self.grid.add_field(self.tr("Divide by"), self.split_by)
        self.grid.add_field(self.tr("Dates"), self.dates)
        self.grid.add_field(self.tr("Days of the groups"), self.bands, self.tr("Such as 30, 60, 90."))
        self.grid.add_field(self.tr("Measure"), self.measure)
        self.grid.add_field(self.tr("Of the field"), self.of)
        self.grid.add_field(self.tr("Days back"), self.period)
        self.grid.add_field(self.tr("At most"), self.limit, self.tr("Of groups, the rest is told as others."))
        self.grid.add_field(self.tr("Text"), self.text)
        self._filter_title = PlainLabel(self.tr("Filter"), "card-title")
        self._filter_place = Column(theme, gap=0)
        form = Column(theme, gap=12)
        form.addLayout(self.grid)
        form.addWidget(self._filter_title)
        form.addLayout(self._filter_place)
        form.addStretch(1)
        self._preview_place = Column(theme, gap=8)
        self._preview_place.addWidget(PlainLabel(self.tr("Preview"), "card-title"))
        self.preview: FigureCard | None = None
        beside = Column(theme, gap=0)
        beside.addLayout(self._preview_place)
        beside.addStretch(1)
        row = Row(theme, gap=24)
        row.addLayout(form, 1)
        row.addLayout(beside)
        self.body.addLayout(row)

    def _fill(self) -> None:
        given = self._given
        self.title_field.setText(given.title)
        for combo, value in (
            (self.kind, given.kind.value),
            (self.object, given.object.value),
            (self.records, given.records),
            (self.dates, given.dates.value),
            (self.measure, given.measure.value),
        ):
            combo.setCurrentIndex(combo.findData(value))
        self.bands.setText(", ".join(map(str, given.bands)))
        self.period.setValue(given.period)
        self.limit.setValue(given.limit)
        self.text.setPlainText(given.text)
        self._fill_fields(given.group_by, given.split_by, given.of)
        self._make_rule(draft_of(given.filter))
        self._fit_to_kind()

    def _fill_fields(self, group_by: str = "", split_by: str = "", of: str = "") -> None:
        """The fields of the chosen object; one that is not there any more is named all the same."""
        columns = self._columns.get(self._object, ())
        for combo, chosen in ((self.group_by, group_by), (self.split_by, split_by), (self.of, of)):
            silence = QSignalBlocker(combo)
            combo.clear()
            combo.addItem(self.tr("(none)"), "")
            for column in columns:
                if words.is_groupable(column):
                    combo.addItem(visible_text(column.title), column.key)
            if chosen and combo.findData(chosen) < 0:
                combo.addItem(self.tr("{0} (not here any more)").format(chosen), chosen)
            combo.setCurrentIndex(max(0, combo.findData(chosen)))
            silence.unblock()

    def _make_rule(self, draft: Mapping[str, Any] | None) -> None:
        if self.rule is not None:
            self.rule.hide()
            self.rule.deleteLater()
        self.rule = RuleGroup(self._theme, self._columns.get(self._object, ()), draft, is_narrow=False)
        self.rule.changed.connect(self._soon.start)
        self._filter_place.addWidget(self.rule)

    def _connect(self) -> None:
        self.keep.clicked.connect(self._on_kept)
        self.columns.clicked.connect(self.choose_columns)
        self.object.currentIndexChanged.connect(self._on_object_changed)
        for combo in (self.kind, self.group_by, self.split_by, self.measure, self.dates):
            combo.currentIndexChanged.connect(self._fit_to_kind)
        for combo in (self.kind, self.records, self.group_by, self.split_by, self.dates, self.measure, self.of):
            combo.currentIndexChanged.connect(self._soon.start)
        self.title_field.textChanged.connect(self._soon.start)
        self.bands.textChanged.connect(self._soon.start)
        self.period.valueChanged.connect(self._soon.start)
        self.limit.valueChanged.connect(self._soon.start)
        self.text.textChanged.connect(self._soon.start)

    # What is chosen

    @property
    def _kind(self) -> WidgetKind:
        return WidgetKind(self.kind.currentData())

    @property
    def _object(self) -> ListObject:
        return ListObject(self.object.currentData())

    def widget(self) -> Widget:
        """What was configured; a UserError says what is missing or wrong."""
        kind = self._kind
        width, height = roomy(self._given, kind)
        data: dict[str, Any] = {
            "title": self.title_field.text().strip(),
            "kind": kind.value,
            "width": width,
            "height": height,
        }
        if not data["title"]:
            raise UserError(self.tr("A widget needs a title."))
        if kind in ASKING:
            measure = self.measure.currentData() if kind is not WidgetKind.LINE else Measure.COUNT.value
            data |= {
                "object": self._object.value,
                "records": self.records.currentData() if self._object.has_states else "active",
                "filter": self.rule.rule() if self.rule is not None else None,
                "group_by": self.group_by.currentData() if kind in {*GROUPED, WidgetKind.TABLE} else "",
                "split_by": self.split_by.currentData() if kind is WidgetKind.STACKED else "",
                "dates": self.dates.currentData(),
                "bands": self._bands(),
                "measure": measure,
                "of": self.of.currentData() if measure != Measure.COUNT.value else "",
                "period": self.period.value(),
                "limit": self.limit.value(),
                "columns": self._chosen if self._lists_records else (),
            }
        if kind is WidgetKind.TEXT:
            data["text"] = self.text.toPlainText()
        self._refuse_what_is_missing(kind, data)
        try:
            return Widget.model_validate(data)
        except ValidationError as error:
            raise UserError(explain(error)) from None

    def _refuse_what_is_missing(self, kind: WidgetKind, data: Mapping[str, Any]) -> None:
        """In the words of the form; those of the file name its keys, which nobody sees here."""
        measure = data.get("measure", Measure.COUNT.value)
        if kind in GROUPED and not data["group_by"]:
            raise UserError(self.tr("Choose a field under Group by: each of its values becomes a part of the widget."))
        if kind is WidgetKind.STACKED and not data["split_by"]:
            raise UserError(self.tr("Choose a field under Divide by: each bar is divided by its values."))
        if measure != Measure.COUNT.value and not data["of"]:
            raise UserError(self.tr("Choose under Of the field what is measured."))
        if kind is WidgetKind.DONUT and measure not in {Measure.COUNT.value, Measure.SUM.value}:
            raise UserError(
                self.tr("A donut shows the parts of a whole. Choose How many records or Sum under Measure.")
            )
        if kind is WidgetKind.LINE and not self._object.has_states:
            raise UserError(
                self.tr(
                    "How seats were used before is not kept, so no line can tell of it. "
                    "Choose SaaS users or licences under Object, or show the seats in another way."
                )
            )
        if kind is WidgetKind.TEXT and not data["text"].strip():
            raise UserError(self.tr("Write under Text what the widget says."))

    @property
    def _lists_records(self) -> bool:
        """Whether it is a table of records, not of groups."""
        return self._kind is WidgetKind.TABLE and not self.group_by.currentData()

    def choose_columns(self) -> ColumnChooserDialog:
        """Ask which columns a table of records has, and in which order."""
        known = {column.key: column for column in self._columns.get(self._object, ())}
        chosen = [key for key in self._chosen if key in known]
        shown = chosen or [column.key for column in known.values() if column.is_shown][:COLUMNS_OF_A_TABLE]
        ordered = [known[key] for key in shown] + [column for key, column in known.items() if key not in shown]
        chooser = ColumnChooserDialog(self._theme, ordered, set(known) - set(shown), self)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def take() -> None:
            kept = () if chooser.was_reset else tuple(key for key in chooser.order if key not in chooser.hidden)
            if len(kept) > MOST_COLUMNS:
                self.show_problem(self.tr("A table on a dashboard has at most {0} columns.").format(MOST_COLUMNS))
                return
            self.clear_problem()
            self._chosen = kept
            self._soon.start()

        chooser.accepted.connect(take)
        chooser.open()
        return chooser

    def _bands(self) -> tuple[int, ...]:
        parts = [part.strip() for part in self.bands.text().split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
            raise UserError(
                self.tr("The days of the groups are whole numbers with commas between, such as 30, 60, 90.")
            )
        return tuple(map(int, parts))

    # Showing

    def _fit_to_kind(self) -> None:
        """Show the fields that mean something for this kind, and no others."""
        kind = self._kind
        asks = kind in ASKING
        is_grouped = kind in {*GROUPED, WidgetKind.TABLE}
        chosen = {self.group_by.currentData() if is_grouped else "", self.split_by.currentData()}
        if kind is not WidgetKind.STACKED:
            chosen.discard(self.split_by.currentData())
        has_dates = any(
            words.is_date(column) for column in self._columns.get(self._object, ()) if column.key in chosen - {""}
        )
        measures = asks and kind is not WidgetKind.LINE and not self._lists_records
        for field, shown in (
            (self.object, asks),
            (self.records, asks and self._object.has_states),
            (self.group_by, is_grouped),
            (self.columns, self._lists_records),
            (self.split_by, kind is WidgetKind.STACKED),
            (self.dates, has_dates),
            (self.bands, has_dates and self.dates.currentData() != "months"),
            (self.measure, measures),
            (self.of, measures and self.measure.currentData() != Measure.COUNT.value),
            (self.period, kind in {WidgetKind.NUMBER, WidgetKind.LINE} and self._object.has_states),
            (self.limit, is_grouped and kind is not WidgetKind.DONUT),
            (self.text, kind is WidgetKind.TEXT),
        ):
            self.grid.set_shown(field, shown=shown)
        self._filter_title.setVisible(asks)
        if self.rule is not None:
            self.rule.setVisible(asks)

    def _show_preview(self) -> None:
        try:
            widget = self.widget()
        except UserError as missing:
            self._put_preview(Widget(title=self.tr("Preview"), kind=WidgetKind.TEXT, text=str(missing)))
            return
        card = self._put_preview(widget)
        store = self._store
        if widget.kind is WidgetKind.SYNC_HEALTH:
            self._reading.ask("preview", lambda _stop: health_lines(store), card.show_lines, card.show_failure)
        elif widget.kind in ASKING:

            def work(stop: threading.Event) -> Figure:
                return figure_of(store, widget, stop)

            self._reading.ask("preview", work, card.show_figure, card.show_failure)

    def _put_preview(self, widget: Widget) -> FigureCard:
        if self.preview is not None:
            self._reading.forget("preview")
            self._preview_place.removeWidget(self.preview)
            self.preview.hide()
            self.preview.deleteLater()
        self.preview = FigureCard(self._theme, widget, self)
        self.preview.setFixedSize(self._theme.px(_PREVIEW_WIDTH), self._theme.px(_PREVIEW_HEIGHT))
        self._preview_place.addWidget(self.preview)
        return self.preview

    # Answers to signals

    def _on_object_changed(self) -> None:
        self._chosen = ()
        self._fill_fields()
        self._make_rule(None)
        self._fit_to_kind()
        self._soon.start()

    def _on_kept(self) -> None:
        try:
            widget = self.widget()
        except UserError as error:
            self.show_problem(str(error))
            return
        self.clear_problem()
        self.wanted.emit(widget)


def _combo(choices: Sequence[tuple[str, str]]) -> QComboBox:
    combo = QComboBox()
    for key, word in choices:
        combo.addItem(word, key)
    return combo

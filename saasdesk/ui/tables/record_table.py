"""The one table of the window: any number of records, filtered, sorted, selected and copied, and nobody ever waits."""

from array import array
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QLocale, QPoint, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QWidget

from saasdesk.records.listing import Column, ListQuery
from saasdesk.rules import Rule
from saasdesk.ui.tables.arrangement import Arrangement
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.tables.column_chooser import ColumnChooserDialog
from saasdesk.ui.tables.copying import Copying
from saasdesk.ui.tables.filter_bar import FilterBar
from saasdesk.ui.tables.filter_editing import FilterEditing
from saasdesk.ui.tables.filter_words import missing_fields
from saasdesk.ui.tables.folding import Folding
from saasdesk.ui.tables.header import Sort
from saasdesk.ui.tables.kept_layout import KeptLayout
from saasdesk.ui.tables.layout import Look, Memory, TableLayout, usual_keys
from saasdesk.ui.tables.loading import Listed, Loading
from saasdesk.ui.tables.menus import ColumnMenu, GroupMenu, RowMenu
from saasdesk.ui.tables.model import RecordModel
from saasdesk.ui.tables.no_rows import NoRows, NothingYet
from saasdesk.ui.tables.readers import TableReaders
from saasdesk.ui.tables.rows_in_sight import RowsInSight
from saasdesk.ui.tables.selected_rows import KeptSelection, keep_selection, restore_selection
from saasdesk.ui.tables.selection_bar import SelectionBar
from saasdesk.ui.tables.selection_sums import SelectionSums
from saasdesk.ui.tables.source import GroupedSource, TableSource
from saasdesk.ui.tables.times import shown_now
from saasdesk.ui.tables.view import RecordView
from saasdesk.ui.tables.waiting import Waiting
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton, fit_words
from saasdesk.ui.widgets.layouts import Column as Upright
from saasdesk.ui.widgets.layouts import Row as Across
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField

_SEARCH_WIDTH = 176
_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Everything an export needs to know of a table as it is now."""

    source: TableSource
    query: ListQuery
    columns: tuple[Column, ...]
    visible_keys: tuple[str, ...]
    selected: "array[int]"
    matching: int


class RecordTable(QWidget):
    """Filters above, rows in the middle, the selection below.

    Everything is read in worker threads: what is asked for is shown at once, the answer when it is there.
    """

    opened = Signal(int)
    inspector_wanted = Signal(int)
    current_changed = Signal(object)
    selection_changed = Signal(int)
    counted = Signal(int, int)
    query_changed = Signal()
    look_changed = Signal()
    export_wanted = Signal()
    row_menu_shown = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        source: TableSource,
        theme: Theme,
        readers: TableReaders,
        memory: Memory,
        name: str,
        *,
        nothing_yet: NothingYet | None = None,
        sort: Sort = (),
        has_states: bool = True,
        has_search: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """What has no deactivated ones says so by `has_states`; what is searched elsewhere by `has_search`."""
        super().__init__(parent)
        self._source = source
        self._theme = theme
        self._readers = readers
        self._name = name
        self._usual_sort = sort
        self._texts = CellTexts()
        self._kept_layout = KeptLayout(memory, name, self)
        layout = self._kept_layout.read()
        self._query = ListQuery(
            rule=layout.rule,
            sort=sort if layout.sort is None else layout.sort,
            active=layout.active,
            group_by=layout.group_by if isinstance(source, GroupedSource) else "",
        )
        # The question that what is shown is the answer to.
        self._answered: ListQuery | None = None
        self._answers = 0
        self._kept = KeptSelection()
        self._told_current: int | None = None
        self._is_partial = False
        self._goes_to_top = True
        self._is_listing = False
        self._total: int | None = None
        self._today = shown_now().date()
        # A look that was asked for before it was known which columns there are.
        self._wanted_look: Look | None = None
        self._chooser: ColumnChooserDialog | None = None
        self._build(layout, nothing_yet)
        self.filters.active.setVisible(has_states)
        self.search.setVisible(has_search)
        self._connect()
        self._show_question()
        self._loading.read_columns()

    @property
    def source(self) -> TableSource:
        """What is shown."""
        return self._source

    @property
    def query(self) -> ListQuery:
        """The question whose answer is shown, or on its way."""
        return self._query

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column, seen or hidden."""
        return self.model.columns

    @property
    def _keys(self) -> frozenset[str]:
        return frozenset(column.key for column in self.columns)

    @property
    def visible_keys(self) -> tuple[str, ...]:
        """The columns that are seen, in the order in which they stand."""
        return self.arrangement.visible_keys

    @property
    def _is_moving(self) -> bool:
        """Whether rows are changing places just now, so that what the view says of them is on the way only."""
        return self._is_listing or self.folding.is_folding

    @property
    def is_reading(self) -> bool:
        """Whether a list, or the number of what it leaves out, is on its way."""
        return self._loading.is_busy or self._loading.is_counting

    def show_query(self, query: ListQuery) -> None:
        """Ask another question, for example the one behind a number that somebody clicked."""
        self._query = query
        self._goes_to_top = True
        self._show_question()
        self._note_look()
        self.query_changed.emit()
        self._read(at_once=True)

    def look(self) -> Look:
        """How the list is looked at now."""
        keys, widths, query = self.visible_keys, self.arrangement.widths, self._query
        return Look(
            keys,
            {key: width for key, width in widths.items() if key in keys},
            query.sort,
            query.active,
            query.rule,
            self.view.is_compact,
            query.group_by,
            self.arrangement.frozen_to,
        )

    def usual_look(self) -> Look:
        """How the list is looked at before anybody changes anything."""
        return Look(usual_keys(self.columns), sort=self._usual_sort)

    def show_look(self, look: Look) -> None:
        """Look at the list like this; what the quick filter left out is there again."""
        if not self.columns:
            self._wanted_look = look
            return
        look = look.known_to(self.columns)
        self.arrangement.show_only(look.columns, look.widths, look.frozen_to)
        self.view.set_compact(look.is_compact)
        self.show_query(ListQuery(rule=look.rule, sort=look.sort, active=look.active, group_by=look.group_by))

    def add_tool(self, widget: QWidget) -> None:
        """Put something that concerns the whole list before the quick filter."""
        self.tools.insertWidget(1, widget, 0, Qt.AlignmentFlag.AlignTop)

    def show_source(self, source: TableSource, query: ListQuery | None = None) -> None:
        """Show another list in the same table, with a question of its own if one is given."""
        self._source = source
        self._sums.use_source(source)
        if query is not None:
            self._query = query
        self._answered = self._total = None
        self._goes_to_top = True
        self._loading.use_source(source)
        self._loading.read_columns()

    def refresh(self) -> None:
        """Read everything again, without moving anything under somebody's hands."""
        self._total = None
        self._loading.read_columns()

    def cancel_reading(self) -> None:
        """Stop reading: the list stays as it was, or goes as far as it has come."""
        if not self._loading.is_busy:
            return
        self._loading.stop_listing()
        if self._answered is None:
            self.empty.say_cancelled()
        elif self._answers == 0:
            self._query = self._answered
            self._show_question()
        self._show_counts()

    def selected_ids(self) -> "array[int]":
        """The ids of the selected rows, from top to bottom."""
        return self.model.ids_of(self.view.selected_ranges())

    def current_id(self) -> int | None:
        """Whose row has the keyboard."""
        return self.model.id_at(self.view.currentIndex().row())

    def select_all_matching(self) -> None:
        """Select every record of the list, those of closed groups too."""
        self.folding.open_all()
        self.view.selectAll()

    def row_of(self, record: int) -> int | None:
        """The row of a record, whose group is opened for it; None when it is not in the list."""
        try:
            self.folding.open_group_of(record)
            return self.model.ids.index(record)
        except ValueError:
            return None

    def clear_selection(self) -> None:
        """Select nothing."""
        self.view.clearSelection()

    def focus_quick_filter(self) -> None:
        """Let the next keys filter."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def clear_filters(self) -> None:
        """Take all filters away; the switch of active records stays."""
        self.show_query(self._query.widened())

    def add_filter(self, key: str = "") -> None:
        """Ask for one more filter, on this column if one is named."""
        self._filter_editing.add(key)

    def choose_columns(self) -> None:
        """Ask which columns to show."""
        arrangement = self.arrangement
        self._chooser = ColumnChooserDialog(
            self._theme, arrangement.columns_in_order(), arrangement.hidden_now(), parent=self
        )
        self._chooser.finished.connect(self._on_columns_chosen)
        self._chooser.open()

    def copy(self, *, with_headings: bool = False) -> None:
        """Put the selected rows on the clipboard."""
        self._copying.copy_rows(self._source, with_headings=with_headings)

    def copy_value(self) -> None:
        """Put the value that the keyboard stands on on the clipboard."""
        self._copying.copy_value()

    def export_request(self) -> ExportRequest:
        """What an export dialog starts from."""
        return ExportRequest(
            self._source, self._query, self.columns, self._exported_keys(), self.selected_ids(), self.model.record_count
        )

    def _exported_keys(self) -> tuple[str, ...]:
        # A file has no heads of groups: what the lines are grouped by stands first in each of them.
        by, keys = self._query.group_by, self.visible_keys
        return (by, *(key for key in keys if key != by)) if by else keys

    @property
    def can_group(self) -> bool:
        """Whether the records can be put together by a column."""
        return isinstance(self._source, GroupedSource)

    def group_by(self, key: str) -> None:
        """Put the records of one value of a column together; an empty key takes the groups away."""
        self.folding.forget()
        self.show_query(replace(self._query, group_by=key))

    def ungroup(self) -> None:
        """Take the groups away."""
        self.group_by("")

    def _build(self, layout: TableLayout, nothing_yet: NothingYet | None) -> None:
        theme = self._theme
        self.setObjectName(f"{self._name}-table")
        self.model = RecordModel(self)
        self.view = RecordView(theme, self.model)
        self.view.setObjectName(f"{self._name}-rows")
        self.view.setAccessibleName(self._source.noun)
        self.view.set_compact(layout.is_compact)
        self.arrangement = Arrangement(theme, self.view, self.model, layout)
        self.folding = Folding(self.view, self.model)
        self.filters = FilterBar(theme)
        self.search = SearchField(theme, self.tr("Quick filter"), _SEARCH_WIDTH)
        self.count_label = PlainLabel("", "body", "muted", digits=True)
        self.columns_button = OutlinedButton(theme, self.tr("Columns"), icon="columns")
        self.export_button = OutlinedButton(theme, self.tr("Export…"), icon="export")
        self.selection_bar = SelectionBar(theme)
        self.empty = NoRows(theme, nothing_yet)
        self.view.lay_over(self.empty)
        self.waiting = Waiting(theme, self.view)
        self.tools = Across(theme, gap=8, margins=(24, 8, 24, 12))
        self.tools.addWidget(self.filters, 1, Qt.AlignmentFlag.AlignTop)
        # One line of text is lower than a button, and stands in the middle of the first line of them.
        counted = Upright(theme, gap=0, margins=(0, 4, 0, 0))
        counted.addWidget(self.count_label)
        self.tools.addLayout(counted)
        self.tools.setAlignment(counted, Qt.AlignmentFlag.AlignTop)
        for widget in (self.search, self.columns_button, self.export_button):
            self.tools.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        upright = Upright(theme, gap=0)
        upright.addLayout(self.tools)
        upright.addWidget(self.view, 1)
        upright.addWidget(self.selection_bar)
        self.setLayout(upright)
        self._loading = Loading(self._source, self._readers, self)
        self._rows = RowsInSight(self.view, self.model, self._loading)
        self._filter_editing = FilterEditing(theme, self.filters, self.arrangement, self)
        self._copying = Copying(self.view, self.model, self.arrangement, self._readers)
        self._sums = SelectionSums(
            self.view, self.model, self.arrangement, self.selection_bar, self._readers, self._source
        )
        minute = QTimer(self)
        minute.setInterval(_MINUTE)
        minute.timeout.connect(self._on_minute)
        minute.start()

    def _connect(self) -> None:
        loading, view, header = self._loading, self.view, self.view.header
        loading.columns_read.connect(self._on_columns_read)
        loading.listed.connect(self._on_listed)
        loading.counted.connect(self._on_counted)
        loading.failed.connect(self._on_failed)
        loading.busy_changed.connect(self._on_busy_changed)
        view.opened.connect(self.opened)
        view.inspector_wanted.connect(self.inspector_wanted)
        view.copy_wanted.connect(self.copy)
        view.copy_with_headings_wanted.connect(self._on_copy_with_headings)
        view.menu_wanted.connect(self._show_column_menu)
        view.row_menu_wanted.connect(self._show_row_menu)
        view.selectionModel().selectionChanged.connect(self._on_selection_changed)
        view.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self.folding.folded.connect(self._on_folded)
        header.sort_wanted.connect(self.sort_by)
        header.menu_wanted.connect(self._show_column_menu)
        self.arrangement.changed.connect(self._note_look)
        self.arrangement.keys_changed.connect(self._on_keys_changed)
        self.filters.rule_changed.connect(self._on_rule_changed)
        self.filters.active_changed.connect(self._on_active_changed)
        self.filters.ungroup_wanted.connect(self.ungroup)
        self.filters.group_menu_wanted.connect(lambda position: GroupMenu(self).popup(position))
        self.search.searched.connect(self._on_searched)
        self.search.returnPressed.connect(self.view.setFocus)
        self.columns_button.clicked.connect(self.choose_columns)
        self.export_button.clicked.connect(self.export_wanted)
        self.selection_bar.all_wanted.connect(self.select_all_matching)
        self.selection_bar.none_wanted.connect(self.clear_selection)
        self._copying.said.connect(self.said)
        self.empty.retried.connect(self.refresh)
        self.empty.asked.connect(self.show_query)
        self._kept_layout.due.connect(self._write_layout)
        self.waiting.cancelled.connect(self.cancel_reading)
        if not self.search.isHidden():
            find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
            find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            find.activated.connect(self.focus_quick_filter)

    def sort_by(self, sort: Sort) -> None:
        """Sort by these columns, the most important first."""
        self.show_query(replace(self._query, sort=sort))

    def set_compact(self, *, is_compact: bool) -> None:
        """Show low rows or comfortable ones."""
        self.view.set_compact(is_compact)
        self._note_look()

    def _on_searched(self, text: str) -> None:
        if text.split() != list(self._query.words):
            self.show_query(replace(self._query, quick=text))

    def _on_rule_changed(self, rule: Rule | None) -> None:
        self.show_query(replace(self._query, rule=rule))

    def _on_active_changed(self, active: bool | None) -> None:
        self.show_query(replace(self._query, active=active))

    def _on_columns_chosen(self, result: int) -> None:
        dialog, self._chooser = self._chooser, None
        if dialog is None:
            return
        dialog.deleteLater()
        if dialog.was_reset:
            self.arrangement.reset()
        elif result == QDialog.DialogCode.Accepted.value:
            self.arrangement.choose(dialog.order, dialog.hidden)

    def _show_question(self) -> None:
        self.view.header.set_sort(self._query.sort)
        self.filters.show_active(active=self._query.active)
        columns = {column.key: column for column in self.columns}
        self.filters.show_rule(self._query.rule, columns)
        grouped_by = columns.get(self._query.group_by)
        self.filters.show_group(grouped_by.title if grouped_by is not None else "")
        if self.search.text().split() != list(self._query.words):
            with QSignalBlocker(self.search):
                self.search.setText(self._query.quick)

    def _read(self, *, at_once: bool) -> None:
        if not self.columns:
            return
        if missing_fields(self._query.rule, self._keys):
            self._show_broken()
            return
        if not self._loading.is_listing:
            self._kept = keep_selection(self.view, self.model, self._answered or self._query)
        self._answers = 0
        self._loading.read_list(
            self._query, self.model.keys, self._kept.looked_out_for, self.folding.closed, at_once=at_once
        )

    def _on_keys_changed(self) -> None:
        if self._query.group_by and self._answered is not None:
            # Another column of numbers may be seen, of which there are no sums yet.
            self._read(at_once=False)
        self._rows.read_soon()

    def _on_folded(self) -> None:
        self._show_selection()
        self._on_current_changed()
        self._rows.read_soon()

    def _on_columns_read(self, columns: tuple[Column, ...]) -> None:
        if columns != self.columns:
            self._kept = keep_selection(self.view, self.model, self._answered or self._query)
            self._loading.use_columns(columns)
            self.arrangement.show_columns(columns)
            known = {column.key for column in columns}
            self._query = replace(
                self._query,
                sort=tuple(level for level in self._query.sort if level[0] in known),
                group_by=self._query.group_by if self._query.group_by in known else "",
            )
            self._answered = None
            self._show_question()
            if self._wanted_look is not None:
                look, self._wanted_look = self._wanted_look, None
                self.show_look(look)
                return
            self.look_changed.emit()
        self._read(at_once=self._answered is None)

    def _on_listed(self, listed: Listed) -> None:
        self._is_listing = True
        if self._answers == 0:
            self.model.forget_rows()
        self._answers += 1
        self._answered = self._query
        self._is_partial = not listed.is_all
        position = 0 if self._goes_to_top else self.view.verticalScrollBar().value()
        stayed = self.model.set_ids(listed.ids, listed.lines)
        self.model.take_rows(listed.rows)
        if not stayed or self._kept.selected or self._kept.was_everything:
            restore_selection(self._kept, self.view, self._query, listed)
        if not stayed:
            self.view.scroll_to(position)
        if self.view.hasFocus():
            self.view.stand_somewhere()
        self._is_listing = False
        if listed.is_all:
            self._goes_to_top = False
            self._kept = KeptSelection()
        self.empty.hide()
        self._show_selection()
        self._show_counts()
        self._on_current_changed()
        if listed.is_all:
            self._compare_with_total()
        self._rows.read_soon()

    def _on_counted(self, total: int) -> None:
        self._total = total
        self._show_counts()
        self._compare_with_total()

    def _compare_with_total(self) -> None:
        """Say why nothing is shown; how many there are without any filter is asked once for each reading."""
        if self._total is None:
            self._loading.count(ListQuery(active=None))
        elif self._answered is not None and not self.model.record_count and not self._loading.is_busy:
            self.empty.say_none_listed(self._query, self._source.noun, self._total)

    def _on_failed(self, error: BaseException) -> None:
        self.empty.say_failed(self._source.noun, error)

    def _on_busy_changed(self, is_busy: bool) -> None:
        if is_busy:
            self.waiting.begin(self.tr("Reading {0}…").format(self._source.noun))
        else:
            self.waiting.end()

    def _show_counts(self) -> None:
        shown = self.model.record_count
        locale = QLocale()
        if self._answered is None:
            text = ""
        elif self._is_partial:
            still_reading = self._loading.is_busy
            text = "…" if still_reading else self.tr("the first {0}").format(locale.toString(shown))
        elif self._total is None or self._total == shown:
            text = locale.toString(shown)
        else:
            text = self.tr("{0} of {1}").format(locale.toString(shown), locale.toString(self._total))
        self.count_label.set_text(text)
        if self._answered is not None and not self._is_partial and self._total is not None:
            self.counted.emit(shown, self._total)

    def _show_broken(self) -> None:
        """Show nothing rather than what was not asked for, and say so: the filter cannot be asked."""
        self._loading.stop_listing()
        self._answered = None
        self._kept = KeptSelection()
        self.model.set_ids(array("q"))
        self._show_selection()
        self._show_counts()
        self.counted.emit(0, self._total or 0)
        self.empty.say_filter_is_broken(self._query, self._keys)

    def _on_selection_changed(self) -> None:
        if self._is_moving:
            return
        # Whoever selects while the list is still coming means what is seen now.
        self._kept = KeptSelection()
        self._show_selection()

    def _show_selection(self) -> None:
        self.selection_changed.emit(self._sums.show())

    def _on_current_changed(self) -> None:
        current = self.current_id()
        if not self._is_moving and current != self._told_current:
            self._told_current = current
            self.current_changed.emit(current)

    def _on_copy_with_headings(self) -> None:
        self.copy(with_headings=True)

    def _show_column_menu(self, section: int, position: QPoint) -> None:
        if section >= 0:
            ColumnMenu(self, section).popup(position)

    def _show_row_menu(self, position: QPoint) -> None:
        menu = RowMenu(self)
        self.row_menu_shown.emit(menu)
        menu.popup(position)

    def _on_minute(self) -> None:
        # "Today" becomes "Yesterday" at midnight, without anything being read.
        now = shown_now()
        # What is hidden may be of another moment than the one that is looked at.
        if now.date() != self._today and self.isVisible():
            self._today = now.date()
            self.model.tell_times_again(self._texts, now)

    def _note_look(self) -> None:
        self._kept_layout.note_change()
        self.look_changed.emit()

    def _write_layout(self) -> None:
        arrangement = self.arrangement
        layout = TableLayout(
            order=arrangement.order,
            hidden=arrangement.hidden,
            widths=arrangement.widths,
            sort=None if self._query.sort == self._usual_sort else self._query.sort,
            is_compact=self.view.is_compact,
            active=self._query.active,
            rule=self._query.rule,
            group_by=self._query.group_by,
            frozen_to=arrangement.frozen_to,
        )
        self._kept_layout.write(layout)

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self._fit_tools()
        return super().event(event)

    def _fit_tools(self) -> None:
        """Where there is no room for all words above the list, buttons whose icons say as much give theirs up."""
        fit_words(self._giving_way, self.tools.minimumSize().width(), self.width())

    def minimumSizeHint(self) -> QSize:
        # What gives way keeps nobody from making the list narrower.
        hint = super().minimumSizeHint()
        hint.setWidth(hint.width() - sum(each.width_of_text for each in self._giving_way if not each.is_icon_only))
        return hint

    @property
    def _giving_way(self) -> tuple[OutlinedButton, ...]:
        return (self.columns_button, self.export_button)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._kept_layout.hurry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._loading.is_busy:
            self.cancel_reading()
            return
        super().keyPressEvent(event)

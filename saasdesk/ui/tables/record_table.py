"""The one table of the window: any number of records, filtered, sorted, selected and copied, and nobody ever waits."""

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from saasdesk.errors import UserError
from saasdesk.records.listing import Column, ListQuery, Row
from saasdesk.rules import Rule
from saasdesk.ui.moments import counted
from saasdesk.ui.tables.arrangement import Arrangement
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.tables.column_chooser import ColumnChooserDialog
from saasdesk.ui.tables.copying import COPIED_AT_MOST, copied_rows, put_on_clipboard
from saasdesk.ui.tables.filter_bar import FilterBar
from saasdesk.ui.tables.filter_dialog import FilterDialog
from saasdesk.ui.tables.filter_words import joined, missing_fields, parts_of
from saasdesk.ui.tables.grouping import GroupKey
from saasdesk.ui.tables.header import Sort
from saasdesk.ui.tables.layout import Look, Memory, TableLayout, as_remembered, from_memory
from saasdesk.ui.tables.loading import Listed, Loading
from saasdesk.ui.tables.menus import ColumnMenu, GroupMenu, RowMenu
from saasdesk.ui.tables.model import ReadRows, RecordModel
from saasdesk.ui.tables.readers import TableReaders
from saasdesk.ui.tables.rows_once import RowsOnce
from saasdesk.ui.tables.selected_rows import KeptSelection, keep_selection, restore_selection
from saasdesk.ui.tables.selection_bar import SelectionBar
from saasdesk.ui.tables.source import GroupedSource, TableSource
from saasdesk.ui.tables.view import RecordView
from saasdesk.ui.tables.waiting import Waiting
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column as Upright
from saasdesk.ui.widgets.layouts import Row as Across
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from saasdesk.ui.tables.rules_dialog import RulesDialog

MakeButtons = Callable[[], tuple[QPushButton, ...]]

# What is read besides the rows that are seen, as soon as the nearest of them are missing.
_ROWS_NEAR, _ROWS_BEFORE, _ROWS_AFTER, _ROWS_AT_ONCE = 80, 200, 350, 500
_SUMMED_AT_MOST = 20_000
_SAVE_AFTER = 300
_SUM_AFTER = 80
_SEARCH_WIDTH = 176
_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class NothingYet:
    """What a table says before there is anything to show: what will be here, and how to begin."""

    title: str
    sentence: str
    buttons: MakeButtons = tuple


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
        self._memory = memory
        self._name = name
        self._nothing_yet = nothing_yet
        self._usual_sort = sort
        self._texts = CellTexts()
        layout = from_memory(memory.get(name))
        self._query = ListQuery(
            rule=_rule_from_memory(layout.rule),
            sort=sort if layout.sort is None else layout.sort,
            active=layout.active,
            group_by=layout.group_by if isinstance(source, GroupedSource) else "",
        )
        # The groups that somebody closed.
        self._closed: set[GroupKey] = set()
        # The question that what is shown is the answer to.
        self._answered: ListQuery | None = None
        self._answers = 0
        self._kept = KeptSelection()
        self._told_current: int | None = None
        self._is_partial = False
        self._goes_to_top = True
        self._is_listing = False
        self._total: int | None = None
        self._today = datetime.now().astimezone().date()
        # A look that was asked for before it was known which columns there are.
        self._wanted_look: Look | None = None
        self._chooser: ColumnChooserDialog | None = None
        self._filter_dialog: FilterDialog | RulesDialog | None = None
        self._edited_filter: int | None = None
        self._build(layout)
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
        )

    def usual_look(self) -> Look:
        """How the list is looked at before anybody changes anything."""
        return Look(self.arrangement.usual_keys(), sort=self._usual_sort)

    def known_look(self, look: Look) -> Look:
        """The same look as far as this list can show it: without columns that it does not have."""
        known = {column.key for column in self.columns}
        columns = tuple(key for key in look.columns if key in known) or self.arrangement.usual_keys()
        return replace(
            look,
            columns=columns,
            widths={key: width for key, width in look.widths.items() if key in columns},
            sort=tuple(level for level in look.sort if level[0] in known),
            group_by=look.group_by if look.group_by in known else "",
        )

    def show_look(self, look: Look) -> None:
        """Look at the list like this; what the quick filter left out is there again."""
        if not self.columns:
            self._wanted_look = look
            return
        look = self.known_look(look)
        self.arrangement.show_only(look.columns, look.widths)
        self.view.set_compact(look.is_compact)
        self.show_query(ListQuery(rule=look.rule, sort=look.sort, active=look.active, group_by=look.group_by))

    def add_tool(self, widget: QWidget) -> None:
        """Put something that concerns the whole list before the quick filter."""
        self.tools.insertWidget(1, widget, 0, Qt.AlignmentFlag.AlignTop)

    def show_source(self, source: TableSource, query: ListQuery | None = None) -> None:
        """Show another list in the same table, with a question of its own if one is given."""
        self._source = source
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
            self._show_empty(Emptiness.LOAD_FAILED, self.tr("Reading was cancelled"), "", self._retry_buttons())
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
        self.open_groups()
        self.view.selectAll()

    def row_of(self, record: int) -> int | None:
        """The row of a record, whose group is opened for it; None when it is not in the list."""
        try:
            if (lines := self.model.lines) is not None:
                self._set_closed(self._closed - {lines.grouping.group_of(record)})
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
        self._edit_filter(FilterDialog(self._theme, self.arrangement.columns_in_order(), key=key, parent=self), None)

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
        ids = self.selected_ids()
        if not ids:
            return
        if len(ids) > COPIED_AT_MOST:
            self.said.emit(
                self.tr("{0} rows are too many for the clipboard; it takes {1}. Export them instead.").format(
                    QLocale().toString(len(ids)), QLocale().toString(COPIED_AT_MOST)
                )
            )
            return
        keys = self.visible_keys
        columns = [column for key in keys for column in self.columns if column.key == key]

        def on_read(rows: list[Row]) -> None:
            tsv, html = copied_rows(self._texts, columns, rows, with_headings=with_headings)
            put_on_clipboard(tsv, html)
            self.said.emit(counted(len(rows), self.tr("{0} row copied"), self.tr("{0} rows copied")))

        self._copied.read(self._source, ids, keys, on_read)

    def copy_value(self) -> None:
        """Put the value that the keyboard stands on on the clipboard."""
        index = self.view.currentIndex()
        cell = self.model.cell(index.row(), index.column()) if index.isValid() else None
        if cell is not None:
            QGuiApplication.clipboard().setText(self._texts.copied(cell.column, cell.value))

    def export_request(self) -> ExportRequest:
        """What an export dialog starts from."""
        return ExportRequest(
            self._source, self._query, self.columns, self._exported_keys(), self.selected_ids(), self.model.record_count
        )

    def _exported_keys(self) -> tuple[str, ...]:
        # A file has no heads of groups: what the lines are grouped by stands first in each of them.
        by, keys = self._query.group_by, self.visible_keys
        return (by, *(key for key in keys if key != by)) if by else keys

    # Groups

    @property
    def can_group(self) -> bool:
        """Whether the records can be put together by a column."""
        return isinstance(self._source, GroupedSource)

    def group_by(self, key: str) -> None:
        """Put the records of one value of a column together; an empty key takes the groups away."""
        self._closed.clear()
        self.show_query(replace(self._query, group_by=key))

    def ungroup(self) -> None:
        """Take the groups away."""
        self.group_by("")

    def close_groups(self) -> None:
        """Show the heads of the groups only."""
        if (lines := self.model.lines) is not None:
            self._set_closed({head.key for head in lines.grouping.heads})

    def open_groups(self) -> None:
        """Show the records of every group."""
        self._set_closed(set())

    def turn_group(self, row: int, is_open: bool | None = None) -> None:
        """Open or close the group whose head stands in this row; None means: the other way."""
        head = self.model.head_at(row)
        if head is not None:
            opens = head.key in self._closed if is_open is None else is_open
            self._set_closed(self._closed - {head.key} if opens else self._closed | {head.key})

    def select_group(self, row: int) -> None:
        """Select the records of the group whose head stands in this row."""
        head = self.model.head_at(row)
        if head is not None:
            self.turn_group(row, is_open=True)
            self.view.select_rows(list(range(row + 1, row + 1 + head.count)))

    def _set_closed(self, closed: set[GroupKey]) -> None:
        lines = self.model.lines
        if lines is None or closed == self._closed:
            return
        row, position = self.view.currentIndex().row(), self.view.verticalScrollBar().value()
        current = self.model.ids[row] if row >= 0 else None
        above = self.model.ids[lines.row_above(row)] if row >= 0 else None
        chosen = set(self.selected_ids())
        self._closed = closed
        lines = lines.grouping.lines(closed)
        self._is_listing = True
        self.model.set_ids(lines.ids, lines)
        if chosen:
            self.view.select_rows([place for place, number in enumerate(lines.ids) if number in chosen])
        # Whoever stood in a group that is closed now stands on its head.
        stands = next((number for number in (current, above) if number is not None and number in lines.ids), None)
        if stands is not None:
            self.view.make_current(lines.ids.index(stands))
        self.view.scroll_to(position)
        self._is_listing = False
        self._show_selection()
        self._on_current_changed()
        self._read_soon.start()

    def show_not_allowed(self, title: str, sentence: str, buttons: MakeButtons = tuple) -> None:
        """Say that the key may not read this, and how to put that right."""
        self._show_empty(Emptiness.NOT_ALLOWED, title, sentence, buttons())

    def _build(self, layout: TableLayout) -> None:
        theme = self._theme
        self.setObjectName(f"{self._name}-table")
        self.model = RecordModel(self)
        self.view = RecordView(theme, self.model)
        self.view.setObjectName(f"{self._name}-rows")
        self.view.setAccessibleName(self._source.noun)
        self.view.set_compact(layout.is_compact)
        self.arrangement = Arrangement(theme, self.view, self.model, layout)
        self.filters = FilterBar(theme)
        self.search = SearchField(theme, self.tr("Quick filter"), _SEARCH_WIDTH)
        self.count_label = PlainLabel("", "body", "muted", digits=True)
        self.columns_button = OutlinedButton(theme, self.tr("Columns"), icon="columns")
        self.export_button = OutlinedButton(theme, self.tr("Export…"), icon="export")
        self.selection_bar = SelectionBar(theme)
        self.empty = EmptyState(theme, Emptiness.NOTHING_YET, "")
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
        self._copied = RowsOnce(self.model, self._readers, self)
        self._summed = RowsOnce(self.model, self._readers, self)
        self._read_soon = self._timer(0, self._read_missing)
        self._save_soon = self._timer(_SAVE_AFTER, self._save)
        self._sum_soon = self._timer(_SUM_AFTER, self._sum_selection)
        self._minute = self._timer(_MINUTE, self._on_minute)
        self._minute.setSingleShot(False)
        self._minute.start()

    def _timer(self, milliseconds: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(slot)
        return timer

    def _connect(self) -> None:
        loading, view, header = self._loading, self.view, self.view.header
        loading.columns_read.connect(self._on_columns_read)
        loading.listed.connect(self._on_listed)
        loading.counted.connect(self._on_counted)
        loading.rows_read.connect(self._on_rows_read)
        loading.failed.connect(self._on_failed)
        loading.busy_changed.connect(self._on_busy_changed)
        self.model.missing.connect(self._read_soon.start)
        view.scrolled.connect(self._read_soon.start)
        view.opened.connect(self.opened)
        view.inspector_wanted.connect(self.inspector_wanted)
        view.copy_wanted.connect(self.copy)
        view.copy_with_headings_wanted.connect(self._on_copy_with_headings)
        view.menu_wanted.connect(self._show_column_menu)
        view.row_menu_wanted.connect(self._show_row_menu)
        view.selectionModel().selectionChanged.connect(self._on_selection_changed)
        view.selectionModel().currentRowChanged.connect(self._on_current_changed)
        view.group_turned.connect(self._on_group_turned)
        view.groups_turned.connect(self._on_groups_turned)
        header.sort_wanted.connect(self.sort_by)
        header.menu_wanted.connect(self._show_column_menu)
        self.arrangement.changed.connect(self._note_look)
        self.arrangement.keys_changed.connect(self._on_keys_changed)
        self.filters.rule_changed.connect(self._on_rule_changed)
        self.filters.active_changed.connect(self._on_active_changed)
        self.filters.add_wanted.connect(self.add_filter)
        self.filters.change_wanted.connect(self._on_change_filter)
        self.filters.ungroup_wanted.connect(self.ungroup)
        self.filters.group_menu_wanted.connect(lambda position: GroupMenu(self).popup(position))
        self.search.searched.connect(self._on_searched)
        self.search.returnPressed.connect(self.view.setFocus)
        self.columns_button.clicked.connect(self.choose_columns)
        self.export_button.clicked.connect(self.export_wanted)
        self.selection_bar.all_wanted.connect(self.select_all_matching)
        self.selection_bar.none_wanted.connect(self.clear_selection)
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

    def _on_change_filter(self, place: int) -> None:
        rule, columns = parts_of(self._query.rule)[place], self.arrangement.columns_in_order()
        if rule.field is None:
            self._edit_rules(rule.model_dump(mode="json", exclude_none=True), place)
        elif missing_fields(rule, self._keys):
            # Of what is gone there is nothing to change: another field takes its place.
            self._edit_filter(FilterDialog(self._theme, columns, parent=self), place)
        else:
            self._edit_filter(FilterDialog(self._theme, columns, rule, parent=self), place)

    def _edit_rules(self, draft: Mapping[str, Any], place: int | None) -> None:
        # The builder of rules itself uses parts of tables.
        from saasdesk.ui.tables.rules_dialog import RulesDialog

        self._edit_filter(RulesDialog(self._theme, self.arrangement.columns_in_order(), draft, self), place)

    def _edit_filter(self, dialog: "FilterDialog | RulesDialog", place: int | None) -> None:
        self._filter_dialog, self._edited_filter = dialog, place
        dialog.finished.connect(self._on_filter_edited)
        dialog.open()

    def _on_filter_edited(self) -> None:
        dialog, self._filter_dialog = self._filter_dialog, None
        if dialog is not None:
            dialog.deleteLater()
            if dialog.rule is not None:
                self.filters.put(dialog.rule, self._edited_filter)
            elif isinstance(dialog, FilterDialog) and dialog.draft is not None:
                self._edit_rules(dialog.draft, self._edited_filter)

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
        if missing := missing_fields(self._query.rule, self._keys):
            self._show_broken(missing)
            return
        if not self._loading.is_listing:
            self._kept = keep_selection(self.view, self.model, self._answered or self._query)
        self._answers = 0
        self._loading.read_list(self._query, self.model.keys, self._kept.looked_out_for, self._closed, at_once=at_once)

    def _on_keys_changed(self) -> None:
        if self._query.group_by and self._answered is not None:
            # Another column of numbers may be seen, of which there are no sums yet.
            self._read(at_once=False)
        self._read_soon.start()

    def _on_group_turned(self, row: int, is_open: object) -> None:
        self.turn_group(row, is_open if isinstance(is_open, bool) else None)

    def _on_groups_turned(self, is_open: bool) -> None:
        if is_open:
            self.open_groups()
        else:
            self.close_groups()

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
        self._read_soon.start()

    def _on_counted(self, total: int) -> None:
        self._total = total
        self._show_counts()
        self._compare_with_total()

    def _compare_with_total(self) -> None:
        """Say why nothing is shown; how many there are without any filter is asked once for each reading."""
        if self._total is None:
            self._loading.count(ListQuery(active=None))
        elif self._answered is not None and not self.model.record_count and not self._loading.is_busy:
            self._show_why_empty(self._total)

    def _on_rows_read(self, rows: ReadRows) -> None:
        self.model.take_rows(rows)
        self._read_soon.start()

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            reason = str(error)
        else:
            reason = self.tr("This is a fault of the program: {0}. The log says more.").format(type(error).__name__)
        title = self.tr("The {0} could not be read").format(self._source.noun)
        self._show_empty(Emptiness.LOAD_FAILED, title, reason, self._retry_buttons())

    def _on_busy_changed(self, is_busy: bool) -> None:
        if is_busy:
            self.waiting.begin(self.tr("Reading {0}…").format(self._source.noun))
        else:
            self.waiting.end()

    def _read_missing(self) -> None:
        """Read the rows that are seen, then those that will be seen next."""
        if self._loading.is_reading_rows or not self.model.keys:
            return
        first, last = self.view.visible_rows()
        wanted = self.model.unread(first, last) + [
            number for number in self.model.take_missed() if not self.model.has(number)
        ]
        if not wanted and self.model.unread(first - _ROWS_NEAR, last + _ROWS_NEAR):
            wanted = self.model.unread(first - _ROWS_BEFORE, last + _ROWS_AFTER)
        self.model.drop_far_rows(first, last)
        if wanted:
            self._loading.read_rows(list(dict.fromkeys(wanted))[:_ROWS_AT_ONCE], self.model.keys)

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

    def _show_broken(self, missing: tuple[str, ...]) -> None:
        """Show nothing rather than what was not asked for, and say so: the filter cannot be asked."""
        self._loading.stop_listing()
        self._answered = None
        self._kept = KeptSelection()
        self.model.set_ids(array("q"))
        self._show_selection()
        self._show_counts()
        self.counted.emit(0, self._total or 0)
        title = self.tr("A filter asks for a field that is gone")
        sentence = self.tr(
            "“{0}” was deleted, or was never a field of this list. Nothing is shown until the filter is taken away "
            "or asks for another field."
        ).format("”, “".join(missing))
        button = PrimaryButton(self._theme, self.tr("Take the filter away"))
        button.clicked.connect(self._take_broken_away)
        self._show_empty(Emptiness.LOAD_FAILED, title, sentence, (button,))

    def _take_broken_away(self) -> None:
        whole = [part for part in parts_of(self._query.rule) if not missing_fields(part, self._keys)]
        self.show_query(replace(self._query, rule=joined(whole)))

    def _show_why_empty(self, total: int) -> None:
        if total:
            title = self.tr("0 of {0} match").format(QLocale().toString(total))
            button = PrimaryButton(self._theme, self.tr("Clear filter"))
            if self._query.is_narrowed:
                button.clicked.connect(self.clear_filters)
            else:
                button.setText(self.tr("Show all"))
                button.clicked.connect(self._on_show_all)
            self._show_empty(Emptiness.FILTER_HIDES_ALL, title, self._why_nothing_matches(), (button,))
        elif self._nothing_yet is not None:
            nothing = self._nothing_yet
            self._show_empty(Emptiness.NOTHING_YET, nothing.title, nothing.sentence, nothing.buttons())
        else:
            self._show_empty(Emptiness.NOTHING_YET, self.tr("No {0} yet").format(self._source.noun), "", ())

    def _why_nothing_matches(self) -> str:
        if self._query.is_narrowed:
            return self.tr("No {0} fit the filters above.").format(self._source.noun)
        if self._query.active:
            return self.tr("None of the {0} are active.").format(self._source.noun)
        return self.tr("None of the {0} are deactivated.").format(self._source.noun)

    def _on_show_all(self) -> None:
        self._on_active_changed(None)

    def _show_empty(self, why: Emptiness, title: str, sentence: str, buttons: tuple[QPushButton, ...]) -> None:
        self.empty.say(why, title, sentence, buttons)
        self.empty.show()
        self.empty.raise_()

    def _retry_buttons(self) -> tuple[QPushButton, ...]:
        button = PrimaryButton(self._theme, self.tr("Retry"))
        button.clicked.connect(self.refresh)
        return (button,)

    def _on_selection_changed(self) -> None:
        if self._is_listing:
            return
        # Whoever selects while the list is still coming means what is seen now.
        self._kept = KeptSelection()
        self._show_selection()

    def _show_selection(self) -> None:
        selected = self.view.selected_count()
        self.selection_bar.show_selection(selected, self.model.record_count)
        self._summed.forget()
        if selected:
            self._sum_soon.start()
        self.selection_changed.emit(selected)

    def _sum_selection(self) -> None:
        keys = self.visible_keys
        column = next(
            (column for key in keys for column in self.columns if column.key == key and column.is_number), None
        )
        ids = self.selected_ids()
        if column is None or not ids or len(ids) > _SUMMED_AT_MOST:
            self.selection_bar.show_sums("")
            return

        def on_read(rows: list[Row]) -> None:
            numbers = [value for (value,) in rows if isinstance(value, int | float)]
            total = sum(numbers)
            text = self.tr("{0}: {1} · average {2}").format(
                column.title,
                self._texts.number(column, total),
                self._texts.number(column, round(total / len(numbers), 2) if numbers else 0),
            )
            self.selection_bar.show_sums(text if numbers else "")

        self._summed.read(self._source, ids, [column.key], on_read)

    def _on_current_changed(self) -> None:
        current = self.current_id()
        if not self._is_listing and current != self._told_current:
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
        now = datetime.now().astimezone()
        if now.date() != self._today:
            self._today = now.date()
            self.model.tell_times_again(self._texts, now)

    def _note_look(self) -> None:
        self._save_soon.start()
        self.look_changed.emit()

    def _save(self) -> None:
        arrangement = self.arrangement
        rule = self._query.rule
        layout = TableLayout(
            order=arrangement.order,
            hidden=arrangement.hidden,
            widths=arrangement.widths,
            sort=None if self._query.sort == self._usual_sort else self._query.sort,
            is_compact=self.view.is_compact,
            active=self._query.active,
            rule=None if rule is None else rule.model_dump(mode="json", exclude_none=True),
            group_by=self._query.group_by,
        )
        self._memory[self._name] = as_remembered(layout)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._save_soon.isActive():
            self._save_soon.stop()
            self._save()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._loading.is_busy:
            self.cancel_reading()
            return
        super().keyPressEvent(event)


def _rule_from_memory(kept: object) -> Rule | None:
    try:
        return None if kept is None else Rule.model_validate(kept)
    except ValueError:
        return None

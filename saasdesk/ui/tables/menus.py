"""The menus of a table: one for a column, one for a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QMenu

from saasdesk.ui.tables.header import Sort
from saasdesk.ui.visible_text import escaped_ampersands

if TYPE_CHECKING:
    from saasdesk.ui.tables.record_table import RecordTable


class TableMenu(QMenu):
    """A menu that goes when it is closed."""

    def __init__(self, table: RecordTable) -> None:
        super().__init__(table)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    @property
    def _table(self) -> RecordTable:
        # Not kept: a child that goes with the last reference to its parent takes itself along a second time.
        return cast("RecordTable", self.parent())


class ColumnMenu(TableMenu):
    """What can be done with a column, by mouse or by keyboard."""

    def __init__(self, table: RecordTable, section: int) -> None:
        super().__init__(table)
        self._section = section
        self._key = table.columns[section].key
        title = escaped_ampersands(table.columns[section].title)
        arrangement = table.arrangement
        sort = table.query.sort
        levels = dict(sort)
        self.addAction(self.tr("Sort by {0}, ascending").format(title)).triggered.connect(self._sort_up)
        self.addAction(self.tr("Sort by {0}, descending").format(title)).triggered.connect(self._sort_down)
        more = self.addAction(self.tr("Then sort by {0}").format(title))
        more.setEnabled(bool(sort) and self._key not in levels)
        more.triggered.connect(self._sort_further)
        less = self.addAction(self.tr("Do not sort by {0}").format(title))
        less.setEnabled(self._key in levels)
        less.triggered.connect(self._sort_less)
        self.addSeparator()
        self.addAction(self.tr("Filter by {0}…").format(title)).triggered.connect(self._filter)
        self.addSeparator()
        if table.can_group:
            by_month = table.columns[section].is_date
            text = self.tr("Group by {0}, month by month") if by_month else self.tr("Group by {0}")
            group = self.addAction(text.format(title))
            group.setEnabled(table.query.group_by != self._key)
            group.triggered.connect(self._group)
            if table.query.group_by:
                add_group_actions(self, table)
            self.addSeparator()
        shown = table.view.header.shown_sections()
        place = shown.index(section)
        before = self.addAction(self.tr("Move forward"))
        before.setEnabled(place > 0)
        before.triggered.connect(self._move_forward)
        after = self.addAction(self.tr("Move back"))
        after.setEnabled(place < len(shown) - 1)
        after.triggered.connect(self._move_back)
        self.addAction(self.tr("Fit to content")).triggered.connect(self._fit)
        hide = self.addAction(self.tr("Hide {0}").format(title))
        hide.setEnabled(len(shown) > 1)
        hide.triggered.connect(self._hide)
        freeze = self.addAction(self.tr("Freeze up to here"))
        # With all of them frozen nothing is left to scroll.
        freeze.setEnabled(place < len(shown) - 1 and arrangement.frozen_to != self._key)
        freeze.triggered.connect(self._freeze)
        loosen = self.addAction(self.tr("Unfreeze columns"))
        loosen.setEnabled(bool(arrangement.frozen_to))
        loosen.triggered.connect(self._unfreeze)
        self.addSeparator()
        self.addAction(self.tr("Choose columns…")).triggered.connect(table.choose_columns)
        compact = self.addAction(self.tr("Compact rows"))
        compact.setCheckable(True)
        compact.setChecked(table.view.is_compact or table.view.is_low_everywhere)
        # Where the settings make all lists low, none is higher.
        compact.setEnabled(not table.view.is_low_everywhere)
        compact.toggled.connect(self._set_compact)
        self.addAction(self.tr("Reset columns")).triggered.connect(arrangement.reset)

    def _sort_up(self) -> None:
        self._table.sort_by(((self._key, False),))

    def _sort_down(self) -> None:
        self._table.sort_by(((self._key, True),))

    def _sort_further(self) -> None:
        self._table.sort_by((*self._table.query.sort, (self._key, False)))

    def _sort_less(self) -> None:
        rest: Sort = tuple(level for level in self._table.query.sort if level[0] != self._key)
        self._table.sort_by(rest)

    def _filter(self) -> None:
        self._table.add_filter(self._key)

    def _group(self) -> None:
        self._table.group_by(self._key)

    def _move_forward(self) -> None:
        self._table.arrangement.move(self._section, -1)

    def _move_back(self) -> None:
        self._table.arrangement.move(self._section, 1)

    def _fit(self) -> None:
        self._table.arrangement.fit(self._section)

    def _hide(self) -> None:
        self._table.arrangement.hide(self._section)

    def _freeze(self) -> None:
        self._table.arrangement.freeze(self._section)

    def _unfreeze(self) -> None:
        self._table.arrangement.freeze(None)

    def _set_compact(self, is_compact: bool) -> None:
        self._table.set_compact(is_compact=is_compact)


class GroupMenu(TableMenu):
    """What can be done with all groups of a list."""

    def __init__(self, table: RecordTable) -> None:
        super().__init__(table)
        add_group_actions(self, table)


def add_group_actions(menu: QMenu, table: RecordTable) -> None:
    """Open all groups, close all, take them away."""
    opening = menu.addAction(menu.tr("Expand all groups\tCtrl+Right"))
    opening.triggered.connect(table.folding.open_all)
    closing = menu.addAction(menu.tr("Collapse all groups\tCtrl+Left"))
    closing.triggered.connect(table.folding.close_all)
    menu.addAction(menu.tr("Do not group")).triggered.connect(table.ungroup)


class RowMenu(TableMenu):
    """What can be done with the selected rows; pages add their own."""

    def __init__(self, table: RecordTable) -> None:
        super().__init__(table)
        row = table.view.currentIndex().row()
        if (head := table.model.head_at(row)) is not None:
            self._row = row
            turn = self.addAction(self.tr("Collapse or expand the group\tSpace"))
            turn.triggered.connect(self._turn)
            select = self.addAction(self.tr("Select the {0} of the group").format(QLocale().toString(head.count)))
            select.triggered.connect(self._select_group)
            self.addSeparator()
            add_group_actions(self, table)
            return
        has_current = table.current_id() is not None
        has_selection = bool(table.view.selected_count())
        opening = self.addAction(self.tr("Open\tEnter"))
        opening.setEnabled(has_current)
        opening.triggered.connect(self._open)
        inspect = self.addAction(self.tr("Show details beside\tSpace"))
        inspect.setEnabled(has_current)
        inspect.triggered.connect(self._inspect)
        self.addSeparator()
        copy = self.addAction(self.tr("Copy rows\tCtrl+C"))
        copy.setEnabled(has_selection)
        copy.triggered.connect(self._copy)
        headings = self.addAction(self.tr("Copy rows with headings\tCtrl+Shift+C"))
        headings.setEnabled(has_selection)
        headings.triggered.connect(self._copy_with_headings)
        cell = self.addAction(self.tr("Copy this value"))
        cell.setEnabled(has_current)
        cell.triggered.connect(table.copy_value)
        self.addSeparator()
        self.addAction(self.tr("Select all matching\tCtrl+A")).triggered.connect(table.select_all_matching)

    def _turn(self) -> None:
        self._table.folding.turn(self._row)

    def _select_group(self) -> None:
        self._table.folding.select_group(self._row)

    def _open(self) -> None:
        current = self._table.current_id()
        if current is not None:
            self._table.opened.emit(current)

    def _inspect(self) -> None:
        current = self._table.current_id()
        if current is not None:
            self._table.inspector_wanted.emit(current)

    def _copy(self) -> None:
        self._table.copy()

    def _copy_with_headings(self) -> None:
        self._table.copy(with_headings=True)

"""Everything of one kind in a table: the same things as in the tiles, with the same menu."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.records.listing import Column as ListColumn
from saasdesk.ui.overview.menu import Say
from saasdesk.ui.tables import Memory, RecordTable, TableReaders
from saasdesk.ui.tables.short_list import Records, ShortList
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column

Thing = TypeVar("Thing")


class OverviewList(QWidget, Generic[Thing]):
    """Enter opens a line, F2 renames it, its menu is that of the tile.

    `key` is under what its columns are remembered, `name` what there is in it; `fill_menu` puts into a menu what can
    be done with a thing.
    """

    pressed = Signal(object, str)

    def __init__(
        self,
        theme: Theme,
        readers: TableReaders,
        memory: Memory,
        *,
        key: str,
        name: str,
        columns: Sequence[ListColumn],
        fill_menu: Callable[[QMenu, Thing, Say], object],
        may_be_renamed: Callable[[Thing], bool] = lambda _thing: True,
    ) -> None:
        super().__init__()
        self._fill_menu, self._may_be_renamed = fill_menu, may_be_renamed
        self._things: Mapping[int, Thing] = {}
        self._records: Records = {}
        source = ShortList(name, tuple(columns), lambda: self._records)
        self.table = RecordTable(source, theme, readers, memory, key, has_states=False, has_search=False)
        # The field above searches all views, and the head of the page says how many there are.
        self.table.count_label.hide()
        self.table.opened.connect(self._on_opened)
        self.table.row_menu_shown.connect(self._fill_row_menu)
        column = Column(theme, gap=0)
        column.addWidget(self.table)
        self.setLayout(column)

    def show_things(self, things: Mapping[int, Thing], records: Records) -> None:
        """Show these things, each in its line."""
        self._things = things
        if records != self._records:
            self._records = records
            self.table.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        thing = self._current
        if event.key() == Qt.Key.Key_F2 and thing is not None and self._may_be_renamed(thing):
            self.pressed.emit(thing, "rename")
            return
        super().keyPressEvent(event)

    @property
    def _current(self) -> Thing | None:
        return self._things.get(self.table.current_id() or 0)

    def _on_opened(self, number: int) -> None:
        if number in self._things:
            self.pressed.emit(self._things[number], "open")

    def _on_copy_wanted(self) -> None:
        self.table.copy()

    def _fill_row_menu(self, menu: QMenu) -> None:
        thing = self._current
        if thing is None:
            return
        menu.clear()
        self._fill_menu(menu, thing, lambda wish: self.pressed.emit(thing, wish))
        menu.addSeparator()
        menu.addAction(self.tr("Copy rows\tCtrl+C")).triggered.connect(self._on_copy_wanted)

"""Everything of one kind as tiles, in sections."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from saasdesk.ui.overview.tile import OverviewTile
from saasdesk.ui.theme import Theme
from saasdesk.ui.tile_grid import TileGrid, columns_within
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea

Thing = TypeVar("Thing")
TileOf = TypeVar("TileOf", bound=OverviewTile)


class TileSection(QWidget):
    """A heading with what stands beside it, and the tiles below; without tiles it is not there."""

    def __init__(self, theme: Theme, title: str, *beside: QWidget) -> None:
        super().__init__()
        self.tiles: Sequence[QWidget] = ()
        self.head = Row(theme, gap=12)
        self.head.addWidget(PlainLabel(title, "section"))
        for widget in beside:
            self.head.addWidget(widget)
        self.head.addStretch(1)
        self._grid = TileGrid(theme)
        self.column = Column(theme, gap=12)
        self.column.addLayout(self.head)
        self.column.addLayout(self._grid)
        self.setLayout(self.column)

    def lay_out(self, tiles: Sequence[QWidget], columns: int, hidden: int) -> None:
        """Put the tiles into so many columns; `hidden` says how many the filter leaves out."""
        self.tiles = tiles
        self._grid.lay_out(tiles, columns)
        self.show_nothing(hidden)

    def show_nothing(self, _hidden: int) -> None:
        """Look like a section that may have no tiles."""
        self.setVisible(bool(self.tiles))


class TilesView(ScrollArea, Generic[Thing, TileOf]):
    """Tiles are made once and keep their place; news touch their texts only.

    `number_of` and `section_of` say which tile is a thing's, and where it stands; `show` tells a tile how its thing
    stands now.
    """

    pressed = Signal(object, str)

    def __init__(
        self,
        theme: Theme,
        sections: Mapping[str, TileSection],
        *,
        number_of: Callable[[Thing], int],
        section_of: Callable[[Thing], str],
        make: Callable[[Thing], TileOf],
        show: Callable[[TileOf, Thing], object],
    ) -> None:
        self._theme, self._sections = theme, sections
        self._number_of, self._section_of, self._make, self._show_thing = number_of, section_of, make, show
        self.tiles: dict[int, TileOf] = {}
        self._things: dict[int, Thing] = {}
        self._columns = 0
        self._accepts: Callable[[Thing], bool] = lambda _thing: True
        content = QWidget()
        super().__init__(content)
        self._column = Column(theme, gap=24, margins=(24, 4, 24, 24))
        for section in sections.values():
            self._column.addWidget(section)
        self._column.addStretch(1)
        content.setLayout(self._column)
        self.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self._make_room())
        theme.changed.connect(self._make_room)
        theme.changed.connect(self._lay_out_anew)

    def show_things(self, things: Sequence[Thing]) -> None:
        """Show these: their tiles are made, changed or taken away."""
        self._things = {self._number_of(each): each for each in things}
        for number in [number for number in self.tiles if number not in self._things]:
            tile = self.tiles.pop(number)
            tile.hide()
            tile.deleteLater()
        for number, each in self._things.items():
            if number not in self.tiles:
                tile = self.tiles[number] = self._make(each)
                tile.setParent(self._sections[self._section_of(each)])
                tile.pressed.connect(partial(self._say, number))
            self._show_thing(self.tiles[number], each)

    def show_only(self, accepts: Callable[[Thing], bool]) -> None:
        """Show the tiles of the things that this accepts."""
        self._accepts = accepts
        self._lay_out_anew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if columns_within(self._theme, self.width()) != self._columns:
            self._lay_out_anew()

    def _lay_out_anew(self) -> None:
        self._columns = columns_within(self._theme, self.width())
        for key, section in self._sections.items():
            mine = [number for number, each in self._things.items() if self._section_of(each) == key]
            shown = [number for number in mine if self._accepts(self._things[number])]
            for number in mine:
                self.tiles[number].setVisible(number in shown)
            section.lay_out([self.tiles[number] for number in shown], self._columns, len(mine) - len(shown))

    def _make_room(self) -> None:
        # Beside a scroll bar the tiles still end where the head of the page does.
        theme = self._theme
        is_long = self.verticalScrollBar().maximum() > 0
        side = theme.px(24) - (theme.measure("scroll-bar") if is_long else 0)
        self._column.setContentsMargins(theme.px(24), theme.px(4), side, theme.px(24))

    def _say(self, number: int, wish: str) -> None:
        self.pressed.emit(self._things[number], wish)

"""Workflows in block view: a section for each object that there is one of, in it a tile for each workflow."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from saasdesk.ui.pages.workflows.tile import WorkflowTile
from saasdesk.ui.pages.workflows.words import OBJECTS, object_word
from saasdesk.ui.theme import Theme
from saasdesk.ui.tile_grid import TileGrid, columns_within
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.workflows.overview import Standing


class WorkflowBlocks(ScrollArea):
    """Tiles are made once and keep their place; news touch their texts only."""

    pressed = Signal(object, str)

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.tiles: dict[int, WorkflowTile] = {}
        self._columns = 0
        self._accepts: Callable[[Standing], bool] = lambda _standing: True
        content = QWidget()
        super().__init__(content)
        self._sections: dict[str, tuple[QWidget, TileGrid]] = {}
        column = Column(theme, gap=24, margins=(24, 4, 24, 24))
        for key in OBJECTS:
            section, grid = QWidget(), TileGrid(theme)
            inside = Column(theme, gap=12)
            inside.addWidget(PlainLabel(object_word(key), "section"))
            inside.addLayout(grid)
            section.setLayout(inside)
            self._sections[key] = section, grid
            column.addWidget(section)
        column.addStretch(1)
        content.setLayout(column)
        theme.changed.connect(self._lay_out_anew)

    def show_standings(self, standings: Sequence[Standing]) -> None:
        """Show these workflows: their tiles are made, changed or taken away."""
        known = {each.workflow.id for each in standings}
        for number in [number for number in self.tiles if number not in known]:
            tile = self.tiles.pop(number)
            tile.hide()
            tile.deleteLater()
        for each in standings:
            number = each.workflow.id
            if number in self.tiles:
                self.tiles[number].show_standing(each)
            else:
                tile = self.tiles[number] = WorkflowTile(self._theme, each)
                tile.setParent(self._sections[each.workflow.document.object][0])
                tile.pressed.connect(partial(self._say, tile))

    def show_only(self, accepts: Callable[[Standing], bool]) -> None:
        """Show the tiles of the workflows that this accepts."""
        self._accepts = accepts
        self._lay_out_anew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if columns_within(self._theme, self.width()) != self._columns:
            self._lay_out_anew()

    def _lay_out_anew(self) -> None:
        self._columns = columns_within(self._theme, self.width())
        for key, (section, grid) in self._sections.items():
            mine = [tile for tile in self.tiles.values() if tile.standing.workflow.document.object == key]
            shown = [tile for tile in mine if self._accepts(tile.standing)]
            for tile in mine:
                tile.setVisible(tile in shown)
            section.setVisible(bool(shown))
            grid.lay_out(shown, self._columns)

    def _say(self, tile: WorkflowTile, wish: str) -> None:
        self.pressed.emit(tile.standing.workflow, wish)

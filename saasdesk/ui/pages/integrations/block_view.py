"""Integrations in block view: a section for each object, in it a tile for each integration."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from saasdesk.connectors import ASSETS
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.tile import Tile
from saasdesk.ui.pages.integrations.tile_facts import TileFacts
from saasdesk.ui.theme import Theme
from saasdesk.ui.tile_grid import TileGrid, columns_within
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton, TextButton
from saasdesk.ui.widgets.card import Card, CardEdge
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.tag import Tag


class Section(QWidget):
    """Heading, NEW INTEGRATION, and the tiles below; where there are none, what would be here."""

    new_wanted = Signal(str)

    def __init__(self, theme: Theme, loads: str, title: str, sentence: str, *, is_first: bool) -> None:
        super().__init__()
        self._theme = theme
        self.loads = loads
        self.tiles: list[Tile] = []
        make = PrimaryButton if is_first else OutlinedButton
        self.new: TextButton = make(theme, self.tr("NEW INTEGRATION"), "plus")
        self.new.setAccessibleName(self.tr("New integration among {0}").format(title))
        self.new.clicked.connect(partial(self._say_new))
        self.head = Row(theme, gap=12)
        self.head.addWidget(PlainLabel(title, "section"))
        self.head.addWidget(Tag(theme, self.tr("Extended")))
        self.head.addStretch(1)
        self.head.addWidget(self.new)
        self.nothing = Card(theme, edge=CardEdge.EMPTY, gap=4, margins=(24, 20))
        self._why = PlainLabel("", "strong")
        self._sentence = Paragraph(theme, sentence, tone="muted")
        self.nothing.body.addWidget(self._why)
        self.nothing.body.addWidget(self._sentence)
        self.grid = TileGrid(theme)
        column = Column(theme, gap=12)
        column.addLayout(self.head)
        column.addLayout(self.grid)
        column.addWidget(self.nothing)
        self.setLayout(column)

    def lay_out(self, columns: int, hidden: int) -> None:
        """Put the tiles into so many columns; `hidden` says how many the filter leaves out."""
        self.grid.lay_out(self.tiles, columns)
        self.nothing.setVisible(not self.tiles)
        self._sentence.setVisible(not hidden)
        none = self.tr("No asset integrations yet") if self.loads == ASSETS else self.tr("No user integrations yet")
        self._why.set_text(self.tr("0 of {0} match").format(hidden) if hidden else none)

    def _say_new(self, _checked: bool = False) -> None:
        self.new_wanted.emit(self.loads)


class BlockView(ScrollArea):
    """Tiles are made once and keep their place; news touch their texts only."""

    pressed = Signal(object, str)
    new_wanted = Signal(str)

    def __init__(self, theme: Theme, watch: RunWatch) -> None:
        self._theme, self._watch = theme, watch
        self.tiles: dict[int, Tile] = {}
        self._columns = 0
        self._accepts: Callable[[TileFacts], bool] = lambda _facts: True
        content = QWidget()
        super().__init__(content)
        self.users = Section(
            theme,
            "users",
            self.tr("User integrations"),
            self.tr("A user integration reads a vendor's people and their accounts into People and Software."),
            is_first=True,
        )
        self.assets = Section(
            theme,
            ASSETS,
            self.tr("Asset integrations"),
            self.tr("An asset integration reads a vendor's devices, and whose they are, into Hardware."),
            is_first=False,
        )
        self._column = Column(theme, gap=24, margins=(24, 4, 24, 24))
        for section in self.sections:
            section.new_wanted.connect(self.new_wanted)
            self._column.addWidget(section)
        self._column.addStretch(1)
        content.setLayout(self._column)
        self.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self._make_room())
        theme.changed.connect(self._make_room)
        theme.changed.connect(self._lay_out_anew)

    @property
    def sections(self) -> tuple[Section, Section]:
        """Users, then assets."""
        return self.users, self.assets

    def show_facts(self, facts: Sequence[TileFacts]) -> None:
        """Show these integrations: their tiles are made, changed or taken away."""
        known = {each.integration.id for each in facts}
        for number in [number for number in self.tiles if number not in known]:
            tile = self.tiles.pop(number)
            tile.hide()
            tile.deleteLater()
        for each in facts:
            number = each.integration.id
            if number in self.tiles:
                self.tiles[number].show_facts(each)
            else:
                tile = self.tiles[number] = Tile(self._theme, each)
                tile.setParent(self.assets if each.integration.document.loads_assets else self.users)
                tile.pressed.connect(partial(self._say, tile))
            self.tiles[number].show_progress(self._watch.find(each.integration.name), self._watch.now())

    def show_progress(self, name: str) -> bool:
        """Show how far a run is; False where no tile is of this integration."""
        for tile in self.tiles.values():
            if tile.facts.integration.name == name:
                tile.show_progress(self._watch.find(name), self._watch.now())
                return True
        return False

    def show_only(self, accepts: Callable[[TileFacts], bool]) -> None:
        """Show the tiles of the integrations that this accepts."""
        self._accepts = accepts
        self._lay_out_anew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if columns_within(self._theme, self.width()) != self._columns:
            self._lay_out_anew()

    def _lay_out_anew(self) -> None:
        self._columns = columns_within(self._theme, self.width())
        for section in self.sections:
            mine = [tile for tile in self.tiles.values() if tile.facts.integration.document.object == section.loads]
            section.tiles = [tile for tile in mine if self._accepts(tile.facts)]
            for tile in mine:
                tile.setVisible(tile in section.tiles)
            section.lay_out(self._columns, len(mine) - len(section.tiles))

    def _make_room(self) -> None:
        # Beside a scroll bar the tiles still end where the head of the page does.
        theme = self._theme
        is_long = self.verticalScrollBar().maximum() > 0
        side = theme.px(24) - (theme.measure("scroll-bar") if is_long else 0)
        self._column.setContentsMargins(theme.px(24), theme.px(4), side, theme.px(24))

    def _say(self, tile: Tile, wish: str) -> None:
        self.pressed.emit(tile.facts, wish)

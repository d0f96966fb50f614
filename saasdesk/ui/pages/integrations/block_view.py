"""Integrations in block view: a section for each object, in it a tile for each integration."""

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal

from saasdesk.connectors import ASSETS
from saasdesk.ui.overview.tiles import TileSection, TilesView
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.tile import Tile
from saasdesk.ui.pages.integrations.tile_facts import TileFacts
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton, TextButton
from saasdesk.ui.widgets.card import Card, CardEdge
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.tag import Tag


class Section(TileSection):
    """Heading, NEW INTEGRATION, and the tiles below; where there are none, what would be here."""

    new_wanted = Signal(str)

    def __init__(self, theme: Theme, loads: str, title: str, sentence: str, *, is_first: bool) -> None:
        super().__init__(theme, title)
        self.loads = loads
        make = PrimaryButton if is_first else OutlinedButton
        self.new: TextButton = make(theme, self.tr("NEW INTEGRATION"), "plus")
        self.new.setAccessibleName(self.tr("New integration among {0}").format(title))
        self.new.clicked.connect(partial(self._say_new))
        self.head.insertWidget(1, Tag(theme, self.tr("Extended")))
        self.head.addWidget(self.new)
        self.nothing = Card(theme, edge=CardEdge.EMPTY, gap=4, margins=(24, 20))
        self._why = PlainLabel("", "strong")
        self._sentence = Paragraph(theme, sentence, tone="muted")
        self.nothing.body.addWidget(self._why)
        self.nothing.body.addWidget(self._sentence)
        self.column.addWidget(self.nothing)

    def show_nothing(self, hidden: int) -> None:
        self.nothing.setVisible(not self.tiles)
        self._sentence.setVisible(not hidden)
        none = self.tr("No asset integrations yet") if self.loads == ASSETS else self.tr("No user integrations yet")
        self._why.set_text(self.tr("0 of {0} match").format(hidden) if hidden else none)

    def _say_new(self, _checked: bool = False) -> None:
        self.new_wanted.emit(self.loads)


class BlockView(TilesView[TileFacts, Tile]):
    """A tile shows how far a run is, too."""

    new_wanted = Signal(str)

    def __init__(self, theme: Theme, watch: RunWatch) -> None:
        self._watch = watch
        self.users = Section(
            theme,
            "users",
            _tr("User integrations"),
            _tr("A user integration reads a vendor's people and their accounts into People and Software."),
            is_first=True,
        )
        self.assets = Section(
            theme,
            ASSETS,
            _tr("Asset integrations"),
            _tr("An asset integration reads a vendor's devices, and whose they are, into Hardware."),
            is_first=False,
        )
        super().__init__(
            theme,
            {section.loads: section for section in (self.users, self.assets)},
            number_of=lambda facts: facts.integration.id,
            section_of=lambda facts: facts.integration.document.object,
            make=partial(Tile, theme),
            show=self._show_facts,
        )
        for section in (self.users, self.assets):
            section.new_wanted.connect(self.new_wanted)

    def show_progress(self, name: str) -> bool:
        """Show how far a run is; False where no tile is of this integration."""
        for tile in self.tiles.values():
            if tile.facts.integration.name == name:
                tile.show_progress(self._watch.find(name), self._watch.now())
                return True
        return False

    def _show_facts(self, tile: Tile, facts: TileFacts) -> None:
        tile.show_facts(facts)
        tile.show_progress(self._watch.find(facts.integration.name), self._watch.now())


def _tr(text: str) -> str:
    return QCoreApplication.translate("BlockView", text)

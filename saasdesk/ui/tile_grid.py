"""Tiles of one width, as many beside each other as there is room for."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from saasdesk.ui.theme import Theme

_TILE_WIDTH = 412
_GAP = 16
_MARGINS = 48


def columns_within(theme: Theme, width: int) -> int:
    """How many tiles stand beside each other on a page of this width."""
    return max(1, (width - theme.px(_MARGINS)) // theme.px(_TILE_WIDTH))


class TileGrid(QGridLayout):
    """The tiles of a section."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fillers: list[QWidget] = []
        self.setContentsMargins(0, 0, 0, 0)

    def lay_out(self, tiles: Sequence[QWidget], columns: int) -> None:
        """Put these tiles into so many columns, and no others."""
        for column in range(self.columnCount()):
            self.setColumnStretch(column, 0)
        while self.takeAt(0) is not None:
            pass
        while self._fillers:
            self._fillers.pop().deleteLater()
        self.setSpacing(self._theme.px(_GAP))
        for position, tile in enumerate(tiles):
            self.addWidget(tile, position // columns, position % columns)
        for column in range(columns if tiles else 0):
            self.setColumnStretch(column, 1)
            if column >= len(tiles):
                # Qt leaves no gap beside an empty column: tiles would be wider than those of the other sections.
                self._fillers.append(QWidget())
                self.addWidget(self._fillers[-1], 0, column)

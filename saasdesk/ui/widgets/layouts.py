"""Rows and columns whose gaps follow the zoom."""

from collections.abc import Callable

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from saasdesk.ui.theme import Theme

Margins = int | tuple[int, int] | tuple[int, int, int, int]


class Row(QHBoxLayout):
    """Widgets beside each other. Margins: all, (sides, top and bottom) or (left, top, right, bottom), at 100 %."""

    def __init__(self, theme: Theme, gap: int = 8, margins: Margins = 0) -> None:
        super().__init__()
        self._theme = theme
        self._gap = gap
        self._margins = margins
        self._struts: list[tuple[QSpacerItem, Callable[[], int]]] = []
        theme.changed.connect(self._rescale)
        self._rescale()

    def hold_height(self, height: Callable[[], int]) -> None:
        """Be at least so high, whatever stands in the row; it is asked anew at each zoom."""
        strut = QSpacerItem(0, height(), QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self.addSpacerItem(strut)
        self._struts.append((strut, height))

    def _rescale(self) -> None:
        for strut, height in self._struts:
            strut.changeSize(0, height(), QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        _scale(self, self._theme, self._gap, self._margins)
        self.invalidate()


class Column(QVBoxLayout):
    """Widgets below each other. Margins as in a Row."""

    def __init__(self, theme: Theme, gap: int = 8, margins: Margins = 0) -> None:
        super().__init__()
        self._theme = theme
        self._gap = gap
        self._margins = margins
        theme.changed.connect(self._rescale)
        self._rescale()

    def _rescale(self) -> None:
        _scale(self, self._theme, self._gap, self._margins)


def at_left(theme: Theme, *widgets: QWidget) -> QWidget:
    """Widgets in one line that take no more room than they need."""
    holder = QWidget()
    row = Row(theme, gap=8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    holder.setLayout(row)
    return holder


def clear_layout(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear_layout(inner)


def _scale(layout: QBoxLayout, theme: Theme, gap: int, margins: Margins) -> None:
    if isinstance(margins, int):
        margins = (margins, margins)
    # Two numbers are sides and ends; doubled they are left, top, right, bottom.
    left, top, right, bottom = margins if len(margins) == 4 else margins * 2
    layout.setContentsMargins(theme.px(left), theme.px(top), theme.px(right), theme.px(bottom))
    layout.setSpacing(theme.px(gap))

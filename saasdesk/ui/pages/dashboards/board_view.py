"""The widgets of a dashboard where they stand, each shown as soon as it is read."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from saasdesk.errors import UserError
from saasdesk.licences.priced_lists import ListObject
from saasdesk.reports.dashboards.arranging import places_of
from saasdesk.reports.dashboards.board import ASKING, COLUMNS, MOST_ROWS, BoardDocument, Widget, WidgetKind
from saasdesk.reports.dashboards.figures import Figure, figure_of, figures_of
from saasdesk.services import Services
from saasdesk.sync.latest import latest_good_reading
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.pages.dashboards.figure_card import FigureCard
from saasdesk.ui.pages.dashboards.health import health_lines
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme

_ROW_HEIGHT, _GAP = 112, 16
# Where a window is high, rows of charts grow up to this, so that a board fills it; a number needs no more than it has.
_HIGHEST_ROW = 192
_ROOM_FOR_FOUR = 760


class BoardView(QWidget):
    """`opened` says what was clicked: a mark, or an integration's number; `shown` that the cards are others."""

    opened = Signal(object)
    shown = Signal()

    def __init__(self, services: Services, theme: Theme, readers: TableReaders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services, self._theme = services, theme
        self._reading = Reading(readers, self)
        self._age = ""
        self._columns = COLUMNS
        self._rows: list[int] = []
        self.cards: list[FigureCard] = []
        self.document: BoardDocument | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        theme.changed.connect(self._lay_out)

    @property
    def columns(self) -> int:
        """How many columns there is room for."""
        return self._columns

    def show_board(self, document: BoardDocument) -> None:
        """Show this dashboard; cards of widgets that are the same stay."""
        kept = {id(card): card for card in self.cards}
        cards = []
        for widget in document.widgets:
            same = next((card for card in kept.values() if _asks_the_same(card.widget, widget)), None)
            if same is not None:
                del kept[id(same)]
                same.widget = widget
                cards.append(same)
            else:
                card = FigureCard(self._theme, widget)
                card.opened.connect(self.opened)
                cards.append(card)
        for card in kept.values():
            # An answer that comes later has nobody to show it.
            self._reading.forget(_question(card))
            card.hide()
            card.deleteLater()
        self.cards, self.document = cards, document
        self._lay_out()
        self.shown.emit()
        self._ask([card for card in cards if card.figure is None])

    def refresh(self) -> None:
        """Compute everything again."""
        store = self._services.store
        self._reading.ask("age", lambda _stop: latest_good_reading(store), self._show_age, lambda _reason: None)
        self._ask(self.cards)

    def _ask(self, cards: Sequence[FigureCard]) -> None:
        for card in cards:
            if not _is_about_seats(card.widget):
                self._ask_one(card)
        if any(_is_about_seats(card.widget) for card in cards):
            self._ask_about_seats()

    def _ask_about_seats(self) -> None:
        """Every question to seats judges all of them, so they are asked at once."""
        cards = [card for card in self.cards if _is_about_seats(card.widget)]
        store, widgets = self._services.store, [card.widget for card in cards]

        def show(found: list[Figure | UserError]) -> None:
            for card, figure in zip(cards, found, strict=True):
                if card not in self.cards:
                    continue
                if isinstance(figure, UserError):
                    card.show_failure(str(figure))
                else:
                    card.show_figure(figure, self._age)

        def fail(reason: str) -> None:
            for card in cards:
                if card in self.cards:
                    card.show_failure(reason)

        self._reading.ask("seats", lambda stop: figures_of(store, widgets, stop), show, fail)

    def _ask_one(self, card: FigureCard) -> None:
        services, widget = self._services, card.widget
        question = _question(card)
        if widget.kind is WidgetKind.TEXT:
            return
        if widget.kind is WidgetKind.SYNC_HEALTH:
            self._reading.ask(question, lambda _stop: health_lines(services.store), card.show_lines, card.show_failure)
            return

        def work(stop: threading.Event) -> object:
            return figure_of(services.store, widget, stop)

        self._reading.ask(question, work, lambda figure: card.show_figure(figure, self._age), card.show_failure)  # type: ignore[arg-type]

    def _show_age(self, read_at: datetime | None) -> None:
        self._age = moment_in_words(read_at.isoformat()) if read_at is not None else ""
        for card in self.cards:
            if card.figure is not None:
                card.show_figure(card.figure, self._age)

    def size_in_units(self, card: QRect, corner: QPoint) -> tuple[int, int]:
        """How many columns and rows a card has whose corner is pulled here."""
        across = self._across()
        width = (card.right() - corner.x() if self.isRightToLeft() else corner.x() - card.left()) / across
        heights = range(1, MOST_ROWS + 1)
        height = min(heights, key=lambda rows: abs(self._bottom(card, rows) - corner.y()))
        return max(1, min(round(width), self._columns)), height

    def outline_of(self, card: QRect, width: int, height: int) -> QRect:
        """The place that a card of this size would take."""
        gap = self._theme.px(_GAP)
        return QRect(
            card.left(), card.top(), round(width * self._across()) - gap, self._bottom(card, height) - card.top()
        )

    def _across(self) -> float:
        """How far columns are apart."""
        return (self.width() + self._theme.px(_GAP)) / self._columns

    def _bottom(self, card: QRect, rows: int) -> int:
        """Where a card that begins here would end if it were so many rows high."""
        tops = [self._grid.cellRect(row, 0).top() for row in range(len(self._rows))]
        first = next((row for row, top in enumerate(tops) if top >= card.top()), len(tops))
        lines = [*self._rows[first : first + rows]]
        lines += [self._theme.px(_ROW_HEIGHT)] * (rows - len(lines))
        return card.top() + sum(lines) + self._theme.px(_GAP) * (rows - 1)

    @contextmanager
    def without_controls(self) -> Iterator[None]:
        """For a picture: what can only be pressed in the window is not there meanwhile."""
        hidden = [card.twin for card in self.cards if not card.twin.isHidden()]
        for twin in hidden:
            twin.hide()
        try:
            yield
        finally:
            for twin in hidden:
                twin.show()

    # Fitting

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = COLUMNS if self.width() >= self._theme.px(_ROOM_FOR_FOUR) else 2
        if columns != self._columns:
            self._columns = columns
            self._lay_out()
        elif event.size().height() != event.oldSize().height():
            self._fit_rows()

    def minimumSizeHint(self) -> QSize:
        # That it has grown with its window does not keep the window from being made smaller again.
        return QSize(
            super().minimumSizeHint().width(), self._height_of([self._theme.px(_ROW_HEIGHT)] * len(self._rows))
        )

    def hasHeightForWidth(self) -> bool:
        # A card shows its texts in the height that it has.
        return False

    def _lay_out(self) -> None:
        document = self.document
        while self._grid.takeAt(0) is not None:
            pass
        if document is None:
            return
        self._grid.setSpacing(self._theme.px(_GAP))
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)
        places = places_of(document.widgets, self._columns)
        rows = max((row + height for row, _, height, _ in places), default=0)
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, 0)
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(rows, 1)
        before: QWidget | None = None
        for card, (row, column, height, width) in zip(self.cards, places, strict=True):
            self._grid.addWidget(card, row, column, height, width)
            card.show()
            if before is not None:
                QWidget.setTabOrder(before, card)
            before = card
        self._fit_rows()

    def _fit_rows(self) -> None:
        """Share the height that there is among the rows of charts, and tell every card how high it is."""
        if self.document is None:
            return
        theme, places = self._theme, places_of(self.document.widgets, self._columns)
        rows = [theme.px(_ROW_HEIGHT)] * max((row + height for row, _, height, _ in places), default=0)
        growing = sorted({row + down for row, _, height, _ in places if height > 1 for down in range(height)})
        spare = self.height() - self._height_of(rows)
        for row in growing if spare > 0 else ():
            rows[row] = min(rows[row] + spare // len(growing), theme.px(_HIGHEST_ROW))
        self._rows = rows
        for row, height in enumerate(rows):
            self._grid.setRowMinimumHeight(row, height)
        for card, (row, _, height, _) in zip(self.cards, places, strict=True):
            card.setFixedHeight(self._height_of(rows[row : row + height]))

    def _height_of(self, rows: list[int]) -> int:
        return sum(rows) + self._theme.px(_GAP) * max(0, len(rows) - 1)


def _is_about_seats(widget: Widget) -> bool:
    return widget.kind in ASKING and widget.object is ListObject.SEATS


def _question(card: FigureCard) -> str:
    return f"figure {id(card)}"


def _asks_the_same(one: Widget, other: Widget) -> bool:
    """Whether two widgets show the same, wherever they stand and however large they are."""
    size = {"width": 1, "height": 1}
    return one.model_copy(update=size) == other.model_copy(update=size)

"""Arranging a dashboard in its view: the handles of its cards, what is dragged where, and the undo of each step."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from saasdesk.errors import UserError
from saasdesk.reports.dashboards import arranging
from saasdesk.reports.dashboards.board import BoardDocument, Widget
from saasdesk.ui.pages.dashboards import handle as verbs
from saasdesk.ui.pages.dashboards.board_view import BoardView
from saasdesk.ui.pages.dashboards.figure_card import FigureCard
from saasdesk.ui.pages.dashboards.handle import CardHandle
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box

_MOST_STEPS = 100


class _Hint(QWidget):
    """The line where a dragged card would go, or the outline that a pulled one would have."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, area: QRect) -> None:
        self.setGeometry(area)
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        if min(self.width(), self.height()) <= theme.px(8):
            painter.fillRect(self.rect(), theme.color("accent"))
            return
        width, radius = theme.measure("focus"), theme.measure("radius-large")
        draw_box(painter, area_of(self), radius, edge=theme.color("accent"), edge_width=width, dashed=True)


class Arranging(QObject):
    """`changed` brings every new document; `configure_wanted` the place of a widget, `said` a sentence."""

    changed = Signal(object)
    configure_wanted = Signal(int)
    said = Signal(str)

    def __init__(self, theme: Theme, view: BoardView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        self._handles: dict[FigureCard, CardHandle] = {}
        self._hint = _Hint(theme, view)
        self._undo: list[BoardDocument] = []
        self._redo: list[BoardDocument] = []
        self._is_on = False
        view.shown.connect(self._fit_handles)

    @property
    def is_on(self) -> bool:
        """Whether the board is being arranged."""
        return self._is_on

    @property
    def can_undo(self) -> bool:
        """Whether a step can be taken back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether a step that was taken back can be done again."""
        return bool(self._redo)

    def turn(self, *, on: bool) -> None:
        """Begin to arrange, or show the figures again."""
        self._is_on = on
        self._fit_handles()

    def forget(self) -> None:
        """Another board is shown: what was done to this one stays."""
        self._undo.clear()
        self._redo.clear()

    def handle_of(self, place: int) -> CardHandle | None:
        """What lies over the card at this place."""
        return self._handles.get(self._view.cards[place]) if 0 <= place < len(self._view.cards) else None

    def undo(self) -> None:
        """Take the last step back."""
        self._step(self._undo, self._redo, self.tr("Undone."))

    def redo(self) -> None:
        """Do again what was taken back."""
        self._step(self._redo, self._undo, self.tr("Done again."))

    def add(self, widget: Widget) -> None:
        """Put one more widget at the end."""
        self._edit(lambda document: arranging.added(document, widget), self.tr("Added."))

    def replace(self, place: int, widget: Widget) -> None:
        """Put another widget in the place of this one."""
        self._edit(lambda document: arranging.replaced(document, place, widget), self.tr("Changed."), place)

    def edit(self, document: BoardDocument) -> None:
        """Another name or description."""
        self._edit(lambda _before: document, self.tr("Changed."))

    def do(self, place: int, verb: str) -> None:
        """Carry out a verb of a handle."""
        document = self._view.document
        if document is None:
            return
        widget, last = document.widgets[place], len(document.widgets) - 1
        move = {verbs.EARLIER: place - 1, verbs.LATER: place + 1, verbs.FIRST: 0, verbs.LAST: last}
        size = {
            verbs.WIDER: (widget.width + 1, widget.height),
            verbs.NARROWER: (widget.width - 1, widget.height),
            verbs.TALLER: (widget.width, widget.height + 1),
            verbs.LOWER: (widget.width, widget.height - 1),
        }
        if verb == verbs.CONFIGURE:
            self.configure_wanted.emit(place)
        elif verb == verbs.REMOVE:
            said = self.tr("“{0}” is removed. Undo brings it back.").format(widget.title)
            self._edit(lambda known: arranging.removed(known, place), said, min(place, last - 1))
        elif verb == verbs.DUPLICATE:
            self._edit(lambda known: arranging.duplicated(known, place), self.tr("Duplicated."), place + 1)
        elif verb in move:
            self._move(place, max(0, min(move[verb], last)))
        elif verb in size:
            self._resize(place, *size[verb])

    def _move(self, place: int, to: int) -> None:
        said = self.tr("Now at place {0}.").format(to + 1)
        self._edit(lambda known: arranging.moved(known, place, to), said, to)

    def _resize(self, place: int, width: int, height: int) -> None:
        said = self.tr("The size is {0} by {1}.").format(width, height)
        self._edit(lambda known: arranging.resized(known, place, width, height), said, place)

    def _edit(self, change: Callable[[BoardDocument], BoardDocument], said: str, focus: int | None = None) -> None:
        before = self._view.document
        if before is None:
            return
        try:
            after = change(before)
        except UserError as refusal:
            self.said.emit(str(refusal))
            return
        if after == before:
            return
        self._undo = [*self._undo[-_MOST_STEPS:], before]
        self._redo.clear()
        self._show(after, said, focus)

    def _step(self, source: list[BoardDocument], other: list[BoardDocument], said: str) -> None:
        if source and self._view.document is not None:
            other.append(self._view.document)
            self._show(source.pop(), said, None)

    def _show(self, document: BoardDocument, said: str, focus: int | None) -> None:
        self._view.show_board(document)
        self.said.emit(said)
        handle = self.handle_of(focus) if focus is not None else None
        if handle is not None:
            handle.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit(document)

    # Handles

    def _fit_handles(self) -> None:
        cards = set(self._view.cards) if self._is_on else set()
        for card in list(self._handles):
            if card not in cards:
                handle = self._handles.pop(card)
                card.set_arranged(arranged=False)
                handle.hide()
                handle.deleteLater()
        for card in self._view.cards if self._is_on else ():
            if card not in self._handles:
                card.set_arranged(arranged=True)
                self._handles[card] = self._make_handle(card)

    def _make_handle(self, card: FigureCard) -> CardHandle:
        handle = CardHandle(self._theme, card.widget.title, card)

        def place() -> int:
            return self._view.cards.index(card)

        handle.wanted.connect(lambda verb: self.do(place(), verb))
        handle.dragged.connect(lambda at: self._show_drop(place(), at))
        handle.dropped.connect(lambda at: self._drop(place(), at))
        handle.pulled.connect(lambda at: self._pull(place(), at, is_over=False))
        handle.let_go.connect(lambda at: self._pull(place(), at, is_over=True))
        return handle

    # By mouse

    def _target(self, at: QPoint) -> tuple[int, QRect] | None:
        """Before which place a card that is let go here would stand, and the line that shows it."""
        here = self._view.mapFromGlobal(at)
        gap = self._theme.px(16)
        for place, card in enumerate(self._view.cards):
            area = card.geometry()
            if area.adjusted(-gap // 2, -gap // 2, gap // 2, gap // 2).contains(here):
                comes_after = (here.x() > area.center().x()) is not self._view.isRightToLeft()
                x = area.right() + gap // 2 if here.x() > area.center().x() else area.left() - gap // 2
                width = self._theme.px(3)
                # At the edge of the board there is no gap to stand in.
                left = max(0, min(x - width // 2, self._view.width() - width))
                line = QRect(left, area.top(), width, area.height())
                return place + comes_after, line
        return None

    def _show_drop(self, place: int, at: QPoint) -> None:
        found = self._target(at)
        if found is None:
            self._hint.hide()
        else:
            self._hint.show_at(found[1])

    def _drop(self, place: int, at: QPoint) -> None:
        self._hint.hide()
        found = self._target(at)
        if found is not None:
            to = found[0]
            self._move(place, to - 1 if to > place else to)

    def _pull(self, place: int, at: QPoint, *, is_over: bool) -> None:
        here = self._view.mapFromGlobal(at)
        card = self._view.cards[place].geometry()
        size = self._view.size_in_units(card, here)
        if not is_over:
            self._hint.show_at(self._view.outline_of(card, *size))
            return
        self._hint.hide()
        self._resize(place, *size)

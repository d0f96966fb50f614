"""What lies over a card while a dashboard is arranged: it is dragged, resized by its corner, and has a menu."""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box
from saasdesk.ui.widgets.buttons import IconButton

_GRIP = 24

# The verbs of the menu: what they are called, and the keys that do the same.
CONFIGURE, EARLIER, LATER, FIRST, LAST = "configure", "earlier", "later", "first", "last"
WIDER, NARROWER, TALLER, LOWER, DUPLICATE, REMOVE = "wider", "narrower", "taller", "lower", "duplicate", "remove"

_KEYS = {
    (Qt.Key.Key_Left, False): EARLIER,
    (Qt.Key.Key_Up, False): EARLIER,
    (Qt.Key.Key_Right, False): LATER,
    (Qt.Key.Key_Down, False): LATER,
    (Qt.Key.Key_Left, True): NARROWER,
    (Qt.Key.Key_Right, True): WIDER,
    (Qt.Key.Key_Up, True): LOWER,
    (Qt.Key.Key_Down, True): TALLER,
    (Qt.Key.Key_Home, False): FIRST,
    (Qt.Key.Key_End, False): LAST,
    (Qt.Key.Key_D, False): DUPLICATE,
}


class CardHandle(QWidget):
    """`wanted` says a verb; `dragged`, then `dropped`, where the pointer is; `pulled`, then `let_go`, its corner."""

    wanted = Signal(str)
    dragged = Signal(QPoint)
    dropped = Signal(QPoint)
    pulled = Signal(QPoint)
    let_go = Signal(QPoint)

    def __init__(self, theme: Theme, title: str, card: QWidget) -> None:
        super().__init__(card)
        self._theme = theme
        self._pressed: QPoint | None = None
        self._is_dragging = False
        self._pulls = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(self.tr("Widget {0}").format(title))
        self.setAccessibleDescription(
            self.tr(
                "Enter configures it, Ctrl and arrows move it, Ctrl, Shift and arrows resize it, Delete removes it."
            )
        )
        self.more = IconButton(theme, "more", self.tr("Arrange {0}").format(title), outlined=True, tone="text")
        self.more.setParent(self)
        self.more.clicked.connect(self._show_menu)
        self.menu = self._make_menu()
        card.installEventFilter(self)
        self._lie_over()
        self.show()

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        self._add(menu, CONFIGURE, self.tr("Configure…"), "Return")
        move = menu.addMenu(self.tr("Move"))
        for verb, text, key in (
            (EARLIER, self.tr("Earlier"), "Ctrl+Left"),
            (LATER, self.tr("Later"), "Ctrl+Right"),
            (FIRST, self.tr("To the beginning"), "Ctrl+Home"),
            (LAST, self.tr("To the end"), "Ctrl+End"),
        ):
            self._add(move, verb, text, key)
        size = menu.addMenu(self.tr("Size"))
        for verb, text, key in (
            (WIDER, self.tr("Wider"), "Ctrl+Shift+Right"),
            (NARROWER, self.tr("Narrower"), "Ctrl+Shift+Left"),
            (TALLER, self.tr("Taller"), "Ctrl+Shift+Down"),
            (LOWER, self.tr("Lower"), "Ctrl+Shift+Up"),
        ):
            self._add(size, verb, text, key)
        self._add(menu, DUPLICATE, self.tr("Duplicate"), "Ctrl+D")
        menu.addSeparator()
        self._add(menu, REMOVE, self.tr("Remove"), "Delete")
        return menu

    def _add(self, menu: QMenu, verb: str, text: str, key: str) -> None:
        action = menu.addAction(f"{text}\t{key}")
        action.triggered.connect(lambda _checked: self.wanted.emit(verb))

    def _show_menu(self) -> None:
        self.menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    # Qt's own

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]
        if event.type() == QEvent.Type.Resize:
            self._lie_over()
        return False

    def _lie_over(self) -> None:
        card = self.parentWidget()
        if card is None:
            return
        self.setGeometry(card.rect())
        side, gap = self.more.sizeHint(), self._theme.px(8)
        left = gap if self.isRightToLeft() else self.width() - side.width() - gap
        self.more.setGeometry(QRect(QPoint(left, gap), side))
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        has_focus = self.hasFocus()
        width = theme.measure("focus") if has_focus or self._is_dragging else theme.edge
        token = "accent" if has_focus or self._is_dragging else "border"
        radius = theme.measure("radius-large")
        draw_box(painter, area_of(self), radius, edge=theme.color(token), edge_width=width, dashed=not has_focus)
        self._paint_grip(painter)

    def _paint_grip(self, painter: QPainter) -> None:
        """Short lines across the corner by which the card is pulled."""
        theme, grip = self._theme, self._grip()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("muted"), theme.px(1.5)))
        inset = theme.px(6)
        for reach in (theme.px(4), theme.px(9), theme.px(14)):
            low = QPoint(0, grip.bottom() - inset)
            if self.isRightToLeft():
                painter.drawLine(grip.left() + inset + reach, low.y(), grip.left() + inset, low.y() - reach)
            else:
                painter.drawLine(grip.right() - inset - reach, low.y(), grip.right() - inset, low.y() - reach)

    def _grip(self) -> QRect:
        side = self._theme.px(_GRIP)
        left = 0 if self.isRightToLeft() else self.width() - side
        return QRect(left, self.height() - side, side, side)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu.popup(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            self._pulls = self._grip().contains(self._pressed)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if self._pressed is None:
            over = self._grip().contains(place)
            self.setCursor(Qt.CursorShape.SizeFDiagCursor if over else Qt.CursorShape.OpenHandCursor)
            return
        if not self._is_dragging:
            far = (place - self._pressed).manhattanLength() >= QApplication.startDragDistance()
            if not far:
                return
            self._is_dragging = True
            self.setCursor(Qt.CursorShape.SizeFDiagCursor if self._pulls else Qt.CursorShape.ClosedHandCursor)
            self.update()
        if self._pulls:
            self.pulled.emit(self.mapToGlobal(place))
        else:
            self.dragged.emit(self.mapToGlobal(place))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place, was_dragging = self.mapToGlobal(event.position().toPoint()), self._is_dragging
        self._pressed, self._is_dragging = None, False
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.update()
        if was_dragging and self._pulls:
            self.let_go.emit(place)
        elif was_dragging:
            self.dropped.emit(place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.wanted.emit(CONFIGURE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers()
        has_shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        verb = _KEYS.get((Qt.Key(event.key()), has_shift)) if modifiers & Qt.KeyboardModifier.ControlModifier else None
        if verb is not None:
            self.wanted.emit(verb)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit(CONFIGURE)
        elif event.key() == Qt.Key.Key_Delete:
            self.wanted.emit(REMOVE)
        elif event.key() == Qt.Key.Key_Menu:
            self._show_menu()
        else:
            super().keyPressEvent(event)

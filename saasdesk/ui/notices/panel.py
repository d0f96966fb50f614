"""What the bell opens: the latest notices, over the page and below the bell."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from saasdesk.notices import Notice
from saasdesk.ui.notices.line import NoticeLine
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import draw_raised
from saasdesk.ui.widgets.buttons import IconButton, LinkButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea

_WIDTH = 440
_TALLEST = 560
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class NoticePanel(QFrame):
    """Tab and arrows walk through it, Escape or a click elsewhere closes it; `closed` names who gets the keyboard."""

    place_wanted = Signal(object)
    turned = Signal(object)
    all_read = Signal()
    closed = Signal(object)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self.setObjectName("notices")
        self.setAccessibleName(self.tr("Notices"))
        self.lines: list[NoticeLine] = []
        self._came_from: QWidget | None = None
        self.read_all = LinkButton(theme, self.tr("Mark all as read"), inline=True)
        self.close_button = IconButton(theme, "close", self.tr("Close the notices"), size=24, icon_size=10)
        head = Row(theme, gap=12, margins=(16, 12, 12, 8))
        head.addWidget(PlainLabel(self.tr("Notices"), "card-title"))
        head.addStretch(1)
        head.addWidget(self.read_all)
        head.addWidget(self.close_button)
        self._list = Column(theme, gap=0)
        content = QWidget()
        content.setLayout(self._list)
        self._content = content
        self._scroll = ScrollArea(content)
        content.setAutoFillBackground(False)
        self._empty = EmptyState(
            theme,
            Emptiness.NOTHING_YET,
            self.tr("Nothing to tell"),
            self.tr("A run that fails, a plan that waits for you or a key that is about to expire shows here."),
            icon="bell",
        )
        column = Column(theme, gap=0, margins=(1, 0, 1, 8))
        column.addLayout(head)
        column.addWidget(Line(theme))
        column.addWidget(self._scroll, 1)
        column.addWidget(self._empty)
        self.setLayout(column)
        self.read_all.clicked.connect(self.all_read)
        self.close_button.clicked.connect(self.close_panel)
        window.installEventFilter(self)
        self.hide()

    def open_panel(self) -> None:
        """Show it, with the keyboard in it; Escape gives the keyboard back to where it was."""
        self._came_from = QApplication.focusWidget()
        self.show()
        self.raise_()
        self.fit()
        first = self.lines[0].place if self.lines and self.lines[0].place.isVisible() else self.close_button
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def close_panel(self) -> None:
        """Go away."""
        if not self.isVisible():
            return
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.disconnect(self._on_focus_changed)
        focus = QApplication.focusWidget()
        had_keyboard = focus is self or (focus is not None and self.isAncestorOf(focus))
        self.hide()
        self.closed.emit(self._came_from if had_keyboard else None)
        self._came_from = None

    def show_notices(self, notices: Sequence[Notice]) -> None:
        """Show these; the keyboard stays where it was, as far as that is still there."""
        place = self._place_of_keyboard()
        if place is not None:
            # What is taken away would hand the keyboard to the page, and that closes the list.
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        clear_layout(self._list)
        self.lines = []
        for number, notice in enumerate(notices):
            if number:
                self._list.addWidget(Line(self._theme))
            line = NoticeLine(self._theme, notice)
            line.opened.connect(self.place_wanted)
            line.turned.connect(self.turned)
            for button in (line.place, line.turn):
                # Buttons have ideas of their own about arrows.
                button.installEventFilter(self)
            self._list.addWidget(line)
            # At once: the keyboard may be wanted there.
            line.show()
            self.lines.append(line)
        self._list.addStretch(1)
        self._scroll.setVisible(bool(notices))
        self._empty.setVisible(not notices)
        self.read_all.setVisible(any(notice.is_unread for notice in notices))
        if self.isVisible():
            self.fit()
            self._restore_keyboard(place)

    def fit(self) -> None:
        """Lie at the upper right of the page, no higher than what is in it."""
        window, theme = self.parentWidget(), self._theme
        if window is None:
            return
        gap, top = theme.px(8), theme.measure("menu-bar") + theme.px(8)
        width = min(theme.px(_WIDTH), window.width() - 2 * gap)
        inner = self._content.layout()
        wanted = inner.heightForWidth(width - 2) if inner is not None and self.lines else theme.px(220)
        height = min(wanted + theme.px(64), theme.px(_TALLEST), window.height() - top - gap)
        left = gap if self.isRightToLeft() else window.width() - width - gap
        self.setGeometry(left, top, width, height)

    # Qt's own

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parentWidget():
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self.fit()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _STEPS:
            self._step(_STEPS[Qt.Key(event.key())])
            return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_raised(self, self._theme)

    # The keyboard

    def _step(self, by: int) -> None:
        """Up and down walk from notice to notice."""
        if self.lines:
            now, _ = self._place_of_keyboard() or (-1 if by > 0 else len(self.lines), 0)
            line = self.lines[max(0, min(len(self.lines) - 1, now + by))]
            target = line.place if line.place.isVisible() else line.turn
            target.setFocus(Qt.FocusReason.TabFocusReason)
            self._scroll.ensureWidgetVisible(line)

    def _place_of_keyboard(self) -> tuple[int, int] | None:
        focus = QApplication.focusWidget()
        for number, line in enumerate(self.lines):
            if focus in (line.place, line.turn):
                return number, int(focus is line.turn)
        return None

    def _restore_keyboard(self, place: tuple[int, int] | None) -> None:
        if place is None:
            return
        number, which = place
        line = self.lines[min(number, len(self.lines) - 1)] if self.lines else None
        target: QWidget = self.close_button if line is None else (line.place, line.turn)[which]
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        # Without a focus another program's window is in front, and the panel may still be wanted.
        if now is not None and now is not self and not self.isAncestorOf(now) and now.window() is self.window():
            self.close_panel()

"""Short messages at the bottom right that go by themselves."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import draw_raised
from saasdesk.ui.widgets.buttons import IconButton, LinkButton
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph

_LOOKS = {"info": ("info", "accent"), "ok": ("ok", "ok"), "warn": ("warning", "warn"), "error": ("error", "error")}
_WIDTH = 360
_MOST_AT_ONCE = 3
_SECONDS = 6


class Toast(QFrame):
    """Goes after six seconds, but not while the pointer or the keyboard is on it."""

    gone = Signal(object)

    def __init__(
        self,
        theme: Theme,
        text: str,
        kind: str = "info",
        action: tuple[str, Callable[[], object]] | None = None,
        *,
        seconds: float = _SECONDS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kind = kind
        icon, tone = _LOOKS[kind]
        self.text = Paragraph(theme, text)
        self.action: LinkButton | None = None
        row = Row(theme, gap=10, margins=(14, 10, 8, 10))
        row.addWidget(IconLabel(theme, icon, tone, size=20), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.text, 1)
        if action is not None:
            words, run = action
            self.action = LinkButton(theme, words, role="strong")
            self.action.clicked.connect(run)
            self.action.clicked.connect(self.close_now)
            self.action.installEventFilter(self)
            row.addWidget(self.action)
        self.close_button = IconButton(theme, "close", self.tr("Close the message"), size=24, icon_size=10)
        self.close_button.clicked.connect(self.close_now)
        self.close_button.installEventFilter(self)
        row.addWidget(self.close_button)
        self.setLayout(row)
        self.setAccessibleName(self.text.text())
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(round(seconds * 1000))
        self._clock.timeout.connect(self.close_now)
        self._clock.start()

    @property
    def is_waiting(self) -> bool:
        """Whether it will go by itself now."""
        return self._clock.isActive()

    def close_now(self) -> None:
        """Go at once."""
        self._clock.stop()
        self.gone.emit(self)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._clock.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            self._clock.start()
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self._clock.stop()
        elif event.type() == QEvent.Type.FocusOut and not self.underMouse():
            self._clock.start()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_raised(self, self._theme)


class Toasts(QObject):
    """Keeps the messages of a window in its corner, the newest at the bottom, three at most."""

    def __init__(self, theme: Theme, window: QWidget, bottom_margin: Callable[[], int]) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._bottom_margin = bottom_margin
        self._shown: list[Toast] = []
        window.installEventFilter(self)

    @property
    def shown(self) -> tuple[Toast, ...]:
        """The messages that can be seen."""
        return tuple(self._shown)

    def show_toast(
        self,
        text: str,
        kind: str = "info",
        action: tuple[str, Callable[[], object]] | None = None,
        seconds: float = _SECONDS,
    ) -> Toast:
        """Show a message, and say it to screen readers."""
        toast = Toast(self._theme, text, kind, action, seconds=seconds, parent=self._window)
        toast.gone.connect(self._on_gone)
        self._shown.append(toast)
        while len(self._shown) > _MOST_AT_ONCE:
            self._shown[0].close_now()
        toast.show()
        self._place()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(toast, toast.text.text()))
        return toast

    def fit(self) -> None:
        """Go where there is room now: what stands at the foot of the window has changed."""
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._shown:
            self._place()
        return super().eventFilter(watched, event)

    def _on_gone(self, toast: Toast) -> None:
        if toast in self._shown:
            self._shown.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        gap = self._theme.px(12)
        width = min(self._theme.px(_WIDTH), self._window.width() - 2 * gap)
        bottom = self._window.height() - self._bottom_margin() - gap
        for toast in reversed(self._shown):
            height = max(toast.heightForWidth(width), self._theme.px(44))
            left = gap if self._window.isRightToLeft() else self._window.width() - width - gap
            toast.resize(width, height)
            toast.move(QPoint(left, bottom - height))
            toast.raise_()
            bottom -= height + self._theme.px(8)

"""Keeps the bell true: reads the notices whenever something may have been told, and says what is new."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.jobs import Ended, Message
from saasdesk.notices import Notice, list_notices, mark_read, mark_unread
from saasdesk.store import Store
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.main_window import MainWindow
from saasdesk.ui.notices.bell import Bell
from saasdesk.ui.notices.panel import NoticePanel
from saasdesk.ui.reading import Reading
from saasdesk.ui.soon import soon
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme

_MOST_SHOWN = 50
_SOON_MILLISECONDS = 200
SHORTCUT = "Ctrl+Shift+N"


class NoticeCentre(QObject):
    """Bell, panel and store in one hand; `arrived` names what came since the window was opened."""

    arrived = Signal(object)
    counted = Signal(int)

    def __init__(self, store: Store, window: MainWindow, theme: Theme, bridge: Bridge, readers: TableReaders) -> None:
        super().__init__(window)
        self._store, self._window = store, window
        self._reading = Reading(readers, self)
        self._seen: dict[int, int] | None = None
        self._notices: Sequence[Notice] | None = None
        self.bell = Bell(theme, SHORTCUT)
        self.panel = NoticePanel(theme, window)
        window.add_to_corner(self.bell)
        self.bell.clicked.connect(self.toggle)
        self.panel.place_wanted.connect(self._go)
        self.panel.turned.connect(self._turn)
        self.panel.all_read.connect(self._read_all)
        self.panel.closed.connect(self._on_closed)
        self._soon = soon(self, _SOON_MILLISECONDS, self.refresh)
        bridge.heard.connect(self._on_heard)

    @property
    def unread_causes(self) -> frozenset[str]:
        """What nobody has read of yet, as far as it is known here."""
        return frozenset(notice.cause for notice in self._notices or () if notice.is_unread)

    def refresh(self) -> None:
        """Read the notices again."""
        store = self._store
        self._reading.ask("notices", lambda _stop: list_notices(store, _MOST_SHOWN), self._show, self._say)

    def toggle(self) -> None:
        """Open the list, or close it."""
        if self.panel.isVisible():
            self.panel.close_panel()
        else:
            self.open()

    def open(self) -> None:
        """Open the list."""
        if not self.panel.isVisible():
            self.panel.open_panel()
        self.refresh()

    def _show(self, notices: list[Notice]) -> None:
        unread = {notice.id: notice.count for notice in notices if notice.is_unread}
        self.bell.set_unread(len(unread))
        self.counted.emit(len(unread))
        if notices != self._notices:
            self._notices = notices
            self.panel.show_notices(notices)
        before, self._seen = self._seen, {**(self._seen or {}), **unread}
        if before is not None:
            fresh = [notice for notice in notices if before.get(notice.id) != unread.get(notice.id, notice.count)]
            fresh = [notice for notice in fresh if notice.is_unread]
            if fresh:
                self.arrived.emit(fresh)

    def _say(self, reason: str) -> None:
        self._window.say(reason)

    def _go(self, notice: Notice) -> None:
        self.panel.close_panel()
        self._change(lambda: mark_read(self._store, notice.id))
        self._window.navigate(*notice.place)

    def _turn(self, notice: Notice) -> None:
        store = self._store
        if notice.is_unread:
            self._change(lambda: mark_read(store, notice.id))
        else:
            self._change(lambda: mark_unread(store, notice.id))

    def _read_all(self) -> None:
        store = self._store
        self._change(lambda: mark_read(store))

    def _change(self, work: Callable[[], None]) -> None:
        self._reading.ask("change", lambda _stop: work(), lambda _nothing: self.refresh(), self._say)

    def _on_closed(self, came_from: QWidget | None) -> None:
        if came_from is not None:
            (came_from if came_from.isVisible() else self.bell).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_heard(self, message: Message) -> None:
        if isinstance(message, Ended):
            self._soon.start()

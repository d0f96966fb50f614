"""A page that somebody comes back to looks as it was left: tabs, filters, the line one was at, how far it was scrolled.

What a page shows is read in workers and comes by and by. So the look is put back piece by piece as soon as there is
something to put it on, until nothing moves any more or somebody touches the page.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QScrollArea, QWidget

from saasdesk.ui.tables import RecordTable
from saasdesk.ui.tables.lines import LineTable
from saasdesk.ui.widgets.tabs import Tabs

Look = Mapping[str, object]
"""What each part of a page is to be called → how it looked."""

_EVERY_MILLISECONDS = 50
_STILL_FOR = 8
_TRIES = 20
_AT_MOST_MILLISECONDS = 6_000
# A line further down than this is not looked for.
_MOST_LINES = 5_000
_TOUCHES = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.InputMethod})


def look_of(page: QWidget) -> Look:
    """How the parts of a page look that can be seen of it."""
    return {name: read() for name, read, _ in _parts(page)}


class ComingBack(QObject):
    """Lets one page at a time look as it was left."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._page: QWidget | None = None
        self._look: Look = {}
        self._still = 0
        self._tries: dict[str, int] = {}
        self._passed = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MILLISECONDS)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_busy(self) -> bool:
        """Whether a page is on its way back to how it looked."""
        return self._page is not None

    def begin(self, page: QWidget, look: Look) -> None:
        """Put the look back, at once and whenever more of the page is there."""
        self.stop()
        if not look:
            return
        # Where nobody was at a line yet, there is none to go back to.
        self._page, self._still = page, 0
        self._look = {name: value for name, value in look.items() if value is not None}
        self._tries = {}
        self._passed.start()
        self._timer.start()
        if (application := QApplication.instance()) is not None:
            application.installEventFilter(self)
        page.destroyed.connect(self.stop)
        self._go_on()

    def stop(self) -> None:
        """Leave the page as it is from now on."""
        if self._page is not None:
            self._page = None
            self._timer.stop()
            if (application := QApplication.instance()) is not None:
                application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self.stop()
        return super().eventFilter(watched, event)

    def _go_on(self) -> None:
        page = self._page
        if page is None:
            return
        is_still = True
        for name, read, put in _parts(page):
            # What is gone meanwhile is not looked for for ever.
            if name in self._look and self._tries.get(name, 0) < _TRIES and read() != self._look[name]:
                is_still = False
                if put(self._look[name]):
                    self._tries[name] = self._tries.get(name, 0) + 1
        self._still = self._still + 1 if is_still else 0
        if self._still >= _STILL_FOR or self._passed.elapsed() > _AT_MOST_MILLISECONDS:
            self.stop()


# Its name, how it is read, and how it is put back: False where it is too early for that.
Part = tuple[str, Callable[[], object], Callable[[object], bool]]


def _parts(page: QWidget) -> Iterator[Part]:
    """The visible parts of a page by their names. Tabs come first: they say what else there is."""
    numbers: dict[str, Iterator[int]] = {}
    for kind in (Tabs, RecordTable, LineTable, QScrollArea):
        for widget in page.findChildren(kind):
            called = f"{kind.__name__} {widget.objectName() or widget.accessibleName()}"
            number = next(numbers.setdefault(called, count()))
            if widget.isVisible():
                for what, read, put in _parts_of(widget):
                    yield f"{called} {number} {what}", read, put


def _parts_of(widget: QWidget) -> Iterator[Part]:
    match widget:
        case Tabs():
            yield from _tabs(widget)
        case RecordTable():
            yield from _table(widget)
        case LineTable():
            yield from _lines(widget)
        case QAbstractScrollArea():
            yield from _area(widget)
        case _:
            pass


def _tabs(tabs: Tabs) -> Iterator[Part]:
    def put(key: object) -> bool:
        tabs.set_current(str(key))
        return True

    yield "tab", lambda: tabs.current, put


def _table(table: RecordTable) -> Iterator[Part]:
    def asked() -> object:
        query = table.query
        return {"rule": query.rule, "quick": query.quick, "sort": query.sort, "active": query.active}

    def ask(query: object) -> bool:
        if table.columns and not table.is_reading:
            table.show_query(replace(table.query, **query))  # type: ignore[arg-type]
        return not table.is_reading

    def go_to(record: object) -> bool:
        row = table.row_of(record) if isinstance(record, int) and not table.is_reading else None
        if row is not None:
            table.view.select_rows([row])
            table.view.make_current(row)
        return not table.is_reading

    def scroll(position: object) -> bool:
        if not table.is_reading:
            table.view.scroll_to(int(str(position)))
        return not table.is_reading

    yield "query", asked, ask
    yield "record", table.current_id, go_to
    yield "scrolled", table.view.verticalScrollBar().value, scroll


def _lines(lines: LineTable) -> Iterator[Part]:
    def go_to(key: object) -> bool:
        for row in range(min(lines.model_of_lines.rowCount(), _MOST_LINES)):
            if lines.model_of_lines.lines[row].key == key:
                lines.setCurrentIndex(lines.model_of_lines.index(row, 0))
                return True
        return lines.model_of_lines.rowCount() > 0

    yield "line", lambda: lines.current_key, go_to
    yield from _area(lines)


def _area(area: QAbstractScrollArea) -> Iterator[Part]:
    bar = area.verticalScrollBar()

    def scroll(position: object) -> bool:
        bar.setValue(min(int(str(position)), bar.maximum()))
        return bar.maximum() > 0

    yield "scrolled", bar.value, scroll

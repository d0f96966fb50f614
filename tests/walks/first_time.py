"""Somebody who sees the program for the first time: who left and still has PagerDuty, what that costs, a list of it.

`make screens` takes the pictures of docs/walkthroughs/first-time.md on the way; the test counts the clicks.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from saasdesk.app.picture import wait_until_drawn
from saasdesk.app.window import WindowDesk
from saasdesk.ui.tables.record_table import RecordTable
from tests.walks.hands import Hand, Keys, MouseOfQt, name_of, seen, wait_until


class FirstTimeWalk:
    """From Home to the file; `take` hears the name of each picture, `clicks` counts."""

    def __init__(self, desk: WindowDesk, take: Callable[[str], None] = lambda _name: None) -> None:
        self._desk, self._take = desk, take
        self._hand, self._keys = Hand(MouseOfQt()), Keys(desk.window)
        self.clicks = 0

    def go(self) -> Path:
        """Do it; the file that was exported."""
        self._settle()
        self._take("first-time-home")
        self._click(self._button("Review seats"))
        wait_until(self._tables, "the seats")
        self._click(seen("Quick filter"))
        self._keys.type("leaver pagerduty")
        wait_until(lambda: self._lines_say("Leaver"), "the seats of leavers alone")
        self._click(self._first_line())
        self._take("first-time-seats")
        self._click(seen("Export…"))
        file = Path(seen("File", QLineEdit).text())
        self._take("first-time-export")
        self._click(seen("Export"))
        wait_until(file.exists, "the file")
        return file

    def _tables(self) -> list[RecordTable]:
        return [table for table in self._desk.window.findChildren(RecordTable) if table.isVisible()]

    def _lines_say(self, word: str) -> bool:
        model = self._tables()[0].view.model()
        self._settle()
        first = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
        return bool(first) and set(first) == {word}

    def _first_line(self) -> QPoint:
        view = self._tables()[0].view
        return view.viewport().mapToGlobal(view.visualRect(view.model().index(0, 0)).center())

    def _button(self, beginning: str) -> QWidget:
        buttons = self._desk.window.findChildren(QAbstractButton)
        return next(each for each in buttons if each.isVisible() and name_of(each).startswith(beginning))

    def _click(self, target: QWidget | QPoint) -> None:
        self.clicks += 1
        self._hand.click(target)
        self._settle()

    def _settle(self) -> None:
        wait_until_drawn(self._desk)

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.ui.tables import RecordTable, TableReaders
from saasdesk.ui.tables.copying import leave_text_only
from saasdesk.ui.theme import Theme
from tests.ui.tables.fake_source import FakeSource

OpenTable = Callable[..., RecordTable]


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def readers(qapp: QApplication) -> Iterator[TableReaders]:
    opened = TableReaders()
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def tidy_clipboard(qapp: QApplication) -> Iterator[None]:
    """What the program does when it ends."""
    yield
    leave_text_only()


@pytest.fixture
def memory() -> dict[str, Any]:
    return {}


@pytest.fixture
def open_table(qtbot: QtBot, theme: Theme, readers: TableReaders, memory: dict[str, Any]) -> OpenTable:
    """Opens a table on a source, and waits until it has been read unless the source is held back."""

    def open_it(source: FakeSource, *, waits: bool = True, **settings: Any) -> RecordTable:
        table = RecordTable(source, theme, readers, memory, "people", **settings)
        qtbot.addWidget(table)
        table.resize(900, 500)
        with qtbot.waitExposed(table):
            table.show()
        if waits:
            settle(qtbot, table)
        return table

    return open_it


def settle(qtbot: QtBot, table: RecordTable) -> None:
    """Wait until nothing is on its way to the table any more."""
    qtbot.waitUntil(lambda: not table.is_reading and bool(table.count_label.text()))


def shown_names(table: RecordTable) -> list[str]:
    """The names in the rows that are seen, as the model tells them to whoever asks."""
    section = [column.key for column in table.columns].index("name")
    return [str(table.model.index(row, section).data()) for row in range(table.model.rowCount())]

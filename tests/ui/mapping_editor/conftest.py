"""An editor over a mapping that is only begun, with a few records to try it on."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.connectors import CONNECTORS
from saasdesk.fields import Field, ObjectKind
from saasdesk.mapping import MapRow
from saasdesk.mapping.editing import Place
from saasdesk.ui.mapping_editor.board import BoardState, MappingBoard, Surroundings
from saasdesk.ui.mapping_editor.editor import MappingEditor
from saasdesk.ui.mapping_editor.source_pane import SourceTable
from saasdesk.ui.mapping_editor.target_model import TARGET
from saasdesk.ui.mapping_editor.target_pane import TargetTable
from saasdesk.ui.theme import Theme
from tests.mapping.golden import TARGETS

RECORDS = [
    {
        "id": f"P{number}K4F9Q",
        "name": name,
        "email": f"{name.split()[0].lower()}@example.com",
        "role": "user",
        "job_title": title,
        "invitation_sent": number == 0,
        "teams": [{"id": f"T{number}", "summary": "Platform"}],
        "team_names": "Platform",
    }
    for number, (name, title) in enumerate(
        [("Ana Ruiz", "Engineer"), ("Li Wei", "Buyer"), ("Zoë Müller", ""), ("Omar Haddad", "Engineer")]
    )
]


def person(name: str) -> Place:
    """A field of people."""
    return Place(ObjectKind.PEOPLE, name)


class Hands:
    """A mouse that carries things between the panes."""

    def __init__(self, editor: MappingEditor) -> None:
        self._editor = editor
        self._grabbed: QWidget | None = None
        self._last = QPoint()

    def over_source(self, source: str) -> QPoint:
        """Where a source is on the screen."""
        table = self._editor.sources
        return self._middle(table, table.model_of_sources.row_of(source))

    def over_target(self, name: str) -> QPoint:
        """Where a field is on the screen."""
        table = self._editor.targets
        return self._middle(table, table.model_of_targets.row_of(person(name)))

    def press(self, at: QPoint) -> None:
        """Take hold of what is there."""
        for widget in (self._editor.sources.viewport(), self._editor.targets.viewport(), self._editor.gutter):
            if widget.rect().contains(widget.mapFromGlobal(at)):
                self._grabbed = widget
        self._send(QEvent.Type.MouseButtonPress, at, Qt.MouseButton.LeftButton)

    def move(self, to: QPoint) -> None:
        """Carry it a way, with a stop in between as a hand does."""
        for point in ((self._last + to) / 2, to):
            self._send(QEvent.Type.MouseMove, point, Qt.MouseButton.NoButton)

    def let_go(self) -> None:
        """Drop it where it is."""
        self._send(QEvent.Type.MouseButtonRelease, self._last, Qt.MouseButton.LeftButton, held=False)

    def drag(self, start: QPoint, end: QPoint) -> None:
        """The whole way."""
        self.press(start)
        self.move(end)
        self.let_go()

    def _middle(self, table: SourceTable | TargetTable, row: int) -> QPoint:
        assert row >= 0
        table.scrollTo(table.model().index(row, TARGET))
        return table.viewport().mapToGlobal(QPoint(50, table.row_middle(row)))

    def _send(self, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton, *, held: bool = True) -> None:
        assert self._grabbed is not None
        buttons = Qt.MouseButton.LeftButton if held else Qt.MouseButton.NoButton
        local = QPointF(self._grabbed.mapFromGlobal(at))
        event = QMouseEvent(kind, local, QPointF(at), button, buttons, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self._grabbed, event)
        QApplication.processEvents()
        self._last = at


@pytest.fixture
def board() -> MappingBoard:
    rows = (
        MapRow(source="email", target="email", sync_key=1, transform=("lower",)),
        MapRow(source="email", target="username"),
    )
    accounts = (Field(ObjectKind.SAAS_USERS, "name", "Name", builtin=True),)
    around = Surroundings(CONNECTORS["pagerduty"], (*TARGETS, *accounts), context={"connect:credentials": "PD key"})
    return MappingBoard(around, BoardState(rows))


@pytest.fixture
def editor(qtbot: QtBot, theme: Theme, board: MappingBoard) -> MappingEditor:
    made = MappingEditor(theme, board)
    qtbot.addWidget(made)
    made.resize(1280, 760)
    board.set_records(RECORDS)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def hands(editor: MappingEditor) -> Hands:
    return Hands(editor)

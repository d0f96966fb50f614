"""Every problem is a line that leads to its block, and a press mends it where one step does."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.problems_drawer import ProblemsDrawer
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton
from saasdesk.workflows import editing
from saasdesk.workflows.graph import Link, WorkflowDocument


class Desk:
    """A drawer under a canvas that nobody looks at."""

    def __init__(self, qtbot: QtBot, window: QWidget, drawer: ProblemsDrawer, model: WorkflowModel) -> None:
        self.qtbot, self.window, self.drawer, self.model = qtbot, window, drawer, model

    def show(self, document: WorkflowDocument) -> None:
        self.model.edit("Spoil it", document)
        self.model.validate()

    def press(self, text: str) -> None:
        def buttons() -> list[QPushButton]:
            return [each for each in self.drawer.findChildren(QPushButton) if each.text() == text and each.isVisible()]

        # New lines come to light with the next turn of the event loop.
        self.qtbot.waitUntil(lambda: bool(buttons()))
        self.qtbot.mouseClick(buttons()[0], Qt.MouseButton.LeftButton)
        self.model.validate()

    def messages(self) -> list[str]:
        return [problem.message for problem in self.model.problems]


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, model: WorkflowModel) -> Desk:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    drawer = ProblemsDrawer(model, theme)
    drawer.setParent(window)
    drawer.setGeometry(0, 400, 900, 200)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return Desk(qtbot, window, drawer, model)


def test_that_f8_goes_from_problem_to_problem_and_back_to_the_first(desk: Desk) -> None:
    document, _one = editing.add_block(desk.model.document, "update", after=("begin", "next"))
    document, _two = editing.add_block(document, "notification", after=("update", "success"))
    desk.show(document)

    seen = []
    for _ in range(3):
        desk.drawer.walk(1)
        seen.append(desk.model.selection)
    desk.drawer.walk(-1)

    assert seen[0] == seen[2] != seen[1]
    assert desk.model.selection == seen[1]


def test_that_a_missing_end_is_added_and_a_loose_block_connected(desk: Desk) -> None:
    desk.show(editing.remove_blocks(desk.model.document, ["end"]))
    desk.press("Add End")
    assert "A workflow needs an End." not in desk.messages()

    desk.press("Connect…")
    field = QGuiApplication.focusObject()
    assert isinstance(field, QLineEdit)
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    desk.model.validate()

    assert len(desk.model.document.links) == 3


def test_that_a_wire_to_nowhere_and_a_block_of_no_kind_are_deleted(desk: Desk) -> None:
    document = desk.model.document
    stray = Link.model_validate({"from": "pagerduty_delete_user", "outlet": "maybe", "to": "end"})
    unknown = document.blocks[0].model_copy(update={"id": "odd", "kind": "from_the_future"})
    desk.show(document.model_copy(update={"links": (*document.links, stray), "blocks": (*document.blocks, unknown)}))

    desk.press("Delete the wire")
    assert stray not in desk.model.document.links
    desk.press("Delete the block")

    assert desk.model.document.block("odd") is None
    assert desk.model.problems == ()


def test_that_what_is_not_filled_in_opens_the_inspector_at_its_block(desk: Desk) -> None:
    desk.show(editing.with_settings(desk.model.document, "notification", {}))

    with desk.qtbot.waitSignal(desk.model.inspector_wanted):
        desk.press("Fill it in…")

    assert desk.model.selection == ("notification",)


def test_that_the_drawer_is_its_heading_while_nothing_is_wrong_and_has_one_way_to_be_put_away(desk: Desk) -> None:
    assert desk.drawer.maximumHeight() == desk.drawer.sizeHint().height()
    desk.show(editing.remove_blocks(desk.model.document, ["end"]))
    assert desk.drawer.maximumHeight() > desk.drawer.sizeHint().height()
    (close,) = desk.drawer.findChildren(IconButton)
    with desk.qtbot.waitSignal(desk.drawer.put_away):
        close.click()

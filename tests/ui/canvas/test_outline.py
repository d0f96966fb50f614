"""The outline reads like the workflow runs, and edits it by keys alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.outline import Outline
from saasdesk.ui.canvas.outline_tree import OutlineNode, outline_of
from saasdesk.ui.theme import Theme
from saasdesk.workflows import editing
from saasdesk.workflows.graph import WorkflowDocument
from tests.ui.canvas.conftest import leavers, world

API = "pagerduty_delete_user"
_SHIFTLESS = Qt.KeyboardModifier.NoModifier


def lines(document: WorkflowDocument) -> list[str]:
    found: list[str] = []

    def write(node: OutlineNode, depth: int) -> None:
        again = "again " if node.is_again else ""
        found.append("  " * depth + (again + node.block if node.block else node.heading or f"({node.outlet})"))
        for child in node.children:
            write(child, depth + 1)

    for child in outline_of(document).children:
        write(child, 0)
    return found


def test_that_the_main_way_goes_down_and_the_others_stand_under_their_block() -> None:
    assert lines(leavers()) == [
        "begin",
        API,
        "  (not_found)",
        "  (failure)",
        "    notification",
        "      (failure)",
        "    again end",
        "end",
    ]


def test_that_what_nothing_leads_to_stands_under_a_heading_of_its_own() -> None:
    document, _added = editing.add_block(leavers(), "update")

    assert lines(document)[-4:] == ["Not connected", "  update", "    (failure)", "  (success)"]


def test_that_comments_stand_together_and_are_called_by_their_first_line(qtbot: QtBot, theme: Theme) -> None:
    document, _added = editing.add_block(leavers(), "comment", settings={"text": "Ask first\nShe knows"})
    outline = Outline(WorkflowModel(document, world), theme)
    qtbot.addWidget(outline)

    assert lines(document)[-2:] == ["Comments", "  comment"]
    heading = outline.tree.model().index(outline.tree.model().rowCount() - 1, 0)
    line = outline.tree.model().index(0, 0, heading)
    assert line.data() == "Ask first"
    assert line.data(Qt.ItemDataRole.AccessibleTextRole) == "Ask first, Comment, She knows"


class Desk:
    """An outline in a window, and two hands on the keys."""

    def __init__(self, qtbot: QtBot, outline: Outline, model: WorkflowModel) -> None:
        self.qtbot, self.outline, self.model = qtbot, outline, model
        # Nobody else holds the window.
        self.window = outline.window()

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = _SHIFTLESS) -> None:
        for key in keys:
            self.qtbot.keyClick(self.outline.tree, key, modifier)
            self.outline.refresh()

    def choose(self, text: str) -> None:
        field = QGuiApplication.focusObject()
        assert isinstance(field, QLineEdit)
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)
        self.outline.refresh()

    def ways(self) -> set[tuple[str, str, str]]:
        return {(link.source, link.outlet, link.to) for link in self.model.document.links}


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, model: WorkflowModel) -> Desk:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(500, 600)
    outline = Outline(model, theme)
    outline.setParent(window)
    outline.resize(window.size())
    window.show()
    window.activateWindow()
    outline.tree.setFocus()
    qtbot.waitUntil(outline.tree.hasFocus)
    return Desk(qtbot, outline, model)


def test_that_the_outline_and_the_selection_follow_each_other(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Home)
    assert desk.model.selection == ("begin",)
    desk.press(Qt.Key.Key_Down)
    assert desk.model.selection == (API,)

    desk.model.select(["end"])
    assert desk.outline.current.block == "end"


def test_that_a_workflow_is_built_in_the_outline_by_keys_alone(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Home, Qt.Key.Key_Insert)
    desk.choose("update")
    assert {("begin", "next", "update"), ("update", "success", API)} <= desk.ways()
    assert desk.outline.current.block == "update"
    assert desk.outline.tree.hasFocus()

    desk.qtbot.keyClick(desk.outline.tree, Qt.Key.Key_F2)
    desk.qtbot.waitUntil(lambda: isinstance(QGuiApplication.focusObject(), QLineEdit))
    field = QGuiApplication.focusObject()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    desk.qtbot.keyClicks(field, "Mark as leaver")
    with desk.qtbot.waitSignal(desk.model.changed):
        desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert editing.title_of(desk.model.document.block("update") or desk.model.document.blocks[0]) == "Mark as leaver"

    desk.press(Qt.Key.Key_Down, modifier=Qt.KeyboardModifier.AltModifier)
    assert {("begin", "next", API), (API, "success", "update")} <= desk.ways()

    desk.model.select(["update"])
    desk.press(Qt.Key.Key_Delete)
    assert (API, "success", "end") in desk.ways()
    desk.press(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert (API, "success", "update") in desk.ways()


def test_that_an_outlet_is_connected_and_disconnected_on_its_line(desk: Desk) -> None:
    desk.model.select([API])
    desk.press(Qt.Key.Key_Down)
    assert (desk.outline.current.source, desk.outline.current.outlet) == (API, "not_found")

    desk.press(Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier)
    desk.choose("notification")
    assert (API, "not_found", "notification") in desk.ways()

    desk.press(Qt.Key.Key_Delete)
    assert (API, "not_found", "notification") not in desk.ways()


def test_that_a_block_is_found_by_some_of_its_letters(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F, modifier=Qt.KeyboardModifier.ControlModifier)
    desk.choose("notif")

    assert desk.model.selection == ("notification",)
    assert desk.outline.tree.hasFocus()


def test_that_screen_readers_hear_what_a_line_is_and_what_is_wrong_there(desk: Desk) -> None:
    desk.model.edit("Add", editing.add_block(desk.model.document, "update", after=("begin", "next"))[0])
    desk.model.validate()
    desk.outline.refresh()
    tree = desk.outline.tree
    role = Qt.ItemDataRole.AccessibleTextRole

    said = [str(tree.model().index(row, 0).data(role)) for row in range(tree.model().rowCount())]

    assert any(line.startswith("Update record, Not filled in yet. No field is set") for line in said)
    branch = tree.model().index(1, 0, tree.model().index(2, 0))
    assert branch.data(role) == "failed"
    assert tree.model().index(0, 0, tree.model().index(2, 0)).data(role) == "not found, as success does"
    assert tree.model().index(1, 0, branch).data(role) == "goes on at End"


def test_that_a_block_added_after_another_comes_on_the_main_way_and_on_a_line_of_an_outlet_there(desk: Desk) -> None:
    desk.model.select(["notification"])
    desk.press(Qt.Key.Key_Insert)
    desk.choose("delay")
    assert {("notification", "success", "delay"), ("delay", "success", "end")} <= desk.ways()

    desk.model.select([API])
    desk.press(Qt.Key.Key_Down, Qt.Key.Key_Insert)
    desk.choose("delay")
    assert (API, "not_found", "delay_2") in desk.ways()


def test_that_the_wire_to_a_line_is_labelled_there(desk: Desk) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    desk.model.select(["notification"])
    desk.qtbot.keyClick(desk.outline.tree, Qt.Key.Key_F2, shift)
    field = QGuiApplication.focusObject()
    assert isinstance(field, QLineEdit)
    assert field.accessibleName() == "Label of the wire"
    desk.qtbot.keyClicks(field, "tell somebody")
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)

    desk.qtbot.waitUntil(lambda: any(link.label for link in desk.model.document.links))
    desk.outline.refresh()
    (link,) = [link for link in desk.model.document.links if link.label]
    assert (link.outlet, link.label) == ("failure", "tell somebody")
    model = desk.outline.tree.model()
    failed = model.index(1, 0, model.index(1, 0))
    assert failed.data() == "failed · by “tell somebody”"
    assert failed.data(Qt.ItemDataRole.ToolTipRole) == "failed. The wire says “tell somebody”"
    assert model.index(0, 0, failed).data() == "Notification"
    refused: list[str] = []
    desk.model.refused.connect(refused.append)
    desk.model.select(["begin"])
    desk.qtbot.keyClick(desk.outline.tree, Qt.Key.Key_F2, shift)
    assert refused == ["No wire leads to this line. Go to a block or an outlet that is joined."]
    desk.qtbot.keyClick(desk.outline.tree, Qt.Key.Key_F2)
    assert getattr(QGuiApplication.focusObject(), "accessibleName", str)() == "Name of the block"

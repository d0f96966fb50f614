"""The canvas with real mouse and keys: what an admin does is what the document says afterwards."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.trace import BlockTrace, CanvasTrace, TraceState
from saasdesk.ui.canvas.view import CanvasView
from saasdesk.ui.theme import Theme
from saasdesk.workflows import editing
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.layout import on_grid
from tests.ui.canvas.conftest import world

API = "pagerduty_delete_user"
_LEFT = Qt.MouseButton.LeftButton


class Desk:
    """A canvas in a window, and a hand on the mouse."""

    def __init__(self, qtbot: QtBot, view: CanvasView) -> None:
        self.qtbot, self.view, self.model = qtbot, view, view.model
        self.heard: list[str] = []
        view.model.announced.connect(self.heard.append)

    @property
    def document(self) -> WorkflowDocument:
        return self.model.document

    def ways(self) -> set[tuple[str, str, str]]:
        return {(link.source, link.outlet, link.to) for link in self.document.links}

    def place(self, block: str, share: float = 0.5) -> QPoint:
        area = self.view.canvas.blocks[block].area
        return self.view.mapFromScene(QPointF(area.left() + area.width() * share, area.center().y()))

    def outlet(self, block: str, outlet: str) -> QPoint:
        return self.view.mapFromScene(self.view.canvas.outlet_point(block, outlet))

    def drag(self, start: QPoint, end: QPoint, *, let_go: bool = True) -> None:
        port = self.view.viewport()
        self.qtbot.mouseMove(port, start)
        self.qtbot.mousePress(port, _LEFT, pos=start)
        for share in (0.3, 0.7, 1.0):
            self.qtbot.mouseMove(port, start + (end - start) * share)
        if let_go:
            self.qtbot.mouseRelease(port, _LEFT, pos=end)

    def click(self, at: QPoint, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.mouseClick(self.view.viewport(), _LEFT, modifier, at)

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            self.qtbot.keyClick(self.view, key, modifier)

    def choose(self, text: str) -> None:
        field = QGuiApplication.focusObject()
        assert field in (self.view.quick_add.blocks.field, self.view.quick_add.targets.field)
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def position(self, block: str) -> tuple[int, int] | None:
        found = self.document.block(block)
        return None if found is None else found.position


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, model: WorkflowModel) -> Desk:
    view = CanvasView(model, theme)
    qtbot.addWidget(view)
    view.resize(1200, 700)
    view.show()
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    return Desk(qtbot, view)


def test_that_blocks_are_carried_on_the_grid_in_one_step(desk: Desk) -> None:
    x, y = desk.position("end") or (0, 0)

    desk.drag(desk.place("end"), desk.place("end") + QPoint(0, 100))

    moved = desk.position("end") or (0, 0)
    assert moved[0] == x
    assert moved[1] > y
    assert moved[1] % 16 == 0
    assert desk.model.undo_stack.undoText() == "Move End"
    desk.press(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert desk.position("end") == (x, y)
    assert desk.view.canvas.blocks["end"].pos() == QPointF(x, y)


def test_that_escape_puts_back_what_is_being_carried(desk: Desk) -> None:
    before = desk.document

    desk.drag(desk.place("end"), desk.place("end") + QPoint(0, 100), let_go=False)
    desk.press(Qt.Key.Key_Escape)

    assert desk.document is before
    assert desk.view.canvas.blocks["end"].pos() == QPointF(*(desk.position("end") or (0, 0)))


def test_that_a_wire_pulled_near_a_block_connects_to_it(desk: Desk) -> None:
    end = desk.view.canvas.blocks["end"].area
    near = desk.view.mapFromScene(QPointF(end.left() - 20, end.center().y() + 12))

    desk.drag(desk.outlet(API, "not_found"), near)

    assert (API, "not_found", "end") in desk.ways()
    assert desk.heard[-1] == "PagerDuty Delete User, not found leads to End."


def test_that_a_wire_may_not_lead_back_and_says_why_while_it_is_pulled(desk: Desk) -> None:
    before = desk.ways()

    desk.drag(desk.outlet("notification", "failure"), desk.place(API), let_go=False)

    assert desk.view.canvas.blocks[API].look.is_dimmed
    assert desk.view.canvas.blocks["end"].look.is_target
    assert "round in a circle" in desk.view.hint.text()
    desk.qtbot.mouseRelease(desk.view.viewport(), _LEFT, pos=desk.place(API))
    assert desk.ways() == before
    assert not desk.view.canvas.blocks[API].look.is_dimmed
    assert "round in a circle" in desk.heard[-1]


def test_that_a_wire_dropped_on_nothing_offers_blocks_and_wires_the_chosen_one(desk: Desk) -> None:
    start = desk.outlet(API, "not_found")
    place = desk.view.mapFromScene(QPointF(desk.view.canvas.content().left() + 40, 400))

    desk.drag(start, place)
    desk.choose("update")

    assert (API, "not_found", "update") in desk.ways()
    assert desk.model.selection == ("update",)
    assert desk.view.hasFocus()


def test_that_a_click_on_a_wire_only_selects_it_and_delete_takes_it_away(desk: Desk) -> None:
    link = next(item for item in desk.view.canvas.links.values() if item.link.source == "begin")
    at = desk.view.mapFromScene(link.path.pointAtPercent(0.25))

    desk.click(at)
    assert desk.view.selected_link == link.link
    assert ("begin", "next", API) in desk.ways()
    desk.press(Qt.Key.Key_Delete)

    assert ("begin", "next", API) not in desk.ways()
    assert desk.view.selected_link is None


def test_that_the_sign_on_a_wire_puts_a_block_in_between(desk: Desk) -> None:
    link = next(item for item in desk.view.canvas.links.values() if item.link.source == "begin")
    middle = desk.view.mapFromScene(link.middle)

    desk.qtbot.mouseMove(desk.view.viewport(), middle + QPoint(1, 1))
    desk.click(middle)
    desk.choose("update")

    assert {("begin", "next", "update"), ("update", "success", API)} <= desk.ways()


def test_that_deleting_a_block_keeps_the_way_and_can_be_undone(desk: Desk) -> None:
    desk.click(desk.place("notification"))
    desk.press(Qt.Key.Key_Delete)

    assert (API, "failure", "end") in desk.ways()
    desk.press(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert (API, "failure", "notification") in desk.ways()
    assert desk.heard[-1] == "Undone: Delete Notification."


def test_that_a_frame_selects_what_it_touches_and_shift_and_control_change_the_selection(desk: Desk) -> None:
    whole = desk.view.canvas.content().adjusted(-40, -40, 40, 40)
    desk.drag(desk.view.mapFromScene(whole.topLeft()), desk.view.mapFromScene(whole.bottomRight()))
    assert set(desk.model.selection) == {block.id for block in desk.document.blocks}

    desk.click(desk.place("end"), Qt.KeyboardModifier.ControlModifier)
    assert set(desk.model.selection) == {"begin", API, "notification"}

    desk.click(desk.place("begin"))
    desk.click(desk.place("end"), Qt.KeyboardModifier.ShiftModifier)
    assert desk.model.selection[-1] == "end"


def test_that_arrows_walk_along_the_wires_and_say_where_one_is(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Right)
    assert desk.model.selection == ("begin",)
    desk.press(Qt.Key.Key_Right)
    assert desk.model.selection == (API,)
    assert "1 in, 3 out" in desk.heard[-1]
    desk.press(Qt.Key.Key_Down)
    assert desk.model.selection == ("notification",)
    desk.press(Qt.Key.Key_Up, modifier=Qt.KeyboardModifier.ShiftModifier)
    desk.press(Qt.Key.Key_Left)
    assert desk.model.selection == (API,)

    with desk.qtbot.waitSignal(desk.model.inspector_wanted):
        desk.press(Qt.Key.Key_Return)


def test_that_a_workflow_is_built_by_keys_alone(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Right, Qt.Key.Key_Tab)
    desk.choose("conditional")
    fork = desk.model.selection[0]
    assert ("begin", "next", fork) in desk.ways()

    desk.press(Qt.Key.Key_C)
    desk.choose("notification")
    assert (fork, "otherwise", "notification") in desk.ways() or (fork, "otherwise", API) in desk.ways()

    desk.press(Qt.Key.Key_F2)
    desk.qtbot.keyClicks(desk.view.rename_field, "Who leaves?")
    desk.qtbot.keyClick(desk.view.rename_field, Qt.Key.Key_Return)
    assert desk.view.canvas.blocks[fork].face.title == "Who leaves?"
    assert desk.view.hasFocus()

    before = desk.position(fork) or (0, 0)
    desk.press(Qt.Key.Key_Down, modifier=Qt.KeyboardModifier.AltModifier)
    desk.press(Qt.Key.Key_Down, modifier=Qt.KeyboardModifier.AltModifier)
    assert desk.position(fork) == (before[0], before[1] + 32)


def test_that_space_adds_unless_it_was_held_to_push_the_canvas(desk: Desk) -> None:
    desk.qtbot.keyPress(desk.view, Qt.Key.Key_Space)
    start = desk.view.mapToScene(QPoint(0, 0))
    desk.drag(QPoint(300, 300), QPoint(360, 340))
    desk.qtbot.keyRelease(desk.view, Qt.Key.Key_Space)

    assert desk.view.mapToScene(QPoint(0, 0)) != start
    assert not desk.view.quick_add.blocks.isVisible()
    desk.qtbot.keyClick(desk.view, Qt.Key.Key_Space)
    assert desk.view.quick_add.blocks.isVisible()


def test_that_blocks_added_by_keys_alone_cover_nothing(desk: Desk) -> None:
    for _ in range(2):
        desk.press(Qt.Key.Key_Escape, Qt.Key.Key_Space)
        desk.choose("Notification")

    areas = [item.area for item in desk.view.canvas.blocks.values()]
    assert len(areas) == 6
    assert not any(one.intersects(other) for at, one in enumerate(areas) for other in areas[:at])


def test_that_copied_blocks_are_pasted_with_their_links_and_duplicated(desk: Desk) -> None:
    desk.model.select([API, "notification"])
    desk.press(Qt.Key.Key_C, Qt.Key.Key_V, modifier=Qt.KeyboardModifier.ControlModifier)

    assert (f"{API}_2", "failure", "notification_2") in desk.ways()
    assert desk.model.selection == (f"{API}_2", "notification_2")
    desk.press(Qt.Key.Key_D, modifier=Qt.KeyboardModifier.ControlModifier)
    assert desk.model.selection == (f"{API}_3", "notification_3")

    QGuiApplication.clipboard().setText("nothing of ours")
    desk.press(Qt.Key.Key_V, modifier=Qt.KeyboardModifier.ControlModifier)
    assert "no blocks on the clipboard" in desk.view.hint.text()


def test_that_begin_cannot_be_deleted_and_the_canvas_says_so(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Right, Qt.Key.Key_Delete)

    assert desk.document.block("begin") is not None
    assert desk.view.hint.text() == "Begin stays: every workflow has one."


def test_that_zoom_keeps_the_point_under_the_mouse_and_stays_within_its_limits(desk: Desk) -> None:
    at = QPoint(200, 150)
    before = desk.view.mapToScene(at)

    desk.view.zoom_step(2, at)

    after = desk.view.mapToScene(at)
    assert abs(after.x() - before.x()) < 2
    assert abs(after.y() - before.y()) < 2
    desk.view.set_zoom(9)
    assert desk.view.zoom == 4.0
    desk.press(Qt.Key.Key_1)
    assert desk.view.zoom == 1.0
    desk.view.set_zoom(0.01)
    assert desk.view.zoom == 0.1
    desk.press(Qt.Key.Key_F, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert desk.view.seen().contains(desk.view.canvas.content())


def test_that_tidying_up_is_one_step_and_ends_on_the_grid(desk: Desk) -> None:
    desk.model.edit("Scatter", editing.move_blocks(desk.document, {"end": (-333, 7), "begin": (501, 303)}))

    desk.press(Qt.Key.Key_L, modifier=Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)

    places = {block.id: block.position or (0, 0) for block in desk.document.blocks}
    assert places["begin"][0] < places[API][0] < places["notification"][0] < places["end"][0]
    assert desk.model.undo_stack.undoText() == "Tidy up 4 blocks"
    desk.view.motion.stop()
    assert desk.view.canvas.blocks["end"].pos() == QPointF(*places["end"])


def test_that_the_wires_of_a_circle_are_shown_while_it_is_refused(desk: Desk) -> None:
    desk.drag(desk.outlet("notification", "failure"), desk.place(API), let_go=False)

    blamed = [item.link for item in desk.view.canvas.links.values() if item.is_blamed]
    assert [(link.source, link.to) for link in blamed] == [(API, "notification")]
    desk.press(Qt.Key.Key_Escape)
    assert not any(item.is_blamed for item in desk.view.canvas.links.values())


def test_that_a_run_laid_over_the_canvas_says_what_became_of_each_block(desk: Desk) -> None:
    link = next(item.link for item in desk.view.canvas.links.values() if item.link.source == "begin")
    before = desk.document

    desk.view.show_trace(CanvasTrace({"begin": BlockTrace(TraceState.DONE, "0.1 s", 3)}, {link: 3}))

    canvas = desk.view.canvas
    assert canvas.blocks["begin"].look.trace == BlockTrace(TraceState.DONE, "0.1 s", 3)
    assert canvas.blocks["end"].look.is_traced
    assert canvas.links[link].count == 3
    desk.drag(desk.place("end"), desk.place("end") + QPoint(0, 100))
    assert desk.document is before
    desk.view.show_trace(None)
    assert not canvas.blocks["end"].look.is_traced


def test_that_the_blocks_a_run_came_to_are_brought_into_sight(desk: Desk) -> None:
    view = desk.view
    far = editing.move_blocks(desk.document, {API: (5_000, 2_000), "end": (5_300, 2_000)})
    desk.model.edit("Far", editing.move_blocks(far, {"begin": (4_700, 2_000)}))
    view.set_zoom(1.0)
    view.centerOn(0, 0)
    ended = BlockTrace(TraceState.DONE)
    skipped = BlockTrace(TraceState.SKIPPED)

    view.show_trace(CanvasTrace({"begin": ended, "gone_since": ended, API: ended, "notification": skipped}))

    area = view.canvas.content(("begin", API))
    assert view.seen().contains(area)
    assert view.zoom == 1.0
    desk.model.edit("Further", editing.move_blocks(desk.document, {API: (20_000, 2_000)}))
    view.show_trace(CanvasTrace({"begin": ended, API: ended}))
    assert view.zoom >= 0.75
    assert view.seen().contains(view.canvas.blocks[API].area)


def test_that_a_large_workflow_opens_where_it_can_be_read(qtbot: QtBot, theme: Theme) -> None:
    document, last = editing.new_document("Long", "people"), "begin"
    for _ in range(12):
        document, last = editing.add_block(document, "update", after=(last, "next" if last == "begin" else "success"))
    view = CanvasView(WorkflowModel(document, world), theme)
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()

    assert view.zoom == 0.75
    assert view.seen().contains(view.canvas.blocks["begin"].area)
    assert view.corner.map.isVisible()
    view.model.edit(
        "Move",
        editing.move_blocks(
            view.model.document, {"update": on_grid(view.seen().right() - 150, view.seen().bottom() - 200)}
        ),
    )
    assert not view.corner.map.isVisible()


def test_that_a_comment_is_found_by_typing_and_written_where_enter_leads(desk: Desk) -> None:
    asked: list[str] = []
    desk.model.inspector_wanted.connect(lambda: asked.append(desk.model.selection[0]))
    ways = desk.ways()
    desk.model.select(["end"])

    desk.press(Qt.Key.Key_Space)
    desk.choose("comment")
    desk.press(Qt.Key.Key_Return, Qt.Key.Key_F2)

    assert desk.ways() == ways
    assert asked == ["comment", "comment"]
    assert not desk.view.rename_field.isVisible()
    desk.press(Qt.Key.Key_C, modifier=Qt.KeyboardModifier.ControlModifier)
    desk.press(Qt.Key.Key_V, modifier=Qt.KeyboardModifier.ControlModifier)
    assert [block.id for block in desk.document.of_kind("comment")] == ["comment", "comment_2"]
    desk.press(Qt.Key.Key_Delete)
    desk.press(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert len(desk.document.of_kind("comment")) == 2


def test_that_a_wire_let_go_on_a_comment_says_why_not(desk: Desk) -> None:
    document, comment = editing.add_block(desk.document, "comment", position=(0, 240), settings={"text": "Why"})
    desk.model.edit("Add", document)
    desk.view.fit()
    before = desk.document

    desk.drag(desk.outlet(API, "failure"), desk.place(comment))

    assert desk.document is before
    assert desk.heard[-1] == "A comment is no step: no wire leads there."


def test_that_many_wires_go_straight_while_their_block_is_carried_and_bend_where_it_arrives(desk: Desk) -> None:
    document = desk.document
    for _ in range(45):
        document, added = editing.add_block(document, "update", position=(-400, 16 * len(document.blocks)))
        document = editing.connect(document, added, "success", "end")
    desk.model.edit("Add", document)
    canvas = desk.view.canvas
    to_end = [item for link, item in canvas.links.items() if link.to == "end"]

    canvas.shift({"end": (900, 600)}, is_passing=True)
    canvas.shift({"end": (960, 640)}, is_passing=True)
    lines, was_seen = canvas._bundle.lines, [item.isVisible() for item in to_end]
    canvas.shift({"end": (960, 640)})

    assert len(lines) == len(to_end)
    assert {line.p2().toTuple() for line in lines} == {(960, 640 + 32)}
    assert not any(was_seen)
    assert all(item.isVisible() for item in to_end)
    assert not canvas._bundle.isVisible()
    assert all(item.is_crowded for item in to_end)
    assert max(item.path.elementCount() for item in to_end) > 2
    assert not any(item.is_crowded for link, item in canvas.links.items() if link.to != "end")


def test_that_a_double_click_on_a_wire_labels_it_in_one_step(desk: Desk) -> None:
    wire = desk.view.canvas.links[desk.document.links[0]]
    at = desk.view.mapFromScene(wire.path.pointAtPercent(0.2))
    desk.qtbot.mouseDClick(desk.view.viewport(), _LEFT, pos=at)
    field = desk.view.rename_field
    assert (field.isVisible(), field.accessibleName()) == (True, "Label of the wire")

    desk.qtbot.keyClicks(field, "whoever left")
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)

    assert desk.document.links[0].label == "whoever left"
    assert "says “whoever left” now." in desk.heard[-1]
    assert desk.view.selected_link == desk.document.links[0]
    written = desk.view.canvas.links[desk.document.links[0]]
    assert written.boundingRect().contains(written._label_room)
    desk.press(Qt.Key.Key_F2)
    assert field.text() == "whoever left"
    desk.qtbot.keyClick(field, Qt.Key.Key_Escape)
    desk.view.verbs.undo()
    assert desk.document.links[0].label == ""

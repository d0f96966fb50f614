"""The palette: found by typing, added with Enter after the selected block, or dragged to where it belongs."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.connectors import Danger
from saasdesk.ui.canvas.block_palette import BlockPalette, wrapped
from saasdesk.ui.canvas.entries import entries_of
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.view import CanvasView
from saasdesk.ui.harm import harm_of
from saasdesk.ui.theme import Theme
from saasdesk.workflows import editing
from saasdesk.workflows.layout import on_grid
from tests.ui.canvas.conftest import leavers, world

API = "pagerduty_delete_user"


def test_that_presets_are_offered_with_their_danger_and_the_only_fitting_key() -> None:
    entries = {entry.title: entry for entry in entries_of(leavers(), world())}

    delete = entries["PagerDuty Delete User"]
    assert (delete.group, delete.harm) == ("PagerDuty", harm_of(Danger.DESTROYS, is_irreversible=True))
    assert delete.settings["credential"] == "pd key"
    assert "Begin" not in entries


def test_that_a_preset_whose_field_the_records_lack_is_not_offered() -> None:
    of_assets = editing.new_document("Laptops", "assets")
    bare = world()

    titles = {entry.title for entry in entries_of(of_assets, bare)}

    assert "SaaS User Role Retrieval" not in titles
    assert all(need in bare.fields for entry in entries_of(of_assets, bare) for need in _needs(entry.settings))


def _needs(settings: object) -> tuple[str, ...]:
    wanted = settings.get("preset") if isinstance(settings, dict) else None
    found = [preset for known in world().connectors.values() for preset in known.presets if preset.key == wanted]
    return found[0].needs if found else ()


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, model: WorkflowModel) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1200, 600)
    palette, view = BlockPalette(model, theme), CanvasView(model, theme)
    palette.setParent(window)
    palette.setGeometry(0, 0, 220, 600)
    view.setParent(window)
    view.setGeometry(220, 0, 980, 600)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_that_enter_in_the_search_adds_the_best_find_after_the_selected_block(
    qtbot: QtBot, window: QWidget, model: WorkflowModel
) -> None:
    palette = window.findChild(BlockPalette)
    assert isinstance(palette, BlockPalette)
    model.select(["begin"])

    qtbot.keyClicks(palette.search, "pager del")
    assert palette.shown[0] == "PagerDuty Delete User"
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)

    added = model.current
    assert added is not None
    assert (added.kind, added.title) == ("api", "PagerDuty Delete User")
    assert {("begin", added.id), (added.id, API)} <= {(link.source, link.to) for link in model.document.links}
    palette.search.clear()
    assert palette.shown[0] == "PagerDuty Delete User"


def test_that_a_block_dropped_on_a_wire_goes_in_between_and_one_dropped_beside_stands_there(
    window: QWidget, model: WorkflowModel
) -> None:
    palette, view = window.findChild(BlockPalette), window.findChild(CanvasView)
    assert isinstance(palette, BlockPalette)
    assert isinstance(view, CanvasView)

    def drop(title: str, at: QPoint) -> None:
        row = [palette.list.model().index(number, 0) for number in range(palette.list.model().rowCount())]
        index = next(each for each in row if each.data() == title)
        data = palette.list.model().mimeData([index])
        port, copy, left = view.viewport(), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        entered = QDragEnterEvent(at, copy, data, left, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(port, entered)
        assert entered.isAccepted()
        QApplication.sendEvent(port, QDropEvent(QPointF(at), copy, data, left, Qt.KeyboardModifier.NoModifier))

    link = next(item for item in view.canvas.links.values() if item.link.source == "begin")
    drop("Update record", view.mapFromScene(link.middle))
    assert {("begin", "update"), ("update", API)} <= {(each.source, each.to) for each in model.document.links}

    place = QPoint(300, 560)
    at = view.mapToScene(place)
    drop("Notification", place)
    assert (model.current or model.document.blocks[0]).position == on_grid(at.x() - 100, at.y() - 32)


def test_that_a_long_title_goes_on_below_and_only_what_is_too_long_for_three_lines_is_cut(theme: Theme) -> None:
    metrics = QFontMetrics(theme.font("body"))
    width = metrics.horizontalAdvance("SaaS User Role")

    assert wrapped(metrics, "SaaS User Role", width) == ["SaaS User Role"]
    assert wrapped(metrics, "SaaS User Role Retrieval", width) == ["SaaS User Role", "Retrieval"]
    long = wrapped(metrics, "SaaS User Role Retrieval of everybody and everything", width)
    assert len(long) == 3
    assert long[-1].endswith("…")


@pytest.mark.parametrize("selected", [(), ("end",), ("note",)], ids=["nothing", "End", "a comment"])
def test_that_enter_joins_the_block_to_the_way_where_nothing_is_selected_that_it_could_follow(
    qtbot: QtBot, window: QWidget, model: WorkflowModel, selected: tuple[str, ...]
) -> None:
    palette = window.findChild(BlockPalette)
    assert isinstance(palette, BlockPalette)
    document, note = editing.add_block(model.document, "comment", position=(900, 900), title="note")
    model.edit("Note", document)
    model.select([note if each == "note" else each for each in selected])

    qtbot.keyClicks(palette.search, "set var")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)

    added = model.current
    assert added is not None
    assert {(API, "success", added.id), (added.id, "success", "end")} <= {
        (link.source, link.outlet, link.to) for link in model.document.links
    }


def test_that_another_end_takes_the_place_of_none(qtbot: QtBot, window: QWidget, model: WorkflowModel) -> None:
    palette = window.findChild(BlockPalette)
    assert isinstance(palette, BlockPalette)
    before = model.document.links

    qtbot.keyClicks(palette.search, "end")
    assert palette.shown[0] == "End"
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)

    assert model.document.links == before


def test_that_enter_adds_a_lonely_block_where_there_is_no_way_yet(
    qtbot: QtBot, window: QWidget, model: WorkflowModel
) -> None:
    palette = window.findChild(BlockPalette)
    assert isinstance(palette, BlockPalette)
    model.edit("Empty", model.document.model_copy(update={"blocks": (), "links": ()}))

    qtbot.keyClicks(palette.search, "set var")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)

    assert [block.kind for block in model.document.blocks] == ["set_variable"]

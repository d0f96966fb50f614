"""How wires are laid: past the names of outlets, and round blocks."""

import pytest
from PySide6.QtCore import QRectF

from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.scene import CanvasScene
from saasdesk.ui.canvas.shapes import outlet_points
from saasdesk.ui.theme import Theme
from saasdesk.workflows import editing
from saasdesk.workflows.starters import Starter, list_starters
from tests.ui.canvas.conftest import world

_STEPS = 150


@pytest.mark.parametrize("starter", list_starters(), ids=lambda starter: starter.key)
def test_that_no_wire_crosses_the_names_of_the_outlets_of_its_block(
    qapp: object, theme: Theme, starter: Starter
) -> None:
    scene = CanvasScene(WorkflowModel(starter.document, world), theme)
    crossed = []

    for block_id, item in scene.blocks.items():
        points = outlet_points(item.area, item.face)
        if len(points) == 1:
            continue
        names = {
            outlet: QRectF(at.x() + 11, at.y() - 13, scene.ink.label(outlet)[1] - 4, 9) for outlet, at in points.items()
        }
        for link, wire in scene.links.items():
            if link.source == block_id:
                way = [wire.path.pointAtPercent(step / _STEPS) for step in range(_STEPS + 1)]
                crossed += [(link, name) for name, room in names.items() if any(room.contains(point) for point in way)]

    assert crossed == []


def test_that_what_is_written_on_wires_lies_on_no_block_and_no_name(qapp: object, theme: Theme) -> None:
    document = next(each.document for each in list_starters() if each.key == "pagerduty_delete_idle")
    model = WorkflowModel(document, world)
    document = model.document
    for link in document.links:
        document, _labelled = editing.label_link(document, link, "only whoever PagerDuty refuses")
    scene = CanvasScene(WorkflowModel(document, world), theme)

    rooms = [wire._label_room for wire in scene.links.values()]

    assert len(rooms) == len(document.links)
    for room in rooms:
        assert not any(item.area.intersects(room) for item in scene.blocks.values()), room

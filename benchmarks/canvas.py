"""The workflow canvas with 400 and 1,000 blocks: opening, pushing, carrying, everything in view, undo, auto-layout.

What is counted is the processor time of the thread at work, so that others on the machine do not count.

The measuring happens in a process of its own: `python -m benchmarks.canvas frames 400`.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.result import Findings
from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Credential
from saasdesk.fields import Field, ObjectKind
from saasdesk.ui.canvas.block_item import BlockItem
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.outline import Outline
from saasdesk.ui.canvas.view import CanvasView
from saasdesk.ui.theme import Theme
from saasdesk.workflows import editing
from saasdesk.workflows.blocks import World
from saasdesk.workflows.graph import WorkflowDocument, document_from
from saasdesk.workflows.layout import auto_layout

FRAMES = 120
_CHAIN = 17
# So many wires lead to one block: one notification for whatever fails.
_HUB = 248
_RULE = {"field": "role", "operator": "equals", "value": "Leaver"}
_KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "api", "settings": {"preset": "pagerduty_delete_user", "credential": "pd key"}},
    {"kind": "notification", "settings": {"subject": "About {{ email }}", "to": ["it@example.com"]}},
    {"kind": "update", "settings": {"values": {"role": "Leaver"}}},
    {"kind": "api", "settings": {"preset": "pagerduty_delete_user", "credential": "pd key"}, "title": "Delete again"},
)


def measure() -> Findings:
    """Each figure at 400 blocks, for which the targets are, and at 1,000."""
    found = Findings()
    for blocks in (400, 1_000):
        program = [sys.executable, "-m", "benchmarks.canvas", "frames", str(blocks)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        told = subprocess.run(program, env=environment, check=True, capture_output=True, text=True)
        seen = json.loads(told.stdout.splitlines()[-1])
        has_target = blocks == 400
        size = f"canvas of {blocks:,} blocks"
        for what, name, limit in (
            ("scroll", "scrolling it", 16),
            ("push", "pushing it aslant", 16),
            ("carry", "carrying a block", 16),
            ("hub_push", f"pushing it aslant where {_HUB} wires meet", 16),
            ("hub_carry", f"carrying the block where {_HUB} wires meet", 16),
        ):
            middle, worst = statistics.median(seen[what]), statistics.quantiles(seen[what], n=20)[-1]
            target = f"< {limit} ms a frame" if has_target else "usable"
            measured = f"median {middle:.1f} ms, p95 {worst:.1f} ms"
            found.add("–", f"{size}: {name}", target, measured, worst < limit if has_target else None)
        for what, name, limit in (
            ("whole", "all of it in view", 60),
            ("open", "opening it", 300),
            ("layout", "auto-layout", 500),
            ("undo", "undoing it", 20),
        ):
            middle = statistics.median(seen[what])
            target = f"< {limit} ms" if has_target else "usable"
            found.add("–", f"{size}: {name}", target, f"{middle:.0f} ms", middle < limit if has_target else None)
    return found


# ----- inside the measured process


def big_workflow(count: int) -> WorkflowDocument:
    """Forks in a row; from each a chain of blocks leads to an End, and what fails there is told by one notification."""
    blocks: list[dict[str, Any]] = [{"id": "b0", "kind": "begin"}]
    links: list[dict[str, str]] = []
    way = {"from": "b0", "outlet": "next"}
    while len(blocks) + _CHAIN + 3 <= count - 1:
        fork = f"b{len(blocks)}"
        branches = [{"name": "yes", "rule": _RULE}]
        blocks.append({"id": fork, "kind": "conditional", "settings": {"branches": branches}})
        links.append({**way, "to": fork})
        way, chain = {"from": fork, "outlet": "yes"}, []
        for at in range(_CHAIN):
            chain.append(f"b{len(blocks)}")
            blocks.append({"id": chain[-1], **_KINDS[at % len(_KINDS)]})
            links.append({**way, "to": chain[-1]})
            way = {"from": chain[-1], "outlet": "success"}
        told, end = f"b{len(blocks)}", f"b{len(blocks) + 1}"
        blocks += [{"id": told, **_KINDS[1]}, {"id": end, "kind": "end"}]
        links += [{**way, "to": end}, {"from": told, "outlet": "success", "to": end}]
        links += [{"from": each, "outlet": "failure", "to": told} for each in chain[::3]]
        way = {"from": fork, "outlet": "otherwise"}
    blocks.append({"id": "end", "kind": "end"})
    links.append({**way, "to": "end"})
    while len(blocks) < count:
        blocks.append({"id": f"end{len(blocks)}", "kind": "end"})
    document = document_from({"name": "Big", "object": "people", "block": blocks, "link": links}, "the benchmark")
    return editing.move_blocks(document, auto_layout(document))


def with_hub(document: WorkflowDocument) -> WorkflowDocument:
    """The same workflow, in which so many blocks tell one and the same notification what failed."""
    chain = [block.id for block in document.blocks if block.kind in ("api", "update")]
    chain += [block.id for block in document.blocks if block.kind == "notification"]
    failing = set(chain[:_HUB])
    # One of the last Ends goes, so that there is room for it.
    document = editing.remove_blocks(document, [document.of_kind("end")[-1].id])
    document, hub = editing.add_block(document, "notification", settings=_KINDS[1]["settings"], title="Hub")
    links = [link for link in document.links if link.outlet != "failure" or link.source not in failing]
    links += [editing.link_of(source, "failure", hub) for source in chain[:_HUB]]
    links.append(editing.link_of(hub, "success", document.of_kind("end")[0].id))
    document = document.model_copy(update={"links": tuple(links)})
    return editing.move_blocks(document, auto_layout(document))


def _world() -> World:
    key = Credential("1", "pd key", "pagerduty", "2026-01-01T00:00:00Z", permission="act")
    names = ("email", "role", "pager_duty_user_id")
    return World(
        {name: Field(ObjectKind.PEOPLE, name, name.title()) for name in names}, {key.name: key}, {}, CONNECTORS
    )


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return (time.thread_time() - start) * 1000


def _frames(blocks: int) -> None:
    application = QApplication([])
    theme = Theme(application, "light")
    document, world = big_workflow(blocks), _world()
    found: dict[str, list[float]] = {"layout": [_milliseconds(lambda: auto_layout(document)) for _ in range(5)]}

    def open_it() -> tuple[WorkflowModel, CanvasView, Outline]:
        model = WorkflowModel(document, lambda: world)
        view, outline = CanvasView(model, theme), Outline(model, theme)
        view.resize(1200, 750)
        outline.resize(260, 400)
        view.show()
        outline.show()
        application.processEvents()
        return model, view, outline

    kept = []
    found["open"] = [_milliseconds(lambda: kept.append(open_it())) for _ in range(5)][1:]
    model, view, _outline = kept[-1]
    for _model, other, other_outline in kept[:-1]:
        other.close()
        other_outline.close()
    view.fit()
    found["whole"] = [_milliseconds(view.viewport().repaint) for _ in range(20)]

    view.set_zoom(1.0)
    view.reveal("b1")
    view.centerOn(view.canvas.content().center())
    application.processEvents()

    found["scroll"] = _push_frames(view, 0, -24)
    view.centerOn(view.canvas.content().center())
    found["push"] = _push_frames(view, -11, 7)
    middle = view.canvas.block_at(view.mapToScene(view.viewport().rect().center()))
    chosen = middle or min(
        view.canvas.blocks.values(),
        key=lambda item: (item.area.center() - view.seen().center()).manhattanLength(),
    )
    found["carry"] = _carry_frames(view, chosen)
    found |= _hub_frames(document, world, theme)
    found["undo"] = []
    for _ in range(5):
        model.edit("Delete", editing.remove_blocks(model.document, ["b7", "b20"]))
        application.processEvents()
        found["undo"].append(_milliseconds(model.undo_stack.undo))
        application.processEvents()
    print(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)


def _push_frames(view: CanvasView, across: int, down: int, frames: int = FRAMES) -> list[float]:
    """What each of many small pushes takes."""

    def push() -> None:
        view.push(QPoint(across, down))
        QApplication.processEvents()

    return [_milliseconds(push) for _ in range(frames)]


def _carry_frames(view: CanvasView, block: BlockItem) -> list[float]:
    """What each step takes while the mouse carries a block about, and lets go of it."""
    view.centerOn(block.area.center())
    QApplication.processEvents()
    port, at = view.viewport(), view.mapFromScene(block.area.center())
    QTest.mousePress(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    def carry(step: int) -> None:
        QTest.mouseMove(port, at + QPoint(10 + (step * 5) % 200, (step * 3) % 150))
        QApplication.processEvents()

    found = [_milliseconds(lambda step=step: carry(step)) for step in range(FRAMES)][5:]
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at + QPoint(60, 60))
    return found


def _hub_frames(document: WorkflowDocument, world: World, theme: Theme) -> dict[str, list[float]]:
    """The same where very many wires lead to one block."""
    view = CanvasView(WorkflowModel(with_hub(document), lambda: world), theme)
    view.resize(1200, 750)
    view.show()
    view.set_zoom(1.0)
    hub = view.canvas.blocks["hub"]
    view.centerOn(hub.area.center())
    QApplication.processEvents()
    # There and back: the block stays in sight.
    pushed = [each for way in (1, -1, 1, -1) for each in _push_frames(view, -11 * way, 7 * way, FRAMES // 4)]
    found = {"hub_push": pushed, "hub_carry": _carry_frames(view, hub)}
    view.close()
    return found


if __name__ == "__main__":
    _frames(int(sys.argv[2]))

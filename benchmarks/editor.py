"""The mapping editor with 300 source fields and 200 links: frames while dragging and scrolling, preview, check of all.

What is counted is the processor time of the thread at work, so that others on the machine do not count.

The measuring happens in a process of its own: `python -m benchmarks.editor frames`.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from benchmarks.result import Findings
from saasdesk.connectors import CONNECTORS, VendorField
from saasdesk.errors import Cancelled
from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.mapping import MapRow
from saasdesk.mapping.preview import MappingPreview
from saasdesk.ui.mapping_editor.board import BoardState, MappingBoard, Surroundings
from saasdesk.ui.mapping_editor.editor import MappingEditor
from saasdesk.ui.theme import Theme

SOURCES, LINKS, RECORDS = 300, 200, 10_000
# As many as the largest of the four vendors' mappings has.
FEW_LINES = 25
FRAMES = 240


def measure() -> Findings:
    """Frames, one record, all records."""
    found = Findings()
    program = [sys.executable, "-m", "benchmarks.editor", "frames"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    told = subprocess.run(program, env=environment, check=True, capture_output=True, text=True)
    seen = json.loads(told.stdout.splitlines()[-1])
    size = f"{SOURCES} source fields and {LINKS} links"
    for what, name in (("drag", "carrying a source over the fields"), ("scroll", "scrolling the fields")):
        middle, worst = statistics.median(seen[what]), statistics.quantiles(seen[what], n=100)[-1]
        target = "p99 < 16 ms a frame"
        found.add("–", f"{size}: {name}", target, f"median {middle:.1f} ms, p99 {worst:.1f} ms", worst < 16)
    middle = statistics.median(seen["preview"])
    found.add("–", f"{LINKS} lines tried on the next record", "< 20 ms", f"{middle:.1f} ms", middle < 20)
    for lines in (FEW_LINES, LINKS):
        check = seen[f"check_{lines}"]
        stopped = f"{check:.2f} s; ends {seen['stopped'] * 1000:.0f} ms after Cancel"
        found.add("–", f"Check all, {lines} lines on {RECORDS:,} records, in a worker", "< 2 s", stopped, check < 2)
    return found


# ----- inside the measured process


def _big_vendor() -> Any:
    fields = tuple(
        VendorField(f"Attribute {n}", f"group_{n % 10}.field_{n}", FieldType.SHORT_TEXT, f"field_{n}")
        for n in range(SOURCES)
    )
    vendor = CONNECTORS["pagerduty"]
    return replace(vendor, fields=fields)


def _record(number: int) -> dict[str, Any]:
    groups: dict[str, Any] = {f"group_{g}": {} for g in range(10)}
    for n in range(SOURCES):
        groups[f"group_{n % 10}"][f"field_{n}"] = f"value {n} of {number}"
    return groups


def _frames() -> None:
    application = QApplication([])
    theme = Theme(application, "light")
    targets = tuple(Field(ObjectKind.PEOPLE, f"our_{n}", f"Our field {n}", position=n) for n in range(LINKS + 20))
    rows = tuple(MapRow(source=f"field_{n}", target=f"our_{n}", transform=("trim",)) for n in range(LINKS))
    vendor = _big_vendor()
    board = MappingBoard(Surroundings(vendor, targets), BoardState(rows))
    editor = MappingEditor(theme, board)
    editor.resize(1600, 900)
    board.set_records([_record(n) for n in range(50)])
    editor.show()
    application.processEvents()

    def frame() -> float:
        """Everything that a change of the window costs until it is painted."""
        start = time.thread_time()
        application.processEvents()
        return (time.thread_time() - start) * 1000

    def mouse(kind: QEvent.Type, at: QPoint, *, held: bool = True) -> float:
        viewport = editor.sources.viewport()
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        buttons = Qt.MouseButton.LeftButton if held else Qt.MouseButton.NoButton
        start = time.thread_time()
        local = QPointF(viewport.mapFromGlobal(at))
        event = QMouseEvent(kind, local, QPointF(at), button, buttons, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(viewport, event)
        return (time.thread_time() - start) * 1000 + frame()

    for _ in range(20):
        frame()
    scroll = []
    bar = editor.targets.verticalScrollBar()
    for n in range(FRAMES):
        start = time.thread_time()
        bar.setValue((n * 23) % max(1, bar.maximum()))
        scroll.append((time.thread_time() - start) * 1000 + frame())
    bar.setValue(0)
    area = editor.targets.viewport()
    start_at = editor.sources.viewport().mapToGlobal(QPoint(60, 20))
    mouse(QEvent.Type.MouseButtonPress, start_at)
    drag = []
    for n in range(FRAMES):
        at = area.mapToGlobal(QPoint(60 + n % 40, 40 + (n * 7) % max(1, area.height() - 90)))
        drag.append(mouse(QEvent.Type.MouseMove, at))
    mouse(QEvent.Type.MouseButtonRelease, start_at, held=False)
    preview = []
    for n in range(40):
        start = time.thread_time()
        board.look_at(1 + n % 49)
        preview.append((time.thread_time() - start) * 1000)
        frame()
    print(json.dumps({"drag": drag[5:], "scroll": scroll[5:], "preview": preview, **_check(vendor, targets, rows)}))
    os._exit(0)


def _check(vendor: Any, targets: Sequence[Field], rows: Sequence[MapRow]) -> dict[str, float]:
    """Seconds of the whole look, for as many lines as a vendor's mapping has and for all of them."""
    records = [_record(n) for n in range(RECORDS)]
    took = {}
    for lines in (FEW_LINES, LINKS):
        preview = MappingPreview(rows[:lines], vendor.all_fields(), {ObjectKind.PEOPLE: targets})
        start = time.thread_time()
        preview.check(records, {}, threading.Event())
        took[f"check_{lines}"] = time.thread_time() - start
    stop, answers = threading.Event(), []

    def look() -> None:
        try:
            preview.check(records, {}, stop)
        except Cancelled:
            answers.append(time.monotonic())

    thread = threading.Thread(target=look)
    thread.start()
    time.sleep(0.3)
    asked = time.monotonic()
    stop.set()
    thread.join()
    took["stopped"] = answers[0] - asked
    return took


if __name__ == "__main__":
    _frames()

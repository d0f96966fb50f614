"""Run on a real X screen by a journey, by xdotool's mouse alone.

Either PagerDuty is mapped from an empty draft to Launch ("mapping"), or the workflow is built that deletes there
("building"). Where it ends too early, a picture of the screen is left at the path that comes after.
"""

import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from saasdesk.app.picture import wait_until_drawn
from saasdesk.app.window import WindowDesk, make_application
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from tests.walks import building, mapping
from tests.walks.hands import Hand, wait_until
from tests.workflows.conftest import Workshop

_BUTTONS = {Qt.MouseButton.LeftButton: "1", Qt.MouseButton.RightButton: "3"}
# The way of an event from the X server to the window, and what the window makes of it.
_REACTION_MILLISECONDS = 60


class MouseOfX:
    """Moves the pointer of the screen."""

    def __init__(self) -> None:
        self._at = QPoint()

    def move(self, to: QPoint) -> None:
        for place in ((self._at + to) / 2, to):
            self._do("mousemove", str(place.x()), str(place.y()))
        self._at = to

    def press(self, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        self._do("mousedown", _BUTTONS[button])

    def release(self, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        self._do("mouseup", _BUTTONS[button])

    def _do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], check=True)
        QTest.qWait(_REACTION_MILLISECONDS)


def main() -> None:
    """Walk."""
    walk = sys.argv[1]
    application = make_application()
    # On a busy machine a button stays down for long; a list would take that for choosing what lies under the mouse.
    application.setDoubleClickInterval(10_000)
    with tempfile.TemporaryDirectory() as folder, Simulator(20) as simulator:
        office = Workshop(Path(folder) / "profile", simulator)
        if walk == "building":
            building.prepare(office)
        else:
            mapping.make_draft(office)
        desk = WindowDesk(application, Services(office.store.profile, office.store, office.vault))
        desk.window.resize(1280, 800)
        desk.open()
        desk.window.activateWindow()
        wait_until(desk.window.isActiveWindow, "the window")
        desk.window.navigate("workflows" if walk == "building" else "integrations")
        wait_until_drawn(desk)
        hand = Hand(MouseOfX())
        if walk == "building":
            saved = building.by_mouse(desk.window, office, hand)
            assert building.without_places(saved.document) == building.WANTED
        else:
            mapping.by_mouse(desk.window, office, hand)
        desk.close()
        office.close()
    sys.stdout.write("came through\n")
    sys.stdout.flush()
    # Nothing is left to be tidied up, and what Qt keeps for its own end is of no interest here.
    os._exit(0)


def _give_up(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A window with edits that nobody saved would ask, and nobody would answer."""
    traceback.print_exception(kind, error, trace)
    subprocess.run(["import", "-silent", "-window", "root", sys.argv[2]], check=False)
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    sys.excepthook = _give_up
    main()

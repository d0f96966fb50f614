"""Run on a real X screen by a journey: PagerDuty mapped from an empty draft to Launch, by xdotool's mouse alone."""

import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from saasdesk.app.window import WindowDesk, make_application
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from tests.sync.conftest import Office
from tests.walks import mapping
from tests.walks.hands import Hand, settle, wait_until

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
    """Walk, and leave a picture if one is wanted."""
    application = make_application()
    with tempfile.TemporaryDirectory() as folder, Simulator(60) as simulator:
        office = Office(Path(folder) / "profile", simulator)
        mapping.make_draft(office)
        desk = WindowDesk(application, Services(office.store.profile, office.store, office.vault))
        desk.window.resize(1280, 800)
        desk.open()
        desk.window.activateWindow()
        wait_until(desk.window.isActiveWindow, "the window")
        desk.window.navigate("integrations")
        settle()
        mapping.by_mouse(desk.window, office, Hand(MouseOfX()))
        if len(sys.argv) > 1:
            desk.window.grab().save(sys.argv[1])
        desk.close()
        office.close()
    sys.stdout.write("launched\n")
    sys.stdout.flush()
    # Nothing is left to be tidied up, and what Qt keeps for its own end is of no interest here.
    os._exit(0)


def _give_up(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A window with edits that nobody saved would ask, and nobody would answer."""
    traceback.print_exception(kind, error, trace)
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    sys.excepthook = _give_up
    main()

"""A picture of the window, drawn into memory where there is no screen."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from saasdesk.services import Services

if TYPE_CHECKING:
    from saasdesk.app.window import WindowDesk

_SIZE = (1280, 800)
# So long without anybody reading or working, and so many rounds of events, mean that everything is drawn: a page
# lays itself out over several rounds, and on a busy machine each of them may take long.
_QUIET_SECONDS = 0.6
_QUIET_ROUNDS = 30
_LONGEST_SECONDS = 15.0


def take_picture(services: Services, target: Path, page: str = "integrations", argument: object = None) -> Path | None:
    """Show the window with this page and save what it looks like; None when Qt cannot start."""
    if "DISPLAY" not in os.environ and "WAYLAND_DISPLAY" not in os.environ:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from saasdesk.app.window import WindowDesk, make_application
    except ImportError:
        # A library that Qt needs is missing: the figures and files are there all the same.
        return None
    application = make_application()
    desk = WindowDesk(application, services)
    desk.window.resize(*_SIZE)
    desk.open(page=page, argument=argument)
    wait_until_drawn(desk)
    picture = desk.window.grab()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    saved = picture.save(str(target))
    target.chmod(0o600)
    desk.close()
    return target if saved else None


def wait_until_drawn(desk: "WindowDesk") -> None:
    """Let the window work until nothing has been read and no job has run for a moment."""
    from PySide6.QtCore import QCoreApplication, QEventLoop

    end = time.monotonic() + _LONGEST_SECONDS
    quiet_since, quiet_rounds = time.monotonic(), 0
    while time.monotonic() < end and (time.monotonic() - quiet_since < _QUIET_SECONDS or quiet_rounds < _QUIET_ROUNDS):
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        quiet_rounds += 1
        if desk.jobs.running() or desk.pages.readers.is_reading:
            quiet_since, quiet_rounds = time.monotonic(), 0
        time.sleep(0.01)

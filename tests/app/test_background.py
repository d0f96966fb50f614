"""The program without its window, in a process that believes in a tray."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

# A whole program; what the tray is told is printed. The offscreen platform has no tray of its own.
_SCRIPT = """
import sys, json, threading
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSystemTrayIcon
QSystemTrayIcon.isSystemTrayAvailable = staticmethod(lambda: True)
QSystemTrayIcon.showMessage = lambda self, title, text, *rest: print(json.dumps(["told", title, text]), flush=True)
from saasdesk.app.window import WindowDesk, make_application
from saasdesk.credentials import Vault
from saasdesk.notices import News, NoticeKind, tell
from saasdesk.profile import open_profile
from saasdesk.services import Services
from saasdesk.store import Store

profile = open_profile(Path(sys.argv[1]))
steps = []

def step(work):
    steps.append(work)
    return work

with Store.open(profile) as store:
    store.save_setting("tray", "keep")
    services = Services(profile, store, Vault(store))
    desk = WindowDesk(make_application(), services)
    desk.open()

    def say(cause):
        news = News(cause, NoticeKind.RUN_FAILED, f"{cause} failed", "The key was refused.", "activity")
        desk.jobs.start(lambda *_: store.write(lambda db: tell(db, news, "2026-03-02T08:00:00Z")), cause)

    @step
    def close():
        desk.window.close()
        print(json.dumps(["visible", desk.window.isVisible()]), flush=True)

    @step
    def fail():
        say("first")

    @step
    def fail_again():
        say("first")

    @step
    def fail_twice():
        say("second")
        say("third")

    @step
    def pause():
        desk.background.tray.pause.trigger()

    @step
    def open_again():
        print(json.dumps(["paused", store.settings().scheduling_paused]), flush=True)
        desk.background.tray.open_wanted.emit()
        print(json.dumps(["visible", desk.window.isVisible()]), flush=True)

    @step
    def quit_it():
        print(json.dumps(["unread", desk.notices.bell.unread]), flush=True)
        desk.background.tray.quit_wanted.emit()

    timer = QTimer()
    timer.timeout.connect(lambda: steps.pop(0)() if steps else None)
    timer.start(900)
    desk.run()
    print(json.dumps(["ended"]), flush=True)
"""


def test_that_the_program_goes_on_without_a_window_tells_and_quits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")

    command = [sys.executable, "-c", _SCRIPT, str(tmp_path / "profile")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stderr
    seen = [json.loads(line) for line in done.stdout.splitlines()]
    told = [line for line in seen if line[0] == "told"]
    assert [line for line in seen if line[0] != "told"] == [
        ["visible", False], ["paused", True], ["visible", True], ["unread", 3], ["ended"],
    ]  # fmt: skip
    # What happens again within the hour is counted by the bell; what else comes in it is told together at its end.
    assert told == [["told", "first failed", "The key was refused."]]

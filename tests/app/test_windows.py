"""From one's own profile to the demo and back, in one start of the program."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from saasdesk.app.window import delete_demo
from saasdesk.errors import UserError
from saasdesk.profile import open_profile
from saasdesk.store import Store

# Presses one command after the other as soon as a window of the wanted mode offers it.
_SCRIPT = """
import json, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from saasdesk.app import main
from saasdesk.app.window import make_application
from saasdesk.ui.main_window import MainWindow
from saasdesk.ui.widgets.question import Question

import saasdesk.app.demo_story

# The company has no past here: each window would wait for it.
saasdesk.app.demo_story.DAYS = ()
wanted = json.loads(sys.argv.pop(1))
make_application()

def press():
    for question in QApplication.topLevelWidgets():
        if isinstance(question, Question) and question.isVisible() and question._buttons[-1].text() == wanted[0][1]:
            wanted.pop(0)
            question._buttons[-1].click()
            return
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]
    if not windows or windows[-1].status.shown_jobs() or windows[-1].status.mode.label.text() != wanted[0][0]:
        return
    for command in windows[-1].all_commands():
        if command.text == wanted[0][1]:
            print(*wanted.pop(0), flush=True)
            if not wanted:
                timer.stop()
            command.run()
            return

timer = QTimer()
timer.timeout.connect(press)
timer.start(50)
sys.exit(main())
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, folder in (("HOME", "home"), ("XDG_DATA_HOME", "data"), ("XDG_RUNTIME_DIR", "run")):
        (tmp_path / folder).mkdir(mode=0o700)
        monkeypatch.setenv(name, str(tmp_path / folder))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delenv("SAASDESK_PROFILE", raising=False)
    return tmp_path


def windows(*presses: tuple[str, str]) -> list[str]:
    """Press these commands, each in a window of this mode; what was pressed before the program came to its end."""
    command = [sys.executable, "-c", _SCRIPT, json.dumps(presses)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_that_the_demo_is_explored_and_left_again_also_beside_a_chosen_profile(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAASDESK_PROFILE", str(home / "mine"))

    pressed = windows(("LIVE", "Explore the demo company"), ("DEMO", "Leave the demo"), ("LIVE", "Quit"))

    assert pressed == ["LIVE Explore the demo company", "DEMO Leave the demo", "LIVE Quit"]
    assert (home / "data" / "saasdesk-demo").is_dir()


def test_that_the_demo_is_deleted_and_ones_own_profile_stays(home: Path) -> None:
    own = open_profile(home / "data" / "saasdesk")
    Store.open(own).close()

    pressed = windows(
        ("LIVE", "Explore the demo company"), ("DEMO", "Delete the demo…"), ("", "Delete the demo"), ("LIVE", "Quit")
    )

    assert pressed[-1] == "LIVE Quit"
    assert not (home / "data" / "saasdesk-demo").exists()
    assert own.database.exists()


def test_that_nothing_but_a_demo_is_deleted(tmp_path: Path) -> None:
    own = open_profile(tmp_path / "mine")
    Store.open(own).close()

    with pytest.raises(UserError, match="holds real data"):
        delete_demo(own.folder)

    assert own.database.exists()


def test_p12_that_a_demo_that_somebody_looks_at_is_not_deleted(tmp_path: Path) -> None:
    demo = open_profile(tmp_path / "demo", demo=True)

    with Store.open(demo), pytest.raises(UserError, match="is using the profile"):
        delete_demo(demo.folder)

    assert demo.database.exists()

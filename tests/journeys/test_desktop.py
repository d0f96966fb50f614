"""The private desktop itself: what the other journeys take for granted."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.desktop import KEYRING_PASSWORD, Desktop

pytestmark = pytest.mark.journey

KEYRING_CALL = """
import sys
from keyring.backends.SecretService import Keyring
try:
    if sys.argv[1] == "set":
        Keyring().set_password("desk", "key", sys.argv[2])
    print(Keyring().get_password("desk", "key"))
except Exception as error:
    print(type(error).__name__)
"""


def call_keyring(desktop: Desktop, *words: str) -> str:
    done = desktop.run([sys.executable, "-c", KEYRING_CALL, *words])
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_that_a_secret_survives_a_restart_and_is_not_on_disk_in_the_clear(tmp_path: Path) -> None:
    with Desktop(screen=None, state=tmp_path / "state") as first:
        stored = call_keyring(first, "set", "s3cret-value")
    with Desktop(screen=None, state=tmp_path / "state") as second:
        read = call_keyring(second, "get")

    assert (stored, read) == ("s3cret-value", "s3cret-value")
    files = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert any(path.suffix == ".keyring" for path in files)
    assert not any(b"s3cret-value" in path.read_bytes() for path in files)


def test_that_two_desktops_share_no_secret() -> None:
    with Desktop(screen=None) as one, Desktop(screen=None) as other:
        call_keyring(one, "set", "mine")

        assert call_keyring(other, "get") == "None"


@pytest.mark.parametrize("was_filled", [True, False], ids=["filled before", "never filled"])
def test_that_a_locked_keyring_gives_nothing_away(tmp_path: Path, was_filled: bool) -> None:
    if was_filled:
        with Desktop(screen=None, state=tmp_path) as desktop:
            call_keyring(desktop, "set", "s3cret-value")

    with Desktop(screen=None, keyring="locked", state=tmp_path) as desktop:
        answer = call_keyring(desktop, "get")

    assert answer in ("KeyringLocked", "InitError")


def test_that_a_bus_without_a_keyring_cannot_start_one_either() -> None:
    with Desktop(screen=None, keyring=None) as desktop:
        question = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]
        startable = desktop.run([*question, "org.freedesktop.DBus.ListActivatableNames"], check=True).stdout

        assert "org.freedesktop.DBus" in startable
        assert "secrets" not in startable
        assert call_keyring(desktop, "get") == "InitError"


def test_that_without_a_bus_there_is_not_even_an_address() -> None:
    with Desktop(screen=None, bus=False) as desktop:
        assert "DBUS_SESSION_BUS_ADDRESS" not in desktop.env
        assert call_keyring(desktop, "get") == "SecretServiceNotAvailableException"


def test_that_everything_a_desktop_started_is_gone_after_it(tmp_path: Path) -> None:
    with Desktop(screen=None, state=tmp_path) as desktop:
        sleeper = desktop.start(["sleep", "600"])
        address = desktop.env["DBUS_SESSION_BUS_ADDRESS"].partition("path=")[2].partition(",")[0]
        assert Path(address).exists()

    assert sleeper.poll() is not None
    assert not Path(address).exists()


def test_that_home_is_private_and_the_keyring_password_is_in_no_environment(tmp_path: Path) -> None:
    with Desktop(screen=None, state=tmp_path) as desktop:
        folders = [Path(value) for name, value in desktop.env.items() if name == "HOME" or name.startswith("XDG_")]

        assert all(folder.stat().st_mode & 0o777 == 0o700 for folder in folders)
        assert Path(desktop.env["HOME"]).is_relative_to(tmp_path)
        assert not any(KEYRING_PASSWORD in value for value in desktop.env.values())


WINDOW = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("<h1>Here I am</h1>")
label.setWindowTitle("A window for a test")
label.resize(400, 300)
label.show()
app.exec()
"""


@pytest.mark.x11
def test_that_a_window_opens_is_managed_and_can_be_pictured(tmp_path: Path) -> None:
    with Desktop(screen="800x600x24") as desktop:
        desktop.start([sys.executable, "-c", WINDOW])

        window = desktop.wait_for_window("A window for a test")
        desktop.run(["xdotool", "windowactivate", "--sync", window], check=True)
        desktop.take_picture(tmp_path / "screen.png")

        size = desktop.run(["identify", "-format", "%w %h", tmp_path / "screen.png"], check=True)
    assert size.stdout.split() == ["800", "600"]


@pytest.mark.x11
def test_that_the_screen_ends_with_the_desktop() -> None:
    with Desktop(screen="800x600x24", bus=False) as desktop:
        environment = desktop.env
        assert subprocess.run(["xprop", "-root"], env=environment, capture_output=True, check=False).returncode == 0

    assert subprocess.run(["xprop", "-root"], env=environment, capture_output=True, check=False).returncode == 1

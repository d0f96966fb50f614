"""The program without its window, on a real screen with a tray: it goes on, tells of trouble, and comes back."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.journeys.shell import NAME, PROGRAM, Shell, Vendors

pytestmark = [pytest.mark.journey, pytest.mark.x11]

# What a desktop's panel is to the programs on its bus: a place for icons, and one for messages. Prints what comes.
PANEL = """
from jeepney import HeaderFields, MessageType, message_bus, new_method_return
from jeepney.io.blocking import open_dbus_connection

bus = open_dbus_connection("SESSION")
for name in ("org.kde.StatusNotifierWatcher", "org.freedesktop.Notifications"):
    bus.send_and_get_reply(message_bus.RequestName(name))
print("ready", flush=True)
while True:
    message = bus.receive()
    if message.header.message_type != MessageType.method_call:
        continue
    match message.header.fields[HeaderFields.member]:
        case "Get":
            answer = ("v", (("b", True) if "Host" in message.body[1] else ("i", 0),))
        case "RegisterStatusNotifierItem":
            print("icon", flush=True)
            answer = (None, ())
        case "Notify":
            print("told", message.body[3], flush=True)
            answer = ("u", (1,))
        case "GetCapabilities":
            answer = ("as", (["body"],))
        case "GetServerInformation":
            answer = ("ssss", ("panel", "tests", "1", "1.2"))
        case _:
            answer = (None, ())
    bus.send(new_method_return(message, *answer))
"""


@pytest.fixture
def screen() -> Iterator[Desktop]:
    with Desktop(screen="1280x800x24") as desktop:
        yield desktop


@pytest.fixture
def panel(screen: Desktop) -> "subprocess.Popen[str]":
    started = screen.start([sys.executable, "-u", "-c", PANEL], stdout=subprocess.PIPE)
    assert line_of(started) == "ready"
    return started


@pytest.fixture
def shell(screen: Desktop, tmp_path: Path) -> Iterator[Shell]:
    """A launched integration whose vendor refuses the key from now on."""
    made = Shell(screen, tmp_path)
    with Vendors(screen, people=10) as vendors:
        made.connect(vendors)
        vendors.fault("status", status=401)
        yield made


def line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def windows(screen: Desktop) -> list[str]:
    found = screen.run(["xdotool", "search", "--onlyvisible", "--name", "saasdesk"])
    return found.stdout.split()


def wait_until(is_true: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.1)


def is_in_front(screen: Desktop) -> bool:
    """A window can be seen before the window manager has given it the keyboard."""
    return "saasdesk" in screen.run(["xdotool", "getactivewindow", "getwindowname"]).stdout


def press(screen: Desktop, keys: str) -> None:
    wait_until(lambda: is_in_front(screen))
    screen.run(["xdotool", "key", keys], check=True)


@pytest.mark.slow
def test_that_a_closed_window_leaves_the_program_in_the_tray_until_it_is_opened_again_or_quits(
    screen: Desktop, panel: "subprocess.Popen[str]", shell: Shell
) -> None:
    shell.run("setting", "set", "tray", "keep")
    program = screen.start([PROGRAM], env=shell.env)
    screen.wait_for_window("saasdesk")
    assert line_of(panel) == "icon"

    press(screen, "alt+F4")
    wait_until(lambda: not windows(screen))
    assert program.poll() is None

    # Handed to the program that nobody sees; what went wrong is told on the desktop.
    shell.run("run", NAME, exit_code=3)
    assert line_of(panel) == f"told “{NAME}” failed"

    screen.run([PROGRAM], env=shell.env, check=True)
    wait_until(lambda: windows(screen))
    press(screen, "ctrl+q")
    assert program.wait(30) == 0

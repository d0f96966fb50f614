"""A private desktop for tests that need the true things: a screen, a window manager, a session bus, GNOME Keyring.

    with Desktop() as desktop:
        done = desktop.run([sys.executable, "-m", "saasdesk", "doctor"])

Nothing of it touches the desktop, the home folder or the keyring of whoever runs the tests.
"""

import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

KEYRING_PASSWORD = "only for tests"
READY_WITHIN_SECONDS = 30.0

# No <servicedir>: this bus starts nothing on demand, so there is a Secret Service exactly when we started one.
BUS_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

# What would lead a program back to the desktop of whoever runs the tests, or to settings of theirs.
FOREIGN = (
    "DBUS_",
    "DESKTOP_",
    "DISPLAY",
    "GNOME_",
    "GTK_",
    "PYTEST_",
    "QT_",
    "SAASDESK_",
    "SESSION_",
    "SSH_",
    "WAYLAND_",
    "XAUTH",
    "XDG_",
)


class DesktopError(Exception):
    """The desktop could not be started, which says nothing about what was to be tested on it."""


class Desktop:
    """Starts what was asked for, waits until each part answers, and ends all of it by process id.

    `screen=None` draws into memory instead (Qt's offscreen platform). `keyring="locked"` is a keyring that nobody can
    unlock; to have something in it, use a `state` folder again that an unlocked one has filled.
    """

    def __init__(
        self,
        *,
        screen: str | None = "1280x800x24",
        window_manager: bool = True,
        bus: bool = True,
        keyring: Literal["unlocked", "locked"] | None = "unlocked",
        state: Path | None = None,
    ) -> None:
        self.screen = screen
        self.window_manager = window_manager
        self.bus = bus
        self.keyring = keyring
        self.state = state
        self.env: dict[str, str] = {}
        self._cleanup = ExitStack()
        self._log = Path()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._cleanup = stack
            self._make_folders()
            if self.screen is not None:
                self._start_screen()
                if self.window_manager:
                    self._start_window_manager()
            if self.bus:
                self._start_bus()
                if self.keyring is not None:
                    self._start_keyring()
            self._cleanup = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    def run(
        self, command: Sequence[str | Path], *, timeout_seconds: float = 60, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Runs the command to its end and gives back its exit code and what it printed."""
        settings: dict[str, Any] = {
            "env": self.env,
            "capture_output": True,
            "text": True,
        }
        if "input" not in options:
            settings["stdin"] = subprocess.DEVNULL
        return subprocess.run(command, timeout=timeout_seconds, **(settings | options))  # noqa: PLW1510

    def start(self, command: Sequence[str | Path], **options: Any) -> subprocess.Popen[str]:
        """Starts a command that goes on by itself; whatever of it still runs when the desktop ends is ended first."""
        settings: dict[str, Any] = {"env": self.env, "text": True, "stdin": subprocess.DEVNULL}
        process: subprocess.Popen[str] = subprocess.Popen(command, **(settings | options))
        self._cleanup.callback(_end, process)
        return process

    def wait_for_window(self, title: str, timeout_seconds: float = 30) -> str:
        """The X id of a visible window whose title contains `title`."""
        found = self.run(
            ["xdotool", "search", "--sync", "--onlyvisible", "--name", title], timeout_seconds=timeout_seconds
        )
        return found.stdout.split()[-1]

    def take_picture(self, path: Path) -> None:
        """Writes what is on the screen now as a picture."""
        self.run(["import", "-silent", "-window", "root", path], check=True)

    def _make_folders(self) -> None:
        temporary = Path(
            self._cleanup.enter_context(tempfile.TemporaryDirectory(prefix="desk-", ignore_cleanup_errors=True))
        )
        state = self.state or temporary
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        folders = {
            "HOME": state / "home",
            "XDG_CACHE_HOME": state / "cache",
            "XDG_CONFIG_HOME": state / "config",
            "XDG_DATA_HOME": state / "data",
            "XDG_STATE_HOME": state / "state",
            # Sockets lie here, and the path of a socket may only have 107 letters.
            "XDG_RUNTIME_DIR": temporary / "run",
        }
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, folder in folders.items():
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
            self.env[name] = str(folder)
        self._log = temporary / "desktop.log"
        self.env |= {
            "LANG": "C.UTF-8",
            "NO_AT_BRIDGE": "1",
            "PYTHONUNBUFFERED": "1",
            "QT_QPA_PLATFORM": "offscreen",
        }

    def _start_screen(self) -> None:
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb", buffering=0) as answer:
            try:
                command = [
                    "Xvfb",
                    "-displayfd",
                    str(writing),
                    "-screen",
                    "0",
                    str(self.screen),
                    "-nolisten",
                    "tcp",
                    "-noreset",
                ]
                self._spawn("xvfb", [*command, "-dpi", "96"], pass_fds=(writing,))
            finally:
                os.close(writing)
            number = self._read_line("The X server", answer)
        self.env |= {
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
            "QT_XCB_GL_INTEGRATION": "none",
            "XDG_SESSION_TYPE": "x11",
        }

    def _start_window_manager(self) -> None:
        openbox = self._spawn("openbox", ["openbox", "--sm-disable"])
        question = ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]
        self._wait_until("The window manager", openbox, lambda: "window id" in self.run(question).stdout)

    def _start_bus(self) -> None:
        run_folder = Path(self.env["XDG_RUNTIME_DIR"])
        configuration = run_folder / "bus.conf"
        configuration.write_text(BUS_CONFIGURATION.format(socket=run_folder / "bus"), encoding="utf-8")
        command = ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile", "--print-address=1"]
        daemon = self._spawn("dbus", command, stdout=subprocess.PIPE)
        assert daemon.stdout is not None
        with daemon.stdout as answer:
            self.env["DBUS_SESSION_BUS_ADDRESS"] = self._read_line("The session bus", answer)

    def _start_keyring(self) -> None:
        control = Path(self.env["XDG_RUNTIME_DIR"]) / "keyring"
        command = ["gnome-keyring-daemon", "--foreground", "--components=secrets", f"--control-directory={control}"]
        if self.keyring == "unlocked":
            daemon = self._spawn("gnome-keyring", [*command, "--unlock"], stdin=subprocess.PIPE)
            assert daemon.stdin is not None
            # It takes everything up to the end as the password, a newline too.
            with daemon.stdin as password:
                password.write(KEYRING_PASSWORD.encode())
        else:
            daemon = self._spawn("gnome-keyring", command)
        self._wait_until("The keyring", daemon, self._has_keyring)

    def _has_keyring(self) -> bool:
        service = "--dest=org.freedesktop.secrets"
        if self.keyring == "locked":
            question = [
                "--dest=org.freedesktop.DBus",
                "/",
                "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.secrets",
            ]
            expected = "boolean true"
        else:
            question = [
                service,
                "/org/freedesktop/secrets",
                "org.freedesktop.Secret.Service.ReadAlias",
                "string:default",
            ]
            expected = "/org/freedesktop/secrets/collection/"
        return expected in self.run(["dbus-send", "--session", "--print-reply", *question]).stdout

    def _spawn(self, package: str, command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        program = shutil.which(command[0])
        if program is None:
            raise DesktopError(f"{command[0]} is not installed: get the Debian package {package}, or run make test.")
        with self._log.open("ab") as log:
            settings: dict[str, Any] = {"env": self.env, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            # Its own session: Ctrl-C reaches the tests only, and they then end this in good order.
            settings |= {"start_new_session": True} | options
            try:
                process = subprocess.Popen([program, *command[1:]], **settings)
            except PermissionError:
                # Containers refuse the right to lock memory that the program's file carries; a copy carries none.
                copy = shutil.copy(program, self.env["XDG_RUNTIME_DIR"])
                process = subprocess.Popen([copy, *command[1:]], **settings)
        self._cleanup.callback(_end, process)
        return process

    def _read_line(self, what: str, source: IO[bytes]) -> str:
        line = b""
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not line.endswith(b"\n"):
            is_readable, _, _ = select.select([source], [], [], max(0.0, deadline - time.monotonic()))
            letters = os.read(source.fileno(), 256) if is_readable else b""
            if not letters:
                raise self._failure(what)
            line += letters
        return line.decode().strip()

    def _wait_until(self, what: str, process: subprocess.Popen[bytes], is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise self._failure(what)
            time.sleep(0.02)

    def _failure(self, what: str) -> DesktopError:
        said = self._log.read_text(encoding="utf-8", errors="replace")[-2000:] if self._log.exists() else ""
        return DesktopError(f"{what} did not start. The parts of the desktop said:\n{said}")


def _end(process: subprocess.Popen[Any]) -> None:
    """Asks the process to end, and ends it when it does not within three seconds."""
    process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()

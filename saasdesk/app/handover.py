"""A command typed beside an open window is carried out by the window's process, and answers as usual.

Both sides speak JSON lines over a local socket that only the owner of the profile can open. The command's side sends
{"words": …} and, where asked, {"secret": …} or {"cancel": true}; the window's side answers with {"out": …},
{"err": …}, {"ask": …} and at last {"exit": …}.
"""

import hmac
import io
import json
import os
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

from saasdesk import cli
from saasdesk.errors import ExitCode
from saasdesk.profile import Profile

_CONNECT_SECONDS = 2.0
_STOP_SECONDS = 2.0
_LARGEST_LINE = 1_000_000


class Listener:
    """The window's side: carries out one command at a time for each connection, with the window's own services."""

    def __init__(
        self,
        profile: Profile,
        make_desk: Callable[[cli.Terminal], cli.Desk],
        raise_window: Callable[[], None],
        *,
        carried_out: Callable[[], None] = lambda: None,
    ) -> None:
        self._profile, self._make_desk, self._raise_window = profile, make_desk, raise_window
        self._carried_out = carried_out
        self._token = secrets.token_hex(16)
        self._socket = _listen(profile)
        _write_address(profile, self._socket, self._token)
        self._serving: dict[threading.Thread, threading.Event] = {}
        self._thread = threading.Thread(target=self._accept, name="handover", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, and see what is going on to its end, which is soon: it is asked to stop."""
        serving = dict(self._serving)
        for stop in serving.values():
            stop.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(_STOP_SECONDS)
        for thread in serving:
            thread.join(_STOP_SECONDS)
        _address_file(self._profile).unlink(missing_ok=True)
        if hasattr(socket, "AF_UNIX"):
            with suppress(OSError):
                os.unlink(self._profile.socket_name)  # noqa: PTH108 - a name, not always a path

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), name="handed-over", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        line = _Line(connection)
        stop = threading.Event()
        self._serving[threading.current_thread()] = stop
        try:
            first = line.read()
            if first is None or not hmac.compare_digest(str(first.get("token", "")), self._token):
                return
            if first.get("raise"):
                self._raise_window()
                line.write({"exit": int(ExitCode.DONE)})
                return
            answers = _Answers(line, stop)
            terminal = cli.Terminal(
                out=_Stream(line, "out"),
                err=_Stream(line, "err", is_terminal=bool(first.get("shows_progress"))),
                read_secret=answers.ask,
                is_terminal=bool(first.get("is_terminal")),
                width=int(first.get("width", 100)),
                folder=Path(str(first.get("folder", ""))),
                stop=stop,
            )
            words = [str(word) for word in first.get("words", ())]
            code = cli.run_command(words, self._make_desk(terminal))
            self._carried_out()
            line.write({"exit": code})
        except (OSError, ValueError):
            # The command's side has gone: nobody is left to answer, so nothing should go on.
            stop.set()
        finally:
            self._serving.pop(threading.current_thread(), None)
            line.close()


def send(profile: Profile, words: list[str], terminal: cli.Terminal) -> int:
    """The command's side: hand the words over, print what comes back, and return the exit code."""
    line = _connect(profile)
    if line is None:
        terminal.note("An open window holds the profile and does not answer. Close it and try again.")
        return int(ExitCode.LOCKED)
    with closing(line):
        line.write(
            {
                "words": words,
                "is_terminal": terminal.is_terminal,
                "shows_progress": terminal.err.isatty(),
                "width": terminal.width,
                "folder": str(terminal.folder),
            }
        )
        return _follow(line, terminal)


def _follow(line: "_Line", terminal: cli.Terminal) -> int:
    """Print what comes back until the exit code does; Ctrl+C goes to the other side, a second one ends this side."""
    is_cancelled = False
    while True:
        try:
            code = _take_message(line, terminal)
        except KeyboardInterrupt:
            if is_cancelled:
                return int(ExitCode.CANCELLED)
            is_cancelled = True
            with suppress(OSError):
                line.write({"cancel": True})
        else:
            if code is not None:
                return code


def _take_message(line: "_Line", terminal: cli.Terminal) -> int | None:
    try:
        message = line.read()
    except (OSError, ValueError):
        message = None
    match message:
        case None:
            terminal.note("The open window ended before the command did. Run it again.")
            return int(ExitCode.LOCKED)
        case {"out": str(text)}:
            terminal.out.write(text)
            terminal.out.flush()
        case {"err": str(text)}:
            terminal.err.write(text)
            terminal.err.flush()
        case {"ask": str(prompt)}:
            line.write({"secret": terminal.read_secret(prompt)})
        case {"exit": int(code)}:
            return code
        case _:
            # A word of a later version.
            pass
    return None


def raise_open_window(profile: Profile) -> bool:
    """Bring the open window to the front; False when there is none that answers."""
    line = _connect(profile)
    if line is None:
        return False
    with closing(line), suppress(OSError, ValueError):
        line.write({"raise": True})
        return line.read() is not None
    return False


def somebody_listens(profile: Profile) -> bool:
    """Whether an open window takes commands for this profile."""
    line = _connect(profile)
    if line is None:
        return False
    line.close()
    return True


class _Line:
    """JSON messages over a socket, one a line."""

    def __init__(self, connection: socket.socket, token: str = "") -> None:
        self._connection, self._token = connection, token
        self._reader = connection.makefile("rb")
        self._lock = threading.Lock()

    def read(self) -> dict[str, Any] | None:
        text = self._reader.readline(_LARGEST_LINE)
        if not text:
            return None
        message = json.loads(text)
        return message if isinstance(message, dict) else {}

    def write(self, message: dict[str, object]) -> None:
        if self._token:
            message = {**message, "token": self._token}
        with self._lock:
            self._connection.sendall(json.dumps(message).encode() + b"\n")

    def close(self) -> None:
        # Whoever reads in another thread gets to the end now; the reader itself is theirs to let go of.
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._reader.close()
        self._connection.close()


class _Answers:
    """Reads what the command's side says while the command is going on: answers to questions, and Cancel."""

    def __init__(self, line: _Line, stop: threading.Event) -> None:
        self._line, self._stop = line, stop
        self._secret: str | None = None
        self._arrived = threading.Event()
        threading.Thread(target=self._listen, name="handed-over-input", daemon=True).start()

    def ask(self, prompt: str) -> str:
        self._arrived.clear()
        self._line.write({"ask": prompt})
        while not self._arrived.wait(0.1):
            if self._stop.is_set():
                raise KeyboardInterrupt
        secret, self._secret = self._secret, None
        return secret or ""

    def _listen(self) -> None:
        with suppress(OSError, ValueError):
            while (message := self._line.read()) is not None:
                if message.get("cancel"):
                    self._stop.set()
                if "secret" in message:
                    self._secret = str(message["secret"])
                    self._arrived.set()
        # A command whose reader has gone is like one that was cancelled.
        self._stop.set()


class _Stream(io.StringIO):
    """A text stream whose text travels to the command's side."""

    def __init__(self, line: _Line, name: str, *, is_terminal: bool = False) -> None:
        super().__init__()
        self._line, self._name, self._is_terminal = line, name, is_terminal

    def isatty(self) -> bool:
        """Whether the text ends on a terminal over there: then progress is drawn, not listed."""
        return self._is_terminal

    def write(self, text: str) -> int:
        """Send the text along."""
        if text:
            self._line.write({self._name: text})
        return len(text)


def _address_file(profile: Profile) -> Any:
    return profile.folder / "window.json"


def _listen(profile: Profile) -> socket.socket:
    if hasattr(socket, "AF_UNIX") and os.path.isabs(profile.socket_name):  # noqa: PTH117
        with suppress(OSError):
            os.unlink(profile.socket_name)  # noqa: PTH108
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(profile.socket_name)
    else:
        # A path too long for a socket, or a system without them: loopback, guarded by the token in a private file.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.bind(("127.0.0.1", 0))
    listener.listen(8)
    return listener


def _write_address(profile: Profile, listener: socket.socket, token: str) -> None:
    port = listener.getsockname()[1] if listener.family == socket.AF_INET else 0
    text = json.dumps({"token": token, "port": port})
    file = os.open(_address_file(profile), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        stream.write(text)


def _connect(profile: Profile) -> _Line | None:
    with ExitStack() as on_failure:
        try:
            address = json.loads(_address_file(profile).read_text(encoding="utf-8"))
            port, token = int(address["port"]), str(address["token"])
            family = socket.AF_INET if port else socket.AF_UNIX
            connection = on_failure.enter_context(socket.socket(family, socket.SOCK_STREAM))
            connection.settimeout(_CONNECT_SECONDS)
            connection.connect(("127.0.0.1", port) if port else profile.socket_name)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        connection.settimeout(None)
        on_failure.pop_all()
        return _Line(connection, token)

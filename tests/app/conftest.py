"""Both ends of a handed-over command in one process: an open profile that listens, and a command's terminal."""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from saasdesk import cli
from saasdesk.app import handover
from saasdesk.app.printing import draw_pdf
from saasdesk.credentials import Vault
from saasdesk.jobs import Jobs
from saasdesk.profile import open_profile
from saasdesk.services import Services
from saasdesk.store import Store


@dataclass
class OpenWindow:
    """What an open window is to a command: services that are in use, and a listener."""

    services: Services
    raised: threading.Event = field(default_factory=threading.Event)
    desks: list[cli.Terminal] = field(default_factory=list)

    def make_desk(self, terminal: cli.Terminal) -> cli.Desk:
        """The surroundings of a handed-over command."""
        self.desks.append(terminal)

        @contextmanager
        def services() -> Iterator[Services]:
            yield self.services

        def refuse(*_: object) -> int:
            raise AssertionError("not asked for here")

        return cli.Desk(
            terminal=terminal,
            writing=services,
            reading=services,
            jobs=Jobs(lambda _message: None),
            restore=lambda _file: None,
            start_demo=refuse,
            examine=list,
            draw_pdf=draw_pdf,
        )


@contextmanager
def open_window(folder: Path) -> Iterator[OpenWindow]:
    """A profile that is open in a window, which listens for commands."""
    with Store.open(open_profile(folder)) as store:
        window = OpenWindow(Services(store.profile, store, Vault(store)))
        listener = handover.Listener(store.profile, window.make_desk, window.raised.set)
        try:
            yield window
        finally:
            listener.close()


@pytest.fixture
def window(profile_dir: Path) -> Iterator[OpenWindow]:
    """A listening window on a new profile."""
    with open_window(profile_dir) as opened:
        yield opened


def make_terminal(answer: Callable[[str], str] = lambda _prompt: "", folder: Path | None = None) -> cli.Terminal:
    """A command's own terminal that keeps what is printed."""
    return cli.Terminal(out=io.StringIO(), err=io.StringIO(), read_secret=answer, folder=folder or Path.cwd())


def printed(terminal: cli.Terminal) -> tuple[str, str]:
    """What came to standard output and to standard error."""
    assert isinstance(terminal.out, io.StringIO)
    assert isinstance(terminal.err, io.StringIO)
    return terminal.out.getvalue(), terminal.err.getvalue()

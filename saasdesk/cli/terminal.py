"""What the command line writes on and reads from: a terminal, a pipe, or the socket of an open window."""

import functools
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

import orjson

from saasdesk.text import visible_json, visible_text


@dataclass(slots=True)
class Terminal:
    """Standard output, standard error and standard input, so that a command never touches the process's own."""

    out: TextIO
    err: TextIO
    read_secret: Callable[[str], str]
    is_terminal: bool = False
    width: int = 100
    folder: Path = field(default_factory=Path.cwd)
    stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def cancellable(self) -> Iterator[threading.Event]:
        """For work that watches `stop`: Ctrl+C, or a request to end, sets it instead of breaking off anywhere.

        A second Ctrl+C does break off. Beside an open window the signals are the window's own, and `stop` is set from
        the other end.
        """
        if threading.current_thread() is not threading.main_thread():
            yield self.stop
            return

        def ask_to_stop(number: int, _frame: FrameType | None) -> None:
            if self.stop.is_set() and number == signal.SIGINT:
                raise KeyboardInterrupt
            self.stop.set()

        before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield self.stop
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def say(self, text: str = "") -> None:
        """A line of the answer, or several."""
        print(visible_text(text, keep_line_breaks=True), file=self.out, flush=True)

    def note(self, text: str) -> None:
        """A line about the work, not the answer: it goes to standard error, and never becomes two."""
        print(visible_text(text), file=self.err, flush=True)

    def json(self, value: object) -> None:
        """One JSON document; nothing else goes to standard output with it."""
        self.out.write(visible_json(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()) + "\n")
        self.out.flush()

    def json_lines(self, values: Iterable[object]) -> None:
        """One JSON array, written as it comes, so that a million rows need no memory."""
        first = True
        self.out.write("[")
        for value in values:
            self.out.write("\n" if first else ",\n")
            self.out.write(visible_json(orjson.dumps(value).decode()))
            first = False
        self.out.write("]\n" if first else "\n]\n")
        self.out.flush()

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> None:
        """A table for people: aligned on a terminal, tab-separated in a pipe."""
        if not self.is_terminal:
            for line in (columns, *rows):
                print("\t".join(visible_text(_cell(value)) for value in line), file=self.out, flush=True)
            return
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in columns:
            # Numbers stay whole, whatever that costs the texts beside them.
            is_number = name in right
            table.add_column(name, justify="right" if is_number else "left", overflow="fold", no_wrap=is_number)
        for row in rows:
            # Text, not markup: vendor text must not be able to style or link anything.
            table.add_row(*(Text(visible_text(_cell(value))) for value in row))
        self.console().print(table)

    def console(self) -> Any:
        """A Rich console on standard output."""
        from rich.console import Console

        return Console(file=self.out, width=self.width, highlight=False)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def own_terminal() -> Terminal:
    """The terminal of this process."""
    import shutil

    return Terminal(
        out=sys.stdout,
        err=sys.stderr,
        # A command that is handed to an open window asks twice; the person, or the pipe, answers once.
        read_secret=functools.cache(_read_secret),
        is_terminal=sys.stdout.isatty(),
        width=shutil.get_terminal_size((100, 24)).columns,
    )


def _read_secret(prompt: str) -> str:
    """A secret from a prompt that shows nothing, or from standard input when that is piped; never from an argument."""
    if sys.stdin is not None and not sys.stdin.isatty():
        return sys.stdin.readline()
    import getpass

    return getpass.getpass(prompt)

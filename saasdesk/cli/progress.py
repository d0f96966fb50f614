"""How far runs are, while they go on: a line for each on a terminal, a line for each phase in a pipe."""

import threading
from collections.abc import Sequence
from typing import Any

from saasdesk.cli.terminal import Terminal
from saasdesk.sync.events import PagesRead, PhaseBegan, SyncResult
from saasdesk.text import visible_text
from saasdesk.web import Waiting
from saasdesk.workflows.results import Progress as WorkflowProgress

_TIMES_A_SECOND = 8


class Progress:
    """Shows what runs tell, from whichever thread they tell it; goes by their positions in `names`."""

    def __init__(self, terminal: Terminal, names: Sequence[str]) -> None:
        self._terminal, self._names = terminal, names
        self._texts = [""] * len(names)
        self._spinners: list[Any] = []
        self._lock = threading.Lock()
        self._live: Any = None
        if terminal.is_terminal:
            from rich.console import Console
            from rich.live import Live
            from rich.spinner import Spinner

            self._spinners = [Spinner("dots") for _ in names]
            console = Console(file=terminal.err, width=terminal.width, highlight=False)
            self._live = Live(console=console, refresh_per_second=_TIMES_A_SECOND, transient=True)
            self._live.update(self._lines())
            self._live.start()

    def tell(self, position: int, news: object) -> None:
        """Show one piece of news."""
        text = describe(news)
        if text is None:
            return
        with self._lock:
            if self._live is not None:
                self._texts[position] = text
                if isinstance(news, SyncResult):
                    self._spinners[position] = ""
                self._live.update(self._lines())
            elif self._is_worth_a_line(news):
                self._terminal.note(f"{self._names[position]}: {text}")

    def close(self) -> None:
        """Take the lines away."""
        if self._live is not None:
            self._live.stop()

    def _is_worth_a_line(self, news: object) -> bool:
        """Pages and records would fill the log, and how a single run ended is told below anyway."""
        if isinstance(news, WorkflowProgress):
            return news.done == 0
        return not isinstance(news, PagesRead) and (len(self._names) > 1 or not isinstance(news, SyncResult))

    def _lines(self) -> Any:
        from rich.table import Table
        from rich.text import Text

        lines = Table.grid(padding=(0, 1))
        for spinner, name, text in zip(self._spinners, self._names, self._texts, strict=True):
            # Text, not markup; and one line each, however long a sentence is.
            words = Text(visible_text(f"{name}: {text}" if text else name), no_wrap=True, overflow="ellipsis")
            lines.add_row(spinner, words)
        return lines


def describe(news: object) -> str | None:
    """A piece of news in words, or None where there is nothing to say."""
    match news:
        case PhaseBegan(text=text):
            return text
        case PagesRead() as pages:
            of = f" of about {pages.about_pages}" if pages.about_pages else ""
            return f"page {pages.page}{of} — {pages.read:,} read, {pages.new:,} new, {pages.changed:,} changed"
        case Waiting(reason="rate limit") as waiting:
            return f"{waiting.host} asks to wait {waiting.seconds:.0f} s (rate limit)"
        case Waiting() as waiting:
            return f"{waiting.host} did not answer as it should; next try in {waiting.seconds:.0f} s"
        case WorkflowProgress(done=done, of=of, label=label):
            return f"{done:,} of {of:,} records, now {label}"
        case SyncResult(status=status, counts=counts):
            return f"{status.value.replace('_', ' ')}, {counts['fetched']:,} read"
        case str() as text:
            return text
        case _:
            return None

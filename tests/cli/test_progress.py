"""What a terminal or a log shows of runs that are going on side by side."""

import io

from saasdesk.cli.progress import Progress
from saasdesk.cli.terminal import Terminal
from saasdesk.sync.events import PagesRead, PhaseBegan, Status, SyncResult
from saasdesk.sync.underway import no_counts


class Screen(io.StringIO):
    """Standard error of a terminal."""

    def isatty(self) -> bool:
        return True


def terminal(err: io.StringIO, *, is_terminal: bool) -> Terminal:
    return Terminal(out=io.StringIO(), err=err, read_secret=lambda _prompt: "", is_terminal=is_terminal)


def ended(name: str, status: Status = Status.COMPLETED) -> SyncResult:
    return SyncResult(name, 1, status, 0, preview=False, message="", counts=no_counts() | {"fetched": 1250}, seconds=1)


def pages(number: int) -> PagesRead:
    return PagesRead(1, "EU", number, 9, number * 100, 900, 5, 6, 7, 0)


def test_that_a_log_gets_a_line_for_each_phase_and_end_of_several_runs_and_none_for_pages() -> None:
    err = io.StringIO()
    progress = Progress(terminal(err, is_terminal=False), ["EU", "US"])

    progress.tell(0, PhaseBegan(1, "EU", "Reading users"))
    progress.tell(1, PhaseBegan(2, "US", "Waiting for “EU”, which uses the same key"))
    progress.tell(0, pages(1))
    progress.tell(0, ended("EU", Status.STOPPED_BY_SAFEGUARD))
    progress.close()

    assert err.getvalue().splitlines() == [
        "EU: Reading users",
        "US: Waiting for “EU”, which uses the same key",
        "EU: stopped by safeguard, 1,250 read",
    ]


def test_that_the_end_of_a_single_run_is_told_once_by_its_table() -> None:
    err = io.StringIO()
    progress = Progress(terminal(err, is_terminal=False), ["EU"])

    progress.tell(0, ended("EU"))

    assert err.getvalue() == ""


def test_that_a_terminal_shows_a_line_for_each_run_and_takes_them_away_in_the_end() -> None:
    screen = Screen()
    progress = Progress(terminal(screen, is_terminal=True), ["EU", "[bold]US[/bold]"])

    progress.tell(0, pages(3))
    progress.tell(1, PhaseBegan(2, "US", "Reading \x1b[31musers"))
    progress.close()

    shown = screen.getvalue()
    assert "EU: page 3 of about 9 — 300 read, 5 new, 6 changed" in shown
    assert "[bold]US[/bold]: Reading ⟨U+001B⟩[31musers" in shown
    assert shown.rstrip().endswith("\x1b[2K")

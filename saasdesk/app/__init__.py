"""The composition root: opens a profile, fills the services, and hands them to the face that was asked for."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from saasdesk import cli
from saasdesk.app import handover, logs
from saasdesk.app.printing import draw_pdf
from saasdesk.app.recovery import recover
from saasdesk.credentials import Vault
from saasdesk.errors import ExitCode, UserError
from saasdesk.jobs import Jobs
from saasdesk.profile import LockedProfile, Profile, ProfileLock, open_profile
from saasdesk.services import Services
from saasdesk.store import Store
from saasdesk.store.backup import restore_from
from saasdesk.store.health import Finding
from saasdesk.web import redaction


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the program: a window without a command, the command line with one. Returns the exit code.

    Without arguments it takes those of this process, and what Python itself writes shows no key from then on.
    """
    if arguments is None:
        redaction.install()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _own_options(words)
    except UserError as error:
        return _end_with(str(error), error.exit_code)
    program = Program(options.profile, debug=options.debug)
    try:
        return program.start(options.words)
    except UserError as error:
        return _end_with(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _end_with("Cancelled.", ExitCode.CANCELLED)
    except BrokenPipeError:
        # Whoever read our output has gone: nothing is wrong, and nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.DONE)
    except Exception as error:  # noqa: BLE001 - the top of the program
        told = program.report_bug(error)
        if options.debug:
            return _end_with(redaction.format_error(error).rstrip(), ExitCode.PARTLY)
        more = "The log says more; --debug shows it here." if told else "--debug shows more."
        return _end_with(f"Something went wrong that should not have ({type(error).__name__}). {more}", ExitCode.PARTLY)


def _end_with(sentence: str, code: ExitCode) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201 - there is no terminal yet, or no longer
    return int(code)


class _Options:
    """The options that may stand anywhere on the command line."""

    def __init__(self) -> None:
        self.profile: Path | None = None
        self.debug = False
        self.words: list[str] = []


def _own_options(words: list[str]) -> _Options:
    options = _Options()
    rest = iter(words)
    for word in rest:
        if word == "--debug":
            options.debug = True
        elif word == "--profile" or word.startswith("--profile="):
            value = word.partition("=")[2] if "=" in word else next(rest, "")
            if not value:
                raise UserError("--profile needs the folder of the profile.")
            options.profile = Path(value)
        else:
            options.words.append(word)
    return options


class Program:
    """One start of the program on one profile."""

    def __init__(self, folder: Path | None, *, debug: bool = False) -> None:
        self._folder = folder
        self._debug = debug
        self._opened: Profile | None = None

    def start(self, words: list[str]) -> int:
        """Show the window, or carry out a command."""
        if not words:
            if not _can_show_windows():
                raise UserError("There is no display here for the window. Commands work without one: saasdesk --help")
            return self._open_window()
        terminal = cli.own_terminal()
        try:
            return cli.run_command(words, self._desk(terminal))
        except cli.HandOver:
            return handover.send(self._profile(), words, terminal)

    def report_bug(self, error: BaseException) -> bool:
        """Log what should not have happened, if a profile was found to log it in."""
        if self._opened is None:
            return False
        with logs.writing_to(self._opened):
            logs.report_bug(error)
        return True

    def _desk(self, terminal: cli.Terminal) -> cli.Desk:
        return cli.Desk(
            terminal=terminal,
            writing=self._writing,
            reading=self._reading,
            jobs=Jobs(lambda _message: None),
            restore=self._restore,
            start_demo=self._start_demo,
            examine=self._examine,
            draw_pdf=draw_pdf,
        )

    def _profile(self, *, create: bool = True) -> Profile:
        self._opened = open_profile(self._folder, create=create)
        return self._opened

    @contextmanager
    def _writing(self) -> Iterator[Services]:
        """The services of a process that may write; an open window gets the command instead."""
        profile = self._profile()
        try:
            store = Store.open(profile)
        except LockedProfile:
            if handover.somebody_listens(profile):
                raise cli.HandOver from None
            raise
        with store, logs.writing_to(profile, debug=self._debug, level=store.settings().log_level):
            recover(store)
            vault = Vault(store)
            vault.finish_removals()
            _spare_the_collector()
            yield Services(profile, store, vault)

    @contextmanager
    def _reading(self) -> Iterator[Services]:
        profile = self._profile(create=False)
        with (
            Store.open(profile, writable=False) as store,
            logs.writing_to(profile, debug=self._debug, level=store.settings().log_level),
        ):
            yield Services(profile, store, Vault(store))

    def _restore(self, file: Path) -> Path | None:
        profile = self._profile()
        with ProfileLock(profile):
            return restore_from(profile, file)

    def _examine(self) -> list[Finding]:
        from saasdesk.app.checkup import examine

        return examine(self._profile())

    def _open_window(self) -> int:
        from saasdesk.app.window import open_window

        _spare_the_collector()
        return open_window(self._profile, debug=self._debug)

    def _start_demo(self, people: int, headless: bool) -> int:
        from saasdesk.app.demo import start_demo

        _spare_the_collector()
        return start_demo(self._folder, people, headless=headless, debug=self._debug)


def _spare_the_collector() -> None:
    """What start-up made stays: the garbage collector need not look through it at every page of a listing."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _can_show_windows() -> bool:
    """Whether Qt finds something to draw on; it would end the whole process otherwise."""
    return cli.has_display() or bool(os.environ.get("QT_QPA_PLATFORM"))

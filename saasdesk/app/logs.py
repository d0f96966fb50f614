"""The log files of a profile: rotating, private, and without any secret."""

import logging
import logging.handlers
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from saasdesk.profile import Profile
from saasdesk.web import REDACTOR

_LARGEST_FILE = 5 * 1024 * 1024
_FILES = 5
_LINE = "%(asctime)s %(levelname)s %(name)s [%(threadName)s] %(message)s"

log = logging.getLogger("saasdesk")


@contextmanager
def writing_to(profile: Profile, *, debug: bool = False, level: str = "info") -> Iterator[None]:
    """Send what the program logs to the profile's folder, redacted, for as long as this lasts.

    `level` is that of the settings. With `debug` it says most, and says it on standard error too.
    """
    handlers = [_file_handler(profile), *([logging.StreamHandler(sys.stderr)] if debug else [])]
    root = logging.getLogger()
    before = root.level
    for handler in handlers:
        handler.setFormatter(REDACTOR.formatter(_LINE))
        root.addHandler(handler)
    root.setLevel(logging.DEBUG if debug else level.upper())
    # urllib3's own lines carry whole query strings.
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.setLevel(before)
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()


def _file_handler(profile: Profile) -> logging.Handler:
    return _FileHandler(
        profile.logs / "saasdesk.log", maxBytes=_LARGEST_FILE, backupCount=_FILES, encoding="utf-8", delay=True
    )


class _FileHandler(logging.handlers.RotatingFileHandler):
    """A log file that is not worth a word when it cannot be written: the disk may be full, or the folder read-only."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Lose the line."""


def report_bug(error: BaseException) -> None:
    """Log what should not have happened, whole, for whoever mends it."""
    log.error("%s", type(error).__name__, exc_info=(type(error), error, error.__traceback__))


def catch_lost_errors() -> None:
    """Log what nobody caught, in any thread, instead of printing it."""

    def in_main(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        del kind, traceback
        report_bug(error)

    def in_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            report_bug(arguments.exc_value)

    sys.excepthook = in_main
    threading.excepthook = in_thread

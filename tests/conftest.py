"""What every test stands on: no screen, and nothing of the person who runs the tests within reach."""

import atexit
import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from saasdesk.store import connections, opening
from saasdesk.store.migrate import STEPS, Step, bring_up_to_date

# A busy machine is no bug: how long an example takes says nothing.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

_WHOLE_EVERY = 100
_finished = count(1)


def pytest_configure() -> None:
    # In a worker thread the collector could come upon a widget, and both threads would wait for each other for ever.
    gc.disable()
    # A shell that runs something in the background has it ignore Ctrl+C; tests that press it would wait for ever.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = tempfile.TemporaryDirectory(prefix="saasdesk-tests-", ignore_cleanup_errors=True)
    # Not in pytest_unconfigure: the processes of a run side by side end without it.
    atexit.register(folder.cleanup)
    for name in [name for name in os.environ if name.startswith("SAASDESK_")]:
        del os.environ[name]
    # Some machines have Python keep nothing that it compiled. Hundreds of programs are started here, and each would
    # compile all of saasdesk anew, which takes longer than most of what they are started for.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={folder.name}/no-bus"
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        private = Path(folder.name) / name
        private.mkdir(mode=0o700)
        os.environ[name] = str(private)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long begin first: one that began last would keep one process busy while the other is done.

    This is the order of `make test`, which hands out whole files; what runs within a file, and when, stays by chance.
    """
    dear = {item.path for item in items if any(item.iter_markers("journey")) or any(item.iter_markers("slow"))}
    items.sort(key=lambda item: item.path not in dear)


def pytest_collection_finish() -> None:
    """All modules and tests stay to the end: the collector need not go through them again and again."""
    gc.freeze()


def _put_windows_away() -> None:
    """No window of a test stays before those of the next: a question that nobody answered would take their clicks."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return
    for window in widgets.QApplication.topLevelWidgets():
        if window.isVisible():
            window.hide()
            window.deleteLater()
    # Outside of an event loop nothing that is to be deleted goes by itself, and whatever is left is dressed anew with
    # each style sheet of the tests that follow, which soon takes longest.
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, int(core.QEvent.Type.DeferredDelete.value))


def pytest_runtest_logfinish() -> None:
    """Collect what a test left, in the thread of the tests; all of it now and then."""
    _put_windows_away()
    gc.collect(1 if next(_finished) % _WHOLE_EVERY else 2)


@pytest.fixture(scope="session", autouse=True)
def new_databases_are_copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Thousands of tests begin with an empty database, which is always the same: it is made once and copied.

    A database that has something in it, or that is to be made in other steps, goes the way it goes in the program.
    """
    made = tmp_path_factory.mktemp("database") / "empty.db"

    def copy_or_make(database: Path, steps: Sequence[Step] = STEPS) -> None:
        if steps is not STEPS or database.stat().st_size:
            bring_up_to_date(database, steps)
            return
        if not made.exists():
            made.touch()
            bring_up_to_date(made)
        shutil.copyfile(made, database)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "bring_up_to_date", copy_or_make)
        yield


@pytest.fixture(scope="session", autouse=True)
def nobody_waits_for_the_disk() -> Iterator[None]:
    """What a test writes need not outlast a power cut, and thousands of writes that wait for the disk take long.

    The database's tests, and every program that a test starts, write as an admin's does.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connections._EVERYWHERE, "synchronous", "OFF")
        patch.setattr(os, "fsync", lambda _file: None)
        yield


@pytest.fixture
def profile_dir(tmp_path: Path) -> Path:
    """Where a test may make its profile; the folder is not there yet."""
    return tmp_path / "profile"

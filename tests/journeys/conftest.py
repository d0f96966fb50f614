"""One private desktop with a real keyring for all journeys at the shell; each has a profile of its own on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.journeys.forks import Forks
from tests.journeys.shell import Shell


@pytest.fixture(scope="session")
def desktop() -> Iterator[Desktop]:
    """A session bus and an unlocked GNOME Keyring, without a screen."""
    with Desktop(screen=None) as started:
        yield started


@pytest.fixture(scope="session")
def forks(desktop: Desktop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """Commands that need not load the program anew."""
    with Forks(desktop, tmp_path_factory.mktemp("forks")) as started:
        yield started


@pytest.fixture
def shell(desktop: Desktop, tmp_path: Path) -> Shell:
    """A shell in an empty folder, with no profile yet."""
    return Shell(desktop, tmp_path)

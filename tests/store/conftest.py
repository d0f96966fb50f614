from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.profile import Profile, open_profile
from saasdesk.store import Store, connections


@pytest.fixture(autouse=True)
def every_transaction_waits_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the program: here it is what is tested."""
    monkeypatch.setitem(connections._EVERYWHERE, "synchronous", "FULL")


@pytest.fixture
def profile(profile_dir: Path) -> Profile:
    return open_profile(profile_dir)


@pytest.fixture
def store(profile: Profile) -> Iterator[Store]:
    with Store.open(profile) as opened:
        yield opened


@pytest.fixture
def made(profile: Profile) -> Profile:
    """A profile whose database was made and closed again."""
    Store.open(profile).close()
    return profile

from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.profile import Profile, open_profile
from saasdesk.store import Store


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

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from saasdesk.profile import open_profile
from saasdesk.store import Store

# A busy machine is no bug: how long an example takes says nothing.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def store(profile_dir: Path) -> Iterator[Store]:
    with Store.open(open_profile(profile_dir)) as opened:
        yield opened

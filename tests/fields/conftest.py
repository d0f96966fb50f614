from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.profile import open_profile
from saasdesk.store import Store


@pytest.fixture
def store(profile_dir: Path) -> Iterator[Store]:
    with Store.open(open_profile(profile_dir)) as opened:
        yield opened

from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.profile import open_profile
from saasdesk.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(open_profile(tmp_path / "profile")) as known:
        yield known

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from saasdesk import clock
from saasdesk.profile import open_profile
from saasdesk.store import Store
from tests.records.listing.company import Company


@pytest.fixture
def store(profile_dir: Path) -> Iterator[Store]:
    with Store.open(open_profile(profile_dir)) as opened:
        yield opened


@pytest.fixture
def company(store: Store) -> Company:
    return Company(store)


def days_ago(days: int) -> str:
    return f"{clock.now().date() - timedelta(days=days)}T08:00:00Z"


def day_in(days: int) -> date:
    return clock.now().date() + timedelta(days=days)

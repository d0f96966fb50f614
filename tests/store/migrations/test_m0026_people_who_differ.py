import pytest
from peewee import IntegrityError

from saasdesk.store import Store


def test_that_only_people_who_are_there_can_differ(store: Store) -> None:
    insert = "INSERT INTO not_same (first, second, at, who) VALUES (1, 2, '2026-01-01', 'somebody')"

    with pytest.raises(IntegrityError):
        store.write(lambda db: db.execute_sql(insert))

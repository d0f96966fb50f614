import pytest
from peewee import IntegrityError

from saasdesk.store import Store


def test_that_only_an_integration_that_is_there_can_be_muted(store: Store) -> None:
    with pytest.raises(IntegrityError):
        store.write(lambda db: db.execute_sql("INSERT INTO muted_integration (integration, until) VALUES (7, NULL)"))

import pytest
from peewee import IntegrityError

from saasdesk.store import Store


def test_that_a_price_below_zero_is_refused_by_the_database_too(store: Store) -> None:
    insert = "INSERT INTO price (application, scope, minor, currency, period, valid_from) VALUES (1, ?, ?, ?, ?, ?)"

    with pytest.raises(IntegrityError):
        store.write(lambda db: db.execute_sql(insert, ("application", -1, "EUR", "month", "2026-01-01")))


def test_that_a_seat_is_on_one_list_at_most(store: Store) -> None:
    with store.reading() as db:
        keys = [
            name for name, is_key in db.execute_sql("SELECT name, pk FROM pragma_table_info('reclaim_seat')") if is_key
        ]

    assert keys == ["seat"]

from saasdesk.store import Store


def test_that_what_is_there_waits_to_be_put_into_the_index(store: Store) -> None:
    with store.reading() as db:
        assert db.execute_sql("SELECT object, columns, filled, again FROM search_state").fetchall() == []
        assert db.execute_sql("SELECT object, record FROM search_pending").fetchall() == []

from saasdesk.store import Store


def test_that_there_is_a_place_for_saved_views(store: Store) -> None:
    with store.reading() as db:
        columns = {row[1] for row in db.execute_sql("PRAGMA table_info(saved_view)")}

    assert {"object", "name", "document", "version"} <= columns

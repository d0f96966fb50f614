from saasdesk.store import Store


def test_that_what_was_left_as_it_was_may_have_what_the_vendor_sent(store: Store) -> None:
    with store.reading() as db:
        columns = {row[1] for row in db.execute_sql("PRAGMA table_info(session_error)")}

    assert "sent" in columns

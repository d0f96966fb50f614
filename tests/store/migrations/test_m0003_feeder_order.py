from saasdesk.store import Store


def test_that_an_order_of_feeders_goes_with_its_integration(store: Store) -> None:
    def work(db) -> None:  # type: ignore[no-untyped-def]
        db.execute_sql(
            "INSERT INTO integration (id, name, document, created_at, updated_at) VALUES (1, 'A', '{}', '', '')"
        )
        db.execute_sql("INSERT INTO feeder_order VALUES ('department', 1, 0)")
        db.execute_sql("DELETE FROM integration")

    store.write(work)

    with store.reading() as db:
        assert db.execute_sql("SELECT count(*) FROM feeder_order").fetchone() == (0,)

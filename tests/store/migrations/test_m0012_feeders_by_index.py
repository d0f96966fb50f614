from saasdesk.store import Store


def test_that_the_feeders_of_a_person_are_read_from_the_index_alone(store: Store) -> None:
    with store.reading() as db:
        plan = db.execute_sql(
            "EXPLAIN QUERY PLAN SELECT integration FROM source_link WHERE person = 1 AND gone <> 1"
        ).fetchall()

    assert [row[-1] for row in plan] == ["SEARCH source_link USING COVERING INDEX source_link_person (person=?)"]

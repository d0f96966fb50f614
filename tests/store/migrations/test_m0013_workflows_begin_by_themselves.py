from saasdesk.store import Store


def test_that_a_workflow_remembers_how_far_it_has_seen(store: Store) -> None:
    with store.reading() as db:
        columns = {row[1] for row in db.execute_sql("PRAGMA table_info(workflow)")}

    assert {"trigger_seen", "launched_at"} <= columns

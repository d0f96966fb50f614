from saasdesk.store import Store


def test_that_a_call_is_written_down_once_for_each_try(store: Store) -> None:
    with store.reading() as db:
        tables = {name for (name,) in db.execute_sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
        unique = [tuple(row) for row in db.execute_sql("PRAGMA index_list(vendor_action)") if row[2]]

    assert {"workflow", "workflow_version", "workflow_run", "workflow_step", "vendor_action"} <= tables
    assert len(unique) == 1

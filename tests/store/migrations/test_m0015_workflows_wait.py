from saasdesk.store import Store


def test_that_records_can_wait_on_their_way_and_people_be_asked(store: Store) -> None:
    with store.reading() as db:
        runs = {row[1] for row in db.execute_sql("PRAGMA table_info(workflow_run)")}
        steps = {row[1] for row in db.execute_sql("PRAGMA table_info(workflow_step)")}
        approvals = {row[1] for row in db.execute_sql("PRAGMA table_info(approval)")}

    assert {"next_block", "carried", "waits_for", "due_at", "agreed", "parent", "retry_of"} <= runs
    assert {"inputs", "variables", "request", "answer", "status", "tries", "seconds"} <= steps
    assert {"run", "block", "state", "until", "answered_by"} <= approvals

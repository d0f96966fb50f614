from saasdesk.licences.seats import read_yardstick
from saasdesk.licences.seats.rows import FINDINGS_ONLY, relation
from saasdesk.store import Store


def test_that_suspended_accounts_and_people_who_left_are_found_by_an_index(store: Store) -> None:
    table, parameters = relation(read_yardstick(store), FINDINGS_ONLY)
    with store.reading() as db:
        steps = [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN SELECT * FROM {table}", parameters)]

    assert any("USING INDEX saas_user_suspended" in step or "saas_user_suspended" in step for step in steps)
    assert any("person_left" in step for step in steps)

from collections import Counter

from saasdesk.store import Store

WHO_LEFT = "SELECT id FROM person WHERE id NOT IN (SELECT x.id FROM person x WHERE x.deactivated OR x.archived)"


def test_that_no_two_indexes_are_the_same(store: Store) -> None:
    with store.reading() as db:
        texts = [text for (text,) in db.execute_sql("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql <> ''")]

    told = Counter(text.partition(" ON ")[2] for text in texts)
    assert told
    assert [text for text, count in told.items() if count > 1] == []


def test_that_a_list_of_active_people_still_leaves_the_others_out_by_an_index(store: Store) -> None:
    with store.reading() as db:
        steps = [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {WHO_LEFT}")]

    assert any("person_left" in step for step in steps)

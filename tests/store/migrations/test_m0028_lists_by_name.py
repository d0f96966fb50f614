from saasdesk.profile import Profile
from saasdesk.store import Store
from saasdesk.store.migrate import STEPS

BEFORE = """
    INSERT INTO person (id, name, created_at, updated_at) VALUES
        (1, 'Ökonom', 'now', 'now'), (2, 'anna', 'now', 'now'), (3, NULL, 'now', 'now'), (4, 'Pia', 'now', 'now')
"""


def test_that_names_of_an_older_database_stand_where_readers_look_and_are_read_from_an_index(profile: Profile) -> None:
    with Store.open(profile, steps=STEPS[:27]) as older:
        older.write(lambda db: db.execute_sql(BEFORE))

    by_name = "FROM person r WHERE r.deactivated = 0 AND r.name__order IS NOT NULL ORDER BY r.name__order, r.id LIMIT 9"
    with Store.open(profile) as store, store.reading() as db:
        order = [number for (number,) in db.execute_sql(f"SELECT r.id {by_name}")]
        steps = [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN SELECT r.id {by_name}")]

    assert order == [2, 1, 4]
    assert steps == ["SEARCH r USING INDEX person_by_name (name__order>?)"]

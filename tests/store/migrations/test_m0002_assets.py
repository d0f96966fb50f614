from saasdesk.profile import Profile
from saasdesk.store import Store
from saasdesk.store.migrate import STEPS

BEFORE = """
    INSERT INTO integration (id, name, document, created_at, updated_at) VALUES (1, 'Users', '{}', 'now', 'now');
    INSERT INTO person (id, username, created_at, updated_at) VALUES (7, 'ann', 'now', 'now');
    INSERT INTO source_link (integration, vendor_id, person) VALUES (1, 'P1', 7)
"""


def test_that_an_older_database_keeps_its_people_and_links_and_gets_assets(profile: Profile) -> None:
    with Store.open(profile, steps=STEPS[:1]) as older:
        for statement in BEFORE.split(";"):
            older.write(lambda db, sql=statement: db.execute_sql(sql))

    with Store.open(profile) as store, store.reading() as db:
        links = db.execute_sql("SELECT vendor_id, person, asset FROM source_link").fetchall()
        columns = {row[1] for row in db.execute_sql("PRAGMA table_info(asset)")}
        fields = db.execute_sql("SELECT external_id, is_unique FROM field WHERE object = 'assets'").fetchall()

    assert links == [("P1", 7, None)]
    assert {name for name, _ in fields} <= columns
    assert [name for name, is_unique in fields if is_unique] == ["serial_number"]
    assert {"serial_number__key", "owner_integration", "created_at", "deactivated", "archived"} <= columns


def test_that_what_moves_with_every_contact_has_no_history(store: Store) -> None:
    with store.reading() as db:
        moving = db.execute_sql("SELECT external_id FROM field WHERE object = 'assets' AND NOT history").fetchall()

    assert moving == [("agent_active",), ("last_contact",)]

from saasdesk.profile import Profile
from saasdesk.store import Connection, Store
from saasdesk.store.connections import reading_connection
from saasdesk.store.migrate import STEPS


def fill(db: Connection) -> None:
    db.execute_sql(
        """INSERT INTO slot (kind, subject, slot_key, taken_at, session)
           VALUES ('integration', 1, 'ran', 't', NULL), ('integration', 1, 'given back', 't', 7),
                  ('integration', 1, 'taken again', 't', -7)"""
    )


def test_that_what_was_given_back_stays_free_and_what_was_taken_again_stays_taken(profile: Profile) -> None:
    with Store.open(profile, steps=STEPS[:15]) as store:
        store.write(fill)

    Store.open(profile).close()

    with reading_connection(profile.database) as db:
        slots = db.execute_sql("SELECT slot_key, tries, is_free FROM slot ORDER BY slot_key").fetchall()
    assert slots == [("given back", 1, 1), ("ran", 1, 0), ("taken again", 2, 0)]

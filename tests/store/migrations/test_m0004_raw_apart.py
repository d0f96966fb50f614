from saasdesk.profile import Profile
from saasdesk.store import Connection, Store
from saasdesk.store.connections import reading_connection
from saasdesk.store.migrate import STEPS

LINKS = """
    INSERT INTO source_link (integration, vendor_id, raw_hash, raw, gone)
    VALUES (1, 'with', x'01', '{"id":"with"}', 2), (1, 'without', NULL, NULL, 0)
"""


def fill(db: Connection) -> None:
    db.execute_sql(
        """INSERT INTO integration (id, name, document, created_at, updated_at)
           VALUES (1, 'Old', '{}', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')"""
    )
    db.execute_sql(LINKS)


def test_that_raw_records_are_kept_when_they_move_to_their_own_table(profile: Profile) -> None:
    with Store.open(profile, steps=STEPS[:3]) as store:
        store.write(fill)

    Store.open(profile).close()

    with reading_connection(profile.database) as db:
        raws = db.execute_sql("SELECT integration, vendor_id, raw FROM source_raw").fetchall()
        links = db.execute_sql("SELECT vendor_id, raw_hash, gone FROM source_link ORDER BY vendor_id").fetchall()
    assert raws == [(1, "with", '{"id":"with"}')]
    assert links == [("with", b"\x01", 2), ("without", None, 0)]


def test_that_a_raw_record_goes_with_its_link(store: Store) -> None:
    def delete(db: Connection) -> list[tuple[int]]:
        db.execute_sql(
            """INSERT INTO integration (id, name, document, created_at, updated_at)
               VALUES (1, 'Old', '{}', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')"""
        )
        db.execute_sql("INSERT INTO source_link (integration, vendor_id) VALUES (1, 'x')")
        db.execute_sql("INSERT INTO source_raw (integration, vendor_id, raw) VALUES (1, 'x', '{}')")
        db.execute_sql("DELETE FROM integration WHERE id = 1")
        return db.execute_sql("SELECT count(*) FROM source_raw").fetchall()

    assert store.write(delete) == [(0,)]

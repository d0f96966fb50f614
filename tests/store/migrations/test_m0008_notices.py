from saasdesk.store import Store


def test_that_notices_know_when_they_were_seen_to_and_mail_can_wait(store: Store) -> None:
    with store.reading() as db:
        notice = {row[1] for row in db.execute_sql("PRAGMA table_info(notice)")}
        waiting = db.execute_sql("SELECT count(*) FROM mail WHERE sent_at IS NULL").fetchone()

    assert {"solved_at", "mailed_at"} <= notice
    assert waiting == (0,)

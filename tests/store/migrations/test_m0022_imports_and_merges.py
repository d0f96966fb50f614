from pathlib import Path

from saasdesk.profile import open_profile
from saasdesk.store import Store
from saasdesk.store.migrate import STEPS

SESSION = """INSERT INTO sync_session (id, integration_name, started_by, status, started_at)
    VALUES (1, 'One', 'by hand', 'completed', '2026-01-01')"""
INTEGRATION = """INSERT INTO integration (id, name, document, created_at, updated_at)
    VALUES (1, 'One', '{}', '2026-01-01', '2026-01-01')"""
LINE = "INSERT INTO plan_record (plan, seq, kind, object, label, reason) VALUES (7, 1, 'create', 'people', '', '')"
PLAN = "INSERT INTO plan (id, session, integration, kind, state, created_at) VALUES (7, 1, ?, 'held', 'held', '2026')"


def test_that_plans_outlive_the_change_with_their_lines(tmp_path: Path) -> None:
    profile = open_profile(tmp_path / "profile")
    with Store.open(profile, steps=STEPS[:21]) as store:
        for statement in (
            INTEGRATION,
            SESSION,
            PLAN.replace("?", "1"),
            LINE,
        ):
            store.write(lambda db, sql=statement: db.execute_sql(sql))

    with Store.open(profile) as store:
        with store.reading() as db:
            lines = db.execute_sql("SELECT p.id, p.integration, r.seq FROM plan p JOIN plan_record r ON r.plan = p.id")
            assert lines.fetchall() == [(7, 1, 1)]
        store.write(lambda db: db.execute_sql("DELETE FROM integration"))
        with store.reading() as db:
            assert db.execute_sql("SELECT count(*) FROM plan_record").fetchone() == (0,)


def test_that_a_plan_may_be_of_no_integration(store: Store) -> None:
    store.write(lambda db: db.execute_sql(SESSION))
    store.write(lambda db: db.execute_sql(PLAN, (None,)))

    with store.reading() as db:
        assert db.execute_sql("SELECT integration FROM plan").fetchall() == [(None,)]

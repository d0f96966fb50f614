import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from saasdesk.store import Store
from saasdesk.store.backup import Occasion, make_backup
from saasdesk.store.health import Finding, State, check_database


def finding(store: Store, subject: str) -> Finding:
    return next(found for found in check_database(store) if found.subject == subject)


def test_that_a_new_database_with_a_backup_has_no_problem(store: Store) -> None:
    make_backup(store.profile, Occasion.DAILY)

    assert {found.state for found in check_database(store)} == {State.OK}


def test_that_whatever_is_wrong_comes_with_advice(store: Store) -> None:
    store.write(lambda db: db.execute_sql("INSERT INTO setting VALUES ('zoom', '\"big\"')"))
    store.profile.exports.chmod(0o755)

    wrong = [found for found in check_database(store) if found.state is not State.OK]

    assert {found.subject for found in wrong} == {"backups", "settings", "permissions"}
    assert all(found.advice for found in wrong)
    # Whoever reads it in the window has no shell at hand; what is no command is the same for both.
    assert not any("saasdesk " in found.window_advice for found in wrong)


def test_that_a_reference_to_nothing_is_a_problem(store: Store) -> None:
    def break_a_reference(db) -> None:
        db.execute_sql("PRAGMA defer_foreign_keys = ON")
        db.execute_sql("INSERT INTO session_error (session, record, cause, message) VALUES (99, '', '', '')")

    store.write(lambda db: None)
    store._writer._thread.submit(
        lambda: store._writer._connection.execute_sql("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
    ).result()
    store.write(break_a_reference)

    assert finding(store, "database").text == "a row of session_error points at no row of sync_session"
    assert finding(store, "database").state is State.PROBLEM


def test_that_an_edited_audit_log_is_a_problem(store: Store) -> None:
    store.save_setting("zoom", "110")
    store.write(lambda db: db.execute_sql("DROP TRIGGER audit_is_never_changed"))
    store.write(lambda db: db.execute_sql("UPDATE audit SET who = 'somebody else'"))

    found = finding(store, "audit log")

    assert (found.state, found.text) == (State.PROBLEM, "Audit row 1 was edited.")


def test_that_old_backups_are_told_of(store: Store) -> None:
    path = make_backup(store.profile, Occasion.DAILY)
    week_ago = (datetime.now(UTC) - timedelta(days=7)).timestamp()
    os.utime(path, (week_ago, week_ago))

    found = finding(store, "backups")

    assert found.state is State.WARNING
    assert "7 days old" in found.text


def test_that_a_file_that_others_can_read_is_named(store: Store) -> None:
    path: Path = store.profile.exports / "people.csv"
    path.touch()
    path.chmod(0o644)

    assert str(path) in finding(store, "permissions").text


@pytest.mark.parametrize("writable", [True, False])
def test_that_the_version_of_sqlite_is_told(store: Store, writable: bool) -> None:
    with Store.open(store.profile, writable=False) as beside:
        assert finding(store if writable else beside, "SQLite").text.startswith("version 3.")

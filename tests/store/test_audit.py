import os
import pwd
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from saasdesk.profile import Profile
from saasdesk.store import Connection, Store, audit
from tests.store.work import add_changes, add_variable


def add_rows(count: int) -> Callable[[Connection], None]:
    def work(db: Connection) -> None:
        for number in range(count):
            audit.record(db, "thing.done", f"thing {number}", {"number": number})

    return work


def finish_session(db: Connection) -> int:
    """A run of three changes, as a sync leaves it."""
    add_changes(1, 3)(db)
    digest = audit.changes_hash(db, 1)
    db.execute_sql(
        "INSERT INTO sync_session (id, integration_name, started_by, status, started_at, finished_at, changes_hash)"
        " VALUES (1, 'PagerDuty EU', 'ana', 'completed', '2026-01-01', '2026-01-01', ?)",
        (digest,),
    )
    return audit.record(db, "integration.run", "PagerDuty EU", {"session": 1, "changes": digest})


@contextmanager
def behind_our_back(profile: Profile) -> Iterator[sqlite3.Connection]:
    """A connection of somebody who knows SQL and removes what is in the way."""
    connection = sqlite3.connect(profile.database)
    connection.execute("DROP TRIGGER audit_is_never_changed")
    connection.execute("DROP TRIGGER audit_is_never_deleted")
    with connection:
        yield connection
    connection.close()


@pytest.fixture
def told(store: Store) -> Store:
    """A store whose audit log has six rows, the last of a finished run."""
    store.write(add_rows(5))
    store.write(finish_session)
    return store


def test_p16_that_an_untouched_log_has_nothing_to_report(told: Store) -> None:
    assert audit.verify(told) == []


def test_p16_that_an_empty_log_has_nothing_to_report(store: Store) -> None:
    assert audit.verify(store) == []


@pytest.mark.parametrize("column", ["at", "who", "action", "subject", "detail"])
def test_p16_that_an_edited_row_is_found(told: Store, column: str) -> None:
    with behind_our_back(told.profile) as db:
        db.execute(f"UPDATE audit SET {column} = '{{}}' WHERE id = 3")

    assert audit.verify(told) == ["Audit row 3 was edited."]


def test_p16_that_text_that_cannot_be_read_counts_as_edited(told: Store) -> None:
    with behind_our_back(told.profile) as db:
        db.execute("UPDATE audit SET subject = CAST(x'ff41' AS TEXT) WHERE id = 3")

    assert audit.verify(told) == ["Audit row 3 was edited."]


@pytest.mark.parametrize("row", [1, 3])
def test_p16_that_a_deleted_row_is_found(told: Store, row: int) -> None:
    with behind_our_back(told.profile) as db:
        db.execute("DELETE FROM audit WHERE id = ?", (row,))

    assert audit.verify(told) == [f"Audit row {row} is missing."]


def test_p16_that_rows_deleted_at_the_end_are_found(told: Store) -> None:
    with behind_our_back(told.profile) as db:
        db.execute("DELETE FROM audit WHERE id > 4")

    assert audit.verify(told) == ["Audit row 5 is missing: 6 rows were written, 4 are there."]


def test_p16_that_an_emptied_log_is_found(told: Store) -> None:
    with behind_our_back(told.profile) as db:
        db.execute("DELETE FROM audit")

    assert audit.verify(told) == ["Audit row 1 is missing: 6 rows were written, 0 are there."]


def test_p16_that_a_deletion_covered_up_by_new_numbers_is_found(told: Store) -> None:
    with behind_our_back(told.profile) as db:
        db.execute("DELETE FROM audit WHERE id = 3")
        db.execute("UPDATE audit SET id = id - 1 WHERE id > 3")

    assert audit.verify(told) == ["Audit row 3 does not follow the row before it: one of the two was replaced."]


def test_p16_that_an_inserted_row_is_found(told: Store) -> None:
    with behind_our_back(told.profile) as db:
        db.execute(
            "INSERT INTO audit SELECT 7, at, who, action, subject, detail, hash, hash FROM audit WHERE id = 6",
        )

    assert audit.verify(told) == ["Audit row 7 was edited."]


def test_p16_that_a_row_appended_with_a_correct_hash_is_found(told: Store) -> None:
    with behind_our_back(told.profile) as db:
        last = db.execute("SELECT hash FROM audit WHERE id = 6").fetchone()[0]
        columns = ["2026-01-01", "ana", "thing.done", "thing", "{}"]
        digest = audit._row_hash(7, columns, last)
        db.execute("INSERT INTO audit VALUES (7, ?, ?, ?, ?, ?, ?, ?)", (*columns, last, digest))

    assert audit.verify(told) == ["Audit row 7 was added by something else than saasdesk."]


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE change SET after = 'other' WHERE record = 1",
        "UPDATE change SET before = 1 WHERE record = 1",
        "UPDATE change SET record = 7 WHERE record = 1",
        "UPDATE change SET at = '2020-01-01' WHERE record = 1",
        "DELETE FROM change WHERE record = 2",
        "UPDATE change SET session = 2 WHERE record = 0",
        "INSERT INTO change (session, cause, at, object, record, kind) VALUES (1, '', '', '', 1, '')",
    ],
)
def test_p16_that_edited_changes_of_a_run_are_found(told: Store, edit: str) -> None:
    with behind_our_back(told.profile) as db:
        db.execute(edit)

    assert audit.verify(told) == ["The changes of session 1 are not the ones it made."]


def test_p16_that_changes_and_their_hash_edited_together_are_found(told: Store) -> None:
    def edit(db: Connection) -> None:
        db.execute_sql("UPDATE change SET after = 'other' WHERE record = 1")
        db.execute_sql("UPDATE sync_session SET changes_hash = ?", (audit.changes_hash(db, 1),))

    told.write(edit)

    assert audit.verify(told) == ["Session 1 names other changes than the audit log does."]


def test_p16_that_a_removed_run_is_found(told: Store) -> None:
    told.write(lambda db: db.execute_sql("DELETE FROM sync_session"))

    assert audit.verify(told) == ["Session 1 stands in the audit log, but its changes are no longer kept with it."]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        (1, "1"),
        (1.5, "1.5"),
        (1.5, 1.25),
        (0.1, 0.2),
        (b"a", "a"),
        ("a\nb", "a\\nb"),
        (2**63 - 1, 2**63 - 2),
    ],
)
def test_that_different_values_make_different_hashes(store: Store, one: object, other: object) -> None:
    store.write(add_changes(1, 1, one))
    with store.reading() as db:
        first = audit.changes_hash(db, 1)
    store.write(lambda db: db.execute_sql("UPDATE change SET after = ?", (other,)))
    with store.reading() as db:
        second = audit.changes_hash(db, 1)

    assert first != second


def test_that_the_hash_of_no_changes_is_that_of_nothing(store: Store) -> None:
    with store.reading() as db:
        digest = audit.changes_hash(db, 99)

    assert digest == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_that_the_hash_of_these_changes_is_the_same_in_every_version(store: Store) -> None:
    store.write(add_changes(1, 2, "Ana Ruiz-Çelik\t🙂"))
    store.write(add_changes(1, 1, 12.5))

    with store.reading() as db:
        digest = audit.changes_hash(db, 1)

    assert digest == "4f77332dc3a38cd09a961ba9b8e00867b4fdf1318f40a4f52895ff7ac4989137"


def test_that_the_row_names_the_person_the_system_knows(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "somebody-else")
    monkeypatch.setenv("LOGNAME", "somebody-else")
    store.write(add_rows(1))

    with store.reading() as db:
        who = db.execute_sql("SELECT who FROM audit").fetchone()

    assert who == (pwd.getpwuid(os.getuid()).pw_name,)


def test_that_a_row_is_written_with_what_it_tells_of_or_not_at_all(store: Store) -> None:
    def work(db: Connection) -> None:
        audit.record(db, "thing.done", "thing", {})
        add_variable("a")(db)
        add_variable("a")(db)

    with pytest.raises(Exception, match="UNIQUE"):
        store.write(work)
    store.write(add_rows(1))

    assert audit.verify(store) == []
    with store.reading() as db:
        assert db.execute_sql("SELECT count(*), max(id) FROM audit").fetchone() == (1, 1)


def test_that_text_that_no_database_takes_is_kept_as_far_as_it_goes(store: Store) -> None:
    store.write(lambda db: audit.record(db, "thing.done", "a\ud800b\0c", {"name": "x\udfff"}))

    with store.reading() as db:
        row = db.execute_sql("SELECT subject, detail FROM audit").fetchone()
    assert row == ("a\ufffdb\ufffdc", '{"name":"x\ufffd"}')
    assert audit.verify(store) == []


def test_that_a_large_run_is_hashed_in_a_few_seconds(store: Store) -> None:
    store.write(add_changes(1, 100_000))

    began = time.process_time()
    with store.reading() as db:
        audit.changes_hash(db, 1)

    assert time.process_time() - began < 3

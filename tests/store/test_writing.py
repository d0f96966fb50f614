import contextlib
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import peewee
import pytest

from saasdesk.errors import Cancelled, ExitCode, UserError
from saasdesk.profile import Profile
from saasdesk.store import Connection, Store
from tests.store.work import ENDLESS, add_changes, add_variable, variables

BATCHES_UNTIL_KILLED = """
import itertools, sys
from pathlib import Path
from saasdesk.profile import open_profile
from saasdesk.store import Store
from tests.store.work import add_changes

store = Store.open(open_profile(Path(sys.argv[1])))
for session in itertools.count(int(sys.argv[2])):
    store.write(add_changes(session, 200))
    print(session, flush=True)
"""


def sessions(store: Store) -> dict[int, int]:
    with store.reading() as db:
        return dict(db.execute_sql("SELECT session, count(*) FROM change GROUP BY session"))


def test_p01_that_work_that_raises_leaves_nothing(store: Store) -> None:
    def work(db: Connection) -> None:
        add_variable("first")(db)
        raise UserError("no")

    with pytest.raises(UserError, match="no"):
        store.write(work)

    assert variables(store) == []


def test_p01_that_nobody_sees_half_of_a_transaction(store: Store) -> None:
    seen: list[list[str]] = []
    half_done, looked = threading.Event(), threading.Event()

    def work(db: Connection) -> None:
        add_variable("a")(db)
        half_done.set()
        assert looked.wait(10)
        add_variable("b")(db)

    def look() -> None:
        half_done.wait(10)
        seen.append(variables(store))
        looked.set()

    reader = threading.Thread(target=look)
    reader.start()
    store.write(work)
    reader.join()

    assert seen == [[]]
    assert variables(store) == ["a", "b"]


def test_p01_p02_that_a_kill_leaves_whole_transactions_and_every_acknowledged_one(profile: Profile) -> None:
    acknowledged = 0
    for round_ in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", BATCHES_UNTIL_KILLED, str(profile.folder), str(acknowledged + 1)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        ) as writer:
            assert writer.stdout is not None
            for _ in range(round_ * 3 + 1):
                acknowledged = int(writer.stdout.readline())
            writer.kill()
            acknowledged = max([acknowledged, *map(int, writer.stdout.read().split())])
        assert writer.returncode == -signal.SIGKILL

        with Store.open(profile) as store:
            found = sessions(store)

        assert set(found.values()) == {200}
        assert set(range(1, acknowledged + 1)) <= found.keys()
        acknowledged = max(found)


def test_p02_that_a_commit_is_on_disk_before_it_is_reported(store: Store) -> None:
    pragmas = store.write(
        lambda db: [db.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")]
    )

    assert pragmas == [2, "wal"]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("foreign_keys", 1), ("busy_timeout", 10_000), ("secure_delete", 1), ("trusted_schema", 0), ("mmap_size", 0)],
)
def test_that_every_connection_has_the_pragmas(store: Store, pragma: str, value: int) -> None:
    with store.reading() as reader, store.stage() as stage:
        everyone = [db.execute_sql(f"PRAGMA {pragma}").fetchone()[0] for db in (reader, stage)]
    everyone.append(store.write(lambda db: db.execute_sql(f"PRAGMA {pragma}").fetchone()[0]))

    assert everyone == [value] * 3


def test_that_all_work_is_done_in_one_thread(store: Store) -> None:
    threads: set[str] = set()

    def work(db: Connection) -> None:
        threads.add(threading.current_thread().name)

    callers = [threading.Thread(target=store.write, args=(work,)) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert len(threads) == 1
    assert threads.isdisjoint({threading.current_thread().name})


def test_that_writes_of_many_threads_are_all_kept(store: Store) -> None:
    def write_some(name: str) -> None:
        for number in range(20):
            store.write(add_variable(f"{name}{number}"))

    callers = [threading.Thread(target=write_some, args=(name,)) for name in "abcd"]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert len(variables(store)) == 80


def test_that_the_result_of_the_work_comes_back(store: Store) -> None:
    assert store.write(lambda db: 42) == 42


def test_that_a_write_inside_a_write_is_a_bug_and_not_a_deadlock(store: Store) -> None:
    with pytest.raises(RuntimeError, match="a write inside a write"):
        store.write(lambda db: store.write(add_variable("inner")))


def test_that_a_part_of_the_work_can_fail_alone(store: Store) -> None:
    def work(db: Connection) -> None:
        add_variable("kept")(db)
        with contextlib.suppress(peewee.IntegrityError), db.atomic():
            add_variable("undone")(db)
            add_variable("kept")(db)

    store.write(work)

    assert variables(store) == ["kept"]


def test_that_our_own_mistakes_are_not_made_into_sentences(store: Store) -> None:
    with pytest.raises(peewee.OperationalError, match="no such table"):
        store.write(lambda db: db.execute_sql("DELETE FROM nowhere"))


def test_p09_that_a_stop_ends_a_long_statement_within_two_seconds_and_undoes_the_work(store: Store) -> None:
    stop = threading.Event()

    def work(db: Connection) -> None:
        add_variable("undone")(db)
        stop.set()
        db.execute_sql(ENDLESS).fetchone()

    began = time.monotonic()
    with pytest.raises(Cancelled):
        store.write(work, stop)

    assert time.monotonic() - began < 2
    assert variables(store) == []


def test_p09_that_a_stop_ends_a_long_row_of_short_statements(store: Store) -> None:
    stop = threading.Event()

    def rows(limit: int = 50_000_000) -> object:
        for record in range(limit):
            if record == 100:
                stop.set()
            yield (record,)

    def work(db: Connection) -> None:
        db.connection().executemany(
            "INSERT INTO trigger (at, cause, object, record, event) VALUES ('', '', '', ?, '')",
            rows(),  # type: ignore[arg-type]
        )

    began = time.monotonic()
    with pytest.raises(Cancelled):
        store.write(work, stop)

    assert time.monotonic() - began < 2
    with store.reading() as db:
        assert db.execute_sql("SELECT count(*) FROM trigger").fetchone() == (0,)


def test_that_a_stop_between_the_last_statement_and_the_commit_undoes_the_work(store: Store) -> None:
    stop = threading.Event()

    def work(db: Connection) -> None:
        add_variable("undone")(db)
        stop.set()

    with pytest.raises(Cancelled):
        store.write(work, stop)

    assert variables(store) == []


def test_that_a_stop_does_not_wait_for_the_work_before_it(store: Store) -> None:
    stop, busy, release = threading.Event(), threading.Event(), threading.Event()

    def long_work(db: Connection) -> None:
        busy.set()
        release.wait(10)

    other = threading.Thread(target=store.write, args=(long_work,))
    other.start()
    busy.wait(10)
    stop.set()
    with pytest.raises(Cancelled):
        store.write(add_variable("never"), stop)
    release.set()
    other.join()

    assert variables(store) == []


def test_that_ctrl_c_while_waiting_undoes_the_work(store: Store) -> None:
    def work(db: Connection) -> None:
        add_variable("undone")(db)
        os.kill(os.getpid(), signal.SIGINT)
        db.execute_sql(ENDLESS).fetchone()

    with pytest.raises(KeyboardInterrupt):
        store.write(work)

    assert variables(store) == []


def test_that_the_next_work_is_not_stopped_by_the_stop_of_the_last(store: Store) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        store.write(add_variable("a"), stop)

    store.write(add_changes(1, 5_000))

    assert sessions(store) == {1: 5_000}


def test_that_the_log_is_brought_into_the_database_after_a_large_write(store: Store) -> None:
    store.write(add_changes(1, 60_000))
    store.write(lambda db: None)

    log = store.profile.database.with_name("saasdesk.db-wal")
    assert log.stat().st_size == 0
    assert store.profile.database.stat().st_size > 4_000_000


def test_that_a_reader_does_not_hold_up_the_writer(store: Store) -> None:
    with store.reading(snapshot=True) as db:
        before = db.execute_sql("SELECT count(*) FROM change").fetchone()
        began = time.monotonic()
        store.write(add_changes(1, 60_000))
        store.write(lambda db: None)
        took = time.monotonic() - began
        after = db.execute_sql("SELECT count(*) FROM change").fetchone()

    assert took < 8
    assert before == after == (0,)


def test_that_another_program_at_the_database_is_named_as_the_cause(profile: Profile) -> None:
    with Store.open(profile) as store:
        store.write(lambda db: db.execute_sql("PRAGMA busy_timeout = 0"))
        other = sqlite3.connect(profile.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(UserError, match="Another program is using the database") as refusal:
            store.write(add_variable("a"))

        other.execute("ROLLBACK")
        other.close()

    assert refusal.value.exit_code is ExitCode.LOCKED


def test_p07_that_no_value_is_logged_even_at_the_finest_level(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        store.write(add_variable("ana@example.com"))
        variables(store)

    assert "ana@example.com" not in caplog.text


def test_that_a_closed_store_refuses_work(profile: Profile) -> None:
    store = Store.open(profile)
    store.close()
    store.close()

    with pytest.raises(RuntimeError, match="closed"):
        store.write(add_variable("a"))


def test_that_closing_waits_for_the_work_that_was_handed_in(profile: Profile) -> None:
    store = Store.open(profile)
    begun = threading.Event()

    def work(db: Connection) -> None:
        begun.set()
        add_changes(1, 20_000)(db)

    writer = threading.Thread(target=store.write, args=(work,))
    writer.start()
    begun.wait(10)
    store.close()
    writer.join()

    with Store.open(profile) as again:
        assert sessions(again) == {1: 20_000}


def test_that_closing_leaves_nothing_but_the_database(profile: Profile) -> None:
    with Store.open(profile) as store:
        store.write(add_variable("a"))

    assert not list(profile.folder.glob("saasdesk.db-*"))
    assert not profile.left_stages()

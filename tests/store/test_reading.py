import sqlite3
import threading
import time

import peewee
import pytest

from saasdesk.errors import Cancelled
from saasdesk.profile import Profile
from saasdesk.store import Store
from tests.store.work import ENDLESS, add_variable, variables


def test_that_a_reading_connection_cannot_write(store: Store) -> None:
    with store.reading() as db, pytest.raises(peewee.OperationalError, match="readonly"):
        add_variable("a")(db)


def test_that_readings_nest_on_one_connection_and_close_with_the_outermost(store: Store) -> None:
    with store.reading() as outer:
        with store.reading() as inner:
            assert inner.connection() is outer.connection()
        assert outer.execute_sql("SELECT 1").fetchone() == (1,)

    assert outer.is_closed()


def test_that_a_connection_is_not_used_outside_of_its_reading(store: Store) -> None:
    with store.reading() as db:
        pass

    with pytest.raises(peewee.InterfaceError):
        db.execute_sql("SELECT 1")


def test_that_each_thread_reads_on_a_connection_of_its_own(store: Store) -> None:
    connections = []
    both = threading.Barrier(2, timeout=10)

    def read() -> None:
        with store.reading() as db:
            connections.append(db.connection())
            both.wait()

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert connections[0] is not connections[1]


def test_that_everything_in_a_snapshot_is_of_one_moment(store: Store) -> None:
    with store.reading(snapshot=True) as db:
        store.write(add_variable("later"))
        count = db.execute_sql("SELECT count(*) FROM variable").fetchone()
        with store.reading(snapshot=True) as nested:
            nested_count = nested.execute_sql("SELECT count(*) FROM variable").fetchone()

    assert count == nested_count == (0,)
    assert variables(store) == ["later"]


def test_that_a_plain_reading_sees_what_was_written_meanwhile(store: Store) -> None:
    with store.reading() as db:
        store.write(add_variable("later"))
        count = db.execute_sql("SELECT count(*) FROM variable").fetchone()

    assert count == (1,)


def test_that_fold_is_known_to_every_connection(store: Store) -> None:
    query = "SELECT fold(' Ana\u200b.RUIZ ')"
    with store.reading() as reader, store.stage() as stage:
        answers = [db.execute_sql(query).fetchone() for db in (reader, stage)]
    answers.append(store.write(lambda db: db.execute_sql(query).fetchone()))

    assert answers == [("ana.ruiz",)] * 3


def test_p09_that_a_stop_ends_a_running_query_within_two_seconds(store: Store) -> None:
    stop = threading.Event()
    threading.Timer(0.05, stop.set).start()

    began = time.monotonic()
    with pytest.raises(Cancelled), store.reading(stop=stop) as db:
        db.execute_sql(ENDLESS).fetchone()

    assert time.monotonic() - began < 2


def test_that_the_stop_of_the_outer_reading_ends_a_query_of_the_inner(store: Store) -> None:
    outer_stop, inner_stop = threading.Event(), threading.Event()
    threading.Timer(0.05, outer_stop.set).start()

    with pytest.raises(Cancelled), store.reading(stop=outer_stop), store.reading(stop=inner_stop) as db:
        db.execute_sql(ENDLESS).fetchone()


def test_that_the_stop_of_an_inner_reading_is_forgotten_after_it(store: Store) -> None:
    stop = threading.Event()

    with store.reading() as db:
        with store.reading(stop=stop):
            pass
        stop.set()
        rows = db.execute_sql(ENDLESS.replace("4000000000", "100000")).fetchone()

    assert rows == (100_000,)


def test_that_the_stop_of_one_thread_leaves_the_queries_of_others_alone(store: Store) -> None:
    stop = threading.Event()
    stop.set()
    counted = []

    def count() -> None:
        with store.reading() as db:
            counted.append(db.execute_sql(ENDLESS.replace("4000000000", "100000")).fetchone())

    with store.reading(stop=stop):
        other = threading.Thread(target=count)
        other.start()
        other.join()

    assert counted == [(100_000,)]


def test_that_a_second_process_would_read_beside_an_open_store(profile: Profile) -> None:
    with Store.open(profile) as store, Store.open(profile, writable=False) as beside:
        store.write(add_variable("a"))

        assert variables(beside) == ["a"]
        with pytest.raises(RuntimeError, match="reading only"):
            beside.write(add_variable("b"))


def test_that_reading_beside_needs_no_lock_and_no_writer(made: Profile) -> None:
    with Store.open(made, writable=False) as store:
        assert variables(store) == []
        with Store.open(made) as writer:
            writer.write(add_variable("a"))
        assert variables(store) == ["a"]


def connection_of_a_reading(store: Store) -> sqlite3.Connection:
    with store.reading() as db:
        return db.connection()


def test_that_the_next_reading_has_the_connection_of_the_last_one_and_sees_what_was_written(store: Store) -> None:
    first = connection_of_a_reading(store)
    store.write(add_variable("later"))
    found = []

    def read() -> None:
        with store.reading() as db:
            found.append((db.connection(), db.execute_sql("SELECT key FROM variable").fetchall()))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()

    assert found == [(first, [("later",)])]


def test_that_what_somebody_still_reads_from_is_closed_and_holds_nothing_back(store: Store) -> None:
    store.write(add_variable("a"))
    store.write(add_variable("b"))
    with store.reading() as db:
        unread = db.execute_sql("SELECT key FROM variable ORDER BY key")
        assert unread.fetchone() == ("a",)
        first = db.connection()

    assert connection_of_a_reading(store) is not first
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        unread.fetchone()


def test_that_no_connection_stays_open_when_the_store_is_closed(store: Store) -> None:
    before = connection_of_a_reading(store)
    with store.reading() as db:
        during = db.connection()
        store.close()
        assert db.execute_sql("SELECT 1").fetchone() == (1,)
    after = connection_of_a_reading(store)

    for connection in (before, during, after):
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


def test_that_few_connections_are_kept_however_many_threads_have_read(store: Store) -> None:
    all_of_them = threading.Barrier(6, timeout=10)
    connections = []

    def read() -> None:
        with store.reading() as db:
            connections.append(db.connection())
            all_of_them.wait()

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(map(is_open, connections)) == 4


def is_open(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return False
    return True

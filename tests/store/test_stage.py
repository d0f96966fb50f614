import stat
import threading

import peewee
import pytest

from saasdesk.errors import Cancelled, UserError
from saasdesk.profile import Profile
from saasdesk.store import Connection, Store
from tests.store.work import ENDLESS, add_variable, variables


def fill(db: Connection) -> None:
    db.execute_sql("CREATE TABLE staged (key TEXT)")
    db.execute_sql("INSERT INTO staged VALUES ('fetched')")


def take_over(db: Connection) -> None:
    db.execute_sql("INSERT INTO variable (key, value) SELECT key, '' FROM stage.staged")


def test_that_what_was_staged_can_be_taken_over_in_one_write(store: Store) -> None:
    with store.stage() as stage:
        fill(stage)
        store.write_with_stage(take_over)

    assert variables(store) == ["fetched"]


def test_that_the_staging_file_stays_until_it_is_dropped(store: Store) -> None:
    with store.stage() as stage:
        fill(stage)
    store.write_with_stage(take_over)
    there_before = store.profile.stage.exists()

    store.drop_stage()

    assert there_before
    assert not store.profile.stage.exists()
    assert variables(store) == ["fetched"]


def test_that_the_live_tables_can_be_read_and_not_written_while_staging(store: Store) -> None:
    store.write(add_variable("live"))

    with store.stage() as stage:
        assert stage.execute_sql("SELECT key FROM live.variable").fetchall() == [("live",)]
        with pytest.raises(peewee.OperationalError, match="readonly"):
            stage.execute_sql("DELETE FROM live.variable")


def test_that_every_stage_begins_empty(store: Store) -> None:
    with store.stage() as stage:
        fill(stage)
    with store.stage() as stage:
        tables = stage.execute_sql("SELECT count(*) FROM main.sqlite_schema").fetchone()

    assert tables == (0,)


def test_that_the_staging_file_is_private_and_unprotected_against_crashes(store: Store) -> None:
    with store.stage() as stage:
        fill(stage)
        pragmas = [stage.execute_sql(f"PRAGMA main.{name}").fetchone()[0] for name in ("journal_mode", "synchronous")]

    assert pragmas == ["off", 0]
    assert stat.S_IMODE(store.profile.stage.stat().st_mode) == 0o600


def test_that_a_failed_write_leaves_the_stage_detached_and_usable(store: Store) -> None:
    def fail(db: Connection) -> None:
        take_over(db)
        db.execute_sql("INSERT INTO stage.staged VALUES ('more')")
        raise UserError("no")

    with store.stage() as stage:
        fill(stage)
        with pytest.raises(UserError, match="no"):
            store.write_with_stage(fail)
        store.write_with_stage(take_over)

    assert variables(store) == ["fetched"]


def test_that_an_error_in_the_middle_of_reading_the_stage_is_the_one_that_is_told(store: Store) -> None:
    def fail(db: Connection) -> None:
        for _ in db.execute_sql("SELECT key FROM stage.staged"):
            raise UserError("no")

    with store.stage() as stage:
        fill(stage)
        stage.execute_sql("INSERT INTO staged VALUES ('second')")
        with pytest.raises(UserError, match="no"):
            store.write_with_stage(fail)
        store.write_with_stage(take_over)

    assert variables(store) == ["fetched", "second"]


def test_that_a_leftover_stage_is_gone_after_the_next_start(made: Profile) -> None:
    made.stage.write_bytes(b"left by a crash")

    with Store.open(made):
        assert not made.stage.exists()


def test_that_the_next_run_waits_for_the_stage(store: Store) -> None:
    order: list[str] = []
    waiting = threading.Event()

    def second_run() -> None:
        waiting.set()
        with store.stage():
            order.append("second")
        store.drop_stage()

    with store.stage():
        other = threading.Thread(target=second_run)
        other.start()
        waiting.wait(10)
        order.append("first")
    store.drop_stage()
    other.join(10)

    assert order == ["first", "second"]


def test_that_a_run_waiting_for_the_stage_can_be_stopped(store: Store) -> None:
    stop = threading.Event()
    stop.set()
    outcomes: list[type[BaseException]] = []

    def second_run() -> None:
        try:
            with store.stage(stop):
                pass
        except Cancelled as error:
            outcomes.append(type(error))

    with store.stage():
        other = threading.Thread(target=second_run)
        other.start()
        other.join(10)

    assert outcomes == [Cancelled]


def test_that_a_run_that_never_gave_the_stage_back_holds_nobody_up(store: Store) -> None:
    def forgetful_run() -> None:
        with store.stage():
            pass

    other = threading.Thread(target=forgetful_run)
    other.start()
    other.join()

    with store.stage() as stage:
        fill(stage)


def test_that_dropping_the_stage_of_another_run_does_nothing(store: Store) -> None:
    with store.stage() as stage:
        fill(stage)
        other = threading.Thread(target=store.drop_stage)
        other.start()
        other.join()
    store.write_with_stage(take_over)

    assert variables(store) == ["fetched"]


def test_p09_that_a_stop_ends_a_long_query_on_the_stage(store: Store) -> None:
    stop = threading.Event()
    threading.Timer(0.05, stop.set).start()

    with pytest.raises(Cancelled), store.stage(stop) as stage:
        stage.execute_sql(ENDLESS).fetchone()


def test_that_a_damaged_stage_is_not_taken_for_a_damaged_database(store: Store) -> None:
    with store.stage() as stage:
        fill(stage)
    store.profile.stage.write_bytes(b"no database at all, but long enough to be looked at as one" * 100)

    with pytest.raises(UserError, match="What was fetched could not be read back"):
        store.write_with_stage(take_over)

    store.write(add_variable("still writing"))
    assert variables(store) == ["still writing"]

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
        store.write_with_stage(stage, take_over)

    assert variables(store) == ["fetched"]


def test_that_a_staging_file_is_gone_when_its_run_is_over(store: Store) -> None:
    with store.stage() as stage:
        fill(stage)
        there = store.profile.left_stages()

    assert there == [stage.file]
    assert not store.profile.left_stages()


def test_that_a_staging_file_is_gone_when_its_run_fails(store: Store) -> None:
    def fail() -> None:
        with store.stage() as stage:
            fill(stage)
            raise UserError("no")

    with pytest.raises(UserError, match="no"):
        fail()

    assert not store.profile.left_stages()


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
        mode = stat.S_IMODE(stage.file.stat().st_mode)

    assert pragmas == ["off", 0]
    assert mode == 0o600


def test_that_a_failed_write_leaves_the_stage_detached_and_usable(store: Store) -> None:
    def fail(db: Connection) -> None:
        take_over(db)
        db.execute_sql("INSERT INTO stage.staged VALUES ('more')")
        raise UserError("no")

    with store.stage() as stage:
        fill(stage)
        with pytest.raises(UserError, match="no"):
            store.write_with_stage(stage, fail)
        store.write_with_stage(stage, take_over)

    assert variables(store) == ["fetched"]


def test_that_an_error_in_the_middle_of_reading_the_stage_is_the_one_that_is_told(store: Store) -> None:
    def fail(db: Connection) -> None:
        for _ in db.execute_sql("SELECT key FROM stage.staged"):
            raise UserError("no")

    with store.stage() as stage:
        fill(stage)
        stage.execute_sql("INSERT INTO staged VALUES ('second')")
        with pytest.raises(UserError, match="no"):
            store.write_with_stage(stage, fail)
        store.write_with_stage(stage, take_over)

    assert variables(store) == ["fetched", "second"]


@pytest.mark.parametrize("name", ["stage.db", "stage-7.db", "stage-7.db-journal"])
def test_that_leftover_staging_files_are_gone_after_the_next_start(made: Profile, name: str) -> None:
    (made.folder / name).write_bytes(b"left by a crash")

    with Store.open(made):
        assert not (made.folder / name).exists()


def test_that_runs_side_by_side_have_a_staging_file_each(store: Store) -> None:
    both_have_one = threading.Barrier(2, timeout=10)
    found: dict[str, list[tuple[str]]] = {}

    def run(name: str) -> None:
        with store.stage() as stage:
            stage.execute_sql("CREATE TABLE staged (key TEXT)")
            stage.execute_sql("INSERT INTO staged VALUES (?)", (name,))
            both_have_one.wait()
            store.write_with_stage(stage, take_over)
            found[name] = stage.execute_sql("SELECT key FROM staged").fetchall()
            both_have_one.wait()

    runs = [threading.Thread(target=run, args=(name,)) for name in ("one", "other")]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join(10)

    assert found == {"one": [("one",)], "other": [("other",)]}
    assert sorted(variables(store)) == ["one", "other"]
    assert not store.profile.left_stages()


def test_p09_that_a_stop_ends_a_long_query_on_the_stage(store: Store) -> None:
    stop = threading.Event()
    threading.Timer(0.05, stop.set).start()

    with pytest.raises(Cancelled), store.stage(stop) as stage:
        stage.execute_sql(ENDLESS).fetchone()


def test_that_a_damaged_stage_is_not_taken_for_a_damaged_database(store: Store) -> None:
    with store.stage() as stage:
        fill(stage)
        stage.file.write_bytes(b"no database at all, but long enough to be looked at as one" * 100)

        with pytest.raises(UserError, match="could not be read back"):
            store.write_with_stage(stage, take_over)

    store.write(add_variable("still writing"))
    assert variables(store) == ["still writing"]

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from saasdesk.errors import UserError
from saasdesk.profile import Profile
from saasdesk.store import Store, migrations
from saasdesk.store.backup import verify
from saasdesk.store.migrate import STEPS
from saasdesk.store.migrations.m0001_initial import Execute
from tests.store.work import add_variable, variables

UPDATE_AND_BE_KILLED = """
import os, signal, sys
from pathlib import Path
from saasdesk.profile import open_profile
from saasdesk.store import Store
from saasdesk.store.migrate import STEPS

def step(execute):
    execute("CREATE TABLE newcomer (a)", ())
    execute("DELETE FROM variable", ())
    os.kill(os.getpid(), signal.SIGKILL)

Store.open(open_profile(Path(sys.argv[1])), steps=(*STEPS, step))
"""


def add_newcomer(execute: Execute) -> None:
    execute("CREATE TABLE newcomer (a)", ())


def fail_half_way(execute: Execute) -> None:
    execute("DELETE FROM variable", ())
    raise ZeroDivisionError


def leave_a_reference_to_nothing(execute: Execute) -> None:
    execute("INSERT INTO session_error (session, record, cause, message) VALUES (99, '', '', '')", ())


def read_version(profile: Profile) -> int:
    return int.from_bytes(profile.database.read_bytes()[60:64], "big")


@pytest.fixture
def filled(made: Profile) -> Profile:
    with Store.open(made) as store:
        store.write(add_variable("kept"))
    return made


def test_that_every_migration_is_in_the_row_and_has_a_test() -> None:
    names = sorted(path.stem for path in Path(migrations.__file__).parent.glob("m[0-9]*.py"))
    tests = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("migrations/test_m*.py")}

    assert [step.__module__.rpartition(".")[2] for step in STEPS] == names
    assert tests == set(names)


def test_that_an_update_keeps_what_was_there(filled: Profile) -> None:
    with Store.open(filled, steps=(*STEPS, add_newcomer)) as store:
        kept = variables(store)
        with store.reading() as db:
            version = db.execute_sql("PRAGMA user_version").fetchone()
            newcomers = db.execute_sql("SELECT count(*) FROM newcomer").fetchone()

    assert (kept, version, newcomers) == (["kept"], (len(STEPS) + 1,), (0,))


def test_p13_that_an_update_makes_a_verified_backup_first(filled: Profile) -> None:
    Store.open(filled, steps=(*STEPS, add_newcomer)).close()

    (backup,) = filled.backups.glob("*-before-migration.db")
    assert verify(backup) == len(STEPS)


def test_p13_that_no_update_means_no_backup(filled: Profile) -> None:
    Store.open(filled).close()

    assert not list(filled.backups.iterdir())


@pytest.mark.parametrize("step", [fail_half_way, leave_a_reference_to_nothing])
def test_p13_that_a_step_that_fails_leaves_the_old_database_and_the_old_program_works(filled: Profile, step) -> None:
    with pytest.raises((ZeroDivisionError, RuntimeError)):
        Store.open(filled, steps=(*STEPS, step))

    with Store.open(filled) as store:
        assert variables(store) == ["kept"]


def test_p13_that_the_steps_before_a_failing_one_are_kept(filled: Profile) -> None:
    with pytest.raises(ZeroDivisionError):
        Store.open(filled, steps=(*STEPS, add_newcomer, fail_half_way))

    with Store.open(filled, steps=(*STEPS, add_newcomer)) as store:
        assert variables(store) == ["kept"]
        assert read_version(filled) == len(STEPS) + 1


def test_p13_that_a_kill_in_the_middle_of_an_update_leaves_the_old_database(filled: Profile) -> None:
    updating = subprocess.run([sys.executable, "-c", UPDATE_AND_BE_KILLED, str(filled.folder)], check=False)

    with Store.open(filled) as store:
        with store.reading() as db:
            newcomers = db.execute_sql("SELECT count(*) FROM sqlite_schema WHERE name = 'newcomer'").fetchone()
        kept = variables(store)
    assert updating.returncode == -signal.SIGKILL
    assert (kept, newcomers) == (["kept"], (0,))


def test_p13_that_without_a_backup_nothing_is_updated(filled: Profile) -> None:
    filled.backups.rmdir()
    filled.backups.write_text("in the way")

    with pytest.raises(UserError, match=r"could not be written: .* The database is as it was"):
        Store.open(filled, steps=(*STEPS, add_newcomer))

    assert read_version(filled) == len(STEPS)


def test_that_a_reading_command_does_not_update(filled: Profile) -> None:
    with pytest.raises(UserError, match=r"made by an older saasdesk\. Open saasdesk once to update it"):
        Store.open(filled, writable=False, steps=(*STEPS, add_newcomer))

    assert read_version(filled) == len(STEPS)


def test_that_references_are_enforced_again_after_an_update(filled: Profile) -> None:
    with Store.open(filled, steps=(*STEPS, add_newcomer)) as store:
        assert store.write(lambda db: db.execute_sql("PRAGMA foreign_keys").fetchone()) == (1,)

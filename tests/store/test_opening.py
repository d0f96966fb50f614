import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from saasdesk.errors import ExitCode, UserError
from saasdesk.profile import LockedProfile, Profile, ProfileLock, open_profile
from saasdesk.store import DamagedDatabase, NewerDatabase, Store
from saasdesk.store.backup import Occasion, backup_to, make_backup
from saasdesk.store.connections import APPLICATION_ID
from saasdesk.store.migrate import STEPS
from tests.store.work import add_changes, add_variable, variables

OPEN_AND_SAY_WHY_NOT = """
import sys
from pathlib import Path
from saasdesk.errors import UserError
from saasdesk.profile import open_profile
from saasdesk.store import Store
try:
    Store.open(open_profile(Path(sys.argv[1])))
except UserError as error:
    print(error)
    sys.exit(error.exit_code)
"""


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def change_header(path: Path, offset: int, number: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(number.to_bytes(4, "big"))


def empty_it(profile: Profile) -> None:
    profile.database.write_bytes(b"")


def remove_it(profile: Profile) -> None:
    profile.database.unlink()


def make_it_anothers(profile: Profile) -> None:
    change_header(profile.database, 68, 0x12345678)


def replace_by_text(profile: Profile) -> None:
    profile.database.write_text("not a database " * 1000)


def cut_it_short(profile: Profile) -> None:
    os.truncate(profile.database, 8192)


def spoil_a_page(profile: Profile) -> None:
    with profile.database.open("r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xff" * 4096)


def spoil_the_version(profile: Profile) -> None:
    change_header(profile.database, 60, 0)


DAMAGES: list[Callable[[Profile], None]] = [
    empty_it,
    remove_it,
    make_it_anothers,
    replace_by_text,
    cut_it_short,
    spoil_a_page,
    spoil_the_version,
]


def test_that_a_new_database_is_ours_and_of_the_newest_version(made: Profile) -> None:
    header = made.database.read_bytes()[:100]

    assert int.from_bytes(header[68:72], "big") == APPLICATION_ID
    assert int.from_bytes(header[60:64], "big") == len(STEPS)
    assert made.had_database


def test_that_everything_in_a_profile_is_private_whatever_the_umask(profile_dir: Path, open_umask: None) -> None:
    profile = open_profile(profile_dir)
    with Store.open(profile) as store, store.stage() as stage, store.reading():
        stage.execute_sql("CREATE TABLE staged (key TEXT)")
        make_backup(profile, Occasion.DAILY)
        os.umask(0)
        store.write(add_changes(1, 60_000))
        copied = backup_to(store, profile.exports / "copy.db")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in profile.folder.rglob("*") if path.is_file()}

    assert {"saasdesk.db", "saasdesk.db-wal", "saasdesk.db-shm", stage.file.name, "lock", copied.name} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_that_a_database_left_open_to_others_is_closed_to_them(made: Profile) -> None:
    made.database.chmod(0o644)

    with Store.open(made):
        modes = {stat.S_IMODE(path.stat().st_mode) for path in made.folder.glob("saasdesk.db*")}

    assert modes == {0o600}


def test_p12_that_a_second_process_says_who_has_the_profile_and_exits_5(store: Store) -> None:
    second = subprocess.run(
        [sys.executable, "-c", OPEN_AND_SAY_WHY_NOT, str(store.profile.folder)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 5
    assert second.stdout == (
        f"Another saasdesk (process {os.getpid()}) is using the profile {store.profile.folder}. "
        "Close it and try again.\n"
    )


def test_p12_that_closing_gives_the_profile_back(profile: Profile) -> None:
    Store.open(profile).close()

    with Store.open(profile) as again, pytest.raises(LockedProfile):
        Store.open(again.profile)


def test_p12_that_a_lock_that_was_lent_is_not_given_back(profile: Profile) -> None:
    with ProfileLock(profile) as lock:
        Store.open(profile, lock=lock).close()

        with pytest.raises(LockedProfile):
            Store.open(profile)


def test_p12_that_a_failed_opening_gives_the_profile_back(made: Profile) -> None:
    empty_it(made)
    with pytest.raises(DamagedDatabase):
        Store.open(made)

    with ProfileLock(made) as lock:
        assert lock.is_held


@pytest.mark.parametrize("damage", DAMAGES)
def test_p14_that_damage_is_found_at_start_and_nothing_is_begun_afresh(
    made: Profile, damage: Callable[[Profile], None]
) -> None:
    damage(made)
    before = made.database.read_bytes() if made.database.exists() else None

    with pytest.raises(DamagedDatabase) as refusal:
        Store.open(made)

    assert refusal.value.exit_code is ExitCode.USAGE
    assert (made.database.read_bytes() if made.database.exists() else None) == before


@pytest.mark.parametrize("damage", [empty_it, remove_it, make_it_anothers, replace_by_text, spoil_the_version])
def test_p14_that_a_reading_command_refuses_a_damaged_database_too(
    made: Profile, damage: Callable[[Profile], None]
) -> None:
    damage(made)

    with pytest.raises(DamagedDatabase):
        Store.open(made, writable=False)


def test_p14_that_the_sentence_says_where_the_damaged_one_is_and_which_backup_is_good(made: Profile) -> None:
    good = make_backup(made, Occasion.DAILY)
    broken = make_backup(made, Occasion.BEFORE_PLAN)
    os.truncate(broken, 4096)
    spoil_a_page(made)

    with pytest.raises(DamagedDatabase) as refusal:
        Store.open(made)

    assert str(refusal.value) == (
        f"The database is damaged. It was kept as {made.database}; newest good backup: {good}. "
        f"To go back to it: saasdesk restore {good}"
    )
    assert refusal.value.newest_backup == good


def test_p14_that_the_sentence_says_so_when_there_is_no_good_backup(made: Profile) -> None:
    remove_it(made)

    with pytest.raises(DamagedDatabase) as refusal:
        Store.open(made)

    assert str(refusal.value) == (
        f"The database is missing: there is no {made.database}; there is no good backup in this profile"
    )


def test_p14_that_damage_met_later_stops_all_writing(made: Profile) -> None:
    with Store.open(made) as store:
        store.write(add_changes(1, 20_000))
    size = made.database.stat().st_size

    with Store.open(made) as store:
        with made.database.open("r+b") as file:
            file.seek(30 * 4096)
            file.write(b"\xff" * (size - 40 * 4096))
        with pytest.raises(DamagedDatabase), store.reading() as db:
            db.execute_sql("SELECT sum(length(after)) FROM change").fetchone()

        with pytest.raises(DamagedDatabase):
            store.write(add_variable("a"))
        assert store.damage is not None


def test_p14_that_damage_found_by_the_check_in_the_background_stops_all_writing(made: Profile) -> None:
    with Store.open(made) as store:
        spoil_a_page(made)
        store.check_in_background()
        assert store._checking is not None
        store._checking.join(10)

        with pytest.raises(DamagedDatabase):
            store.write(add_variable("a"))


def test_that_closing_ends_the_check_in_the_background(made: Profile) -> None:
    store = Store.open(made)
    store.check_in_background()

    store.close()

    assert not [thread for thread in threading.enumerate() if thread.name.startswith("store-")]


def test_that_a_creation_that_was_cut_short_is_taken_up_again(profile: Profile) -> None:
    profile.database.touch()

    with Store.open(profile) as store:
        store.write(add_variable("a"))


def test_that_a_database_that_was_finished_but_not_yet_noted_is_kept(made: Profile) -> None:
    with Store.open(made) as store:
        store.write(add_variable("kept"))
    made.marker.write_text(made.marker.read_text().replace("true", "false"))

    with Store.open(made) as store:
        assert variables(store) == ["kept"]
    assert made.had_database


def test_that_the_database_of_another_program_is_never_built_upon(profile: Profile) -> None:
    other = sqlite3.connect(profile.database)
    other.execute("CREATE TABLE theirs (a)")
    other.commit()
    other.close()
    before = profile.database.read_bytes()

    with pytest.raises(DamagedDatabase):
        Store.open(profile)
    assert profile.database.read_bytes() == before


def test_that_reading_needs_a_database(profile: Profile) -> None:
    with pytest.raises(UserError, match="There is no database in"):
        Store.open(profile, writable=False)

    assert not profile.database.exists()


def test_that_what_a_killed_writer_committed_is_read_without_a_writer(profile: Profile) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from saasdesk.profile import open_profile;"
        "from saasdesk.store import Store; from tests.store.work import add_variable;"
        "Store.open(open_profile(Path(sys.argv[1]))).write(add_variable('kept')); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(profile.folder)], check=False, cwd=Path(__file__).parents[2])

    with Store.open(profile, writable=False) as beside:
        first = variables(beside)
    with Store.open(profile) as store:
        second = variables(store)

    assert first == second == ["kept"]


def test_p13_that_a_newer_database_is_refused_and_left_untouched(made: Profile) -> None:
    change_header(made.database, 60, 99)
    before = made.database.read_bytes()

    for writable in (True, False):
        with pytest.raises(NewerDatabase) as refusal:
            Store.open(made, writable=writable)

    assert f"was made by a newer version (99); this program knows {len(STEPS)}." in str(refusal.value)
    assert refusal.value.exit_code is ExitCode.USAGE
    assert made.database.read_bytes() == before

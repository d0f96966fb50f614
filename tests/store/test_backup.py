import shutil
import sqlite3
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from saasdesk.errors import Cancelled, ExitCode, UserError
from saasdesk.profile import Profile
from saasdesk.store import DamagedDatabase, NewerDatabase, Store, audit
from saasdesk.store.backup import (
    Occasion,
    backup_to,
    daily_backup,
    make_backup,
    newest_good_backup,
    restore_from,
    verify,
)
from saasdesk.store.connections import files_of
from saasdesk.store.failures import megabytes
from saasdesk.store.migrate import STEPS
from tests.store.work import add_changes, add_variable, variables

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


def days_kept(profile: Profile) -> list[str]:
    return sorted(path.name[:8] for path in profile.backups.glob("*-daily.db"))


def spoil(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xff" * 8192)


def test_that_a_backup_holds_everything_that_was_committed(store: Store, tmp_path: Path) -> None:
    store.write(add_variable("a"))

    copy = backup_to(store, tmp_path / "copy.db")

    assert verify(copy) == len(STEPS)
    connection = sqlite3.connect(copy)
    assert connection.execute("SELECT key FROM variable").fetchall() == [("a",)]
    connection.close()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_that_a_backup_can_be_made_beside_the_open_program(store: Store, tmp_path: Path) -> None:
    store.write(add_variable("a"))

    with Store.open(store.profile, writable=False) as beside:
        copy = backup_to(beside, tmp_path / "copy.db")

    assert verify(copy) == len(STEPS)


def test_that_a_folder_gets_a_backup_with_a_name_of_its_own(store: Store, tmp_path: Path) -> None:
    copy = backup_to(store, tmp_path)

    assert copy.parent == tmp_path
    assert verify(copy) == len(STEPS)


def test_that_an_older_backup_may_be_replaced_and_nothing_else(store: Store, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("notes")
    copy = backup_to(store, tmp_path / "copy.db")
    store.write(add_variable("later"))

    backup_to(store, copy)
    with pytest.raises(UserError, match="something else than a backup"):
        backup_to(store, notes)
    with pytest.raises(UserError, match="cannot replace the database"):
        backup_to(store, store.profile.database)
    with pytest.raises(UserError, match="There is no folder"):
        backup_to(store, tmp_path / "nowhere" / "copy.db")

    assert notes.read_text() == "notes"
    assert b"later" in copy.read_bytes()


def test_that_a_damaged_database_is_not_copied_over_good_backups(store: Store) -> None:
    good = make_backup(store.profile, Occasion.DAILY)
    store.write(add_changes(1, 60_000))
    store.write(lambda db: None)
    spoil(store.profile.database)

    with pytest.raises(DamagedDatabase) as refusal:
        make_backup(store.profile, Occasion.DAILY)

    assert refusal.value.newest_backup == good
    assert list(store.profile.backups.iterdir()) == [good]


def test_that_a_stopped_backup_leaves_no_file(store: Store, tmp_path: Path) -> None:
    store.write(add_changes(1, 60_000))
    stop = threading.Event()
    stop.set()

    with pytest.raises(Cancelled):
        backup_to(store, tmp_path / "copy.db", stop)

    assert list(tmp_path.iterdir()) == [store.profile.folder]


def test_that_there_is_one_daily_backup_a_day(store: Store) -> None:
    first = daily_backup(store, now=MONDAY)
    second = daily_backup(store, now=MONDAY + timedelta(minutes=5))
    next_day = daily_backup(store, now=MONDAY + timedelta(days=1))

    assert first is not None
    assert second is None
    assert next_day is not None


def test_that_three_days_and_four_weeks_are_kept_while_there_is_room(store: Store) -> None:
    # Deleted rows leave the database large and its copies small.
    store.write(add_changes(1, 60_000))
    store.write(lambda db: db.execute_sql("DELETE FROM change"))

    for day in range(40):
        daily_backup(store, now=MONDAY + timedelta(days=day))

    # 2 March and 6 April are Mondays; of the weeks before, the Sunday is the latest.
    assert days_kept(store.profile) == ["20260322", "20260329", "20260405", "20260408", "20260409", "20260410"]


def test_that_daily_backups_together_stay_within_three_times_the_database(store: Store) -> None:
    for day in range(40):
        daily_backup(store, now=MONDAY + timedelta(days=day))
    sizes = [path.stat().st_size for path in store.profile.backups.iterdir()]

    assert sum(sizes) <= 3 * store.profile.database.stat().st_size
    assert days_kept(store.profile)[-1] == "20260410"


def test_that_the_newest_good_backup_is_the_latest_that_can_be_read(store: Store) -> None:
    good = make_backup(store.profile, Occasion.DAILY)
    spoil(make_backup(store.profile, Occasion.BEFORE_PLAN))
    (store.profile.backups / "99990101T000000Z-notes.db").write_text("no backup")

    assert newest_good_backup(store.profile) == good


@pytest.mark.parametrize("content", [b"", b"notes", b"SQLite format 3\0" + bytes(4096)])
def test_that_only_our_own_files_can_be_restored(made: Profile, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.db").write_bytes(content)

    with pytest.raises(UserError, match="is not a saasdesk database"):
        restore_from(made, tmp_path / "other.db")


def test_p13_that_a_restore_looks_at_the_candidate_before_it_touches_anything(made: Profile, tmp_path: Path) -> None:
    damaged, newer = (tmp_path / name for name in ("damaged.db", "newer.db"))
    for path in (damaged, newer):
        shutil.copy(make_backup(made, Occasion.DAILY), path)
    spoil(damaged)
    with newer.open("r+b") as file:
        file.seek(60)
        file.write((99).to_bytes(4, "big"))
    before = made.database.read_bytes()

    with pytest.raises(UserError, match=r"damaged\.db is damaged"):
        restore_from(made, damaged)
    with pytest.raises(NewerDatabase):
        restore_from(made, newer)
    with pytest.raises(UserError, match="There is no file"):
        restore_from(made, tmp_path / "nowhere.db")

    assert made.database.read_bytes() == before
    assert not list(made.folder.glob("replaced-*"))


def test_p13_that_a_restore_backs_up_what_was_there_and_moves_it_aside(made: Profile, tmp_path: Path) -> None:
    with Store.open(made) as store:
        store.write(add_variable("old"))
        copy = backup_to(store, tmp_path / "copy.db")
        store.write(add_variable("new"))

    aside = restore_from(made, copy)

    with Store.open(made) as store:
        restored = variables(store)
    (backup,) = made.backups.glob("*-before-restore.db")
    assert restored == ["old"]
    assert aside is not None
    assert b"new" in aside.read_bytes()
    assert b"new" in backup.read_bytes()
    assert {stat.S_IMODE(path.stat().st_mode) for path in made.folder.rglob("*") if path.is_file()} == {0o600}


def test_that_after_a_restore_schedules_wait_for_the_admin_and_the_audit_log_tells(
    made: Profile, tmp_path: Path
) -> None:
    with Store.open(made) as store:
        copy = backup_to(store, tmp_path / "copy.db")
    restore_from(made, copy)

    with Store.open(made) as store:
        is_paused = store.settings().scheduling_paused
        problems = audit.verify(store)
        store.save_setting("scheduling_paused", "false")
        with store.reading() as db:
            actions = db.execute_sql("SELECT action FROM audit ORDER BY id").fetchall()

    assert is_paused
    assert problems == []
    assert actions == [("database.restored",), ("setting.changed",)]


def test_p14_that_a_damaged_or_missing_database_can_be_restored_and_is_kept(made: Profile, tmp_path: Path) -> None:
    good = make_backup(made, Occasion.DAILY)
    made.database.write_bytes(b"damaged")

    aside = restore_from(made, good)
    Store.open(made).close()
    made.database.unlink()
    nothing_aside = restore_from(made, good)

    assert aside is not None
    assert aside.read_bytes() == b"damaged"
    assert nothing_aside is None
    with Store.open(made) as store:
        assert variables(store) == []


def test_that_a_backup_that_does_not_fit_says_how_much_to_free(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10**9, 10**9, 0))

    needed = megabytes(sum(part.stat().st_size for part in files_of(store.profile.database)) + 20_000_000)
    with pytest.raises(UserError, match=rf"The disk is full\. Nothing was saved; free at least {needed}") as refusal:
        backup_to(store, tmp_path / "copy.db")

    assert refusal.value.exit_code is ExitCode.PARTLY
    assert list(tmp_path.iterdir()) == [store.profile.folder]

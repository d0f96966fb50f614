import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.errors import ExitCode, UserError
from saasdesk.profile import open_profile
from saasdesk.store import Connection, Store, audit
from saasdesk.store.backup import daily_backup
from tests.store.work import add_changes, add_variable, variables

FULL = r"^The disk is full\. Nothing was saved; free at least [\d,]+ MB and run again\.$"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes, where the tests may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("only root can make a small disk")
    yield place
    subprocess.run(["umount", place], check=True)


def test_p17_that_a_full_database_file_is_told_as_a_full_disk(store: Store) -> None:
    def work(db: Connection) -> None:
        add_variable("undone")(db)
        db.execute_sql("PRAGMA max_page_count = 1")
        add_changes(1, 20_000)(db)

    with pytest.raises(UserError, match=FULL) as refusal:
        store.write(work)

    assert refusal.value.exit_code is ExitCode.PARTLY
    assert variables(store) == []


def test_p17_that_a_full_disk_is_told_and_nothing_is_lost(small_disk: Path) -> None:
    with Store.open(open_profile(small_disk / "profile")) as store:
        store.write(add_variable("kept"))
        for _ in range(2):
            with pytest.raises(UserError, match=FULL):
                store.write(add_changes(1, 50_000))

        assert variables(store) == ["kept"]
        store.write(add_variable("room again"))
        assert audit.verify(store) == []

    with Store.open(store.profile) as again:
        assert variables(again) == ["kept", "room again"]


def test_p17_that_no_run_and_no_backup_is_begun_where_there_is_no_room(small_disk: Path) -> None:
    with Store.open(open_profile(small_disk / "profile")) as store:
        with pytest.raises(UserError, match=r"this needs 520 MB free .* free at least 5\d\d MB and run again"):
            store.require_space(new_records=10_000, fields=20)
        with pytest.raises(UserError, match=FULL):
            daily_backup(store)

        assert not list(store.profile.backups.iterdir())


def test_p17_that_a_stage_that_fills_the_disk_is_told_and_dropped(small_disk: Path) -> None:
    with Store.open(open_profile(small_disk / "profile")) as store:

        def fill() -> None:
            with store.stage() as stage:
                stage.execute_sql("CREATE TABLE staged (value)")
                stage.connection().executemany("INSERT INTO staged VALUES (?)", (("x" * 500,) for _ in range(20_000)))

        with pytest.raises(UserError, match=FULL):
            fill()
        assert not store.profile.left_stages()
        store.write(add_variable("room again"))

        assert variables(store) == ["room again"]


def test_that_enough_room_is_no_warning(store: Store) -> None:
    assert store.require_space(new_records=1_000, fields=20) is None

"""Backup, restore, doctor and audit; a damaged or newer database."""

import sqlite3
import zipfile
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import NAME, CommandLine


@pytest.fixture
def loaded(connected: CommandLine) -> CommandLine:
    """A profile with thirty people and their accounts."""
    connected.sync()
    return connected


def test_p13_that_a_restore_brings_back_what_a_backup_kept(loaded: CommandLine, tmp_path: Path) -> None:
    people = loaded.json("people")
    assert loaded.ok("backup", tmp_path / "copy.db") == f"{tmp_path / 'copy.db'}\n"
    loaded.ok("integration", "delete", NAME)

    said = loaded.ok("restore", tmp_path / "copy.db")

    assert loaded.json("people") == people
    assert [row["name"] for row in loaded.json("integration", "list")] == [NAME]
    kept = Path(said.partition("is kept as ")[2].splitlines()[0].rstrip("."))
    with closing(sqlite3.connect(kept)) as db:
        assert db.execute("SELECT count(*) FROM integration").fetchone() == (0,)
    assert loaded.json("setting", "list")["scheduling_paused"] is True
    # Nobody should find out from a run that did not come.
    assert "saasdesk setting set scheduling_paused false" in said
    assert [row["next_run"] for row in loaded.json("integration", "list")] == [None]
    assert "All schedules are paused" in loaded.do("run", "--due").err


def test_p13_that_what_is_no_good_backup_replaces_nothing(loaded: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam" * 100, encoding="utf-8")
    loaded.ok("backup", tmp_path / "copy.db")
    damaged = tmp_path / "damaged.db"
    content = bytearray((tmp_path / "copy.db").read_bytes())
    content[8_000:60_000] = b"\x55" * 52_000
    damaged.write_bytes(content)
    people = loaded.json("people")

    assert loaded.fails(2, "restore", tmp_path / "nowhere.db") == f"There is no file {tmp_path / 'nowhere.db'}."
    assert "is not a saasdesk database" in loaded.fails(2, "restore", tmp_path / "letter.txt")
    assert f"{damaged} is damaged" in loaded.fails(2, "restore", damaged)
    assert loaded.json("people") == people


def test_p17_that_a_backup_replaces_nothing_else(loaded: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam", encoding="utf-8")

    assert "is something else than a backup" in loaded.fails(2, "backup", tmp_path / "letter.txt")
    assert "There is no folder" in loaded.fails(2, "backup", tmp_path / "nowhere" / "copy.db")
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "Dear Sir or Madam"


def test_p14_that_a_damaged_database_is_kept_and_the_newest_backup_is_named(
    loaded: CommandLine, tmp_path: Path
) -> None:
    loaded.ok("backup", loaded.profile / "backups" / "mine.db")
    database = loaded.profile / "saasdesk.db"
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    database.write_bytes(b"this was a database once" * 1_000)

    for words in (("people",), ("run", NAME), ("variable", "set", "A", "1")):
        sentence = loaded.fails(2, *words)
        assert sentence.startswith(f"The database is damaged. It was kept as {database};")
    assert database.read_bytes().startswith(b"this was a database once")


def test_p14_that_a_missing_database_is_no_new_beginning(loaded: CommandLine) -> None:
    loaded.ok("backup", loaded.profile.parent / "copy.db")
    for file in loaded.profile.glob("saasdesk.db*"):
        file.unlink()

    assert loaded.fails(2, "run", NAME).startswith("The database is missing:")
    assert not (loaded.profile / "saasdesk.db").exists()

    loaded.ok("restore", loaded.profile.parent / "copy.db")
    assert len(loaded.json("people")) == 30


def test_p13_that_a_newer_database_is_left_untouched(loaded: CommandLine) -> None:
    with closing(sqlite3.connect(loaded.profile / "saasdesk.db")) as db:
        db.execute("PRAGMA user_version = 99")
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = (loaded.profile / "saasdesk.db").read_bytes()

    for words in (("people",), ("run", NAME)):
        assert "was made by a newer version (99); this program knows" in loaded.fails(2, *words)
    assert (loaded.profile / "saasdesk.db").read_bytes() == before


def test_that_the_check_up_looks_at_everything_it_should(loaded: CommandLine) -> None:
    done = loaded.do("doctor")
    findings = {line["check"]: line for line in loaded.json("doctor")}

    assert {"program", "database", "SQLite", "keyring", "TLS trust", "disk", "clock", "PySide6"} <= set(findings)
    assert all(set(line) == {"check", "state", "text", "advice"} for line in findings.values())
    assert {line["state"] for line in findings.values()} <= {"ok", "warning", "problem"}
    assert all(line["advice"] for line in findings.values() if line["state"] != "ok")
    # There is no keyring where tests run, and that is a problem.
    assert (done.code, findings["keyring"]["state"]) == (1, "problem")


@pytest.mark.parametrize(("days", "state"), [(9, "warning"), (-2, "problem")])
def test_that_the_check_up_names_keys_that_expire(loaded: CommandLine, days: int, state: str) -> None:
    day = (datetime.now().astimezone() + timedelta(days=days)).date().isoformat()
    with closing(sqlite3.connect(loaded.profile / "saasdesk.db")) as db:
        db.execute("UPDATE credential SET expires = ?", (day,))
        db.commit()

    (found,) = [line for line in loaded.json("doctor") if line["check"] == "keys"]

    assert (found["state"], day in found["text"]) == (state, True)
    assert "credential set" in found["advice"]


def test_p16_that_an_edited_log_is_noticed(loaded: CommandLine) -> None:
    with closing(sqlite3.connect(loaded.profile / "saasdesk.db")) as db:
        for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"):
            db.execute(f'DROP TRIGGER "{trigger}"')
        db.execute("UPDATE audit SET who = 'somebody else' WHERE id = 2")
        db.commit()

    done = loaded.do("audit", "verify")

    assert (done.code, done.out) == (1, "Audit row 2 was edited.\n")
    assert loaded.json("audit", "verify") == {"ok": False, "problems": ["Audit row 2 was edited."]}


def test_p07_that_a_support_bundle_is_written_and_names_nobody(loaded: CommandLine, tmp_path: Path) -> None:
    said = loaded.ok("support-bundle", tmp_path / "bundle", "--without", "saasdesk.log")

    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert "saasdesk.log" not in texts
    assert f"Written to {tmp_path / 'bundle.zip'}." in said
    people = loaded.json("people")
    assert not any(person["email"] in text or person["name"] in text for person in people for text in texts.values())
    assert '"status": "completed"' in texts["sessions.json"]
    assert "no file 'notes.txt'" in loaded.fails(2, "support-bundle", tmp_path / "b.zip", "--without", "notes.txt")


def test_that_a_support_bundle_is_made_of_the_rest_where_the_database_is_damaged(
    loaded: CommandLine, tmp_path: Path
) -> None:
    database = loaded.profile / "saasdesk.db"
    for part in database.parent.glob(f"{database.name}-*"):
        part.unlink()
    database.write_bytes(b"This is no database." * 400)

    loaded.ok("support-bundle", tmp_path / "bundle.zip")

    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        assert archive.namelist() == ["versions.txt", "check-up.txt", "saasdesk.log"]
        assert "problem: database" in archive.read("check-up.txt").decode()

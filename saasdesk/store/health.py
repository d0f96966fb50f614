"""What `doctor` says about the database."""

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from saasdesk.store import audit, preferences
from saasdesk.store.backup import integrity_problems, newest_good_backup
from saasdesk.store.failures import megabytes

if TYPE_CHECKING:
    from saasdesk.store.database import Store

_STALE = timedelta(days=3)
# Where backups are made and restored.
_STORAGE = "settings:storage"


class State(Enum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `doctor`: what was looked at, what was found, and what to do about it."""

    subject: str
    state: State
    text: str
    advice: str = ""
    # What to do about it in the window, where the advice is a command.
    in_window: str = ""
    # Where in the window that is done: a page, and after a colon which part of it.
    place: str = ""

    @property
    def window_advice(self) -> str:
        """What to do about it, for whoever reads it in the window."""
        return self.in_window or self.advice


def check_database(store: "Store", stop: threading.Event | None = None) -> list[Finding]:
    """Read the whole database, its backups and its audit log, and say what was found."""
    return [
        _integrity(store, stop),
        _journal(store),
        *_permissions(store),
        _backups(store),
        _audit_log(store, stop),
        *_settings(store),
    ]


def _integrity(store: "Store", stop: threading.Event | None) -> Finding:
    with store.reading(stop=stop) as db:
        problems = integrity_problems(db, stop)
    if problems:
        advice, in_window = "Restore a backup: saasdesk restore FILE", "Restore a backup, under Storage."
        return Finding("database", State.PROBLEM, problems[0], advice, in_window, _STORAGE)
    return Finding("database", State.OK, f"whole, {megabytes(store.profile.database.stat().st_size)}")


def _journal(store: "Store") -> Finding:
    with store.reading() as db:
        mode = db.execute_sql("PRAGMA journal_mode").fetchone()[0]
    if mode != "wal":
        return Finding(
            "SQLite",
            State.PROBLEM,
            f"the journal mode is {mode}, not wal",
            "Close every program that has the file open.",
        )
    return Finding("SQLite", State.OK, f"version {sqlite3.sqlite_version}")


def _permissions(store: "Store") -> Iterator[Finding]:
    # Windows keeps the folder private by where it lies, not by mode bits.
    if os.name != "posix":
        return
    folder = store.profile.folder
    for path in (folder, *sorted(folder.rglob("*"))):
        if stat.S_IMODE(path.lstat().st_mode) & 0o077 and not path.is_symlink():
            advice = f"Run: chmod go= {path}"
            yield Finding("permissions", State.WARNING, f"others on this computer can see into {path}", advice)
            return
    yield Finding("permissions", State.OK, f"{folder} belongs to you alone")


def _backups(store: "Store") -> Finding:
    newest = newest_good_backup(store.profile)
    if newest is None:
        advice, in_window = "Make one: saasdesk backup FILE", "Back up now, under Storage."
        return Finding("backups", State.WARNING, "there is no good backup", advice, in_window, _STORAGE)
    age = datetime.now(UTC) - datetime.fromtimestamp(newest.stat().st_mtime, UTC)
    if age > _STALE:
        advice = "Open saasdesk once a day, or put `saasdesk backup FILE` on a timer."
        in_window = "Back up now, under Storage; each day that saasdesk is open it makes one by itself."
        text = f"the newest good one is {age.days} days old: {newest}"
        return Finding("backups", State.WARNING, text, advice, in_window, _STORAGE)
    return Finding("backups", State.OK, f"newest good one: {newest}")


def _audit_log(store: "Store", stop: threading.Event | None) -> Finding:
    problems = audit.verify(store, stop)
    if problems:
        advice = "Compare with a backup. Editing shows here; a whole file put in the place of another does not."
        return Finding("audit log", State.PROBLEM, " ".join(problems[:3]), advice)
    return Finding(
        "Audit log", State.OK, "the chain is whole (it shows editing, not the replacement of the whole file)"
    )


def _settings(store: "Store") -> Iterator[Finding]:
    with store.reading() as db:
        unusable = preferences.unusable_settings(db)
    for key in unusable:
        text = f"what is stored for {key} is not understood; the default counts"
        advice = f"Set it again: saasdesk setting set {key} VALUE"
        yield Finding("settings", State.WARNING, text, advice, "Choose it again on this page.")

"""Where the data lies and how large it is, read in a worker thread."""

import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from saasdesk.profile import Profile
from saasdesk.store import Store
from saasdesk.store.backup import backup_to
from saasdesk.store.contents import Contents, contents_of

_STAMP = "%Y%m%dT%H%M%S%fZ"
_BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True)
class BackupFile:
    """One backup of this profile; `occasion` is the word in its name."""

    path: Path
    made_at: datetime
    occasion: str
    size: int


@dataclass(frozen=True, slots=True)
class StorageFacts:
    """What the storage card shows."""

    folder: Path
    # What takes how many bytes, by the name of the part.
    parts: tuple[tuple[str, int], ...]
    contents: Contents
    backups: tuple[BackupFile, ...]


def read_storage(profile: Profile, stop: threading.Event | None = None) -> StorageFacts:
    """Look at the files of a profile."""
    backups = (_backup(path) for path in profile.backups.glob("*.db"))
    newest_first = sorted(backups, key=lambda backup: backup.made_at, reverse=True)
    return StorageFacts(profile.folder, _parts(profile), contents_of(profile.database, stop), tuple(newest_first))


def _parts(profile: Profile) -> tuple[tuple[str, int], ...]:
    sizes = dict.fromkeys(("database", "backups", "exports", "logs", "other"), 0)
    folders = {profile.backups: "backups", profile.exports: "exports", profile.logs: "logs"}
    for path in profile.folder.rglob("*"):
        name = next((name for folder, name in folders.items() if path.is_relative_to(folder)), "other")
        if path.parent == profile.folder and path.name.startswith(profile.database.name):
            name = "database"
        # A file may go while it is looked at.
        with suppress(OSError):
            sizes[name] += path.stat().st_size if path.is_file() else 0
    return tuple((name, size) for name, size in sizes.items() if size)


def back_up(store: Store, stop: threading.Event | None = None) -> Path:
    """Make a backup that nobody but the admin removes again."""
    folder = store.profile.backups
    folder.mkdir(mode=0o700, exist_ok=True)
    return backup_to(store, folder / f"{datetime.now(UTC):{_STAMP}}-{_BY_HAND}.db", stop)


def _backup(path: Path) -> BackupFile:
    facts = path.stat()
    stamp, _, occasion = path.stem.partition("-")
    try:
        made_at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        # A file that somebody put here.
        made_at, occasion = datetime.fromtimestamp(facts.st_mtime, UTC), ""
    return BackupFile(path, made_at, occasion, facts.st_size)

"""Where the data lies and how large it is, read in a worker thread."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from saasdesk.profile import Profile
from saasdesk.store import Store
from saasdesk.store.backup import backup_to

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
    database_size: int
    backups: tuple[BackupFile, ...]


def read_storage(profile: Profile) -> StorageFacts:
    """Look at the files of a profile."""
    database = [profile.database, *profile.folder.glob(f"{profile.database.name}-*")]
    sizes = (path.stat().st_size for path in database if path.is_file())
    backups = (_backup(path) for path in profile.backups.glob("*.db"))
    newest_first = sorted(backups, key=lambda backup: backup.made_at, reverse=True)
    return StorageFacts(profile.folder, sum(sizes), tuple(newest_first))


def back_up(store: Store) -> Path:
    """Make a backup that nobody but the admin removes again."""
    folder = store.profile.backups
    folder.mkdir(mode=0o700, exist_ok=True)
    return backup_to(store, folder / f"{datetime.now(UTC):{_STAMP}}-{_BY_HAND}.db")


def _backup(path: Path) -> BackupFile:
    facts = path.stat()
    stamp, _, occasion = path.stem.partition("-")
    try:
        made_at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        # A file that somebody put here.
        made_at, occasion = datetime.fromtimestamp(facts.st_mtime, UTC), ""
    return BackupFile(path, made_at, occasion, facts.st_size)

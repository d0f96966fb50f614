"""Copies of the database that were looked at before they count, and the way back to one of them."""

import logging
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from saasdesk.errors import Cancelled, ExitCode, UserError
from saasdesk.profile import Profile, sync_folder
from saasdesk.store import audit
from saasdesk.store.connections import (
    APPLICATION_ID,
    STEPS_BETWEEN_LOOKS,
    Connection,
    files_of,
    plain_connection,
    reading_connection,
)
from saasdesk.store.failures import (
    DATABASE_ERRORS,
    DamagedDatabase,
    NewerDatabase,
    disk_full,
    explain,
    is_damage,
    was_interrupted,
)
from saasdesk.store.migrate import STEPS

if TYPE_CHECKING:
    from saasdesk.store.database import Store

log = logging.getLogger(__name__)

_STAMP = "%Y%m%dT%H%M%S%fZ"
_DAYS_KEPT = 3
_WEEKS_KEPT = 4
_OTHERS_KEPT = 3
_TIMES_THE_DATABASE = 3
_SPARE_BYTES = 20_000_000


class Occasion(Enum):
    """Why a backup was made."""

    DAILY = "daily"
    BEFORE_MIGRATION = "before-migration"
    BEFORE_RESTORE = "before-restore"
    BEFORE_PLAN = "before-plan"
    BEFORE_FIELD = "before-field"


def backup_to(store: "Store", path: Path, stop: threading.Event | None = None) -> Path:
    """Write a verified copy to a file of the admin's choice, while the program goes on.

    A UserError where there is no such folder, or where something else than a backup would be written over.
    """
    target = path.expanduser().absolute()
    if target.is_dir():
        target = target / f"saasdesk-{datetime.now(UTC):{_STAMP}}.db"
    if not target.parent.is_dir():
        raise UserError(f"There is no folder {target.parent}. Make it first, or name another file.")
    if target.exists() and target.samefile(store.profile.database):
        raise UserError("A backup cannot replace the database it is made of. Name another file.")
    if target.exists() and not _is_ours(target):
        raise UserError(f"{target} is something else than a backup. Nothing was written; name another file.")
    _refuse_if_unsound(store.profile, stop)
    _copy_and_verify(store.profile.database, target, stop)
    return target


def make_backup(
    profile: Profile, occasion: Occasion, *, now: datetime | None = None, stop: threading.Event | None = None
) -> Path:
    """Add a verified copy to the profile's backups, and let old ones go."""
    moment = now or datetime.now(UTC)
    target = profile.backups / f"{moment:{_STAMP}}-{occasion.value}.db"
    with _sentences(profile.folder, stop):
        profile.backups.mkdir(mode=0o700, exist_ok=True)
    _refuse_if_unsound(profile, stop)
    _copy_and_verify(profile.database, target, stop)
    _let_old_ones_go(profile)
    return target


def daily_backup(store: "Store", *, now: datetime | None = None, stop: threading.Event | None = None) -> Path | None:
    """Make today's backup if there is none yet."""
    moment = now or datetime.now(UTC)
    today = moment.astimezone().date()
    if any(made.astimezone().date() == today for made, _ in _backups(store.profile, Occasion.DAILY)):
        return None
    return make_backup(store.profile, Occasion.DAILY, now=moment, stop=stop)


def newest_good_backup(profile: Profile) -> Path | None:
    """The latest backup that can be read from end to end."""
    for path in sorted(profile.backups.glob("*.db"), reverse=True):
        try:
            verify(path)
        except UserError:
            log.warning("The backup %s is no good", path)
        else:
            return path
    return None


def damaged(profile: Profile, detail: str) -> DamagedDatabase:
    """The error for a database that cannot be trusted, naming the backup to go back to."""
    return DamagedDatabase(profile, detail, newest_good_backup(profile))


def sentence_for(error: BaseException, profile: Profile) -> UserError | None:
    """What an admin can do about an error of the database; None when the error is our own."""
    return damaged(profile, str(error)) if is_damage(error) else explain(error, profile.folder)


def restore_from(profile: Profile, path: Path) -> Path | None:
    """Put a verified backup in the place of the database; the caller holds the profile's lock.

    The database that was there is backed up if it can be read, and moved aside in any case: the answer is where to.
    Schedules then wait until the admin resumes them.
    """
    source = path.expanduser().absolute()
    version = verify(source)
    unfinished = profile.folder / "restore.unfinished"
    try:
        _copy_and_verify(source, unfinished)
        with _sentences(profile.folder, None):
            _mark_as_restored(unfinished, source, version)
            _back_up_if_readable(profile)
            aside = _move_aside(profile)
            unfinished.replace(profile.database)
            sync_folder(profile.folder)
    finally:
        unfinished.unlink(missing_ok=True)
    profile.remember_database()
    return aside


def verify(path: Path, stop: threading.Event | None = None) -> int:
    """The version of a copy that is ours and whole; raises with the reason when it is not."""
    if not path.is_file():
        raise UserError(f"There is no file {path}.")
    if not _is_ours(path):
        raise UserError(f"{path} is not a saasdesk database. Name a file that saasdesk made as a backup.")
    db = reading_connection(path)
    try:
        with db.connection_context():
            version = int(db.execute_sql("PRAGMA user_version").fetchone()[0])
            problems = integrity_problems(db, stop)
    except DATABASE_ERRORS as error:
        if stop is not None and stop.is_set() and was_interrupted(error):
            raise Cancelled from None
        raise UserError(f"{path} is damaged ({error}). Choose another backup.") from error
    if problems:
        raise UserError(f"{path} is damaged ({problems[0]}). Choose another backup.")
    if version > len(STEPS):
        raise NewerDatabase(path, version, len(STEPS))
    return version


def integrity_problems(db: Connection, stop: threading.Event | None = None) -> list[str]:
    """What SQLite finds wrong when it reads everything; nothing, as a rule."""
    if stop is not None:
        db.connection().set_progress_handler(stop.is_set, STEPS_BETWEEN_LOOKS)
    lines = [row[0] for row in db.execute_sql("PRAGMA integrity_check(20)")]
    problems = [] if lines == ["ok"] else lines
    broken = db.execute_sql("PRAGMA foreign_key_check").fetchmany(20)
    return problems + [f"a row of {table} points at no row of {parent}" for table, _, parent, _ in broken]


def _refuse_if_unsound(profile: Profile, stop: threading.Event | None) -> None:
    """A copy of a damaged database would push out the good ones."""
    db = reading_connection(profile.database)
    with _sentences(profile.folder, stop):
        try:
            with db.connection_context():
                problems = integrity_problems(db, stop)
        except DATABASE_ERRORS as error:
            if not is_damage(error):
                raise
            problems = [str(error)]
    if problems:
        raise damaged(profile, problems[0])


def _copy_and_verify(source: Path, target: Path, stop: threading.Event | None = None) -> None:
    """Copy a database that may be in use; the copy gets its name only after it was read back and is on disk."""
    _require_room(source, target.parent)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with _sentences(target.parent, stop):
            unfinished.unlink(missing_ok=True)
            # SQLite would make the file for all to read; it accepts one that is there and empty.
            os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            db = reading_connection(source)
            with db.connection_context():
                if stop is not None:
                    db.connection().set_progress_handler(stop.is_set, STEPS_BETWEEN_LOOKS)
                db.execute_sql("VACUUM INTO ?", (str(unfinished),))
            verify(unfinished, stop)
            _sync_file(unfinished)
            unfinished.replace(target)
            sync_folder(target.parent)
    finally:
        for part in files_of(unfinished):
            part.unlink()


@contextmanager
def _sentences(folder: Path, stop: threading.Event | None) -> Iterator[None]:
    try:
        yield
    except DATABASE_ERRORS as error:
        if stop is not None and stop.is_set() and was_interrupted(error):
            raise Cancelled from None
        raise explain(error, folder) or UserError(
            f"{folder} could not be written: {error}. The database is as it was.", ExitCode.PARTLY
        ) from error


def _require_room(source: Path, folder: Path) -> None:
    needed = sum(part.stat().st_size for part in files_of(source)) + _SPARE_BYTES
    if shutil.disk_usage(folder).free < needed:
        raise disk_full(folder, needed)


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(100)[68:72] == APPLICATION_ID.to_bytes(4, "big")
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error


def _sync_file(path: Path) -> None:
    # Windows syncs only what is open for writing.
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _mark_as_restored(copy: Path, source: Path, version: int) -> None:
    db = plain_connection(copy)
    with db.connection_context(), db.atomic("IMMEDIATE"):
        # Otherwise everything that was due since the backup would start at once, on stale intents.
        db.execute_sql("INSERT OR REPLACE INTO setting (key, value) VALUES ('scheduling_paused', 'true')")
        audit.record(db, "database.restored", source.name, {"from": str(source), "version": version})


def _back_up_if_readable(profile: Profile) -> None:
    if not profile.database.exists() or profile.database.stat().st_size == 0:
        return
    try:
        make_backup(profile, Occasion.BEFORE_RESTORE)
    except (DamagedDatabase, NewerDatabase) as error:
        log.warning("The database could not be backed up before the restore; it is kept aside: %s", error)


def _move_aside(profile: Profile) -> Path | None:
    """The old files keep belonging together: the log is found by the database's name."""
    aside = profile.folder / f"replaced-{datetime.now(UTC):{_STAMP}}.db"
    parts = files_of(profile.database)
    for part in parts:
        part.rename(profile.folder / part.name.replace(profile.database.name, aside.name))
    return aside if parts else None


def _backups(profile: Profile, occasion: Occasion) -> list[tuple[datetime, Path]]:
    """The backups of this kind, newest first; the moment is read from the name, which a copied file keeps."""
    found = []
    for path in profile.backups.glob(f"*-{occasion.value}.db"):
        try:
            moment = datetime.strptime(path.name.partition("-")[0], _STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue
        found.append((moment, path))
    return sorted(found, reverse=True)


def _let_old_ones_go(profile: Profile) -> None:
    daily = _backups(profile, Occasion.DAILY)
    kept = dict(daily[:_DAYS_KEPT])
    weeks: dict[tuple[int, int], datetime] = {}
    for moment, _ in daily:
        weeks.setdefault(moment.isocalendar()[:2], moment)
    newest_of_weeks = set(sorted(weeks.values(), reverse=True)[:_WEEKS_KEPT])
    room = _TIMES_THE_DATABASE * profile.database.stat().st_size
    for moment, path in daily:
        room -= path.stat().st_size
        is_newest = moment == daily[0][0]
        if not is_newest and (room < 0 or (moment not in kept and moment not in newest_of_weeks)):
            path.unlink()
    for occasion in Occasion:
        if occasion is not Occasion.DAILY:
            for _, path in _backups(profile, occasion)[_OTHERS_KEPT:]:
                path.unlink()

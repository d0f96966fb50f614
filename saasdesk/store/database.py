"""The store: everybody reads on a connection of their own, one thread writes."""

import itertools
import logging
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from saasdesk import clock
from saasdesk.errors import Cancelled, ExitCode, UserError
from saasdesk.profile import Profile, ProfileLock, refuse_network_folder
from saasdesk.settings import Settings
from saasdesk.store import backup, opening, preferences
from saasdesk.store.connections import (
    STEPS_BETWEEN_LOOKS,
    Connection,
    Stage,
    address,
    kept_connections,
    stage_connection,
)
from saasdesk.store.failures import (
    DATABASE_ERRORS,
    FREE_SPACE_FLOOR,
    DamagedDatabase,
    explain,
    is_damage,
    megabytes,
    was_interrupted,
)
from saasdesk.store.migrate import STEPS, Step
from saasdesk.store.writer import Writer

T = TypeVar("T")

log = logging.getLogger(__name__)

_BYTES_A_FIELD = 100


class Store:
    """The database of one profile, opened."""

    def __init__(self, profile: Profile, writer: Writer | None, lock: ProfileLock | None) -> None:
        self.profile = profile
        self.damage: DamagedDatabase | None = None
        # The moment of the past that a store shows, as an admin would say it; the present has no need of words.
        self.moment = ""
        self._writer = writer
        self._lock = lock
        self._reader = kept_connections(profile.database, self._furnish)
        self._stage_numbers = itertools.count(1)
        self._watching = threading.local()
        self._closing = threading.Event()
        self._checking: threading.Thread | None = None

    @classmethod
    def open(
        cls, profile: Profile, *, writable: bool = True, lock: ProfileLock | None = None, steps: Sequence[Step] = STEPS
    ) -> Self:
        """Open the database, making or updating it first; `writable=False` reads beside whoever writes.

        A lock that is given must be held and stays the caller's; otherwise the store has its own until it is closed.
        """
        os.umask(0o077)
        refuse_network_folder(profile.folder)
        if not writable:
            opening.check_before_reading(profile, len(steps))
            return cls(profile, None, None)
        with ExitStack() as on_failure:
            own_lock = None
            if lock is None:
                own_lock = on_failure.enter_context(ProfileLock(profile))
            opening.prepare(profile, steps)
            _remove_left_files(profile)
            store = cls(profile, Writer(profile.database), own_lock)
            on_failure.pop_all()
        if not opening.is_quick_to_check(profile):
            store.check_in_background()
        return store

    def close(self) -> None:
        """Let everything handed in be written, tidy up, and give the profile back."""
        self._closing.set()
        if self._checking is not None:
            self._checking.join()
            self._checking = None
        # Before the writer: SQLite tidies up when the last connection goes.
        self._reader.stop_keeping()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def now(self) -> datetime:
        """The moment that is shown: what was so many days ago is counted from here."""
        return clock.now()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def reading(self, *, snapshot: bool = False, stop: threading.Event | None = None) -> Iterator[Connection]:
        """This thread's connection for reading; with `snapshot` everything inside is read as of one moment.

        When `stop` is set, the running query ends and Cancelled is raised.
        """
        db = self._reader
        with ExitStack() as afterwards, self._sentences(stop):
            if db.is_closed():
                db.connect()
                afterwards.callback(db.close)
            if stop is not None:
                self._watch(db, stop, afterwards)
            if snapshot and not db.in_transaction():
                afterwards.enter_context(db.atomic())
                # The moment is that of the first look, not that of the beginning.
                db.execute_sql("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
            yield db

    def write(self, work: Callable[[Connection], T], stop: threading.Event | None = None) -> T:
        """Do the work in the writing thread, in one transaction: all of it is kept, or none.

        The work may catch an IntegrityError of its own; any other database error must get out, since SQLite has then
        undone everything already. When `stop` is set before the commit, all is undone and Cancelled is raised.
        """
        with self._sentences(stop):
            return self._writer_or_refuse().write(work, stop)

    def write_with_stage(self, stage: Stage, work: Callable[[Connection], T], stop: threading.Event | None = None) -> T:
        """The same, with a staging file attached as `stage`."""
        with self._sentences(stop, stage):
            if not stage.is_closed():
                # The writer reads it on a connection of its own: what this one keeps in memory is kept for nobody.
                stage.execute_sql("PRAGMA shrink_memory")
            return self._writer_or_refuse().write(work, stop, stage=stage.file)

    @contextmanager
    def stage(self, stop: threading.Event | None = None, content: Path | None = None) -> Iterator[Stage]:
        """A new staging file of one's own, with the database attached for reading as `live`; gone afterwards.

        It begins with the content of a file that `keep_stage` wrote, if one is named.
        """
        self._writer_or_refuse()
        file = self.profile.stage(next(self._stage_numbers))
        with ExitStack() as afterwards:
            afterwards.callback(_remove_stage, file)
            yield afterwards.enter_context(self.beside(file, stop, content))

    @contextmanager
    def beside(self, file: Path, stop: threading.Event | None = None, content: Path | None = None) -> Iterator[Stage]:
        """A connection that writes to a new file of that name, with the database attached for reading as `live`.

        The file stays, whatever comes. When `stop` is set, the running statement ends and Cancelled is raised.
        """
        db = stage_connection(file)
        with ExitStack() as afterwards, self._sentences(stop, db):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            if content is not None:
                shutil.copyfile(content, file)
            db.connect()
            afterwards.callback(db.close)
            db.execute_sql("ATTACH ? AS live", (address(self.profile.database, "ro"),))
            if stop is not None:
                self._watch(db, stop, afterwards)
            yield db

    def keep_stage(self, stage: Stage, file: Path) -> None:
        """Write a staging file's content to a file that stays, readable by its owner alone."""
        with self._sentences(None, stage):
            os.close(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
            stage.execute_sql("VACUUM main INTO ?", (str(file),))

    def settings(self) -> Settings:
        """The settings as they are now."""
        with self.reading() as db:
            return preferences.read_settings(db)

    def save_setting(self, key: str, text: str) -> None:
        """Keep a setting that an admin typed; a UserError says what it would take."""
        self.write(lambda db: preferences.write_setting(db, key, text))

    def require_space(self, new_records: int, fields: int) -> str | None:
        """Refuse to begin what would fill the disk; otherwise a warning if it becomes tight, or None."""
        needed = FREE_SPACE_FLOOR + _BYTES_A_FIELD * fields * new_records
        free = shutil.disk_usage(self.profile.folder).free
        if free < needed:
            raise UserError(
                f"The disk is nearly full: this needs {megabytes(needed)} free in {self.profile.folder}, and there are "
                f"{megabytes(free)}. Nothing was changed; free at least {megabytes(needed - free)} and run again.",
                ExitCode.PARTLY,
            )
        comfortable = 2 * self.profile.database.stat().st_size
        if free < comfortable:
            return f"The disk becomes tight: {megabytes(free)} are free, and backups want {megabytes(comfortable)}."
        return None

    def check_in_background(self) -> None:
        """Look for damage while the program is in use, where the database is large; damage found stops all writing."""
        self._checking = threading.Thread(target=self._check, name="store-check", daemon=True)
        self._checking.start()

    def _check(self) -> None:
        try:
            opening.check_quickly(self.profile, self._closing)
        except DamagedDatabase as error:
            self.damage = error
        except UserError as error:
            log.warning("The database could not be checked: %s", error)
        except Cancelled:
            return

    def _furnish(self, connection: sqlite3.Connection) -> None:
        """What a connection for reading needs besides the database; a store of the past has more to say here."""

    def _writer_or_refuse(self) -> Writer:
        if self.damage is not None:
            raise self.damage
        if self._writer is None:
            raise RuntimeError("this store is closed, or was opened for reading only")
        return self._writer

    @contextmanager
    def _sentences(self, stop: threading.Event | None, stage: Stage | None = None) -> Iterator[None]:
        """Turn what SQLite reports into what an admin can do about it."""
        try:
            yield
        except DATABASE_ERRORS as error:
            if stop is not None and stop.is_set() and was_interrupted(error):
                raise Cancelled from None
            if is_damage(error):
                if stage is not None:
                    self._refuse_damaged_stage(stage)
                # What one remembers from before the damage would hide it.
                self._reader.stop_keeping()
                self.damage = backup.damaged(self.profile, str(error))
                raise self.damage from error
            sentence = explain(error, self.profile.folder)
            if sentence is None:
                raise
            raise sentence from error

    def _refuse_damaged_stage(self, stage: Stage) -> None:
        """Raise unless it is the database itself that is damaged: the staging file is easily made again."""
        opening.check_quickly(self.profile)
        raise UserError(
            f"What was written to {stage.file} could not be read back. Nothing was changed; try again.",
            ExitCode.PARTLY,
        )

    def _watch(self, db: Connection, stop: threading.Event, afterwards: ExitStack) -> None:
        """Let the event end this thread's queries, and whoever watched before go on afterwards."""
        outer = getattr(self._watching, "stops", ())
        stops = (*outer, stop)

        def look(events: tuple[threading.Event, ...]) -> None:
            self._watching.stops = events
            handler = (lambda: any(event.is_set() for event in events)) if events else None
            if not db.is_closed():
                db.connection().set_progress_handler(handler, STEPS_BETWEEN_LOOKS)

        look(stops)
        afterwards.callback(look, outer)


def _remove_stage(file: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _remove_left_files(profile: Profile) -> None:
    for file in (*profile.left_stages(), *profile.left_pasts()):
        file.unlink(missing_ok=True)

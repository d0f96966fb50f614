"""What went wrong in the database, as a sentence an admin can act on."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import peewee

from saasdesk.errors import ExitCode, UserError
from saasdesk.profile import Profile

# What a database call can raise because of the machine; explain() tells the machine's errors from our own.
DATABASE_ERRORS = (peewee.PeeweeException, sqlite3.Error, OSError)

FREE_SPACE_FLOOR = 500_000_000
_MEGABYTE = 1_000_000
_NO_SPACE = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


class DamagedDatabase(UserError):
    """The database is missing or cannot be trusted; it is left as it is, and a restore is offered."""

    def __init__(self, profile: Profile, detail: str, newest_backup: Path | None) -> None:
        if profile.database.exists():
            what = f"The database is damaged. It was kept as {profile.database}"
        else:
            what = f"The database is missing: there is no {profile.database}"
        if newest_backup is None:
            then = "there is no good backup in this profile"
        else:
            then = f"newest good backup: {newest_backup}. To go back to it: saasdesk restore {newest_backup}"
        super().__init__(f"{what}; {then}")
        self.profile = profile
        self.detail = detail
        self.newest_backup = newest_backup


class NewerDatabase(UserError):
    """The database was made by a later saasdesk; it is left untouched."""

    def __init__(self, path: Path, version: int, known: int) -> None:
        super().__init__(
            f"{path} was made by a newer version ({version}); this program knows {known}. Nothing was changed; "
            "install the newer saasdesk."
        )


def megabytes(size: int) -> str:
    """A size as it stands in a sentence."""
    return f"{max(1, round(size / _MEGABYTE)):,} MB"


def disk_full(folder: Path, needed: int = FREE_SPACE_FLOOR) -> UserError:
    """The sentence for a full disk, with how much to free."""
    short = max(needed - shutil.disk_usage(folder).free, _MEGABYTE)
    return UserError(
        f"The disk is full. Nothing was saved; free at least {megabytes(short)} and run again.", ExitCode.PARTLY
    )


def was_interrupted(error: BaseException) -> bool:
    """Whether this came of a query that was told to stop."""
    return sqlite3.SQLITE_INTERRUPT in _codes(error)


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file is not what it should be."""
    return bool({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} & set(_codes(error)))


def explain(error: BaseException, folder: Path) -> UserError | None:
    """The sentence for an error of the machine; None when the error is our own."""
    codes = set(_codes(error))
    if sqlite3.SQLITE_FULL in codes or _is_out_of_space(error, codes, folder):
        return disk_full(folder)
    if codes & {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return UserError(
            f"Another program is using the database in {folder}. Nothing was saved; close it and run again.",
            ExitCode.LOCKED,
        )
    if codes & {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return UserError(
            f"The database cannot be opened or written. Nothing was saved; check who may write in {folder}.",
            ExitCode.PARTLY,
        )
    if sqlite3.SQLITE_IOERR in codes:
        return UserError(
            f"The disk reported an error in {folder}. Nothing was saved; check the disk and run again.", ExitCode.PARTLY
        )
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    # A full disk surfaces as "cannot rollback - no transaction is active"; what happened first is further down.
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop()
        if link is not None and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += (link.__cause__, link.__context__)


def _codes(error: BaseException) -> list[int]:
    # The lower byte is the kind of error, the others say more about it.
    return [
        link.sqlite_errorcode & 0xFF
        for link in _chain(error)
        if isinstance(link, sqlite3.Error) and getattr(link, "sqlite_errorcode", None) is not None
    ]


def _is_out_of_space(error: BaseException, codes: set[int], folder: Path) -> bool:
    if any(isinstance(link, OSError) and link.errno in _NO_SPACE for link in _chain(error)):
        return True
    # SQLite calls it an I/O error when its shared memory finds no room.
    return sqlite3.SQLITE_IOERR in codes and shutil.disk_usage(folder).free < _MEGABYTE

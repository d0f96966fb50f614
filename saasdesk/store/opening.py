"""The first look at a database, before anything is written: is it ours, whole, and of a version we know?"""

import sqlite3
from collections.abc import Sequence

import peewee

from saasdesk.errors import UserError
from saasdesk.profile import Profile
from saasdesk.store import backup
from saasdesk.store.connections import APPLICATION_ID, reading_connection
from saasdesk.store.failures import DamagedDatabase, NewerDatabase, explain, is_damage
from saasdesk.store.migrate import Step, bring_up_to_date

_MAGIC = b"SQLite format 3\0"


def check_before_reading(profile: Profile, newest: int) -> None:
    """Raise unless there is a database that can be read as it is; nothing is made or changed."""
    version = examine(profile, newest)
    if version == 0:
        raise UserError(f"There is no database in {profile.folder} yet. Open saasdesk once, or run: saasdesk demo")
    if version < newest:
        raise UserError(
            f"The database in {profile.folder} was made by an older saasdesk. Open saasdesk once to update it."
        )


def prepare(profile: Profile, steps: Sequence[Step]) -> None:
    """Make the database, or bring it up to date after a verified backup; needs the profile's lock."""
    version = examine(profile, len(steps))
    if version == 0:
        _create_private_file(profile)
    elif version < len(steps):
        backup.make_backup(profile, backup.Occasion.BEFORE_MIGRATION)
    if version < len(steps):
        _migrate(profile, steps)
    if not profile.had_database:
        profile.remember_database()


def examine(profile: Profile, newest: int) -> int:
    """The database's version, 0 when it is still to be made; raises when it is damaged, missing or newer."""
    had_database = profile.had_database
    try:
        with profile.database.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        if had_database:
            raise damaged(profile, "it is missing") from None
        return 0
    except OSError as error:
        raise explain_opening(error, profile) from error
    # SQLite would take an empty file for a new database.
    if not header and not had_database:
        return 0
    if not header.startswith(_MAGIC):
        raise damaged(profile, "it is empty" if not header else "it is no SQLite database")
    # The header may be older than the log beside it only where the creation was cut short.
    if had_database and int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise damaged(profile, "it belongs to another program")
    try:
        application, version, tables = _identity(profile)
    except (peewee.PeeweeException, sqlite3.Error) as error:
        if is_damage(error):
            raise damaged(profile, str(error)) from error
        raise explain_opening(error, profile) from error
    if application != APPLICATION_ID and (had_database or version or tables):
        raise damaged(profile, "it belongs to another program")
    if version > newest:
        raise NewerDatabase(profile.database, version, newest)
    return version


def damaged(profile: Profile, detail: str) -> DamagedDatabase:
    """The error for a database that cannot be trusted, naming the backup to go back to."""
    return DamagedDatabase(profile, detail, backup.newest_good_backup(profile))


def explain_opening(error: BaseException, profile: Profile) -> UserError:
    """A sentence for whatever kept the database from being opened."""
    return explain(error, profile.folder) or UserError(f"{profile.database} cannot be opened: {error}.")


def _identity(profile: Profile) -> tuple[int, int, int]:
    db = reading_connection(profile.database)
    with db.connection_context():
        application = db.execute_sql("PRAGMA application_id").fetchone()[0]
        version = db.execute_sql("PRAGMA user_version").fetchone()[0]
        tables = db.execute_sql("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    return application, version, tables


def _create_private_file(profile: Profile) -> None:
    # SQLite gives -wal and -shm the database's own mode, but would make the database for all to read.
    try:
        profile.database.touch(mode=0o600)
        profile.database.chmod(0o600)
    except OSError as error:
        raise explain_opening(error, profile) from error


def _migrate(profile: Profile, steps: Sequence[Step]) -> None:
    try:
        bring_up_to_date(profile.database, steps)
    except (peewee.PeeweeException, sqlite3.Error, OSError) as error:
        sentence = explain(error, profile.folder)
        if sentence is None:
            raise
        raise sentence from error

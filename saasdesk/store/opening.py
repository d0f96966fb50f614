"""The first look at a database, before anything is written: is it ours, whole, and of a version we know?"""

import threading
from collections.abc import Sequence

from saasdesk.errors import Cancelled, UserError
from saasdesk.profile import Profile
from saasdesk.store import backup
from saasdesk.store.connections import APPLICATION_ID, STEPS_BETWEEN_LOOKS, files_of, reading_connection
from saasdesk.store.failures import DATABASE_ERRORS, NewerDatabase, was_interrupted
from saasdesk.store.migrate import Step, bring_up_to_date

_QUICK_TO_CHECK = 200_000_000
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
    else:
        _make_private(profile)
        if is_quick_to_check(profile):
            check_quickly(profile)
    if version < len(steps):
        if version > 0:
            backup.make_backup(profile, backup.Occasion.BEFORE_MIGRATION)
        _migrate(profile, steps)
    if not profile.had_database:
        profile.remember_database()


def is_quick_to_check(profile: Profile) -> bool:
    """Whether the database is small enough to be checked while an admin waits for the window."""
    return profile.database.stat().st_size <= _QUICK_TO_CHECK


def check_quickly(profile: Profile, stop: threading.Event | None = None) -> None:
    """Read the structure of the database from end to end, and raise if it is damaged."""
    db = reading_connection(profile.database)
    try:
        with db.connection_context():
            if stop is not None:
                db.connection().set_progress_handler(stop.is_set, STEPS_BETWEEN_LOOKS)
            lines = [row[0] for row in db.execute_sql("PRAGMA quick_check(20)")]
    except DATABASE_ERRORS as error:
        if stop is not None and stop.is_set() and was_interrupted(error):
            raise Cancelled from None
        raise explain_opening(error, profile) from error
    if lines != ["ok"]:
        raise backup.damaged(profile, lines[0])


def examine(profile: Profile, newest: int) -> int:
    """The database's version, 0 when it is still to be made; raises when it is damaged, missing or newer."""
    had_database = profile.had_database
    try:
        with profile.database.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        if had_database:
            raise backup.damaged(profile, "it is missing") from None
        return 0
    except OSError as error:
        raise explain_opening(error, profile) from error
    # SQLite would take an empty file for a new database.
    if not header and not had_database:
        return 0
    if not header.startswith(_MAGIC):
        raise backup.damaged(profile, "it is empty" if not header else "it is no SQLite database")
    # The header may be older than the log beside it only where the creation was cut short.
    if had_database and int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise backup.damaged(profile, "it belongs to another program")
    try:
        application, version, tables = _identity(profile)
    except DATABASE_ERRORS as error:
        raise explain_opening(error, profile) from error
    if application != APPLICATION_ID and (had_database or version or tables):
        raise backup.damaged(profile, "it belongs to another program")
    if version > newest:
        raise NewerDatabase(profile.database, version, newest)
    if had_database and version < 1:
        raise backup.damaged(profile, f"it says that it is of version {version}")
    return version


def explain_opening(error: BaseException, profile: Profile) -> UserError:
    """A sentence for whatever kept the database from being opened."""
    return backup.sentence_for(error, profile) or UserError(f"{profile.database} cannot be opened: {error}.")


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
        _make_private(profile)
    except OSError as error:
        raise explain_opening(error, profile) from error


def _make_private(profile: Profile) -> None:
    for part in files_of(profile.database):
        part.chmod(0o600)


def _migrate(profile: Profile, steps: Sequence[Step]) -> None:
    try:
        bring_up_to_date(profile.database, steps)
    except DATABASE_ERRORS as error:
        sentence = backup.sentence_for(error, profile)
        if sentence is None:
            raise
        raise sentence from error

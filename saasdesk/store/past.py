"""A store that shows what was: tables of the database hidden behind others of the same names, and nothing written."""

import os
from collections.abc import Mapping
from pathlib import Path

from saasdesk.errors import UserError
from saasdesk.profile import Profile
from saasdesk.store.connections import Connection, Stage, address, stage_connection
from saasdesk.store.database import Store
from saasdesk.store.writer import Writer


def past_connection(file: Path, database: Path) -> Stage:
    """A connection to a new file that the past is written to, with the database attached for reading as `live`."""
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    db = stage_connection(file)
    db.connect()
    # The copies have no ties to one another.
    db.execute_sql("PRAGMA foreign_keys = OFF")
    db.execute_sql("ATTACH ? AS live", (address(database, "ro"),))
    return db


class PastStore(Store):
    """Reads like the store of the profile, but finds the tables of `views` as their SELECT says.

    These name the file's tables with `past.` and the database's own with `main.`. Closing it removes the file.
    """

    def __init__(self, profile: Profile, file: Path, views: Mapping[str, str], moment: str) -> None:
        super().__init__(profile, None, None)
        self.moment = moment
        self._file = file
        self._views = views

    def close(self) -> None:
        """Remove the file; whoever still reads from it reads to the end."""
        super().close()
        self._file.unlink(missing_ok=True)

    def _furnish(self, db: Connection) -> None:
        db.execute_sql("ATTACH ? AS past", (address(self._file, "ro"),))
        for name, select in self._views.items():
            # What is temporary is found before what is not.
            db.execute_sql(f"CREATE TEMPORARY VIEW {name} AS {select}")

    def _writer_or_refuse(self) -> Writer:
        raise UserError("This is the past, and cannot be changed. Go back to the present first.")

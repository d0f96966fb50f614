"""A store that shows what was: tables of the database hidden behind others of the same names, and nothing written."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from saasdesk.clock import from_text
from saasdesk.errors import UserError
from saasdesk.profile import Profile
from saasdesk.store.connections import address
from saasdesk.store.database import Store
from saasdesk.store.writer import Writer


class PastStore(Store):
    """Reads like the store of the profile, but finds the tables of `views` as their SELECT says.

    These name a file's tables by the file's key in `files`, and the database's own with `main.`. Closing it removes the
    files.
    """

    def __init__(
        self, profile: Profile, files: Mapping[str, Path], views: Mapping[str, str], moment: str, at: str
    ) -> None:
        super().__init__(profile, None, None)
        self.moment = moment
        self._at = at
        self._files = files
        self._views = views

    def now(self) -> datetime:
        """The moment of the past."""
        return from_text(self._at)

    def close(self) -> None:
        """Remove the files; whoever still reads from them reads to the end."""
        super().close()
        for file in self._files.values():
            file.unlink(missing_ok=True)

    def _furnish(self, connection: sqlite3.Connection) -> None:
        for name, file in self._files.items():
            connection.execute(f"ATTACH ? AS {name}", (address(file, "ro"),))
        for name, select in self._views.items():
            # What is temporary is found before what is not.
            connection.execute(f"CREATE TEMPORARY VIEW {name} AS {select}")

    def _writer_or_refuse(self) -> Writer:
        raise UserError("This is the past, and cannot be changed. Go back to the present first.")

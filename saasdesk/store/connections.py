"""How a connection to the database is opened: who may write, and with which pragmas."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

from peewee import SqliteDatabase

from saasdesk.text import fold_text, sort_key

AnyConnection = TypeVar("AnyConnection", bound="Connection")

# "SaDe", so that a file can be told from any other SQLite database.
APPLICATION_ID = 0x53614465

# So many steps of SQLite's machine, some milliseconds, lie between two looks at a stop event.
STEPS_BETWEEN_LOOKS = 200_000

_BUSY_SECONDS = 10

# Somebody who reads in more threads at once than this pays for opening.
_MOST_KEPT = 4

_EVERYWHERE: dict[str, object] = {
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "secure_delete": "ON",
    "trusted_schema": "OFF",
    "temp_store": "MEMORY",
    # Nobody checkpoints by the way: the writer does it when it has nothing else to do.
    "wal_autocheckpoint": 0,
}


# What one connection may keep of a staging file in memory: a run must not take more, however many people there are.
STAGE_CACHE: dict[str, object] = {"cache_size": -8_192}

# At its finest, peewee logs every statement with its values: people's names and addresses.
logging.getLogger("peewee").setLevel(logging.WARNING)


class Connection(SqliteDatabase):
    """A connection to the database, in the thread that opened it."""

    # peewee's own are untyped; every caller would have to say what comes back.
    def execute_sql(self, sql: str, params: Sequence[object] | None = None) -> sqlite3.Cursor:
        """Run one statement with its parameters."""
        cursor: sqlite3.Cursor = super().execute_sql(sql, params)  # type: ignore[no-untyped-call]
        return cursor

    def connection(self) -> sqlite3.Connection:
        """SQLite's own connection, for `executemany` and what else must be fast."""
        connection: sqlite3.Connection = super().connection()  # type: ignore[no-untyped-call]
        return connection


class Readers(Connection):
    """Connections that cannot write; one that is given back is kept for whoever reads next, in whichever thread.

    Opening one takes longer than most of what is read: SQLite reads the whole schema for it. `furnish` gives each what
    it needs besides.
    """

    def __init__(self, path: Path, furnish: Callable[[sqlite3.Connection], None]) -> None:
        options = _options({**_EVERYWHERE, "cache_size": -16_384})
        super().__init__(address(path, "ro"), check_same_thread=False, **options)
        self._furnish = furnish
        self._kept: list[sqlite3.Connection] = []
        self._keeps = True
        self._keeping = threading.Lock()

    def stop_keeping(self) -> None:
        """Close those that nobody reads from, and from now on each as soon as it is given back."""
        with self._keeping:
            self._keeps = False
            kept, self._kept = self._kept, []
        for connection in kept:
            connection.close()

    def _connect(self) -> sqlite3.Connection:
        with self._keeping:
            if self._kept:
                return self._kept.pop()
        connection: sqlite3.Connection = super()._connect()  # type: ignore[misc]
        with ExitStack() as not_furnished:
            not_furnished.callback(connection.close)
            self._furnish(connection)
            not_furnished.pop_all()
        return connection

    def _close(self, conn: sqlite3.Connection) -> None:
        if _is_at_rest(conn):
            with self._keeping:
                if self._keeps and len(self._kept) < _MOST_KEPT:
                    self._kept.append(conn)
                    return
        conn.close()


def _is_at_rest(connection: sqlite3.Connection) -> bool:
    """Whether no query of it goes on, and give its memory back.

    A cursor that was not read to its end, held by a traceback for instance, would keep the moment that it reads, and
    the write-ahead log would grow and grow. SQLite breaks off what is begun after an interrupt as long as anything from
    before it goes on, and only then.
    """
    connection.interrupt()
    try:
        # Not `execute`, which remembers the statement, and would not give anything back the next time.
        connection.executescript("PRAGMA shrink_memory")
    except sqlite3.Error:
        return False
    return True


class Stage(Connection):
    """A connection to one run's staging file, in the thread of that run."""

    # The options are peewee's, and as many types as there are of them.
    def __init__(self, file: Path, **options: Any) -> None:
        super().__init__(address(file, "rw"), **options)
        self.file = file


def writing_connection(path: Path) -> Connection:
    """The one connection that writes; the file must be there."""
    return _connection(path, "rw", {"journal_mode": "WAL", **_EVERYWHERE, "cache_size": -24_576})


def reading_connection(path: Path) -> Connection:
    """A connection that cannot write."""
    return _connection(path, "ro", {**_EVERYWHERE, "cache_size": -16_384})


def kept_connections(path: Path, furnish: Callable[[sqlite3.Connection], None]) -> Readers:
    """The same for many readings."""
    return _with_functions(Readers(path, furnish))


def plain_connection(path: Path) -> Connection:
    """A writing connection to a copy that nobody else has open: it gets no -wal and no -shm."""
    return _connection(path, "rw", {**_EVERYWHERE})


def stage_connection(file: Path) -> Stage:
    """A connection to a staging file, as fast as it gets: what a crash leaves there is thrown away."""
    # Read from end to end a dozen times, it does well with large pages.
    pragmas = {"page_size": 16_384, **_EVERYWHERE, "journal_mode": "OFF", "synchronous": "OFF", **STAGE_CACHE}
    return _with_functions(Stage(file, **_options(pragmas)))


def address(path: Path, mode: str) -> str:
    """The path as a URI with a mode, the only way to tell SQLite not to write or not to create."""
    return f"{path.absolute().as_uri()}?mode={mode}"


def files_of(database: Path) -> list[Path]:
    """The database and what SQLite keeps beside it, as far as it is there; the database comes last."""
    parts = (database.with_name(database.name + ending) for ending in ("-wal", "-shm", ""))
    return [part for part in parts if part.exists()]


def _connection(path: Path, mode: str, pragmas: dict[str, object]) -> Connection:
    return _with_functions(Connection(address(path, mode), **_options(pragmas)))


def _options(pragmas: dict[str, object]) -> dict[str, Any]:
    # Without autoconnect, a query in a thread that opened nothing is an error, not a forgotten connection.
    return {"pragmas": pragmas, "timeout": _BUSY_SECONDS, "uri": True, "autoconnect": False}


def _with_functions(database: AnyConnection) -> AnyConnection:
    database.register_function(fold_text, "fold", 1, deterministic=True)
    database.register_function(sort_key, "sort_key", 1, deterministic=True)
    return database

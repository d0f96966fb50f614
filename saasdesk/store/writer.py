"""The one thread that writes: every change of the database is a piece of work handed to it."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from saasdesk.errors import Cancelled
from saasdesk.store.connections import STAGE_CACHE, STEPS_BETWEEN_LOOKS, Connection, address, writing_connection
from saasdesk.store.failures import DATABASE_ERRORS, was_interrupted

T = TypeVar("T")

log = logging.getLogger(__name__)

_SECONDS_BETWEEN_LOOKS = 0.1

_LOG_WORTH_A_CHECKPOINT = 4_000_000


class Writer:
    """Owns the only writing connection, and alone brings the write-ahead log back into the database."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._connection = writing_connection(database)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-writer")
        self._ident = self._thread.submit(self._open).result()

    def write(self, work: Callable[[Connection], T], stop: threading.Event | None, *, stage: Path | None = None) -> T:
        """Do the work in one transaction; whatever it raises undoes all of it and is raised here.

        A staging file that is given is attached as `stage` meanwhile.
        """
        if threading.get_ident() == self._ident:
            raise RuntimeError(
                "a write inside a write would wait for itself; use the connection that the work was given"
            )
        command = _Command(stop)
        future = self._thread.submit(self._carry_out, work, command, stage)
        self._thread.submit(self._checkpoint_if_worthwhile)
        return command.wait_for(future)

    def close(self) -> None:
        """Finish what was handed in, tidy up, and end the thread."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _open(self) -> int:
        self._connection.connect()
        return threading.get_ident()

    def _carry_out(self, work: Callable[[Connection], T], command: "_Command", stage: Path | None) -> T:
        db = self._connection
        if command.is_stopped():
            raise Cancelled
        with ExitStack() as afterwards:
            if stage is not None:
                # Not inside the transaction: SQLite detaches only between two of them.
                db.execute_sql("ATTACH ? AS stage", (address(stage, "rw"),))
                afterwards.callback(self._detach_stage)
                # A file and not memory: every row of the stage may be written to.
                db.execute_sql("PRAGMA stage.journal_mode = TRUNCATE")
                db.execute_sql("PRAGMA stage.synchronous = OFF")
                for name, value in STAGE_CACHE.items():
                    db.execute_sql(f"PRAGMA stage.{name} = {value}")
            db.connection().set_progress_handler(command.is_stopped, STEPS_BETWEEN_LOOKS)
            afterwards.callback(db.connection().set_progress_handler, None, 0)
            try:
                with db.atomic("IMMEDIATE"):
                    result = work(db)
                    command.refuse_if_stopped()
            except DATABASE_ERRORS as error:
                if command.is_stopped() and was_interrupted(error):
                    raise Cancelled from None
                raise
        return result

    def _detach_stage(self) -> None:
        try:
            self._connection.execute_sql("DETACH stage")
        except DATABASE_ERRORS:
            # A cursor in the traceback of what failed still reads from it; it goes with its connection.
            self._connection.close()
            self._connection.connect()

    def _checkpoint_if_worthwhile(self) -> None:
        log_file = self._database.with_name(f"{self._database.name}-wal")
        if log_file.exists() and log_file.stat().st_size > _LOG_WORTH_A_CHECKPOINT:
            self._checkpoint()

    def _checkpoint(self) -> None:
        db = self._connection
        try:
            # A reader may stand in the way for as long as it likes; nobody waits for it.
            db.execute_sql("PRAGMA busy_timeout = 0")
            db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except DATABASE_ERRORS:
            # Nothing is lost: all of it is in the log, and the next checkpoint brings it over.
            log.warning("The write-ahead log could not be brought into the database", exc_info=True)
        finally:
            db.execute_sql("PRAGMA busy_timeout = 10000")

    def _close(self) -> None:
        db = self._connection
        try:
            db.execute_sql("PRAGMA analysis_limit = 400")
            db.execute_sql("PRAGMA optimize")
        except DATABASE_ERRORS:
            log.warning("The database could not be optimised", exc_info=True)
        self._checkpoint()
        db.close()


class _Command:
    """One piece of work, as the caller and the writer thread both see it."""

    def __init__(self, stop: threading.Event | None) -> None:
        self._stop = stop
        self._given_up = threading.Event()
        self._too_late = False

    def is_stopped(self) -> bool:
        """Whether the work is to end and be undone; from its commit on, no more."""
        return not self._too_late and (self._given_up.is_set() or (self._stop is not None and self._stop.is_set()))

    def refuse_if_stopped(self) -> None:
        """The last moment for a stop: raise Cancelled, or let the commit go through undisturbed."""
        if self.is_stopped():
            raise Cancelled
        self._too_late = True

    def wait_for(self, future: Future[T]) -> T:
        """The result, or what was raised; a stop need not wait until other work is done."""
        try:
            while not wait((future,), timeout=_SECONDS_BETWEEN_LOOKS).done:
                if self.is_stopped() and future.cancel():
                    raise Cancelled
        except KeyboardInterrupt:
            # What is not committed yet shall not be committed behind the caller's back.
            self._given_up.set()
            if not future.cancel():
                wait((future,))
            raise
        return future.result()

"""A sync session under way: what it tells, how long each of its phases takes, and how it is closed."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from saasdesk import __version__
from saasdesk.clock import now_text
from saasdesk.connectors import Evidence
from saasdesk.errors import Cancelled, ExitCode, UserError
from saasdesk.jobs import Tell
from saasdesk.store import Connection, Store
from saasdesk.store.audit import operating_system_user
from saasdesk.sync import rows
from saasdesk.sync.events import PhaseBegan, ProblemReport, Status, SyncResult
from saasdesk.sync.rows import Problem


class Underway:
    """What every kind of session has in common, from its first phase to its result."""

    def __init__(
        self, store: Store, name: str, session: int, tell: Tell, stop: threading.Event, *, preview: bool = False
    ) -> None:
        self._store, self._name, self._session, self._tell, self._stop = store, name, session, tell, stop
        self._is_preview = preview
        self._started = time.monotonic()
        self._began_at = now_text()
        self._is_given_up = False
        self._phases: list[tuple[str, float]] = []

    def give_up(self) -> None:
        """It has gone on for too long: stop it."""
        self._is_given_up = True
        self._stop.set()

    def ended(self, carry_out: Callable[[], SyncResult]) -> SyncResult:
        """The result of this work; every failure is in the result and in the session, only bugs are raised."""
        try:
            return carry_out()
        except Cancelled:
            if self._is_given_up:
                sentence = "Not finished within 24 hours. No record was changed."
                return self.close(Status.FAILED, ExitCode.PARTLY, sentence)
            return self.close(Status.CANCELLED, ExitCode.CANCELLED, "Cancelled. No record was changed.")
        except UserError as error:
            return self.close(Status.FAILED, error.exit_code, str(error))
        except BaseException:
            # At Ctrl+C, too: else the session would be called running until the next start of the program.
            with suppress(UserError):
                self.close(
                    Status.FAILED, ExitCode.PARTLY, "The program failed; no record was changed. The log says more."
                )
            raise

    def close(
        self,
        status: Status,
        exit_code: int,
        message: str,
        counts: dict[str, Any] | None = None,
        problems: list[Problem] | None = None,
        evidence: Evidence | None = None,
        plan: int | None = None,
    ) -> SyncResult:
        """End a session that writes no records, and return its result; with a plan its problems are kept already."""
        counts = counts if counts is not None else no_counts()
        problems = problems or []
        kept = self._evidence(evidence)
        at = now_text()

        def work(db: Connection) -> None:
            if plan is None:
                rows.insert_errors(db, self._session, problems)
            rows.finish_session(
                db,
                self._session,
                status=status,
                counts=counts,
                evidence=kept,
                message=message,
                exit_code=exit_code,
                changes_hash=None,
                at=at,
            )
            self._tell_of_ending(db, status, message, at)

        self._store.write(work)
        return self._result(status, exit_code, message, counts, problems, plan)

    def _tell_of_ending(self, db: Connection, status: Status, message: str, at: str) -> None:
        """Whoever waits for it may be told in the same transaction; nobody is told of what somebody looks on at."""

    def _result(
        self,
        status: Status,
        exit_code: int,
        message: str,
        counts: dict[str, Any],
        problems: list[Problem],
        plan: int | None,
    ) -> SyncResult:
        return SyncResult(
            integration=self._name,
            session=self._session,
            status=status,
            exit_code=exit_code,
            preview=self._is_preview,
            message=message,
            counts=counts,
            seconds=time.monotonic() - self._started,
            errors=tuple(ProblemReport(label, text) for _, label, _, text, accepted in problems if not accepted),
            plan=plan,
        )

    def _phase(self, text: str) -> None:
        self._phases.append((text, time.monotonic()))
        self._tell(self._news_of_phase(text))

    def _news_of_phase(self, text: str) -> object:
        """What those who look on hear when a phase begins."""
        return PhaseBegan(self._session, self._name, text)

    def _wait(self, why: str) -> None:
        self._tell(PhaseBegan(self._session, self._name, why, is_waiting=True))

    def _set_status(self, status: Status) -> None:
        self._store.write(lambda db: rows.set_status(db, self._session, status))

    def _seconds(self) -> dict[str, float]:
        """Phase → how long it took; one that was entered again counts once."""
        if not self._phases:
            # It was cancelled while it waited for its turn.
            return {}
        ends = [began for _, began in self._phases[1:]] + [time.monotonic()]
        took: dict[str, float] = {}
        for (text, began), end in zip(self._phases, ends, strict=True):
            took[text] = round(took.get(text, 0.0) + end - began, 3)
        return took

    def _evidence(self, evidence: Evidence | None) -> dict[str, Any]:
        """What is kept of a session beside its counts: what speaks for completeness, and how long each phase took."""
        kept = {} if evidence is None else asdict(evidence)
        if self._is_given_up:
            kept["timed_out"] = True
        kept |= {"user": operating_system_user(), "version": __version__, "phases": list(self._seconds().items())}
        return kept


def no_counts() -> dict[str, Any]:
    """The counts of a session that got nowhere."""
    names = ("created", "updated", "unchanged", "skipped", "deactivated", "reactivated", "failed")
    part = dict.fromkeys(names, 0)
    return {
        "fetched": 0,
        **part,
        "filtered": 0,
        **{kind: dict(part) for kind in ("people", "saas_users", "assets", "licences")},
    }

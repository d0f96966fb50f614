"""What a run tells on the way, and what it returns in the end."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

BY_SCHEDULE = "schedule"
"""Who began a session, where it was nobody's hand."""


class Status(StrEnum):
    """How a sync session stands or ended; the words that scripts read."""

    QUEUED = "queued"
    FETCHING = "fetching"
    VERIFIED = "verified"
    UNPROVEN = "unproven"
    APPLYING = "applying"
    COMPLETED = "completed"
    COMPLETED_WITH_ERRORS = "completed_with_errors"
    INCOMPLETE = "incomplete"
    STOPPED_BY_SAFEGUARD = "stopped_by_safeguard"
    EMPTY = "empty"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    MISSED = "missed"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen in this session."""
        return self not in UNDER_WAY


UNDER_WAY = (Status.QUEUED, Status.FETCHING, Status.VERIFIED, Status.UNPROVEN, Status.APPLYING)


@dataclass(frozen=True, slots=True)
class PhaseBegan:
    """The run entered a phase; `text` is what the admin reads. In some phases it waits for another run."""

    session: int
    integration: str
    text: str
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class FilePhase:
    """What an import is at: no integration runs."""

    text: str


@dataclass(frozen=True, slots=True)
class PagesRead:
    """How far reading is; `expected` is the vendor's own total where it gave one. At most ten a second."""

    session: int
    integration: str
    page: int
    about_pages: int | None
    read: int
    expected: int | None
    new: int
    changed: int
    same: int
    failed: int


@dataclass(frozen=True, slots=True)
class ProblemReport:
    """One record that was left as it was, and why."""

    record: str
    message: str

    def as_json(self) -> dict[str, str]:
        """As the command line prints it."""
        return {"record": self.record, "message": self.message}


@dataclass(frozen=True, slots=True)
class SyncResult:
    """One finished run: what `run --json` prints and the session page shows."""

    integration: str
    session: int
    status: Status
    exit_code: int
    preview: bool
    message: str
    counts: dict[str, Any]
    seconds: float
    errors: tuple[ProblemReport, ...] = field(default=())
    plan: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The object of the command-line contract."""
        return {
            "kind": "integration",
            "integration": self.integration,
            "session": self.session,
            "status": self.status.value,
            "preview": self.preview,
            **self.counts,
            "seconds": round(self.seconds, 3),
            "message": self.message,
            "errors": [error.as_json() for error in self.errors],
        }

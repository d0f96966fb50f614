"""What came of sending records through a workflow."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Whoever tells how far a run is needs no plan, nor all the blocks behind it.
    from saasdesk.workflows.planning import Way


class RunState(StrEnum):
    """How far a record came."""

    RUNNING = "running"
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Ended:
    """One record that was sent through, or that waits on its way."""

    run: int
    record: int
    label: str
    state: RunState
    message: str


@dataclass(frozen=True, slots=True)
class WorkflowResult:
    """What a run came to; `note` says why it stopped early, if it did.

    `held` are the records that the caps keep back until a person has them run, `protected` those that no vendor action
    may touch.
    """

    workflow: str
    ended: tuple[Ended, ...]
    held: "tuple[Way, ...]" = ()
    protected: "tuple[Way, ...]" = ()
    note: str = ""

    def count(self, state: RunState) -> int:
        """How many records came through in this way."""
        return sum(each.state is state for each in self.ended)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    done: int
    of: int
    label: str

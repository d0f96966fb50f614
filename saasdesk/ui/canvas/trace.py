"""What a run did, laid over the canvas: how each block ended, and how many records went along each wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from saasdesk.workflows.graph import Link


class TraceState(StrEnum):
    """How a block ended in a run."""

    DONE = "done"
    FAILED = "failed"
    RUNNING = "running"
    SKIPPED = "skipped"

    @property
    def icon(self) -> str:
        """Its sign."""
        return {"done": "check", "failed": "error", "running": "hourglass", "skipped": "minus"}[self.value]

    @property
    def tone(self) -> str:
        """Its colour."""
        return {"done": "ok", "failed": "error", "running": "accent", "skipped": "muted"}[self.value]


@dataclass(frozen=True, slots=True)
class BlockTrace:
    """One block in a run: `duration` as it is read ("0.4 s"), and how many records came by."""

    state: TraceState
    duration: str = ""
    count: int | None = None

    @property
    def words(self) -> str:
        """What stands below the block."""
        count = "" if self.count is None else f"{self.count:,}"
        return " · ".join(part for part in (count, self.duration) if part) or self.state.value


@dataclass(frozen=True, slots=True)
class CanvasTrace:
    """A run: its blocks, and for each wire that was taken how many records took it."""

    blocks: Mapping[str, BlockTrace]
    links: Mapping[Link, int] = field(default_factory=dict)

    @property
    def visited(self) -> tuple[str, ...]:
        """The blocks that a record came to, the last one at the end."""
        return tuple(block for block, seen in self.blocks.items() if seen.state is not TraceState.SKIPPED)

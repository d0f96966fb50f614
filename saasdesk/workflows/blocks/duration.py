"""How long a block waits: an amount and a unit."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from saasdesk.workflows.blocks.form import Choice
from saasdesk.workflows.blocks.kind import BlockSettings

UNITS = (Choice("minutes", "minutes"), Choice("hours", "hours"), Choice("days", "days"), Choice("weeks", "weeks"))


class Duration(BlockSettings):
    """At most about ten years."""

    amount: int = Field(ge=1, le=5_000_000)
    unit: Literal["minutes", "hours", "days", "weeks"] = "days"

    @property
    def length(self) -> timedelta:
        """As a span of time."""
        return min(timedelta(**{self.unit: self.amount}), timedelta(days=3_660))

    @property
    def in_words(self) -> str:
        """Such as “2 days”."""
        return f"{self.amount} {self.unit.removesuffix('s') if self.amount == 1 else self.unit}"

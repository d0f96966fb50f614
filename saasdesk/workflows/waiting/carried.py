"""What a record carries along its way: what blocks wrote and set, kept so that it can go on after a stop."""

from dataclasses import dataclass, field

import orjson

from saasdesk.workflows.blocks.kind import Done
from saasdesk.workflows.record import Value


@dataclass
class Carried:
    """`before` holds what the record had where this run wrote something else."""

    values: dict[str, Value] = field(default_factory=dict)
    variables: dict[str, Value] = field(default_factory=dict)
    before: dict[str, Value] = field(default_factory=dict)

    def take(self, done: Done) -> None:
        """What a block did."""
        for change in done.changes:
            self.before.setdefault(change.field, change.before)
            self.values[change.field] = change.after
        self.variables.update(done.variables)

    def to_json(self) -> str:
        """As it is kept."""
        if not (self.values or self.variables):
            return "{}"
        return orjson.dumps({"values": self.values, "variables": self.variables, "before": self.before}).decode()

    @classmethod
    def from_json(cls, text: str) -> "Carried":
        """As it was kept."""
        return cls(**orjson.loads(text))

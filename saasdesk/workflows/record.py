"""The record that goes through a workflow, as its blocks and templates see it."""

from collections.abc import Mapping
from dataclasses import dataclass

from saasdesk.fields import ObjectKind

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record: its values by External ID, and `label`, by which people know it.

    A SaaS user also has the values of the person behind it, where it has none of that name itself.
    """

    kind: ObjectKind
    id: int
    label: str
    values: Mapping[str, Value]
    is_active: bool
    # By what protection knows it: its own names, and those of the person whom it belongs to.
    names: frozenset[str] = frozenset()

    def text(self, field: str) -> str:
        """A value as text; empty where there is none."""
        value = self.values.get(field)
        return "" if value is None else str(value)

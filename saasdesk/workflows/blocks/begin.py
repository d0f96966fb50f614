"""Begin: for which records, and when."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Literal

from pydantic import Field

from saasdesk.rules import Rule, to_sentence
from saasdesk.schedule import Schedule
from saasdesk.workflows.blocks.kind import BlockKind, BlockSettings, Foreseen, Visit, World
from saasdesk.workflows.graph import WorkflowDocument

NEXT = "next"


class Action(StrEnum):
    """What starts a workflow."""

    CREATED = "created"
    EDITED = "edited"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    SCHEDULE = "schedule"
    BY_HAND = "by_hand"


class BeginSettings(BlockSettings):
    """`fields` narrows *edited* to some fields; `criteria` to the records that fit."""

    actions: tuple[Action, ...] = Field(default=(Action.BY_HAND,), min_length=1)
    run_for: Literal["active", "deactivated", "all"] = "active"
    criteria: Rule | None = None
    fields: tuple[str, ...] = ()
    schedule: Schedule | None = None

    @property
    def is_active(self) -> bool | None:
        """Whether active records go through it, deactivated ones, or (None) both."""
        return {"active": True, "deactivated": False, "all": None}[self.run_for]


class Begin(BlockKind[BeginSettings]):
    """Where every record comes in."""

    key = "begin"
    title = "Begin"
    help = "Which records go through the workflow, and what starts it."
    settings_type = BeginSettings

    def outlets(self, settings: BeginSettings) -> tuple[str, ...]:
        del settings
        return (NEXT,)

    def problems(self, settings: BeginSettings, document: WorkflowDocument, world: World) -> Iterator[str]:
        if Action.SCHEDULE in settings.actions and settings.schedule is None:
            yield "It is to start by a schedule, and none is set."
        if settings.fields and Action.EDITED not in settings.actions:
            yield "Fields are named, which count for the action “edited” only."
        computed = {"record_state", "deactivated", "deactivated_at", "archived", "created_at", "updated_at"}
        named = {*settings.fields, *(settings.criteria.field_names() if settings.criteria is not None else ())}
        for name in sorted(named - world.fields.keys() - computed):
            yield f"There is no field {name} in {document.object}."

    def summary(self, settings: BeginSettings, world: World) -> str:
        started = " · ".join(action.value.replace("_", " ") for action in settings.actions)
        if settings.criteria is None:
            return started
        labels = {name: known.label for name, known in world.fields.items()}
        return f"{started} · where {to_sentence(settings.criteria, labels)}"

    def foresee(self, settings: BeginSettings, visit: Visit) -> Foreseen:
        del settings, visit
        return Foreseen(NEXT)

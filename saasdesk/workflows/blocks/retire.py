"""Archive / Deactivate record: the record leaves the active ones here, and nothing changes at any vendor."""

from collections.abc import Mapping
from typing import Any, Literal

from saasdesk.workflows.blocks.form import Choice, FieldKind, FormField
from saasdesk.workflows.blocks.kind import BlockKind, BlockSettings, Done, Foreseen, Group, Hands, Visit, World
from saasdesk.workflows.graph import FAILURE, SUCCESS, WorkflowDocument

_HOW = (
    Choice("deactivate", "Deactivate", "an integration that finds the record again makes it active again"),
    Choice("archive", "Archive", "the record stays away, whatever integrations find"),
)


class RetireSettings(BlockSettings):
    """How far the record goes."""

    how: Literal["deactivate", "archive"] = "deactivate"


class Retire(BlockKind[RetireSettings]):
    """A record that is not needed any more."""

    key = "retire"
    title = "Archive / Deactivate record"
    help = "Deactivates the record here, or archives it. Nothing changes at any vendor."
    group = Group.DATA
    icon = "archive"
    settings_type = RetireSettings

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        del settings, document, world
        return (FormField("how", "What becomes of it", FieldKind.CHOICE, choices=_HOW, default="deactivate"),)

    def summary(self, settings: RetireSettings, world: World) -> str:
        del world
        return "archives it" if settings.how == "archive" else "deactivates it"

    def foresee(self, settings: RetireSettings, visit: Visit) -> Foreseen:
        if settings.how == "deactivate" and not visit.record.is_active:
            return Foreseen(SUCCESS, "is not active already")
        done = "is archived here" if settings.how == "archive" else "is deactivated here"
        return Foreseen(SUCCESS, done, deactivates=visit.record.is_active)

    def perform(self, settings: RetireSettings, visit: Visit, hands: Hands) -> Done:
        foreseen = self.foresee(settings, visit)
        if not foreseen.deactivates and settings.how == "deactivate":
            return Done(foreseen.outlet, foreseen.message)
        refused = hands.retire(self.title, archive=settings.how == "archive")
        return Done(FAILURE, refused) if refused else Done(SUCCESS, foreseen.message)

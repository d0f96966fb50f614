"""Comment: a note on the canvas, for whoever reads the workflow. No record comes by."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from saasdesk.workflows.blocks.form import FieldKind, FormField
from saasdesk.workflows.blocks.kind import BlockKind, BlockSettings, Foreseen, Group, Visit, World
from saasdesk.workflows.graph import COMMENT, WorkflowDocument

_LONGEST = 2_000


class CommentSettings(BlockSettings):
    """What is written on it."""

    text: str = Field(default="", max_length=_LONGEST)


class Comment(BlockKind[CommentSettings]):
    """Lies on the canvas beside the blocks and does nothing."""

    key = COMMENT
    title = "Comment"
    help = "A note for whoever reads this workflow. It changes nothing, and no wire leads to it."
    is_local = True
    group = Group.NOTES
    icon = "comment"
    settings_type = CommentSettings

    def outlets(self, settings: CommentSettings) -> tuple[str, ...]:
        del settings
        return ()

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        del settings, document, world
        return (FormField("text", "Text", FieldKind.LONG_TEXT),)

    def summary(self, settings: CommentSettings, world: World) -> str:
        del world
        return settings.text

    def foresee(self, settings: CommentSettings, visit: Visit) -> Foreseen:
        del settings, visit
        return Foreseen(None)

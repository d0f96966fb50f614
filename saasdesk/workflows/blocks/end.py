"""End: the record has gone through."""

from saasdesk.workflows.blocks.kind import BlockKind, BlockSettings, Foreseen, Group, Visit, World


class EndSettings(BlockSettings):
    """There is nothing to decide."""


class End(BlockKind[EndSettings]):
    """Where a record leaves the workflow."""

    key = "end"
    title = "End"
    help = "The record has gone through the workflow."
    is_local = True
    group = Group.FLOW
    icon = "flag"
    settings_type = EndSettings

    def outlets(self, settings: EndSettings) -> tuple[str, ...]:
        del settings
        return ()

    def summary(self, settings: EndSettings, world: World) -> str:
        del settings, world
        return ""

    def foresee(self, settings: EndSettings, visit: Visit) -> Foreseen:
        del settings, visit
        return Foreseen(None)

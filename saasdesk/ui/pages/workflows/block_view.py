"""Workflows in block view: a section for each object that there is one of, in it a tile for each workflow."""

from functools import partial

from saasdesk.ui.overview.tiles import TileSection, TilesView
from saasdesk.ui.pages.workflows.tile import WorkflowTile
from saasdesk.ui.pages.workflows.words import OBJECTS, object_word
from saasdesk.ui.theme import Theme
from saasdesk.workflows.overview import Standing


class WorkflowBlocks(TilesView[Standing, WorkflowTile]):
    """An object of which there is no workflow has no section."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            {key: TileSection(theme, object_word(key)) for key in OBJECTS},
            number_of=lambda standing: standing.workflow.id,
            section_of=lambda standing: standing.workflow.document.object,
            make=partial(WorkflowTile, theme),
            show=WorkflowTile.show_standing,
        )

"""A workflow made ready for many records: settings checked once, and where each outlet leads."""

from typing import Any

from saasdesk.workflows.blocks import KINDS, BlockKind
from saasdesk.workflows.blocks.texts import template
from saasdesk.workflows.graph import NOT_FOUND, SUCCESS, Block, WorkflowDocument


class Drawing:
    """The blocks of a whole workflow by their ids."""

    def __init__(self, document: WorkflowDocument) -> None:
        self.document = document
        self.blocks = {block.id: block for block in document.blocks}
        (self.begin,) = document.of_kind("begin")
        self._settings = {block.id: KINDS[block.kind].settings_of(block) for block in document.blocks}
        self._looks_at = {block.id: self._names(block) for block in document.blocks}
        self._after = {(link.source, link.outlet): self.blocks[link.to] for link in document.links}

    def kind(self, block: Block) -> BlockKind[Any]:
        """What kind of block it is."""
        return KINDS[block.kind]

    def settings(self, block: Block) -> Any:
        """Its settings, checked."""
        return self._settings[block.id]

    def looks_at(self, block: Block) -> tuple[str, ...]:
        """The names of the values that it goes by: what a history shows as its inputs."""
        return self._looks_at[block.id]

    def _names(self, block: Block) -> tuple[str, ...]:
        kind, settings = KINDS[block.kind], self._settings[block.id]
        names = set(kind.looks_at(settings))
        for words in kind.words(settings):
            names |= template(words.text, knows_answer="response" in words.also).names - words.also
        return tuple(sorted(names))

    def title(self, block: Block) -> str:
        """What people call it."""
        return block.title or KINDS[block.kind].named(block.settings)

    def after(self, block: Block, outlet: str | None) -> Block | None:
        """The block that an outlet leads to; None where the way ends."""
        if outlet is None:
            return None
        found = self._after.get((block.id, outlet))
        return self._after.get((block.id, SUCCESS)) if found is None and outlet == NOT_FOUND else found

"""A field at the place where something is to be added or connected: type, Enter."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from saasdesk.errors import UserError
from saasdesk.ui.canvas.entries import BlockEntry, entries_of
from saasdesk.ui.canvas.faces import face_of, outlet_in_words
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.verbs import CanvasVerbs
from saasdesk.ui.command_palette import CommandPalette
from saasdesk.ui.navigation import Command
from saasdesk.ui.theme import Theme
from saasdesk.workflows import editing
from saasdesk.workflows.blocks import outlets_of

_WIDTH = 360


class QuickAdd:
    """Offers blocks, or targets for a wire, in a field that lies over a widget; when it closes, the widget (or
    `back_to`) has the keys again."""

    def __init__(self, theme: Theme, model: WorkflowModel, over: QWidget, back_to: QWidget | None = None) -> None:
        self._model = model
        self._verbs = CanvasVerbs(model)
        self.blocks = CommandPalette(
            theme, over, prompt="Find a block", keys="↑ ↓ choose · Enter adds · Esc closes", width=_WIDTH
        )
        self.targets = CommandPalette(
            theme, over, prompt="Connect to…", keys="↑ ↓ choose · Enter connects · Esc closes", width=_WIDTH
        )
        self.sources = CommandPalette(
            theme, over, prompt="Connect from…", keys="↑ ↓ choose · Enter connects · Esc closes", width=_WIDTH
        )
        for palette in (self.blocks, self.targets, self.sources):
            palette.closed.connect(partial((back_to or over).setFocus, Qt.FocusReason.PopupFocusReason))

    def offer_blocks(self, at: QPoint, add: Callable[[BlockEntry], object]) -> None:
        """Let a block be chosen; what is chosen is handed on."""
        self.blocks.open_with(
            [
                Command(entry.title, partial(add, entry), icon=entry.icon, group=_group(entry))
                for entry in entries_of(self._model.document, self._model.world)
            ],
            at,
        )

    def offer_targets(self, at: QPoint, block_id: str, outlets: Sequence[str] = ()) -> None:
        """Let an outlet of a block be connected: to each block to which it may lead."""
        document, world = self._model.document, self._model.world
        block = document.block(block_id)
        if block is None:
            return
        known = list(outlets or outlets_of(block))
        if not known:
            self._model.refuse(f"{editing.title_of(block)} has no outlet: nothing comes after it.")
            return
        linked = {link.outlet: link.to for link in document.links if link.source == block_id}
        # Outlets that lead nowhere yet come first.
        known.sort(key=lambda outlet: outlet in linked)
        commands = []
        for outlet in known:
            try:
                refused = editing.refusals(document, block_id, outlet)
            except UserError:
                continue
            commands += [
                Command(
                    editing.title_of(other),
                    partial(self._verbs.connect, block_id, outlet, other.id),
                    icon=face_of(other, world).icon,
                    group=outlet_in_words(outlet) if len(known) > 1 else "",
                )
                for other in document.blocks
                if other.id not in refused and linked.get(outlet) != other.id
            ]
        self.targets.open_with(commands, at)

    def offer_sources(self, at: QPoint, block_id: str) -> None:
        """Let another block be connected to this one: by each outlet that leads nowhere yet."""
        document, world = self._model.document, self._model.world
        linked = {(link.source, link.outlet) for link in document.links}
        commands = []
        for other in document.blocks:
            for outlet in outlets_of(other):
                if (other.id, outlet) in linked or block_id in editing.refusals(document, other.id, outlet):
                    continue
                commands.append(
                    Command(
                        editing.title_of(other),
                        partial(self._verbs.connect, other.id, outlet, block_id),
                        icon=face_of(other, world).icon,
                        group=outlet_in_words(outlet),
                    )
                )
        self.sources.open_with(commands, at)


def _group(entry: BlockEntry) -> str:
    return f"{entry.group} · {entry.harm.word.lower()}" if entry.harm.is_any else entry.group

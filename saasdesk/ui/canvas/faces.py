"""What a block shows of itself: title, one line, picture, outlets, and how dangerous it is."""

from dataclasses import dataclass

from saasdesk.errors import UserError
from saasdesk.ui.canvas.entries import READS
from saasdesk.ui.harm import Harm, harm_of
from saasdesk.ui.visible_text import visible_text
from saasdesk.workflows.blocks import KINDS, World, outlets_of
from saasdesk.workflows.editing import title_of
from saasdesk.workflows.graph import COMMENT, FAILURE, NOT_FOUND, SUCCESS, Block
from saasdesk.workflows.layout import height_of


@dataclass(frozen=True, slots=True)
class Face:
    """Everything that is drawn on one block, in words."""

    title: str
    summary: str
    icon: str
    outlets: tuple[str, ...]
    height: int
    harm: Harm = READS
    has_inlet: bool = True
    # The kind in words, where the title is another; for screen readers.
    kind: str = ""
    # What is written on a comment.
    note: str = ""

    @property
    def spoken(self) -> str:
        """The block as a screen reader says it."""
        harm = self.harm.word.lower() if self.harm.is_any else ""
        return ", ".join(part for part in (self.title, self.kind, self.summary, harm) if part)


def face_of(block: Block, world: World) -> Face:
    """How a block looks; one that is half filled says what it is for."""
    kind = KINDS.get(block.kind)
    if block.is_comment:
        return _face_of_comment(block)
    title = visible_text(title_of(block))
    height = height_of(block)
    if kind is None:
        return Face(title, "This kind of block is not known here.", "unknown", outlets_of(block), height)
    try:
        summary = kind.summary(kind.settings_of(block), world)
    except UserError:
        summary = "Not filled in yet" if kind.settings_type.model_fields else ""
    kind_title = "" if title == kind.title else kind.title
    harm = harm_of(kind.danger(block.settings, world), is_irreversible=kind.is_irreversible(block.settings, world))
    return Face(
        title,
        # A block that is called like its preset does not say it twice.
        visible_text(" ".join(summary.split())).removeprefix(f"{title} · "),
        "trash" if harm.tone == "error" else kind.icon,
        outlets_of(block),
        height,
        harm,
        block.kind != "begin",
        kind_title,
    )


def _face_of_comment(block: Block) -> Face:
    """A comment is called by its first line."""
    kind = KINDS[COMMENT]
    note = visible_text(str(block.settings.get("text", "")).strip(), keep_line_breaks=True)
    first, _, rest = note.partition("\n")
    return Face(
        first or kind.title,
        " ".join(rest.split()),
        kind.icon,
        (),
        height_of(block),
        has_inlet=False,
        kind=kind.title if first else "",
        note=note,
    )


def outlet_in_words(outlet: str) -> str:
    """An outlet as it is written beside its wire."""
    return {FAILURE: "failed", NOT_FOUND: "not found"}.get(outlet, visible_text(outlet.replace("_", " ")))


def outlet_tone(outlet: str) -> str:
    """The colour of an outlet's name."""
    return {SUCCESS: "ok", FAILURE: "error"}.get(outlet, "muted")

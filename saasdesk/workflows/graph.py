"""A workflow: blocks, and the links along which a record goes from one to the next. One document, kept and filed."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)

from saasdesk.definitions import explain, parse_toml
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.text import visible_text

LONGEST_NAME = 100
MOST_BLOCKS = 1_000

# What a record leaves a block by, unless the block has outlets of its own.
SUCCESS, FAILURE = "success", "failure"
# Where the vendor has nobody of this id: nothing had to be done. Unlinked, it goes on like a success.
NOT_FOUND = "not_found"

# The kind of block that is a note on the canvas: nothing leads there.
COMMENT = "comment"

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


def _printable(text: str) -> str:
    if text != text.strip() or visible_text(text) != text:
        raise ValueError("a name begins and ends with something to be seen, and has no hidden characters")
    return text


def _block_id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError("an id is made of up to 40 small letters, digits and _, and begins with a letter")
    return text


_Title = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(_printable)]
BlockId = Annotated[str, AfterValidator(_block_id)]


class Block(BaseModel):
    """One step. What its settings mean is its kind's affair; `position` is where it stands on the canvas."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: BlockId
    kind: str
    title: _Title = ""
    settings: dict[str, Any] = Field(default_factory=dict)
    position: tuple[int, int] | None = None

    @property
    def is_comment(self) -> bool:
        """Whether it is a note on the canvas, and no step."""
        return self.kind == COMMENT


class Link(BaseModel):
    """An arrow from one block's outlet to the next block; `label` is what an admin has written on it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source: BlockId = Field(alias="from")
    outlet: str = Field(default=SUCCESS, min_length=1, max_length=40)
    to: BlockId
    label: _Title = ""

    @model_serializer(mode="wrap")
    def _without_an_empty_label(self, usual: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = usual(self)
        return written if self.label else {key: value for key, value in written.items() if key != "label"}

    @property
    def bare(self) -> "Link":
        """The same way without what is written on it."""
        return self.model_copy(update={"label": ""}) if self.label else self


class WorkflowDocument(BaseModel):
    """Everything an admin decides about one workflow; what the window can set, the file can hold."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(_printable)]
    object: Literal["people", "saas_users", "assets"]
    description: str = Field(default="", max_length=1_000)
    blocks: tuple[Block, ...] = Field(default=(), alias="block", max_length=MOST_BLOCKS)
    links: tuple[Link, ...] = Field(default=(), alias="link", max_length=4 * MOST_BLOCKS)

    @property
    def record_kind(self) -> ObjectKind:
        """What kind of record goes through it."""
        return ObjectKind(self.object)

    @property
    def object_in_words(self) -> str:
        """The same within a sentence."""
        return {"people": "people", "saas_users": "SaaS users", "assets": "assets"}[self.object]

    @property
    def steps(self) -> tuple[Block, ...]:
        """The blocks that a record can come to: all but comments."""
        return tuple(block for block in self.blocks if not block.is_comment)

    def block(self, block_id: str) -> Block | None:
        """The block of this id."""
        return next((block for block in self.blocks if block.id == block_id), None)

    def of_kind(self, kind: str) -> tuple[Block, ...]:
        """The blocks of this kind."""
        return tuple(block for block in self.blocks if block.kind == kind)

    def link(self, source: str, outlet: str) -> Link | None:
        """The link that leaves a block by an outlet."""
        return next((link for link in self.links if (link.source, link.outlet) == (source, outlet)), None)

    def after(self, block_id: str, outlet: str) -> Block | None:
        """The block that an outlet leads to; None where nothing is linked."""
        to = {link.outlet: link.to for link in self.links if link.source == block_id}
        found = to.get(outlet) or (to.get(SUCCESS) if outlet == NOT_FOUND else None)
        return None if found is None else self.block(found)

    def does_as(self, other: "WorkflowDocument") -> bool:
        """Whether a run by the other one would be the same: places, comments and labels do not count."""
        return self.without_looks() == other.without_looks()

    def without_looks(self) -> "WorkflowDocument":
        """The same workflow without places, comments and labels."""
        blocks = tuple(block.model_copy(update={"position": None}) for block in self.steps)
        return self.model_copy(update={"blocks": blocks, "links": tuple(link.bare for link in self.links)})

    def reached_from(self, block_id: str) -> set[str]:
        """The ids of every block that can be reached from this one, itself included."""
        following: dict[str, list[str]] = {}
        for link in self.links:
            following.setdefault(link.source, []).append(link.to)
        reached, waiting = {block_id}, [block_id]
        while waiting:
            for after in following.get(waiting.pop(), ()):
                if after not in reached:
                    reached.add(after)
                    waiting.append(after)
        return reached


def parse_document(text: str, where: str = "the file") -> WorkflowDocument:
    """Read a workflow from TOML, all or nothing; an error names the key and what to write instead."""
    return document_from(parse_toml(text, where, "a workflow file"), where)


def document_from(data: dict[str, Any], where: str) -> WorkflowDocument:
    """Validate a document's shape; what its blocks lack is told by `validation`.

    A UserError names the key that is wrong.
    """
    try:
        return WorkflowDocument.model_validate(data)
    except ValidationError as error:
        raise UserError(f"{where}: {explain(error)}") from None


def free_id(wanted: str, taken: Iterable[str]) -> str:
    """An id made of a word, with a number behind it where another block has it already."""
    known = set(taken)
    word = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_")[:32] or "block"
    word = word if word[0].isalpha() else f"b_{word}"
    found, number = word, 2
    while found in known:
        found, number = f"{word}_{number}", number + 1
    return found

"""What every kind of block has: settings, outlets, what is wrong with it, and what it would do with a record."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from saasdesk.connectors import Danger
from saasdesk.definitions import explain
from saasdesk.errors import UserError
from saasdesk.workflows.blocks.form import FormField
from saasdesk.workflows.blocks.hands import (
    Answered,
    ApprovalState,
    Done,
    Exchange,
    Hands,
    Reply,
    Seen,
    Tally,
    Waits,
    WaitsFor,
)
from saasdesk.workflows.blocks.visit import FieldChange, Foreseen, Visit, World
from saasdesk.workflows.graph import FAILURE, SUCCESS, Block, WorkflowDocument

__all__ = [
    "Answered",
    "ApprovalState",
    "BlockKind",
    "BlockSettings",
    "Done",
    "Exchange",
    "Fault",
    "FieldChange",
    "Foreseen",
    "Group",
    "Hands",
    "Reply",
    "Seen",
    "Tally",
    "Visit",
    "Waits",
    "WaitsFor",
    "Words",
    "World",
]


class BlockSettings(BaseModel):
    """What an admin decides about one block."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Group(StrEnum):
    """Under which heading the palette offers a kind of block."""

    CONDITIONS = "Conditions"
    VENDOR_ACTIONS = "Vendor actions"
    DATA = "Data"
    PEOPLE = "People"
    FLOW = "Flow"
    NOTES = "Notes"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with a block; `key` names the setting, `fix` what would mend it, where that is known.

    A warning does not keep a workflow from being launched.
    """

    message: str
    key: str = ""
    fix: str = ""
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A text of a block in which templates can stand; `also` are names that it may speak of besides the record's."""

    what: str
    key: str
    text: str
    also: frozenset[str] = frozenset()


S = TypeVar("S", bound=BlockSettings)


class BlockKind(ABC, Generic[S]):
    """One kind of block. It has no state: everything it goes by is in its settings and in the record's visit."""

    key: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]
    # Whether all it does is here, and foreseen exactly: many records can go through it together.
    is_local: ClassVar[bool] = False
    group: ClassVar[Group]
    # The name of a picture in resources/icons.
    icon: ClassVar[str]
    settings_type: type[S]

    def named(self, settings: Mapping[str, Any]) -> str:
        """What a block with these settings is called that has no name of its own."""
        del settings
        return self.title

    def settings_of(self, block: Block) -> S:
        """The block's settings, checked; a UserError names the key that is wrong."""
        try:
            return self.settings_type.model_validate(block.settings)
        except ValidationError as error:
            raise UserError(explain(error)) from None

    def outlets(self, settings: S) -> tuple[str, ...]:
        """What a record can leave by."""
        del settings
        return (SUCCESS, FAILURE)

    def drawn_outlets(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The outlets that the canvas shows; settings may still be half filled."""
        try:
            return self.outlets(self.settings_type.model_validate(settings))
        except ValidationError:
            return self.outlets(self.settings_type.model_construct())

    def needed_outlets(self, settings: S) -> tuple[str, ...]:
        """The outlets that have to lead somewhere."""
        return tuple(outlet for outlet in self.outlets(settings) if outlet != FAILURE)

    def problems(self, settings: S, document: WorkflowDocument, world: World) -> Iterator[Fault]:
        """What keeps a workflow with this block from being launched, in sentences."""
        del settings, document, world
        yield from ()

    def sets(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The names of the variables that it sets; settings may still be half filled."""
        del settings
        return ()

    def words(self, settings: S) -> Iterator[Words]:
        """Its texts in which templates can stand: validation looks at each of them."""
        del settings
        yield from ()

    def looks_at(self, settings: S) -> frozenset[str]:
        """The values that it goes by besides those that its templates name."""
        del settings
        return frozenset()

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        """The fields in which its settings are filled in, as they are for what is there already, half filled or not."""
        del settings, document, world
        return ()

    def taken_over(self, settings: Mapping[str, Any], key: str, world: World) -> Mapping[str, Any]:
        """The settings after one of them was changed by hand, with what follows from it filled in."""
        del key, world
        return settings

    def danger(self, settings: Mapping[str, Any], world: World) -> Danger | None:
        """What it does to a vendor; None for a kind that calls none."""
        del settings, world
        return None

    def is_irreversible(self, settings: Mapping[str, Any], world: World) -> bool:
        """Whether nothing takes back what it does to a vendor; settings may still be half filled."""
        del settings, world
        return False

    @abstractmethod
    def summary(self, settings: S, world: World) -> str:
        """What the block does, in a few words."""

    @abstractmethod
    def foresee(self, settings: S, visit: Visit) -> Foreseen:
        """What it would do with this record; reads, and changes nothing."""

    def perform(self, settings: S, visit: Visit, hands: Hands) -> Done:
        """Do it. A kind that only decides where a record goes has nothing to do besides."""
        del hands
        foreseen = self.foresee(settings, visit)
        return Done(foreseen.outlet, foreseen.problem or foreseen.message)

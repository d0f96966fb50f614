"""What every kind of block has: settings, outlets, what is wrong with it, and what it would do with a record."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from saasdesk.connectors import Connector, Danger, SaasValues
from saasdesk.credentials import Credential
from saasdesk.definitions import explain
from saasdesk.errors import UserError
from saasdesk.fields import Field
from saasdesk.workflows.blocks.form import FormField
from saasdesk.workflows.graph import FAILURE, SUCCESS, Block, WorkflowDocument
from saasdesk.workflows.record import RecordView, Value
from saasdesk.workflows.requests import PresetRequest


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


@dataclass(frozen=True, slots=True)
class World:
    """What a workflow can refer to: the fields of its records, credentials by name, variables, and the vendors."""

    fields: Mapping[str, Field]
    credentials: Mapping[str, Credential]
    variables: Mapping[str, str]
    connectors: Mapping[str, Connector]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A value that a block would write."""

    field: str
    label: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a block would do with one record; `outlet` is where the record would go on if all goes well."""

    outlet: str | None
    message: str = ""
    requests: tuple[PresetRequest, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A record at a block: what the block's templates can speak of."""

    record: RecordView
    world: World
    # What blocks before this one wrote or set, as far as it is known without doing anything.
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def seen(self) -> RecordView:
        """The record as the blocks before left it."""
        if not self.values:
            return self.record
        record = self.record
        return RecordView(record.kind, record.id, record.label, {**record.values, **self.values}, record.is_active)


@dataclass(frozen=True, slots=True)
class Done:
    """What a block did with a record, and by which outlet it left; `verified` is what reading back showed."""

    outlet: str | None
    message: str = ""
    changes: tuple[FieldChange, ...] = ()
    verified: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a vendor says of one user; without values it cannot be asked for one, with a problem nobody knows."""

    values: SaasValues | None = None
    is_gone: bool = False
    problem: str = ""


class Hands(Protocol):
    """What a block can do when it does something: write to the record here, or send a request to a vendor."""

    def look(self, connector: Connector, credential: Credential, request: PresetRequest) -> Seen:
        """Ask the vendor for the user whom the request is about."""

    def notify(self, subject: str, message: str, to: tuple[str, ...]) -> None:
        """Tell people about the record: here, and by mail to these addresses."""

    def deactivate(self, why: str) -> None:
        """Have the record deactivated at the end of the run, when it is known how many would be."""

    def write(self, changes: tuple[FieldChange, ...], why: str) -> str:
        """Change the record; what comes back says why not, empty when it was changed."""

    def call(self, connector: Connector, credential: Credential, request: PresetRequest) -> Done:
        """Send the request at most once, and read back what became of it."""


S = TypeVar("S", bound=BlockSettings)


class BlockKind(ABC, Generic[S]):
    """One kind of block. It has no state: everything it goes by is in its settings and in the record's visit."""

    key: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]
    group: ClassVar[Group]
    # The name of a picture in resources/icons.
    icon: ClassVar[str]
    settings_type: type[S]

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

    def words(self, settings: S) -> Iterator[Words]:
        """Its texts in which templates can stand: validation looks at each of them."""
        del settings
        yield from ()

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        """The fields in which its settings are filled in, as they are for what is there already, half filled or not."""
        del settings, document, world
        return ()

    def danger(self, settings: Mapping[str, Any], world: World) -> Danger | None:
        """What it does to a vendor; None for a kind that calls none."""
        del settings, world
        return None

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

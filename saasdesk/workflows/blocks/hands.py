"""What a block can do when it does something, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from saasdesk.connectors import Connector, SaasValues
from saasdesk.credentials import Credential
from saasdesk.workflows.blocks.visit import FieldChange
from saasdesk.workflows.record import RecordView, Value
from saasdesk.workflows.requests import PresetRequest


@dataclass(frozen=True, slots=True)
class Done:
    """What a block did with a record, and by which outlet it left; `verified` is what reading back showed.

    With `waits` the record stays at the block: it comes to it again when what it waits for has happened.
    """

    outlet: str | None
    message: str = ""
    changes: tuple[FieldChange, ...] = ()
    verified: str = ""
    variables: Mapping[str, Value] = field(default_factory=dict)
    exchange: "Exchange | None" = None
    waits: "Waits | None" = None
    reply: "Reply | None" = None


class WaitsFor(StrEnum):
    """What a record waits for at a block."""

    TIME = "time"
    APPROVAL = "approval"
    ACCOUNTS = "accounts"
    # The program ended while the record was on its way, or a cap was met: it goes on by itself.
    ITS_TURN = "its turn"


@dataclass(frozen=True, slots=True)
class Waits:
    """What a record waits for, and until when at the latest; without a moment, until it happens."""

    what: WaitsFor
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer as a history may keep them: no key, no password, cut where they are long."""

    request: str = ""
    answer: str = ""
    status: int | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """A vendor's answer as the rest of a block may read it; nothing where none came or it was no JSON."""

    document: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None


class ApprovalState(StrEnum):
    """How far a question to people has come."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    TIMED_OUT = "timed_out"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Answered:
    """What people said to a question: who, and what they wrote."""

    state: ApprovalState
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How the accounts of a person came through."""

    completed: int = 0
    failed: int = 0
    waiting: int = 0


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

    def waited(self) -> bool:
        """Whether the record was at this block before, and the time that it waited for has come."""

    def ask(self, subject: str, message: str, to: tuple[str, ...], until: str | None) -> Answered:
        """What people said to the question of this block; asks it the first time."""

    def send_each(self, accounts: tuple[RecordView, ...]) -> Tally:
        """Send SaaS users along the outlet `each`, those that have not gone yet; how all of them came through."""

    def retire(self, why: str, *, archive: bool) -> str:
        """Deactivate the record, or archive it besides; what comes back says why not."""

    def deactivate(self, why: str) -> None:
        """Have the record deactivated at the end of the run, when it is known how many would be."""

    def write(self, changes: tuple[FieldChange, ...], why: str) -> str:
        """Change the record; what comes back says why not, empty when it was changed."""

    def call(self, connector: Connector | None, credential: Credential, request: PresetRequest) -> Done:
        """Send the request at most once, and read back what became of it."""

"""What the inspector asks of the window around it: answers come later, in the window's thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from saasdesk.fields import ObjectKind
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.rehearsing import Rehearsal
from saasdesk.workflows.trying import Trial


@dataclass(frozen=True, slots=True)
class Matches:
    """How many records Begin lets in just now, of how many there are; some of them by name."""

    taken: int
    records: int
    some: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record to try something on."""

    id: int
    label: str
    hint: str = ""


Failed = Callable[[str], object]
"""Hears in a sentence why there is no answer."""


class Around(Protocol):
    """The window, as the inspector needs it."""

    def ask_for_credential(self, connector: str, created: Callable[[str], object]) -> None:
        """Open the form of a new credential for this vendor; its name comes once it is kept."""

    def open_link(self, address: str) -> None:
        """Show a page of the vendor's documentation."""

    def count_matches(self, document: WorkflowDocument, heard: Callable[[Matches], object], failed: Failed) -> None:
        """Count the records that Begin lets in; asking again makes the answer before it stale."""

    def show_matches(self, document: WorkflowDocument) -> None:
        """Open the list of these records."""

    def find_records(
        self, kind: ObjectKind, text: str, heard: Callable[[Sequence[FoundRecord]], object], failed: Failed
    ) -> None:
        """Find records by what people know them by; a few are enough."""

    def try_block(
        self, document: WorkflowDocument, block: str, record: int, heard: Callable[[Trial], object], failed: Failed
    ) -> None:
        """Foresee what a block would do with a record; nothing is sent or written."""

    def test_request(
        self,
        document: WorkflowDocument,
        block: str,
        record: int,
        is_real: bool,
        heard: Callable[[Rehearsal], object],
        failed: Failed,
    ) -> None:
        """Send a block's request, filled in with a record, to the vendor's stand-in or, to read, to the vendor."""

"""Edits of an integration's mapping that were not saved yet."""

from pathlib import Path

from saasdesk.store.unsaved import Unsaved, UnsavedCopies
from saasdesk.sync.integration import Integration, IntegrationDocument

Draft = Unsaved[IntegrationDocument]


FOLDER = "drafts"
"""Where in the profile they lie."""


class Drafts:
    """One copy for each integration that is being edited."""

    def __init__(self, folder: Path) -> None:
        self._copies = UnsavedCopies(folder, "integration", IntegrationDocument)

    def keep(self, integration: Integration, document: IntegrationDocument) -> None:
        """Keep a copy."""
        self._copies.keep(integration.id, integration.version, document)

    def find(self, integration: Integration) -> Draft | None:
        """The copy, where it differs from what is saved."""
        return self._copies.find(integration.id, integration.document)

    def discard(self, integration: Integration) -> None:
        """Forget the copy."""
        self._copies.discard(integration.id)

"""Edits of an integration's mapping that were not saved yet."""

from pathlib import Path

from saasdesk.store.unsaved import UnsavedCopies
from saasdesk.sync.integration import IntegrationDocument


def unsaved_mappings(profile: Path) -> UnsavedCopies[IntegrationDocument]:
    """The copies of the mappings that are being edited, by the number of the integration."""
    return UnsavedCopies(profile, "integration", IntegrationDocument)

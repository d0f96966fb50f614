"""Edits that were not saved yet: a copy beside the database, so that a crash costs a breath and not an hour."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

import orjson
from pydantic import ValidationError

from saasdesk.clock import now_text
from saasdesk.sync.integration import Integration, IntegrationDocument, from_json, to_json


@dataclass(frozen=True, slots=True)
class Draft:
    """An unsaved document, and when it was last edited."""

    document: IntegrationDocument
    edited_at: str
    # The version that the edits began with: somebody may have saved another since.
    version: int


class Drafts:
    """One file for each integration that is being edited; there is no secret in a document."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, integration: Integration, document: IntegrationDocument) -> None:
        """Keep a copy. A disk that takes none costs the copy, nothing more."""
        content = {"version": integration.version, "edited_at": now_text(), "document": orjson.loads(to_json(document))}
        path = self._path(integration)
        beside = path.with_suffix(".new")
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(orjson.dumps(content))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)

    def find(self, integration: Integration) -> Draft | None:
        """The copy, where it differs from what is saved; one that cannot be read counts as none."""
        try:
            content = orjson.loads(self._path(integration).read_bytes())
            draft = Draft(
                from_json(orjson.dumps(content["document"]).decode()),
                str(content["edited_at"]),
                int(content["version"]),
            )
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            return None
        return None if draft.document == integration.document else draft

    def discard(self, integration: Integration) -> None:
        """Forget the copy."""
        with contextlib.suppress(OSError):
            self._path(integration).unlink(missing_ok=True)

    def _path(self, integration: Integration) -> Path:
        return self._folder / f"integration-{integration.id}.json"

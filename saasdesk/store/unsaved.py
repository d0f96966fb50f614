"""Edits that were not saved yet: a copy beside the database, so that a crash costs a breath and not an hour."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from saasdesk.clock import now_text

Document = TypeVar("Document", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Unsaved(Generic[Document]):
    """An unsaved document, and when it was last edited."""

    document: Document
    edited_at: str
    # The version that the edits began with: somebody may have saved another since.
    version: int


class UnsavedCopies(Generic[Document]):
    """One file in the profile's folder for each thing that is being edited; there is no secret in a document."""

    def __init__(self, profile: Path, noun: str, kind: type[Document]) -> None:
        self._folder, self._noun, self._kind = profile / "drafts", noun, kind

    def keep(self, number: int, version: int, document: Document) -> None:
        """Keep a copy. A disk that takes none costs the copy, nothing more."""
        text = document.model_dump_json(by_alias=True, exclude_none=True)
        content = {"version": version, "edited_at": now_text(), "document": orjson.loads(text)}
        path = self._path(number)
        beside = path.with_suffix(".new")
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(orjson.dumps(content))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)

    def find(self, number: int, saved: Document) -> Unsaved[Document] | None:
        """The copy, where it differs from what is saved; one that cannot be read counts as none."""
        try:
            content = orjson.loads(self._path(number).read_bytes())
            document = self._kind.model_validate_json(orjson.dumps(content["document"]))
            found = Unsaved(document, str(content["edited_at"]), int(content["version"]))
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            return None
        return None if found.document == saved else found

    def discard(self, number: int) -> None:
        """Forget the copy."""
        with contextlib.suppress(OSError):
            self._path(number).unlink(missing_ok=True)

    def _path(self, number: int) -> Path:
        return self._folder / f"{self._noun}-{number}.json"

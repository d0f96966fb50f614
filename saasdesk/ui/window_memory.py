"""What the window remembers from one start to the next: its place, the rail, the look."""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol


class Memory(Protocol):
    """Keeps one small JSON document."""

    def load(self) -> dict[str, Any]:
        """What was saved last; empty when nothing can be read."""

    def save(self, data: Mapping[str, Any]) -> None:
        """Keep this instead."""


class FileMemory:
    """A JSON file. The window must open without it, so a damaged one counts as empty."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, Any]:
        try:
            data = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}

    def save(self, data: Mapping[str, Any]) -> None:
        beside = self._path.with_suffix(".new")
        # A full or read-only disk costs the window its place, nothing more.
        with contextlib.suppress(OSError):
            beside.write_text(json.dumps(dict(data), indent=1, sort_keys=True), "utf-8")
            beside.replace(self._path)


class NoMemory:
    """Forgets everything; for windows that are shown once."""

    def load(self) -> dict[str, Any]:
        return {}

    def save(self, data: Mapping[str, Any]) -> None:
        pass

"""Workflows that are ready to copy: files as an admin could write them, whose credentials are not chosen yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from saasdesk.connectors import CONNECTORS, Connector, Preset
from saasdesk.credentials import Credential
from saasdesk.errors import UserError
from saasdesk.resources import resource
from saasdesk.workflows.graph import Block, WorkflowDocument, parse_document
from saasdesk.workflows.requests import find_preset, refuse_unfit


@dataclass(frozen=True, slots=True)
class Starter:
    """A workflow to begin with; `key` is the name of its file."""

    key: str
    document: WorkflowDocument

    @property
    def name(self) -> str:
        """What it is called until the admin gives it another name."""
        return self.document.name

    @property
    def description(self) -> str:
        """What it does, in one paragraph."""
        return self.document.description

    @property
    def presets(self) -> tuple[tuple[Connector, Preset], ...]:
        """What it sends, in the order of its blocks."""
        return tuple(
            found for block in self.document.blocks for found in [_preset_of(block, CONNECTORS)] if found is not None
        )

    @property
    def vendors(self) -> tuple[str, ...]:
        """The vendors that it is about: those that it speaks to, or whose accounts it looks through."""
        named = (connector.title for connector in CONNECTORS.values() if connector.title in self.name)
        return tuple(dict.fromkeys([*(connector.title for connector, _ in self.presets), *named]))

    def copy(self, credentials: Sequence[Credential], name: str = "") -> WorkflowDocument:
        """A workflow of the admin's own. A credential is filled in where only one can be meant."""
        return with_credentials(self.document, credentials).model_copy(update={"name": name or self.name})


def with_credentials(document: WorkflowDocument, credentials: Sequence[Credential]) -> WorkflowDocument:
    """The document with a credential in every block that names none, where only one can be meant."""
    blocks = tuple(_with_credential(block, credentials) for block in document.blocks)
    return document.model_copy(update={"blocks": blocks})


@cache
def list_starters() -> tuple[Starter, ...]:
    """All of them, by name."""
    files = sorted(resource("workflows").glob("*.toml"))
    return tuple(sorted((_read(file) for file in files), key=lambda starter: starter.name.casefold()))


def find_starter(key: str) -> Starter:
    """The starter of this key; a UserError names those that there are."""
    for starter in list_starters():
        if starter.key == key:
            return starter
    known = ", ".join(starter.key for starter in list_starters())
    raise UserError(f"There is no starter “{key}”. There are: {known}.")


def _read(file: Path) -> Starter:
    document = parse_document(file.read_text("utf-8"), file.name)
    paragraph = " ".join(document.description.split())
    return Starter(file.stem, document.model_copy(update={"description": paragraph}))


def _preset_of(block: Block, connectors: Mapping[str, Connector]) -> tuple[Connector, Preset] | None:
    key = block.settings.get("preset")
    return find_preset(connectors, key) if isinstance(key, str) else None


def _with_credential(block: Block, credentials: Sequence[Credential]) -> Block:
    found = _preset_of(block, CONNECTORS)
    if found is None or block.settings.get("credential"):
        return block
    fitting = list(_fitting(*found, credentials))
    if len(fitting) != 1:
        return block
    settings: dict[str, Any] = {**block.settings, "credential": fitting[0].name}
    return block.model_copy(update={"settings": settings})


def _fitting(connector: Connector, preset: Preset, credentials: Sequence[Credential]) -> Iterator[Credential]:
    for credential in credentials:
        try:
            refuse_unfit(connector, preset, credential)
        except UserError:
            continue
        yield credential

"""The versions of a workflow: each launch keeps one as it was; two can be compared, and one brought back as a draft."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from saasdesk.errors import UserError
from saasdesk.store import Store
from saasdesk.workflows.editing import title_of
from saasdesk.workflows.graph import Block, WorkflowDocument
from saasdesk.workflows.rows import document_rows
from saasdesk.workflows.workflow import Workflow
from saasdesk.workflows.workflows import save_workflow


@dataclass(frozen=True, slots=True)
class Version:
    """A workflow as it was launched."""

    number: int
    document: WorkflowDocument
    launched_at: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that one document has otherwise than another; `block` is the id of the block that it is about."""

    change: Literal["added", "removed", "changed"]
    what: str
    before: str = ""
    after: str = ""
    block: str | None = None


def list_versions(store: Store, workflow: Workflow) -> list[Version]:
    """All that were launched, the newest first."""
    with store.reading() as db:
        return [Version(*found) for found in document_rows.versions_of(db, workflow.id)]


def find_version(store: Store, workflow: Workflow, number: int) -> Version:
    """The version of this number; a UserError names those that were launched."""
    known = list_versions(store, workflow)
    for version in known:
        if version.number == number:
            return version
    numbers = ", ".join(str(version.number) for version in known) or "none"
    raise UserError(f"“{workflow.name}” has no version {number}. Launched were: {numbers}.")


def restore(store: Store, workflow: Workflow, number: int) -> Workflow:
    """Make an earlier version the draft. Nothing runs by it before Launch; the name stays what it is now."""
    found = find_version(store, workflow, number)
    document = found.document.model_copy(update={"name": workflow.name})
    return save_workflow(store, document, replaces=workflow.name)


def compare(before: WorkflowDocument, after: WorkflowDocument) -> list[Difference]:
    """What `after` has otherwise than `before`: blocks, their settings, wires and details; places do not count."""
    return [*_details(before, after), *_blocks(before, after), *_links(before, after)]


def _details(before: WorkflowDocument, after: WorkflowDocument) -> Iterator[Difference]:
    for what, old, new in (
        ("Name", before.name, after.name),
        ("Description", before.description, after.description),
    ):
        if old != new:
            yield Difference("changed", what, old, new)


def _blocks(before: WorkflowDocument, after: WorkflowDocument) -> Iterator[Difference]:
    for block in after.blocks:
        old = before.block(block.id)
        if old is None:
            yield Difference("added", title_of(block), "", _in_words(block), block.id)
        else:
            yield from _settings(old, block)
    for block in before.blocks:
        if after.block(block.id) is None:
            yield Difference("removed", title_of(block), _in_words(block), "", block.id)


def _settings(old: Block, new: Block) -> Iterator[Difference]:
    what = title_of(new)
    if (old.kind, title_of(old)) != (new.kind, what):
        yield Difference("changed", f"{what}: name and kind", _in_words(old), _in_words(new), new.id)
    for key in dict.fromkeys([*old.settings, *new.settings]):
        if old.settings.get(key) != new.settings.get(key):
            before, after = _value(old.settings.get(key)), _value(new.settings.get(key))
            words = f"{key.replace('_', ' ').capitalize()} of {what}"
            yield Difference("changed", words, before, after, new.id)


def _links(before: WorkflowDocument, after: WorkflowDocument) -> Iterator[Difference]:
    old, new = {link.bare: link.label for link in before.links}, {link.bare: link.label for link in after.links}
    for link in after.links:
        if link.bare not in old:
            yield Difference("added", "Wire", "", _wire(after, link.source, link.outlet, link.to), link.source)
        elif old[link.bare] != link.label:
            wire = _wire(after, link.source, link.outlet, link.to)
            yield Difference("changed", f"Wire {wire}: label", old[link.bare], link.label, link.source)
    for link in before.links:
        if link.bare not in new:
            yield Difference("removed", "Wire", _wire(before, link.source, link.outlet, link.to), "", link.source)


def _wire(document: WorkflowDocument, source: str, outlet: str, to: str) -> str:
    names = [title_of(block) if (block := document.block(each)) is not None else each for each in (source, to)]
    return f"{names[0]}, {outlet.replace('_', ' ')} → {names[1]}"


def _in_words(block: Block) -> str:
    return f"{title_of(block)} ({block.kind.replace('_', ' ')})"


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else orjson.dumps(value).decode()

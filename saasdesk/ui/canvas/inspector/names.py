"""The names that a template of a block can use, for the list that opens behind `{}`."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saasdesk.workflows.blocks import KINDS, World
from saasdesk.workflows.graph import Block, WorkflowDocument
from saasdesk.workflows.scope import seen_from

_MOST_IN_ONE, _MOST_OF_A_LIST, _LONGEST = 100, 3, 60
_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Name:
    """What people read, and what is written between the braces; the group is the heading it stands under."""

    label: str
    expression: str
    group: str

    @property
    def inserted(self) -> str:
        """The text that goes into the template."""
        return f"{{{{ {self.expression} }}}}"


@dataclass(frozen=True, slots=True)
class Names:
    """All names, in the order in which they are offered."""

    all: tuple[Name, ...] = ()
    # What the last test of the request answered.
    answer: object = None

    def with_answer(self) -> "Names":
        """The same where the answer of a request is there, too."""
        group = "The answer"
        answer = (
            Name("Whole answer", "response", group),
            Name("One value of the answer", "response.name", group),
            Name("A header of the answer", 'response_headers["Content-Type"]', group),
            Name("Status", "response_status", group),
        )
        return Names((*_values_of(self.answer, "response"), *answer, *self.all))


def names_of(document: WorkflowDocument, block: Block, world: World, answer: object = None) -> Names:
    """What is known when a record comes to this block: its fields, global variables, and what was set before."""
    _, seen = seen_from(document, block, world)
    return Names((*_set_before(document, block.id), *_fields(seen), *_variables(world)), answer)


def _values_of(part: object, place: str) -> Iterator[Name]:
    """The values in an answer, each with what it was; of a list the first few."""
    items: Sequence[tuple[str, object]] = ()
    if isinstance(part, dict):
        items = [(_step(str(key)), inner) for key, inner in part.items()][:_MOST_IN_ONE]
    elif isinstance(part, list):
        items = [(f"[{number}]", inner) for number, inner in enumerate(part[:_MOST_OF_A_LIST])]
    for step, inner in items:
        if isinstance(inner, dict | list):
            yield from _values_of(inner, place + step)
        else:
            shown = inner if isinstance(inner, str) else json.dumps(inner)
            label = f"{step.lstrip('.')} = {shown}"[:_LONGEST]
            yield Name(label, place + step, "What the last test answered")


def _step(key: str) -> str:
    """A key behind a full stop; one that is no plain word, such as one with a hyphen, in brackets."""
    if _NAME.fullmatch(key):
        return f".{key}"
    escaped = key.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"


def _fields(world: World) -> Iterator[Name]:
    for field in sorted(world.fields.values(), key=lambda field: field.label.casefold()):
        yield Name(field.label, field.external_id, "Fields of the record")


def _variables(world: World) -> Iterator[Name]:
    for name in sorted(world.variables, key=str.casefold):
        # A name with a blank or a full stop cannot stand between braces.
        if _NAME.fullmatch(name):
            yield Name(name, name, "Global variables")


def _set_before(document: WorkflowDocument, block_id: str) -> Iterator[Name]:
    """Variables that blocks on the way to this one set."""
    leading: dict[str, list[str]] = {}
    for link in document.links:
        leading.setdefault(link.to, []).append(link.source)
    on_the_way, waiting = set[str](), list(leading.get(block_id, ()))
    while waiting:
        here = waiting.pop()
        if here not in on_the_way:
            on_the_way.add(here)
            waiting += leading.get(here, ())
    found: dict[str, Name] = {}
    for before in document.blocks:
        kind = KINDS.get(before.kind)
        if kind is None or before.id not in on_the_way:
            continue
        for name in kind.sets(before.settings):
            found.setdefault(name, Name(name, name, "Set by blocks before"))
    yield from found.values()

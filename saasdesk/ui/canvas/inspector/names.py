"""The names that a template of a block can use, for the list that opens behind `{}`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from saasdesk.workflows.blocks import World
from saasdesk.workflows.graph import WorkflowDocument

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

    def with_answer(self) -> "Names":
        """The same where the answer of a request is there, too."""
        group = "The answer"
        answer = (
            Name("Whole answer", "response", group),
            Name("One value of the answer", "response.name", group),
            Name("A header of the answer", 'response_headers["Content-Type"]', group),
            Name("Status", "response_status", group),
        )
        return Names((*answer, *self.all))


def names_of(document: WorkflowDocument, block: str, world: World) -> Names:
    """What is known when a record comes to this block: its fields, global variables, and what was set before."""
    return Names((*_set_before(document, block), *_fields(world), *_variables(world)))


def _fields(world: World) -> Iterator[Name]:
    for field in sorted(world.fields.values(), key=lambda field: field.label.casefold()):
        yield Name(field.label, field.external_id, "Fields of the record")


def _variables(world: World) -> Iterator[Name]:
    for name in sorted(world.variables, key=str.casefold):
        # A name with a blank or a full stop cannot stand between braces.
        if _NAME.fullmatch(name):
            yield Name(name, name, "Global variables")


def _set_before(document: WorkflowDocument, block: str) -> Iterator[Name]:
    """Variables that blocks on the way to this one set."""
    found: dict[str, Name] = {}
    for before in document.blocks:
        if before.id == block or block not in document.reached_from(before.id):
            continue
        for name in _variables_set_by(before.settings):
            found.setdefault(name, Name(name, name, "Set by blocks before"))
    yield from found.values()


def _variables_set_by(settings: dict[str, object]) -> Iterator[str]:
    for key in ("variables", "values"):
        table = settings.get(key)
        if key == "variables" and isinstance(table, dict):
            yield from (name for name in table if _NAME.fullmatch(name))
    for key in ("if_positive", "if_negative", "answers"):
        rows = settings.get(key)
        for row in rows if isinstance(rows, list | tuple) else ():
            if isinstance(row, dict) and row.get("into") == "variable" and _NAME.fullmatch(str(row.get("to", ""))):
                yield str(row["to"])
    name = settings.get("variable", settings.get("name"))
    if isinstance(name, str) and _NAME.fullmatch(name):
        yield name

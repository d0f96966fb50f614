"""What becomes of a vendor's answer: its values go into fields of the record or into variables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

import orjson
from pydantic import Field

from saasdesk.connectors import Preset
from saasdesk.connectors.pages import value_at
from saasdesk.fields import to_stored
from saasdesk.mapping import TemplateProblem
from saasdesk.workflows.blocks.form import FieldKind, FormField, field_choices
from saasdesk.workflows.blocks.kind import BlockSettings, Done, Fault, FieldChange, Hands, Reply, Visit, Words, World
from saasdesk.workflows.blocks.texts import template
from saasdesk.workflows.graph import FAILURE
from saasdesk.workflows.record import Value

ANSWERED = "(from the answer)"
"""What stands in a plan for a value that only the answer has."""

NAMES = frozenset({"response", "response_headers", "response_status"})
_WHOLE = re.compile(r"\s*\{\{\s*(response|response_headers)\s*\}\}\s*")


class Mapped(BlockSettings):
    """One value of the answer, and where it goes."""

    to: str = Field(min_length=1, max_length=200)
    into: Literal["field", "variable"] = "field"
    value: str = Field(default="{{ response }}", max_length=4_000)


def mapped_faults(rows: Sequence[Mapped], key: str, kind: str, world: World) -> Iterator[Fault]:
    """Fields that are not there."""
    for row in rows:
        if row.into == "field" and row.to not in world.fields:
            yield Fault(f"There is no field {row.to} in {kind}.", key)


def mapped_words(rows: Sequence[Mapped], key: str) -> Iterator[Words]:
    """The texts in which templates can stand; they know the answer besides."""
    for row in rows:
        yield Words(f"The value for {row.to}", key, row.value, NAMES)


def mapped_form(world: World) -> tuple[FormField, ...]:
    """The fields of the tab Response."""
    choices = field_choices(world.fields)
    return (
        FormField(
            "on_success",
            "After a positive answer",
            FieldKind.ANSWERS,
            "{{ response }} is the answer, {{ response.name }} one value of it, {{ response_headers }} its headers.",
            choices=choices,
            default=(),
            tab="Response",
        ),
        FormField(
            "on_failure",
            "After a negative answer",
            FieldKind.ANSWERS,
            "Such as what the vendor said was wrong.",
            choices=choices,
            default=(),
            tab="Response",
        ),
    )


def foreseen(rows: Sequence[Mapped], visit: Visit) -> tuple[tuple[FieldChange, ...], dict[str, Value]]:
    """What the answer would change, as far as it is known: where it goes."""
    fields = visit.world.fields
    changes = tuple(
        FieldChange(row.to, fields[row.to].label, visit.seen.values.get(row.to), ANSWERED)
        for row in rows
        if row.into == "field" and row.to in fields
    )
    return changes, {row.to: ANSWERED for row in rows if row.into == "variable"}


def gathered(preset: Preset, inputs: dict[str, str]) -> tuple[Mapped, ...]:
    """The mapping that a preset brings along: an input of it names the field."""
    if preset.gathers is None or not inputs.get(preset.gathers[0], "").strip():
        return ()
    return (Mapped(to=inputs[preset.gathers[0]].strip(), value=""),)


def take_answer(done: Done, rows: Sequence[Mapped], preset: Preset, visit: Visit, hands: Hands) -> Done:
    """Write what the answer has for this record; what was done at the vendor stays done, whatever comes of it."""
    try:
        changes, variables = taken_over(rows, preset, done, visit)
    except (TemplateProblem, ValueError) as problem:
        said = f"{done.message} The answer could not be taken over: {problem}".lstrip()
        return replace(done, outlet=FAILURE, message=said)
    if not changes and not variables:
        return done
    refused = hands.write(changes, "API") if changes else ""
    if refused:
        return replace(done, outlet=FAILURE, message=f"{done.message} {refused}".lstrip())
    return replace(done, changes=changes, variables=variables)


def taken_over(
    rows: Sequence[Mapped], preset: Preset, done: Done, visit: Visit
) -> tuple[tuple[FieldChange, ...], dict[str, Value]]:
    """What the answer would change and set; raises where it does not have what is asked of it."""
    reply = done.reply
    if reply is None:
        return (), {}
    gathers = "" if preset.gathers is None else preset.gathers[1]
    changes: list[FieldChange] = []
    variables: dict[str, Value] = {}
    for row in rows:
        text = _gathered_text(reply, gathers) if not row.value else _text(row.value, reply, visit)
        if row.into == "variable":
            variables[row.to] = text
            continue
        field = visit.world.fields[row.to]
        after, before = to_stored(text, field), visit.seen.values.get(row.to)
        if after != before:
            changes.append(FieldChange(row.to, field.label, before, after))
    return tuple(changes), variables


def _gathered_text(reply: Reply, key: str) -> str:
    items = reply.document if isinstance(reply.document, list) else []
    found = (value_at(item, key) for item in items) if key else ()
    return ", ".join(str(value) for value in found if value is not None)


def _text(source: str, reply: Reply, visit: Visit) -> str:
    whole = _WHOLE.fullmatch(source)
    if whole is not None:
        known = reply.document if whole[1] == "response" else dict(reply.headers)
        if known is None:
            raise TemplateProblem("the answer has no JSON")
        return known if isinstance(known, str) else orjson.dumps(known).decode()
    answer = {"response": reply.document, "response_headers": dict(reply.headers), "response_status": reply.status}
    return template(source, knows_answer=True).render({**visit.seen.values, **answer}, visit.context)

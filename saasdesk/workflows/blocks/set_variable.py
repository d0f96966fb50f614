"""Set variable: a value for the blocks that follow, which the record itself does not keep."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from saasdesk.mapping import TemplateProblem
from saasdesk.workflows.blocks.form import FieldKind, FormField, field_choices
from saasdesk.workflows.blocks.kind import (
    BlockKind,
    BlockSettings,
    Done,
    Fault,
    Foreseen,
    Group,
    Hands,
    Visit,
    Words,
    World,
)
from saasdesk.workflows.blocks.texts import filled
from saasdesk.workflows.graph import FAILURE, SUCCESS, WorkflowDocument

_NAME = re.compile(r"[A-Za-z_]\w{0,39}", re.ASCII)


def variable_name(text: str) -> str:
    """A name that a template can speak of."""
    if not _NAME.fullmatch(text):
        raise ValueError("a variable's name is made of up to 40 letters, digits and _, and begins with a letter")
    if text in {"response", "response_headers"}:
        raise ValueError(f"{text} is what a vendor answered; choose another name")
    return text


class SetVariableSettings(BlockSettings):
    """`value` can be a template."""

    name: Annotated[str, Field(min_length=1), AfterValidator(variable_name)]
    value: str = Field(default="", max_length=4_000)


class SetVariable(BlockKind[SetVariableSettings]):
    """A note for the rest of the way."""

    key = "set_variable"
    title = "Set variable"
    help = "Keeps a value for the blocks that follow, for this run only."
    is_local = True
    group = Group.DATA
    icon = "variable"
    settings_type = SetVariableSettings

    def problems(self, settings: SetVariableSettings, document: WorkflowDocument, world: World) -> Iterator[Fault]:
        if settings.name in world.fields:
            of = document.object_in_words
            message = f"{settings.name} is a field of {of}, which templates would find first. Choose another."
            yield Fault(message, "name")

    def sets(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        name = settings.get("name")
        return (name,) if isinstance(name, str) and _NAME.fullmatch(name) else ()

    def words(self, settings: SetVariableSettings) -> Iterator[Words]:
        yield Words("The value", "value", settings.value)

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        del settings, document
        return (
            FormField("name", "Name", FieldKind.TEXT, "Templates that follow speak of it by this name.", required=True),
            FormField("value", "Value", FieldKind.TEMPLATE, choices=field_choices(world.fields), default=""),
        )

    def summary(self, settings: SetVariableSettings, world: World) -> str:
        del world
        return f"{settings.name} = {settings.value}"

    def foresee(self, settings: SetVariableSettings, visit: Visit) -> Foreseen:
        try:
            value = filled(settings.value, visit)
        except TemplateProblem as problem:
            return Foreseen(FAILURE, problem=f"{settings.name}: {problem}")
        return Foreseen(SUCCESS, f"{settings.name} is “{value[:200]}”", variables={settings.name: value})

    def perform(self, settings: SetVariableSettings, visit: Visit, hands: Hands) -> Done:
        del hands
        foreseen = self.foresee(settings, visit)
        return Done(foreseen.outlet, foreseen.problem or foreseen.message, variables=foreseen.variables)

"""Conditional: the record goes on by the first branch whose rule it fits."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from saasdesk.rules import Rule, to_sentence
from saasdesk.workflows.blocks.form import FieldKind, FormField, field_choices
from saasdesk.workflows.blocks.kind import BlockKind, BlockSettings, Fault, Foreseen, Group, Visit, World
from saasdesk.workflows.graph import WorkflowDocument

OTHERWISE = "otherwise"


def _free(name: str) -> str:
    if name.casefold() in {OTHERWISE, "success", "failure"}:
        raise ValueError(f"a branch cannot be called {name}")
    return name


class Branch(BlockSettings):
    """An outlet, and the rule by which a record leaves through it."""

    name: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_free)]
    rule: Rule


class ConditionalSettings(BlockSettings):
    """The branches, tried from the first to the last."""

    branches: tuple[Branch, ...] = Field(min_length=1, max_length=20)


class Conditional(BlockKind[ConditionalSettings]):
    """A fork in the way."""

    key = "conditional"
    title = "Conditional"
    help = "The record goes on by the first branch whose rule it fits, else by “otherwise”."
    is_local = True
    group = Group.CONDITIONS
    icon = "condition"
    settings_type = ConditionalSettings

    def outlets(self, settings: ConditionalSettings) -> tuple[str, ...]:
        return (*(branch.name for branch in settings.branches), OTHERWISE)

    def drawn_outlets(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        branches = settings.get("branches")
        named = (
            [each.get("name") for each in branches if isinstance(each, dict)]
            if isinstance(branches, list | tuple)
            else []
        )
        return (*dict.fromkeys(name for name in named if isinstance(name, str) and 0 < len(name) <= 40), OTHERWISE)

    def problems(self, settings: ConditionalSettings, document: WorkflowDocument, world: World) -> Iterator[Fault]:
        names = [branch.name.casefold() for branch in settings.branches]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Fault(f"Two branches are called {name}.", "branches")
        for branch in settings.branches:
            for field in sorted(branch.rule.field_names() - world.fields.keys() - world.variables.keys()):
                yield Fault(
                    f"The branch {branch.name} looks at {field}, which is no field of {document.object_in_words}.",
                    "branches",
                )

    def looks_at(self, settings: ConditionalSettings) -> frozenset[str]:
        return frozenset(name for branch in settings.branches for name in branch.rule.field_names())

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        del settings, document
        return (
            FormField(
                "branches",
                "Branches",
                FieldKind.BRANCHES,
                "Tried from the first to the last; a record that fits none leaves by “otherwise”.",
                required=True,
                choices=field_choices(world.fields),
                default=(),
            ),
        )

    def summary(self, settings: ConditionalSettings, world: World) -> str:
        labels = {name: known.label for name, known in world.fields.items()}
        return " · ".join(f"{branch.name}: {to_sentence(branch.rule, labels)}" for branch in settings.branches)

    def foresee(self, settings: ConditionalSettings, visit: Visit) -> Foreseen:
        values = {**visit.context, **visit.seen.values}
        for branch in settings.branches:
            if visit.world.fits(branch.rule, values):
                return Foreseen(branch.name, f"fits “{branch.name}”")
        return Foreseen(OTHERWISE, "fits no branch")

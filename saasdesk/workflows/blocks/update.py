"""Update record: writes values into fields of the record."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from saasdesk.fields import to_stored
from saasdesk.mapping import TemplateProblem
from saasdesk.workflows.blocks.form import FieldKind, FormField, field_choices
from saasdesk.workflows.blocks.kind import (
    BlockKind,
    BlockSettings,
    Done,
    Fault,
    FieldChange,
    Foreseen,
    Group,
    Hands,
    Visit,
    Words,
    World,
)
from saasdesk.workflows.blocks.texts import filled
from saasdesk.workflows.graph import FAILURE, SUCCESS, WorkflowDocument


class UpdateSettings(BlockSettings):
    """Texts by External ID, in which templates such as `{{ email }}` can stand; an empty one empties the field."""

    values: dict[str, str] = Field(min_length=1)


class Update(BlockKind[UpdateSettings]):
    """A change of the record here, and nowhere else."""

    key = "update"
    title = "Update record"
    help = "Writes values into fields of the record. Values can be templates."
    is_local = True
    group = Group.DATA
    icon = "edit"
    settings_type = UpdateSettings

    def problems(self, settings: UpdateSettings, document: WorkflowDocument, world: World) -> Iterator[Fault]:
        for name in settings.values:
            if name not in world.fields:
                yield Fault(
                    f"There is no field {name} in {document.object_in_words}.", f"values.{name}", "remove_setting"
                )
            elif not world.fields[name].editable:
                label = world.fields[name].label
                why = f"{label} is not editable by hand; this workflow writes it all the same."
                yield Fault(why, f"values.{name}", is_warning=True)

    def words(self, settings: UpdateSettings) -> Iterator[Words]:
        for name, text in settings.values.items():
            yield Words(f"The value of {name}", f"values.{name}", text)

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        del settings, document
        return (
            FormField(
                "values",
                "Values",
                FieldKind.VALUES,
                "What is written into which field; an empty value empties the field.",
                required=True,
                choices=field_choices(world.fields),
            ),
        )

    def summary(self, settings: UpdateSettings, world: World) -> str:
        labels = [world.fields[name].label if name in world.fields else name for name in settings.values]
        return f"sets {', '.join(labels)}"

    def foresee(self, settings: UpdateSettings, visit: Visit) -> Foreseen:
        changes = []
        for name, text in settings.values.items():
            field = visit.world.fields[name]
            try:
                after = to_stored(filled(text, visit), field)
            except (TemplateProblem, ValueError) as problem:
                return Foreseen(FAILURE, problem=f"{field.label}: {problem}")
            before = visit.seen.values.get(name)
            if after != before:
                changes.append(FieldChange(name, field.label, before, after))
        return Foreseen(SUCCESS, "" if changes else "has these values already", changes=tuple(changes))

    def perform(self, settings: UpdateSettings, visit: Visit, hands: Hands) -> Done:
        foreseen = self.foresee(settings, visit)
        if foreseen.problem or not foreseen.changes:
            return Done(foreseen.outlet, foreseen.problem or foreseen.message)
        refused = hands.write(foreseen.changes, self.title)
        return Done(FAILURE, refused) if refused else Done(SUCCESS, changes=foreseen.changes)

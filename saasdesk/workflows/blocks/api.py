"""API: one ready-made request to a vendor, about the record."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from saasdesk.connectors import Danger
from saasdesk.errors import UserError
from saasdesk.mapping import TemplateProblem
from saasdesk.workflows.blocks.form import FieldKind, FormField
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
from saasdesk.workflows.blocks.vendor import (
    credential_faults,
    credential_field,
    input_part,
    needs_of,
    preset_field,
    preset_of,
)
from saasdesk.workflows.graph import FAILURE, NOT_FOUND, SUCCESS, WorkflowDocument
from saasdesk.workflows.requests import compose, find_preset


class ApiSettings(BlockSettings):
    """A preset, the credential that sends it, and the preset's inputs, in which templates can stand."""

    preset: str = Field(min_length=1)
    credential: str = Field(min_length=1)
    inputs: dict[str, str] = Field(default_factory=dict)


class Api(BlockKind[ApiSettings]):
    """A call at a vendor."""

    key = "api"
    title = "API"
    help = "Sends one ready-made request to a vendor, about the record."
    group = Group.VENDOR_ACTIONS
    icon = "globe"
    settings_type = ApiSettings

    def problems(self, settings: ApiSettings, document: WorkflowDocument, world: World) -> Iterator[Fault]:
        try:
            connector, preset = find_preset(world.connectors, settings.preset)
        except UserError as problem:
            yield Fault(str(problem), "preset", "choose_preset")
            return
        yield from credential_faults(world, connector, preset, settings.credential)
        for need in preset.needs:
            if need not in world.fields:
                yield Fault(f"{preset.title} needs the field {need}, which {document.object} do not have.", "preset")
        declared = {known.key: known for known in preset.inputs}
        for key in sorted(settings.inputs.keys() - declared.keys()):
            yield Fault(f"{preset.title} has no input {key}.", f"inputs.{key}", "remove_setting")
        for key, known in declared.items():
            if known.required and not settings.inputs.get(key, "").strip():
                yield Fault(f"{known.label} is empty.", f"inputs.{key}", "fill_in")

    def words(self, settings: ApiSettings) -> Iterator[Words]:
        for key, text in settings.inputs.items():
            yield Words(key, f"inputs.{key}", text)

    def looks_at(self, settings: ApiSettings) -> frozenset[str]:
        return needs_of(settings.preset)

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        del document
        preset = preset_of(settings, world)
        fields = [
            preset_field(world, lambda _preset: True, preset),
            credential_field(world, preset),
        ]
        if preset is not None and preset.inputs:
            parts = tuple(input_part(known) for known in preset.inputs)
            fields.append(FormField("inputs", "Configure", FieldKind.INPUTS, help=preset.help, parts=parts))
        return tuple(fields)

    def danger(self, settings: Mapping[str, Any], world: World) -> Danger | None:
        preset = preset_of(settings, world)
        return None if preset is None else preset.danger

    def summary(self, settings: ApiSettings, world: World) -> str:
        try:
            connector, preset = find_preset(world.connectors, settings.preset)
        except UserError:
            return settings.preset
        title = preset.title if preset.title.startswith(connector.title) else f"{connector.title} {preset.title}"
        return f"{title} · {settings.credential}"

    def outlets(self, settings: ApiSettings) -> tuple[str, ...]:
        del settings
        return (SUCCESS, NOT_FOUND, FAILURE)

    def needed_outlets(self, settings: ApiSettings) -> tuple[str, ...]:
        del settings
        return (SUCCESS,)

    def foresee(self, settings: ApiSettings, visit: Visit) -> Foreseen:
        world = visit.world
        try:
            connector, preset = find_preset(world.connectors, settings.preset)
            inputs = {key: filled(text, visit) for key, text in settings.inputs.items()}
            credential = world.credentials.get(settings.credential)
            if credential is None:
                return Foreseen(FAILURE, problem=f"There is no credential “{settings.credential}”.")
            request = compose(connector, preset, credential, visit.seen, inputs)
        except (UserError, TemplateProblem) as problem:
            return Foreseen(FAILURE, problem=str(problem))
        return Foreseen(SUCCESS, requests=(request,))

    def perform(self, settings: ApiSettings, visit: Visit, hands: Hands) -> Done:
        foreseen = self.foresee(settings, visit)
        if foreseen.problem:
            return Done(FAILURE, foreseen.problem)
        connector, _preset = find_preset(visit.world.connectors, settings.preset)
        (request,) = foreseen.requests
        return hands.call(connector, visit.world.credentials[settings.credential], request)

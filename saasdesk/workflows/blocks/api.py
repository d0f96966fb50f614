"""API: one request to a vendor about the record: a ready-made one, or in Advanced Mode one of the admin's own."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from saasdesk.connectors import Connector, Danger, Preset
from saasdesk.errors import UserError
from saasdesk.mapping import TemplateProblem
from saasdesk.workflows.blocks import response
from saasdesk.workflows.blocks.form import Choice, FieldKind, FormField, field_choices
from saasdesk.workflows.blocks.kind import BlockKind, Done, Fault, Foreseen, Group, Hands, Visit, Words, World
from saasdesk.workflows.blocks.own_request import OwnRequest, compose_own, danger_of, own_faults, own_form, own_words
from saasdesk.workflows.blocks.preset_as_own import preset_as_own
from saasdesk.workflows.blocks.response import Mapped
from saasdesk.workflows.blocks.texts import filled
from saasdesk.workflows.blocks.vendor import (
    credential_faults,
    credential_field,
    input_part,
    needs_of,
    preset_field,
    preset_of,
    title_of_preset,
    with_only_credential,
)
from saasdesk.workflows.graph import FAILURE, NOT_FOUND, SUCCESS, WorkflowDocument
from saasdesk.workflows.requests import PresetRequest, compose, find_preset

ADVANCED = "advanced"
_MODES = (
    Choice("preset", "Preset", "a ready-made request"),
    Choice(ADVANCED, "Advanced Mode", "a request of your own"),
)


class ApiSettings(OwnRequest):
    """A preset and its inputs, or a request of one's own; the credential that sends it; and where the answer goes."""

    mode: Literal["preset", "advanced"] = "preset"
    preset: str = ""
    credential: str = ""
    inputs: dict[str, str] = Field(default_factory=dict)
    on_success: tuple[Mapped, ...] = Field(default=(), max_length=100)
    on_failure: tuple[Mapped, ...] = Field(default=(), max_length=100)

    @property
    def is_own(self) -> bool:
        """Whether the request is the admin's own."""
        return self.mode == ADVANCED


class Api(BlockKind[ApiSettings]):
    """A call at a vendor."""

    key = "api"
    title = "API"
    help = "Sends one request to a vendor, about the record: a ready-made one, or one of your own."
    group = Group.VENDOR_ACTIONS
    icon = "globe"
    settings_type = ApiSettings

    def named(self, settings: Mapping[str, Any]) -> str:
        # Many blocks called API in a row tell nobody what is done.
        key = "" if settings.get("mode") == ADVANCED else settings.get("preset")
        return title_of_preset(key) if isinstance(key, str) and key else self.title

    def problems(self, settings: ApiSettings, document: WorkflowDocument, world: World) -> Iterator[Fault]:
        if settings.is_own:
            yield from own_faults(settings, settings.credential, world)
        else:
            yield from _preset_faults(settings, document, world)
        yield from response.mapped_faults(settings.on_success, "on_success", document.object, world)
        yield from response.mapped_faults(settings.on_failure, "on_failure", document.object, world)

    def words(self, settings: ApiSettings) -> Iterator[Words]:
        if settings.is_own:
            yield from own_words(settings)
        else:
            for key, text in settings.inputs.items():
                yield Words(key, f"inputs.{key}", text)
        yield from response.mapped_words(settings.on_success, "on_success")
        yield from response.mapped_words(settings.on_failure, "on_failure")

    def looks_at(self, settings: ApiSettings) -> frozenset[str]:
        return frozenset() if settings.is_own else needs_of(settings.preset)

    def sets(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        rows = [*(settings.get("on_success") or ()), *(settings.get("on_failure") or ())]
        named = [row.get("to") for row in rows if isinstance(row, Mapping) and row.get("into") == "variable"]
        return tuple(name for name in named if isinstance(name, str) and name)

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        del document
        if settings.get("mode") == ADVANCED:
            mode = FormField("mode", "Mode", FieldKind.CHOICE, choices=_MODES, default="preset")
            credential = credential_field(world, None, tab="Authorization")
            return (mode, *own_form(settings, credential, world), *response.mapped_form(world))
        preset = preset_of(settings, world)
        fields = [
            FormField("mode", "Mode", FieldKind.CHOICE, choices=_MODES, default="preset"),
            preset_field(world, lambda _preset: True, preset, tab="Configure"),
            credential_field(world, preset, tab="Configure"),
        ]
        if preset is not None and preset.inputs:
            parts = tuple(_part(preset, known.key, input_part(known), world) for known in preset.inputs)
            fields.append(FormField("inputs", "Inputs", FieldKind.INPUTS, parts=parts, tab="Configure"))
        return (*fields, *response.mapped_form(world))

    def taken_over(self, settings: Mapping[str, Any], key: str, world: World) -> Mapping[str, Any]:
        if key == "preset":
            return with_only_credential(settings, world)
        # Advanced Mode begins with what the preset sends; a request that was written already stays.
        if key != "mode" or settings.get("mode") != ADVANCED or settings.get("url"):
            return settings
        try:
            connector, preset = find_preset(world.connectors, str(settings.get("preset") or ""))
        except UserError:
            return settings
        credential = world.credentials.get(str(settings.get("credential") or ""))
        return {**settings, **preset_as_own(connector, preset, credential, settings.get("inputs") or {})}

    def danger(self, settings: Mapping[str, Any], world: World) -> Danger | None:
        if settings.get("mode") == ADVANCED:
            return danger_of(settings.get("method", "GET"), settings.get("does"))
        preset = preset_of(settings, world)
        return None if preset is None else preset.danger

    def is_irreversible(self, settings: Mapping[str, Any], world: World) -> bool:
        if settings.get("mode") == ADVANCED:
            # What takes back a request of one's own is not known here.
            return self.danger(settings, world) is Danger.DESTROYS
        preset = preset_of(settings, world)
        return preset is not None and preset.is_irreversible

    def summary(self, settings: ApiSettings, world: World) -> str:
        if settings.is_own:
            return f"{settings.method} {settings.url} · {settings.credential}"
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
        try:
            _connector, request = self.compose(settings, visit)
        except (UserError, TemplateProblem) as problem:
            return Foreseen(FAILURE, problem=str(problem))
        rows = self.rows_for(settings, request, is_positive=True)
        changes, variables = response.foreseen(rows, visit)
        return Foreseen(SUCCESS, requests=(request,), changes=changes, variables=variables)

    def compose(self, settings: ApiSettings, visit: Visit) -> tuple[Connector | None, PresetRequest]:
        """The request for one record, and the vendor's connector where there is one; raises where it must not leave."""
        world = visit.world
        credential = world.credentials.get(settings.credential)
        if credential is None:
            raise UserError(f"There is no credential “{settings.credential}”.")
        if settings.is_own:
            connector = world.connectors.get(credential.connector)
            return connector, compose_own(settings, self.title, connector, credential, visit)
        known, preset = find_preset(world.connectors, settings.preset)
        inputs = {key: filled(text, visit) for key, text in settings.inputs.items()}
        return known, compose(known, preset, credential, visit.seen, inputs, world.fields)

    def perform(self, settings: ApiSettings, visit: Visit, hands: Hands) -> Done:
        try:
            connector, request = self.compose(settings, visit)
        except (UserError, TemplateProblem) as problem:
            return Done(FAILURE, str(problem))
        done = hands.call(connector, visit.world.credentials[settings.credential], request)
        rows = self.rows_for(settings, request, is_positive=done.outlet == SUCCESS)
        return response.take_answer(done, rows, request.preset, visit, hands)

    @staticmethod
    def rows_for(settings: ApiSettings, request: PresetRequest, *, is_positive: bool) -> tuple[Mapped, ...]:
        """Where values of the answer go, by whether it was a positive one."""
        if not is_positive:
            return settings.on_failure
        return (*settings.on_success, *response.gathered(request.preset, settings.inputs))


def _preset_faults(settings: ApiSettings, document: WorkflowDocument, world: World) -> Iterator[Fault]:
    if not settings.preset:
        yield Fault("Select Preset is missing.", "preset", "fill_in")
        return
    try:
        connector, preset = find_preset(world.connectors, settings.preset)
    except UserError as problem:
        yield Fault(str(problem), "preset", "choose_preset")
        return
    yield from credential_faults(world, connector, preset, settings.credential)
    for need in preset.needs:
        if need in world.fields:
            continue
        if need == "saas_user_id" and document.object == "people":
            yield Fault(
                f"{preset.title} is about a SaaS user: make a workflow about SaaS users, or put it behind For each "
                "account of this person.",
                "preset",
            )
        else:
            who = document.object_in_words
            yield Fault(f"{preset.title} needs the field {need}, which {who} do not have.", "preset")
    declared = {known.key: known for known in preset.inputs}
    for key in sorted(settings.inputs.keys() - declared.keys()):
        yield Fault(f"{preset.title} has no input {key}.", f"inputs.{key}", "remove_setting")
    for key, known in declared.items():
        if known.required and not settings.inputs.get(key, "").strip():
            yield Fault(f"{known.label} is empty.", f"inputs.{key}", "fill_in")
    for row in response.gathered(preset, settings.inputs):
        if row.to not in world.fields and preset.gathers is not None:
            yield Fault(f"There is no field {row.to} in {document.object_in_words}.", f"inputs.{preset.gathers[0]}")


def _part(preset: Preset, key: str, part: FormField, world: World) -> FormField:
    """An input that names a field is chosen from the fields."""
    if preset.gathers is None or preset.gathers[0] != key:
        return part
    choices = field_choices(world.fields)
    return FormField(part.key, part.label, FieldKind.FIELD, part.help, part.required, choices=choices)

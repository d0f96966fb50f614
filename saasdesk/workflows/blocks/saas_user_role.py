"""SaaS User Role Retrieval: looks the user up at the vendor, and brings role, state and last activity up to date."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field, StrictBool

from saasdesk.connectors import Danger, Preset, SaasValues
from saasdesk.errors import UserError
from saasdesk.workflows.blocks.form import FieldKind, FormField
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
    World,
)
from saasdesk.workflows.blocks.vendor import (
    credential_faults,
    credential_field,
    needs_of,
    preset_field,
    preset_of,
    with_only_credential,
)
from saasdesk.workflows.graph import FAILURE, NOT_FOUND, SUCCESS, WorkflowDocument
from saasdesk.workflows.requests import compose, find_preset

_KEPT = ("role", "status", "last_activity")


class SaasUserRoleSettings(BlockSettings):
    """`deactivate_user`: whoever is not at the vendor any more, or closed there, is deactivated here."""

    preset: str = Field(min_length=1)
    credential: str = Field(min_length=1)
    deactivate_user: StrictBool = True


class SaasUserRole(BlockKind[SaasUserRoleSettings]):
    """A look at the vendor, about a SaaS user."""

    key = "saas_user_role"
    title = "SaaS User Role Retrieval"
    help = "Looks the user up at the vendor and brings role, state and last activity here up to date."
    group = Group.VENDOR_ACTIONS
    icon = "search"
    settings_type = SaasUserRoleSettings

    def outlets(self, settings: SaasUserRoleSettings) -> tuple[str, ...]:
        del settings
        return (SUCCESS, NOT_FOUND, FAILURE)

    def needed_outlets(self, settings: SaasUserRoleSettings) -> tuple[str, ...]:
        del settings
        return (SUCCESS,)

    def problems(self, settings: SaasUserRoleSettings, document: WorkflowDocument, world: World) -> Iterator[Fault]:
        if document.object != "saas_users":
            yield Fault(f"It looks at SaaS users, and this workflow is about {document.object_in_words}.")
        try:
            connector, preset = find_preset(world.connectors, settings.preset)
        except UserError as problem:
            yield Fault(str(problem), "preset", "choose_preset")
            return
        if not _tells_the_role(preset):
            yield Fault(f"{preset.title} does not tell the role of a SaaS user.", "preset", "choose_preset")
        yield from credential_faults(world, connector, preset, settings.credential)

    def looks_at(self, settings: SaasUserRoleSettings) -> frozenset[str]:
        return needs_of(settings.preset)

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        del document
        preset = preset_of(settings, world)
        return (
            preset_field(world, _tells_the_role, preset),
            credential_field(world, preset),
            FormField(
                "deactivate_user",
                "Deactivate User",
                FieldKind.TICK,
                help="Whoever is not at the vendor any more, or closed there, is deactivated here.",
                default=True,
            ),
        )

    def taken_over(self, settings: Mapping[str, Any], key: str, world: World) -> Mapping[str, Any]:
        return with_only_credential(settings, world) if key == "preset" else settings

    def danger(self, settings: Mapping[str, Any], world: World) -> Danger | None:
        del settings, world
        return Danger.READS

    def summary(self, settings: SaasUserRoleSettings, world: World) -> str:
        del world
        return f"{settings.credential}{' · deactivates whoever is gone' if settings.deactivate_user else ''}"

    def foresee(self, settings: SaasUserRoleSettings, visit: Visit) -> Foreseen:
        world = visit.world
        credential = world.credentials.get(settings.credential)
        if credential is None:
            return Foreseen(FAILURE, problem=f"There is no credential “{settings.credential}”.")
        try:
            connector, preset = find_preset(world.connectors, settings.preset)
            request = compose(connector, preset, credential, visit.seen, {}, visit.world.fields)
        except UserError as problem:
            return Foreseen(FAILURE, problem=str(problem))
        return Foreseen(SUCCESS, requests=(request,))

    def perform(self, settings: SaasUserRoleSettings, visit: Visit, hands: Hands) -> Done:
        foreseen = self.foresee(settings, visit)
        if foreseen.problem:
            return Done(FAILURE, foreseen.problem)
        connector, _preset = find_preset(visit.world.connectors, settings.preset)
        (request,) = foreseen.requests
        seen = hands.look(connector, visit.world.credentials[settings.credential], request)
        if seen.problem:
            return Done(FAILURE, seen.problem)
        if seen.is_gone:
            return Done(NOT_FOUND, self._leave(settings, hands, f"{connector.title} does not have this user any more."))
        if seen.values is None:
            return Done(SUCCESS, f"{connector.title} cannot be asked for one user: what the last run read stays.")
        changes = tuple(_changes(visit, seen.values, connector.saas.unknown_if_none))
        refused = hands.write(changes, self.title) if changes else ""
        if refused:
            return Done(FAILURE, refused)
        message = ""
        if seen.values.inactive:
            message = self._leave(settings, hands, f"{connector.title} says that the account is closed.")
        return Done(SUCCESS, message, changes)

    def _leave(self, settings: SaasUserRoleSettings, hands: Hands, why: str) -> str:
        if not settings.deactivate_user:
            return why
        hands.deactivate(why)
        return f"{why} It is deactivated here at the end of the run, unless too many would be."


def _tells_the_role(preset: Preset) -> bool:
    return preset.key.endswith("user_role") and preset.danger is Danger.READS


def _changes(visit: Visit, values: SaasValues, unknown_if_none: frozenset[str]) -> Iterator[FieldChange]:
    for name in _KEPT:
        after, before = getattr(values, name), visit.seen.values.get(name)
        # None is no news where the vendor does not tell.
        if after == before or (after is None and name in unknown_if_none):
            continue
        yield FieldChange(name, visit.world.fields[name].label, before, after)

"""API: one ready-made request to a vendor, about the record."""

from collections.abc import Iterator

from pydantic import Field

from saasdesk.errors import UserError
from saasdesk.mapping import TemplateProblem, compile_template
from saasdesk.workflows.blocks.kind import BlockKind, BlockSettings, Done, Foreseen, Hands, Visit, World
from saasdesk.workflows.graph import FAILURE, NOT_FOUND, SUCCESS, WorkflowDocument
from saasdesk.workflows.requests import compose, find_preset, refuse_unfit


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
    settings_type = ApiSettings

    def problems(self, settings: ApiSettings, document: WorkflowDocument, world: World) -> Iterator[str]:
        try:
            connector, preset = find_preset(world.connectors, settings.preset)
        except UserError as problem:
            yield str(problem)
            return
        credential = world.credentials.get(settings.credential)
        if credential is None:
            yield f"There is no credential “{settings.credential}”."
        else:
            try:
                refuse_unfit(connector, preset, credential)
            except UserError as problem:
                yield str(problem)
        for need in preset.needs:
            if need not in world.fields:
                yield f"{preset.title} needs the field {need}, which {document.object} do not have."
        declared = {known.key: known for known in preset.inputs}
        for key in sorted(settings.inputs.keys() - declared.keys()):
            yield f"{preset.title} has no input {key}."
        for key, known in declared.items():
            text = settings.inputs.get(key, "")
            if known.required and not text.strip():
                yield f"{known.label} is empty."
            try:
                compile_template(text)
            except TemplateProblem as problem:
                yield f"{known.label}: {problem}"

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
            inputs = {
                key: compile_template(text).render(visit.seen.values, world.variables)
                for key, text in settings.inputs.items()
            }
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

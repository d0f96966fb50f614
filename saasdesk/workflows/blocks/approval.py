"""Approval: the record waits until a person says yes or no."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from saasdesk.clock import as_text, now
from saasdesk.mapping import TemplateProblem
from saasdesk.workflows.blocks.duration import UNITS, Duration
from saasdesk.workflows.blocks.form import FieldKind, FormField, field_choices
from saasdesk.workflows.blocks.kind import (
    Answered,
    ApprovalState,
    BlockKind,
    BlockSettings,
    Done,
    Fault,
    Foreseen,
    Group,
    Hands,
    Visit,
    Waits,
    WaitsFor,
    Words,
    World,
)
from saasdesk.workflows.blocks.message import Message, address_faults, filled_message, message_form, message_words
from saasdesk.workflows.graph import FAILURE, WorkflowDocument

APPROVED, REJECTED, TIMED_OUT = "approved", "rejected", "timed_out"


class ApprovalSettings(Message, BlockSettings):
    """`to` are told that they are asked; whoever sits at this program answers. `within` is how long there is."""

    within: Duration | None = None
    subject: str = Field(min_length=1, max_length=200)


class Approval(BlockKind[ApprovalSettings]):
    """A question to people."""

    key = "approval"
    title = "Approval"
    help = "Asks people: the record waits in Activity until one approves or rejects it, or the time is over."
    group = Group.PEOPLE
    icon = "approve"
    settings_type = ApprovalSettings

    def outlets(self, settings: ApprovalSettings) -> tuple[str, ...]:
        return (APPROVED, REJECTED, *((TIMED_OUT,) if settings.within is not None else ()), FAILURE)

    def drawn_outlets(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        return (APPROVED, REJECTED, *((TIMED_OUT,) if settings.get("within") else ()), FAILURE)

    def problems(self, settings: ApprovalSettings, document: WorkflowDocument, world: World) -> Iterator[Fault]:
        del document, world
        yield from address_faults(settings)

    def words(self, settings: ApprovalSettings) -> Iterator[Words]:
        yield from message_words(settings)

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        del settings, document
        within = FormField(
            "within",
            "Answer within",
            FieldKind.DURATION,
            "After that the record leaves by “timed out”. Without it, it waits for ever.",
            choices=UNITS,
            tab="Message",
        )
        return (*message_form(field_choices(world.fields), "Who is told that an answer is needed."), within)

    def summary(self, settings: ApprovalSettings, world: World) -> str:
        del world
        within = f" · within {settings.within.in_words}" if settings.within is not None else ""
        return f"{settings.subject}{within}"

    def foresee(self, settings: ApprovalSettings, visit: Visit) -> Foreseen:
        try:
            subject, _message, _to = filled_message(settings, visit)
        except (TemplateProblem, ValueError) as problem:
            return Foreseen(FAILURE, problem=str(problem))
        return Foreseen(APPROVED, f"would ask “{subject}”, and goes on as if approved")

    def perform(self, settings: ApprovalSettings, visit: Visit, hands: Hands) -> Done:
        try:
            subject, message, to = filled_message(settings, visit)
        except (TemplateProblem, ValueError) as problem:
            return Done(FAILURE, str(problem))
        until = None if settings.within is None else as_text(now() + settings.within.length)
        said = hands.ask(subject, message, to, until)
        if said.state is ApprovalState.OPEN:
            return Done(None, f"Waits for an answer to “{subject}”.", waits=Waits(WaitsFor.APPROVAL, until))
        if said.state is ApprovalState.WITHDRAWN:
            return Done(FAILURE, "The question was withdrawn.")
        return Done(said.state.value, _told(said))


def _told(said: Answered) -> str:
    if said.state is ApprovalState.TIMED_OUT:
        return "Nobody answered in time."
    note = f": {said.note}" if said.note else ""
    return f"{'Approved' if said.state is ApprovalState.APPROVED else 'Rejected'} by {said.by}{note}"

"""Delay: the record waits here for a while, and goes on by itself."""

from collections.abc import Mapping
from typing import Any

from saasdesk.clock import as_text, now
from saasdesk.workflows.blocks.duration import UNITS, Duration
from saasdesk.workflows.blocks.form import FieldKind, FormField
from saasdesk.workflows.blocks.kind import (
    BlockKind,
    BlockSettings,
    Done,
    Foreseen,
    Group,
    Hands,
    Visit,
    Waits,
    WaitsFor,
    World,
)
from saasdesk.workflows.graph import SUCCESS, WorkflowDocument


class DelaySettings(BlockSettings):
    """How long."""

    wait: Duration


class Delay(BlockKind[DelaySettings]):
    """A pause on the way, which survives the end of the program."""

    key = "delay"
    title = "Delay"
    help = "The record waits here and goes on by itself, as soon as the program looks after its schedule again."
    group = Group.FLOW
    icon = "clock"
    settings_type = DelaySettings

    def outlets(self, settings: DelaySettings) -> tuple[str, ...]:
        del settings
        return (SUCCESS,)

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        del settings, document, world
        return (FormField("wait", "Wait for", FieldKind.DURATION, required=True, choices=UNITS),)

    def summary(self, settings: DelaySettings, world: World) -> str:
        del world
        return settings.wait.in_words

    def foresee(self, settings: DelaySettings, visit: Visit) -> Foreseen:
        del visit
        return Foreseen(SUCCESS, f"waits {settings.wait.in_words}")

    def perform(self, settings: DelaySettings, visit: Visit, hands: Hands) -> Done:
        del visit
        if hands.waited():
            return Done(SUCCESS, f"waited {settings.wait.in_words}")
        until = as_text(now() + settings.wait.length)
        return Done(None, f"Waits {settings.wait.in_words}.", waits=Waits(WaitsFor.TIME, until))

"""Notification: tells people about the record, in the bell of this profile and by mail."""

from collections.abc import Iterator, Mapping
from typing import Any

from saasdesk.mapping import TemplateProblem
from saasdesk.workflows.blocks.form import FormField, field_choices
from saasdesk.workflows.blocks.kind import BlockKind, Done, Fault, Foreseen, Group, Hands, Visit, Words, World
from saasdesk.workflows.blocks.message import Message, address_faults, filled_message, message_form, message_words
from saasdesk.workflows.graph import FAILURE, SUCCESS, WorkflowDocument


class NotificationSettings(Message):
    """A message."""


class Notification(BlockKind[NotificationSettings]):
    """News for people."""

    key = "notification"
    title = "Notification"
    help = "Tells people about the record: in the bell here, and by mail to whom you name."
    group = Group.PEOPLE
    icon = "mail"
    settings_type = NotificationSettings

    def problems(self, settings: NotificationSettings, document: WorkflowDocument, world: World) -> Iterator[Fault]:
        del document, world
        yield from address_faults(settings)

    def words(self, settings: NotificationSettings) -> Iterator[Words]:
        yield from message_words(settings)

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        del settings, document
        whom = "Mail addresses, or a field that holds one. Without any, it is told in the bell only."
        return message_form(field_choices(world.fields), whom)

    def summary(self, settings: NotificationSettings, world: World) -> str:
        del world
        return " · ".join((settings.subject, *settings.to))

    def foresee(self, settings: NotificationSettings, visit: Visit) -> Foreseen:
        try:
            subject, _message, to = filled_message(settings, visit)
        except (TemplateProblem, ValueError) as problem:
            return Foreseen(FAILURE, problem=str(problem))
        return Foreseen(SUCCESS, f"would tell “{subject}”{_whom(to)}")

    def perform(self, settings: NotificationSettings, visit: Visit, hands: Hands) -> Done:
        try:
            subject, message, to = filled_message(settings, visit)
        except (TemplateProblem, ValueError) as problem:
            return Done(FAILURE, str(problem))
        hands.notify(subject, message, to)
        return Done(SUCCESS, f"told “{subject}”{_whom(to)}")


def _whom(to: tuple[str, ...]) -> str:
    return f" to {', '.join(to)}" if to else ""

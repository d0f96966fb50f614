"""Notification: tells people about the record, in the bell of this profile and by mail."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from saasdesk.mapping import TemplateProblem, compile_template
from saasdesk.text import is_mail_address
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
from saasdesk.workflows.graph import FAILURE, SUCCESS, WorkflowDocument

_LONGEST = 1_024


class NotificationSettings(BlockSettings):
    """Subject and message can be templates; `to` are addresses, or templates that give one, such as `{{ email }}`."""

    subject: str = Field(min_length=1, max_length=200)
    message: str = Field(default="", max_length=4_000)
    to: tuple[str, ...] = Field(default=(), max_length=20)


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
        for text in settings.to:
            if "{{" not in text and not is_mail_address(text):
                yield Fault(f"“{text}” is not a mail address.", "to")

    def words(self, settings: NotificationSettings) -> Iterator[Words]:
        yield Words("The subject", "subject", settings.subject)
        yield Words("The message", "message", settings.message)
        for text in settings.to:
            yield Words("The address", "to", text)

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        del settings, document
        choices = field_choices(world.fields)
        return (
            FormField("subject", "Subject", FieldKind.TEMPLATE, required=True, choices=choices, tab="Message"),
            FormField("message", "Message", FieldKind.LONG_TEMPLATE, choices=choices, tab="Message"),
            FormField(
                "to",
                "Recipients",
                FieldKind.PEOPLE,
                "Mail addresses, or a field that holds one. Without any, it is told in the bell only.",
                choices=choices,
                default=(),
                tab="Recipients",
            ),
        )

    def summary(self, settings: NotificationSettings, world: World) -> str:
        del world
        return " · ".join((settings.subject, *settings.to))

    def foresee(self, settings: NotificationSettings, visit: Visit) -> Foreseen:
        try:
            subject, _message, to = _filled(settings, visit)
        except (TemplateProblem, ValueError) as problem:
            return Foreseen(FAILURE, problem=str(problem))
        return Foreseen(SUCCESS, f"would tell “{subject}”{_whom(to)}")

    def perform(self, settings: NotificationSettings, visit: Visit, hands: Hands) -> Done:
        try:
            subject, message, to = _filled(settings, visit)
        except (TemplateProblem, ValueError) as problem:
            return Done(FAILURE, str(problem))
        hands.notify(subject, message, to)
        return Done(SUCCESS, f"told “{subject}”{_whom(to)}")


def _whom(to: tuple[str, ...]) -> str:
    return f" to {', '.join(to)}" if to else ""


def _filled(settings: NotificationSettings, visit: Visit) -> tuple[str, str, tuple[str, ...]]:
    def fill(text: str) -> str:
        return compile_template(text).render(visit.seen.values, visit.world.variables)[:_LONGEST]

    to = tuple(fill(text).strip() for text in settings.to)
    wrong = next((address for address in to if not is_mail_address(address)), None)
    if wrong is not None:
        raise ValueError(f"“{wrong}” is not a mail address.")
    return fill(settings.subject), fill(settings.message), to

"""Notification: tells people about the record, in the bell of this profile and by mail."""

from collections.abc import Iterator

from pydantic import Field

from saasdesk.mapping import TemplateProblem, compile_template
from saasdesk.text import is_mail_address
from saasdesk.workflows.blocks.kind import BlockKind, BlockSettings, Done, Foreseen, Hands, Visit, World
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
    settings_type = NotificationSettings

    def problems(self, settings: NotificationSettings, document: WorkflowDocument, world: World) -> Iterator[str]:
        del document, world
        for what, text in (("The subject", settings.subject), ("The message", settings.message)):
            try:
                compile_template(text)
            except TemplateProblem as problem:
                yield f"{what}: {problem}"
        for text in settings.to:
            if "{{" not in text and not is_mail_address(text):
                yield f"“{text}” is not a mail address."

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

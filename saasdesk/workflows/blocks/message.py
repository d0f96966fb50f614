"""What blocks that speak to people have in common: a subject, a message, and to whom they go."""

from collections.abc import Iterator

from pydantic import Field

from saasdesk.text import is_mail_address
from saasdesk.workflows.blocks.form import Choice, FieldKind, FormField
from saasdesk.workflows.blocks.kind import BlockSettings, Fault, Visit, Words
from saasdesk.workflows.blocks.texts import filled

_LONGEST = 1_024


class Message(BlockSettings):
    """Subject and message can be templates; `to` are addresses, or templates that give one, such as `{{ email }}`."""

    subject: str = Field(min_length=1, max_length=200)
    message: str = Field(default="", max_length=4_000)
    to: tuple[str, ...] = Field(default=(), max_length=20)


def address_faults(settings: Message) -> Iterator[Fault]:
    """What is no address and no template that could give one."""
    for text in settings.to:
        if "{{" not in text and not is_mail_address(text):
            yield Fault(f"“{text}” is not a mail address.", "to")


def message_words(settings: Message) -> Iterator[Words]:
    """The texts in which templates can stand."""
    yield Words("The subject", "subject", settings.subject)
    yield Words("The message", "message", settings.message)
    for text in settings.to:
        yield Words("The address", "to", text)


def message_form(choices: tuple[Choice, ...], whom: str) -> tuple[FormField, ...]:
    """The fields for a message; `whom` says who gets it."""
    return (
        FormField("subject", "Subject", FieldKind.TEMPLATE, required=True, choices=choices, tab="Message"),
        FormField("message", "Message", FieldKind.LONG_TEMPLATE, choices=choices, tab="Message"),
        FormField("to", "Recipients", FieldKind.PEOPLE, whom, choices=choices, default=(), tab="Recipients"),
    )


def filled_message(settings: Message, visit: Visit) -> tuple[str, str, tuple[str, ...]]:
    """Subject, message and addresses for one record; raises where a template finds nothing or gives no address."""
    to = tuple(filled(text, visit).strip() for text in settings.to)
    wrong = next((address for address in to if not is_mail_address(address)), None)
    if wrong is not None:
        raise ValueError(f"“{wrong}” is not a mail address.")
    return filled(settings.subject, visit)[:_LONGEST], filled(settings.message, visit)[:_LONGEST], to

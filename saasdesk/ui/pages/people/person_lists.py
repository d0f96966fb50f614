"""A person's accounts and licences as lines of tables."""

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from saasdesk.fields import FieldType
from saasdesk.records.history import AccountFacts, LicenceFacts
from saasdesk.ui.moments import day_in_words, moment_in_words
from saasdesk.ui.pages.people.account_card import account_status
from saasdesk.ui.tables.cells import field_value_in_words
from saasdesk.ui.tables.lines import Cell, Heading, Line
from saasdesk.ui.tables.times import local_time, relative_time, shown_now
from saasdesk.ui.widgets.status_word import status


def account_headings() -> tuple[Heading, ...]:
    """The columns of the accounts."""
    return (
        Heading(_tr("Application"), share=9),
        Heading(_tr("Account"), share=12),
        Heading(_tr("SaaS User ID"), share=8, from_width=1000),
        Heading(_tr("Role"), share=8),
        Heading(_tr("Status"), 132),
        Heading(_tr("Last Activity"), 132),
        Heading(_tr("Fed by"), share=8, from_width=760),
        Heading(_tr("Read"), 124, from_width=1200),
    )


def account_lines(accounts: Iterable[AccountFacts]) -> list[Line]:
    """One line an account; its key is the account."""
    now = shown_now()
    return [
        Line(
            (
                Cell(account.application_name, role="strong", tone=_tone(account)),
                Cell(account.email or account.name, tone=_tone(account)),
                Cell(account.vendor_id, tone="muted"),
                Cell(account.role or _tr("Unknown"), tone=_tone(account) if account.role else "muted"),
                Cell(status=account_status(account)),
                _age(account.last_activity, now),
                Cell(account.integration or _tr("A deleted integration"), tone="muted"),
                Cell(moment_in_words(account.read_at) if account.read_at else _tr("Not read"), tone="muted"),
            ),
            account,
        )
        for account in accounts
    ]


def licence_headings() -> tuple[Heading, ...]:
    """The columns of the licences."""
    return (
        Heading(_tr("Product"), share=12),
        Heading(_tr("Application"), share=8),
        Heading(_tr("Team"), share=8, from_width=900),
        Heading(_tr("State"), 132),
        Heading(_tr("Assigned"), 132, from_width=760),
        Heading(_tr("Last Used"), 132),
        Heading(_tr("Valid Until"), 124, from_width=900),
    )


def licence_lines(licences: Iterable[LicenceFacts]) -> list[Line]:
    """One line a licence; its key is the licence."""
    now = shown_now()
    return [
        Line(
            (
                Cell(licence.product or licence.licence_id, tone="muted" if licence.has_ended else "text"),
                Cell(licence.application_name, tone="muted"),
                Cell(licence.team, tone="muted"),
                Cell(status=status("deactivated", _tr("Ended")) if licence.has_ended else status("active")),
                Cell(day_in_words(licence.assigned_at) if licence.assigned_at else _tr("Unknown"), tone="muted"),
                _age(licence.last_used, now),
                Cell(field_value_in_words(FieldType.DATE, licence.valid_until), tone="muted"),
            ),
            licence,
        )
        for licence in licences
    ]


def _age(moment: str | None, now: datetime) -> Cell:
    used = local_time(moment) if moment else None
    return Cell(_tr("Unknown"), tone="muted") if used is None else Cell(relative_time(used, now))


def _tone(account: AccountFacts) -> str:
    return "muted" if account.deactivated_at else "text"


def _tr(text: str) -> str:
    return QCoreApplication.translate("PersonLists", text)

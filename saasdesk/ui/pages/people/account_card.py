"""One account of a person as a card: where, how it stands, as what, and when it was last used."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from saasdesk.records.history import AccountFacts
from saasdesk.records.listing import AccountState
from saasdesk.ui.pages.integrations.moments import moment_in_words
from saasdesk.ui.tables.cells import status_of
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.tables.times import exact_time_with_zone, local_time, relative_time
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.status_word import Status, StatusWord, status


class AccountCard(Card):
    """Says what is known, and says so where nothing is known."""

    def __init__(self, theme: Theme, account: AccountFacts, parent: QWidget | None = None) -> None:
        super().__init__(theme, gap=2, margins=(10, 10), parent=parent)
        now = datetime.now().astimezone()
        head = Row(theme, gap=8)
        head.addWidget(
            Monogram(theme, account.application_name, letters=mark_of(account.application_name), size=24, tile=True)
        )
        head.addWidget(PlainLabel(account.application_name, "strong", elided=True), 1)
        self.body.addLayout(head)
        self.body.addSpacing(theme.px(4))
        word = account_status(account)
        self.body.addWidget(StatusWord(theme, word, small=True))
        role = account.role or self.tr("No role known")
        self.body.addWidget(PlainLabel(role, "secondary", "text" if account.role else "muted", elided=True))
        activity = PlainLabel(_activity(account, now), "secondary", "muted", elided=True)
        used = local_time(account.last_activity) if account.last_activity else None
        if used is not None:
            activity.setToolTip(exact_time_with_zone(used))
        self.body.addWidget(activity)
        age = PlainLabel(_age(account), "secondary", "muted", elided=True)
        self.body.addWidget(age)
        self.setAccessibleName(f"{account.application_name}: {word.word}, {role}, {activity.text()}, {age.text()}")


def account_status(account: AccountFacts) -> Status:
    """The word for how an account stands; one that a run took away is deactivated, whatever the vendor last said."""
    if account.state is AccountState.GONE:
        return status("deactivated")
    return status_of(account.status) if account.status else status("unknown")


def _activity(account: AccountFacts, now: datetime) -> str:
    moment = local_time(account.last_activity) if account.last_activity else None
    if moment is None:
        return _tr("Last activity unknown")
    return _tr("Active {0}").format(_lower(relative_time(moment, now)))


def _age(account: AccountFacts) -> str:
    if account.state is AccountState.GONE and account.deactivated_at:
        return _tr("Since {0}").format(_lower(moment_in_words(account.deactivated_at)))
    if account.read_at is None:
        return _tr("Not read since")
    return _tr("Read {0}").format(_lower(moment_in_words(account.read_at)))


def _lower(text: str) -> str:
    """ "Today 02:00" within a sentence; "20 Nov" and names of months stay as they are."""
    return text[:1].lower() + text[1:]


def _tr(text: str) -> str:
    return QCoreApplication.translate("AccountCard", text)

"""Matches an account to a person, and takes the match away; a message offers the way back."""

import threading

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.jobs import Tell
from saasdesk.records.matching import AccountToMatch, Match, match, read_account, take_back
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.hand_jobs import HandJobs
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.accounts.match_dialog import MatchDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme


class AccountMatching(QObject):
    """For the accounts of one page; whoever shows them reads again by itself when records were changed."""

    def __init__(
        self, services: Services, frame: Frame, theme: Theme, bridge: Bridge, readers: TableReaders, page: QWidget
    ) -> None:
        super().__init__(page)
        self._store, self._frame, self._theme, self._readers = services.store, frame, theme, readers
        self._page = page
        self._reading = Reading(readers, self)
        self._jobs = HandJobs(frame, bridge, self)

    @property
    def is_possible(self) -> bool:
        """Whether anything can be changed: the past cannot."""
        return not self._store.moment

    def add_to_menu(self, menu: QMenu, account: int) -> None:
        """Put what can be done with this account at the end of a menu."""
        if self.is_possible:
            menu.addAction(self.tr("Match to a person…")).triggered.connect(lambda: self.ask(account))
            menu.addAction(self.tr("Un-match from the person")).triggered.connect(lambda: self.unmatch(account))

    def ask(self, account: int) -> None:
        """Let somebody choose whose account it is."""
        store = self._store
        self._reading.ask("account", lambda _stop: read_account(store, account), self._open, self._complain)

    def unmatch(self, account: int) -> None:
        """Say that it is not this person's account, whatever runs find."""
        store = self._store
        self._reading.ask(
            "account",
            lambda _stop: read_account(store, account),
            lambda found: self._match(found, None),
            self._complain,
        )

    def _open(self, account: AccountToMatch) -> None:
        dialog = MatchDialog(self._store, self._theme, self._readers, account, self._page.window())
        dialog.wanted.connect(lambda person: self._match(account, person))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _match(self, account: AccountToMatch, person: int | None) -> None:
        store = self._store

        def work(_tell: Tell, _stop: threading.Event) -> Match:
            return match(store, account, person)

        self._jobs.start(work, self.tr("Matching {0}").format(account.name), self._on_matched)

    def _on_matched(self, done: Match) -> None:
        account, application = done.account.name, done.account.application
        if done.after is None:
            text = self.tr("“{0}” in {1} is nobody's account now.").format(account, application)
        else:
            text = self.tr("“{0}” in {1} is the account of {2} now.").format(account, application, done.after_name)
        self._frame.toast(text, "ok", (self.tr("Undo"), lambda: self._take_back(done)))

    def _take_back(self, done: Match) -> None:
        store = self._store

        def work(_tell: Tell, _stop: threading.Event) -> None:
            take_back(store, done)

        said = self.tr("“{0}” is matched as it was.").format(done.account.name)
        self._jobs.start(work, self.tr("Taking the match back"), lambda _none: self._frame.toast(said, "ok"))

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")

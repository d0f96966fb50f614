"""Keeps what is entered in the mail section, and sends its test, all in worker threads."""

import threading
from collections.abc import Mapping

from PySide6.QtCore import QObject

from saasdesk.services import Services
from saasdesk.ui.pages.settings.mail_section import MailSection
from saasdesk.ui.pages.settings.section import without_key
from saasdesk.ui.reading import Reading


class MailAccountKeeper(QObject):
    """Between the section and the services."""

    def __init__(self, services: Services, section: MailSection, reading: Reading) -> None:
        super().__init__(section)
        self._services, self._section, self._reading = services, section, reading
        self._wants_test: str | None = None
        section.password_entered.connect(self._keep_password)
        section.test_wanted.connect(self._test)

    def refresh(self) -> None:
        """See whether there is a password; the settings are read by the page."""
        services, section = self._services, self._section
        self._reading.ask(
            "mail password",
            lambda _stop: _password_is_kept(services),
            lambda is_kept: section.show_password_kept(is_kept=is_kept),
            lambda _reason: None,
        )

    def _keep_password(self, text: str) -> None:
        services, section = self._services, self._section

        def keep(_stop: threading.Event) -> None:
            _set_password(services, text)

        def kept(_nothing: None) -> None:
            section.password_error.clear()
            section.show_password_kept(is_kept=True)
            if self._wants_test is not None:
                self._test(self._wants_test, "")

        def refused(reason: str) -> None:
            section.password_error.show_error(without_key(reason))
            if self._wants_test is not None:
                self._wants_test = None
                section.show_outcome(reason, is_good=False)

        self._reading.ask("keep password", keep, kept, refused)

    def _test(self, address: str, password: str) -> None:
        services, section = self._services, self._section
        values = section.values()
        section.show_sending()
        # Leaving the field for the button has just sent the password off.
        is_too_early = self._reading.is_waiting("keep password")
        self._wants_test = address if is_too_early else None
        if is_too_early:
            return

        def tested(said: str) -> None:
            section.show_outcome(said, is_good=True)
            self.refresh()

        self._reading.ask(
            "mail test",
            lambda _stop: _send_test(services, values, password, address),
            tested,
            lambda reason: section.show_outcome(reason, is_good=False),
        )


def _password_is_kept(services: Services) -> bool:
    from saasdesk.notices.outbox import PASSWORD

    return services.vault.place(PASSWORD).get() is not None


def _set_password(services: Services, text: str) -> None:
    from saasdesk.notices.outbox import PASSWORD

    services.vault.place(PASSWORD).set(text)


def _send_test(services: Services, values: Mapping[str, str], password: str, address: str) -> str:
    """Keep all that stands in the fields first: the test is of what the admin sees."""
    from saasdesk.notices.outbox import open_account, send_test, try_now

    if password:
        _set_password(services, password)
    for key, text in values.items():
        services.store.save_setting(key, text)
    account = open_account(services.store, services.vault)
    said = send_test(account, address or account.sender)
    try_now(services.store)
    return said

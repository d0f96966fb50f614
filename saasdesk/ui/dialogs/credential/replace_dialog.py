"""A new key in the place of the old one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Credential, LockedKeyring
from saasdesk.credentials.entry import clean_key
from saasdesk.credentials.unlisted import TEST_ADDRESS, address_of, hosts_entered
from saasdesk.errors import UserError
from saasdesk.sync.probing import NewKey
from saasdesk.ui.credential_words import sign_in_of, vendor_of
from saasdesk.ui.dialogs.connect_vendor.key_field import KeyField
from saasdesk.ui.dialogs.credential.attempt import (
    KEYRING_TROUBLE,
    is_about_the_address,
    is_about_the_key,
    refusal_of_the_key,
)
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton
from saasdesk.ui.widgets.date_field import DateField
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.web import Basic, Origin


class ReplaceDialog(FormDialog):
    """The old key goes only when the vendor has accepted the new one."""

    unlock_wanted = Signal()
    memory_wanted = Signal()

    def __init__(self, theme: Theme, credential: Credential, parent: QWidget | None = None) -> None:
        super().__init__(theme, self.tr("Replace the key"), self.tr("Test and replace"), icon="key", parent=parent)
        self.credential = credential
        self._known = CONNECTORS.get(credential.connector)
        self.key = KeyField(theme)
        self.username = QLineEdit()
        self.expires = DateField()
        self.address = QLineEdit(credential.base_url or "")
        self.hosts = QPlainTextEdit("\n".join(credential.hosts))
        self.hosts.setTabChangesFocus(True)
        self.hosts.setFixedHeight(theme.px(52))
        self.test_address = QLineEdit(credential.inputs.get(TEST_ADDRESS, ""))
        self._build(theme)
        self.fit(480)
        (self.username if self._is_basic else self.key).setFocus()

    def check(self) -> bool:
        """Whether there is something to try."""
        self.clear_problem()
        self.key_error.show_error(self._problem_of_the_key())
        self.expires_error.show_error(self.expires.problem())
        self.address_error.show_error(self._problem_of_the_address())
        errors = (self.key_error, self.expires_error, self.address_error)
        return not any(error.message for error in errors)

    @property
    def entered(self) -> NewKey:
        """What was entered."""
        if self._known is not None:
            return NewKey(self._secret, self.expires.day, self.address.text().strip() or None)
        hosts = hosts_entered(self.hosts.toPlainText())
        return NewKey(self._secret, self.expires.day, hosts=hosts, test_address=self.test_address.text())

    def show_failure(self, error: UserError) -> None:
        """Say what went wrong where it can be put right; the old key is still in its place."""
        kept = self.tr("{0} The old key stays.").format(refusal_of_the_key(error, self.key.text()))
        self.set_busy("")
        if is_about_the_key(error):
            self.key_error.show_error(kept)
            self.key.setFocus()
        elif is_about_the_address(error):
            self.address_error.show_error(kept)
            (self.address if self._known is not None else self.test_address).setFocus()
        elif isinstance(error, KEYRING_TROUBLE):
            self._show_no_keyring(kept, may_unlock=isinstance(error, LockedKeyring))
        else:
            self.show_problem(kept)

    # Building

    def _build(self, theme: Theme) -> None:
        text = self.tr(
            "The new key is tried at {0} first. If it is refused, “{1}” keeps the old one. Runs that wait take the "
            "new one."
        )
        words = text.format(vendor_of(self.credential), self.credential.name)
        self.body.addWidget(Paragraph(theme, words, tone="muted"))
        steps = self._known.of_kind(self.credential.kind).help.where_to_make_the_key if self._known is not None else ()
        for number, step in enumerate(steps, 1):
            self.body.addWidget(Paragraph(theme, Run(f"{number}.  ", tone="muted"), step, role="secondary"))
        grid = FormGrid(theme, label_width=112, gap=12)
        if self._is_basic:
            grid.add_field(self.tr("Username"), self.username)
        self.key_error = grid.add_field(self.tr("Password") if self._is_basic else self.tr("New key"), self.key)
        self.expires_error = grid.add_field(
            self.tr("Expires on"), self.expires, self.tr("The new key's own day; the old one's is forgotten.")
        )
        if self._known is not None:
            self.address.setPlaceholderText(self._known.regions[0].base_url)
            help_text = self.tr("Another one is bound to the new key.")
            self.address_error = grid.add_field(self.tr("Address"), self.address, help_text)
        else:
            grid.add_field(self.tr("Allowed hosts"), self.hosts, self.tr("The new key is sent nowhere else."))
            self.address_error = grid.add_field(self.tr("Test address"), self.test_address)
        self.body.addLayout(grid)
        self.body.addStretch(1)
        self.key.textChanged.connect(self.key_error.clear)
        self.expires.textChanged.connect(self.expires_error.clear)
        for changed in (self.address.textChanged, self.test_address.textChanged, self.hosts.textChanged):
            changed.connect(self.address_error.clear)

    def _show_no_keyring(self, sentence: str, *, may_unlock: bool) -> None:
        retry = OutlinedButton(self._theme, self.tr("Unlock and retry") if may_unlock else self.tr("Retry"))
        retry.clicked.connect(self.unlock_wanted)
        memory = LinkButton(self._theme, self.tr("Keep for this start only"))
        memory.clicked.connect(self.memory_wanted)
        self.banner.say("error", "", sentence, (retry, memory))
        self.banner.show()
        retry.setFocus()

    # Checking

    @property
    def _is_basic(self) -> bool:
        return isinstance(sign_in_of(self.credential), Basic)

    @property
    def _secret(self) -> str:
        return f"{self.username.text().strip()}:{self.key.text()}" if self._is_basic else self.key.text()

    def _problem_of_the_key(self) -> str:
        if not self.key.text():
            return self.tr("Paste the new key.")
        try:
            clean_key(self._secret, sign_in_of(self.credential))
        except UserError as error:
            return str(error)
        return ""

    def _problem_of_the_address(self) -> str:
        try:
            if self._known is None:
                address_of(hosts_entered(self.hosts.toPlainText()), self.test_address.text())
            elif self.address.text().strip():
                Origin.of(self.address.text().strip())
        except UserError as error:
            return str(error)
        return ""

"""A new key in the place of the old one."""

from PySide6.QtWidgets import QWidget

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Credential
from saasdesk.credentials.entry import clean_key
from saasdesk.errors import UserError
from saasdesk.ui.credential_words import sign_in_of, vendor_of
from saasdesk.ui.dialogs.connect_vendor.key_field import KeyField
from saasdesk.ui.dialogs.credential.attempt import is_about_the_key
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.date_field import DateField
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.paragraph import Paragraph, Run


class ReplaceDialog(FormDialog):
    """The old key goes only when the vendor has accepted the new one."""

    def __init__(self, theme: Theme, credential: Credential, parent: QWidget | None = None) -> None:
        super().__init__(theme, self.tr("Replace the key"), self.tr("Test and replace"), icon="key", parent=parent)
        self.credential = credential
        vendor = vendor_of(credential)
        self.key = KeyField(theme)
        self.expires = DateField()
        text = self.tr(
            "The new key is tried at {0} first. If it is refused, “{1}” keeps the old one. Runs that wait take the "
            "new one."
        )
        self.body.addWidget(Paragraph(theme, text.format(vendor, credential.name), tone="muted"))
        known = CONNECTORS.get(credential.connector)
        if known is not None:
            steps = known.of_kind(credential.kind).help.where_to_make_the_key
            for number, step in enumerate(steps, 1):
                self.body.addWidget(Paragraph(theme, Run(f"{number}.  ", tone="muted"), step, role="secondary"))
        grid = FormGrid(theme, label_width=112, gap=12)
        self.key_error = grid.add_field(self.tr("New key"), self.key)
        self.expires_error = grid.add_field(
            self.tr("Expires on"), self.expires, self.tr("The new key's own day; the old one's is forgotten.")
        )
        self.body.addLayout(grid)
        self.body.addStretch(1)
        self.key.textChanged.connect(self.key_error.clear)
        self.expires.textChanged.connect(self.expires_error.clear)
        self.fit(420)
        self.key.setFocus()

    def check(self) -> bool:
        """Whether there is something to try."""
        self.clear_problem()
        self.key_error.show_error(self._problem_of_the_key())
        self.expires_error.show_error(self.expires.problem())
        return not (self.key_error.message or self.expires_error.message)

    def show_failure(self, error: UserError) -> None:
        """Say what went wrong where it can be put right; the old key is still in its place."""
        kept = self.tr("{0} The old key stays.").format(error)
        self.set_busy("")
        if is_about_the_key(error):
            self.key_error.show_error(kept)
            self.key.setFocus()
        else:
            self.show_problem(kept)

    def _problem_of_the_key(self) -> str:
        if not self.key.text():
            return self.tr("Paste the new key.")
        try:
            clean_key(self.key.text(), sign_in_of(self.credential))
        except UserError as error:
            return str(error)
        return ""

"""What is known of a credential besides its key."""

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Credential
from saasdesk.ui.dialogs.credential.permission_field import PermissionField
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.date_field import DateField
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid

_LONGEST_NAME = 100


class EditDialog(FormDialog):
    """Name, permission, expiry, owner and notes; the key has a dialog of its own."""

    def __init__(self, theme: Theme, credential: Credential, parent: QWidget | None = None) -> None:
        super().__init__(theme, self.tr("Edit the credential"), self.tr("UPDATE"), icon="save", parent=parent)
        self.credential = credential
        self.name = QLineEdit(credential.name)
        self.name.setMaxLength(_LONGEST_NAME)
        self.permission = PermissionField(theme)
        self.permission.set_permission(credential.permission)
        known = CONNECTORS.get(credential.connector)
        if known is not None:
            self.permission.show_help(known.of_kind(credential.kind).help)
        self.expires = DateField(credential.expires)
        self.owner = QLineEdit(credential.owner)
        self.notes = QPlainTextEdit(credential.notes)
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(theme.px(72))
        grid = FormGrid(theme, label_width=112, gap=12)
        self.name_error = grid.add_field(
            self.tr("Name"), self.name, self.tr("Integrations that use it follow the new name.")
        )
        self.expires_error = grid.add_field(
            self.tr("Expires on"), self.expires, self.tr("You are reminded 14, 7 and 1 days before.")
        )
        grid.add_field(self.tr("Permission"), self.permission)
        grid.add_field(self.tr("Owner"), self.owner, self.tr("Who made the key, or answers for it."))
        grid.add_field(self.tr("Notes"), self.notes)
        self.body.addLayout(grid)
        self.body.addStretch(1)
        self.fit(560)
        self.name.setFocus()

    def check(self) -> bool:
        """Whether everything can be kept."""
        name = self.name.text().strip()
        self.name_error.show_error("" if name else self.tr("Give the credential a name, such as “PagerDuty key”."))
        self.expires_error.show_error(self.expires.problem(may_have_passed=True))
        return not (self.name_error.message or self.expires_error.message)

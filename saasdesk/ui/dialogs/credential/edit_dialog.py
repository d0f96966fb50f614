"""What is known of a credential besides its key."""

from dataclasses import replace

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Credential
from saasdesk.credentials.unlisted import TEST_ADDRESS, address_of
from saasdesk.errors import UserError
from saasdesk.ui.dialogs.credential.input_fields import InputFields, asked_inputs
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
        self.inputs = InputFields(theme)
        self.test_address = QLineEdit(credential.inputs.get(TEST_ADDRESS, ""))
        if known is not None:
            of_kind = known.of_kind(credential.kind)
            self.permission.show_help(of_kind.help)
            asked = [replace(declared, required=False) for declared in asked_inputs(of_kind)]
            self.inputs.show_inputs(known, asked, credential.inputs)
        self.expires = DateField(credential.expires)
        self.owner = QLineEdit(credential.owner)
        self.notes = QPlainTextEdit(credential.notes)
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(theme.px(72))
        grid = FormGrid(theme, label_width=136, gap=12)
        self.name_error = grid.add_field(
            self.tr("Name"), self.name, self.tr("Integrations that use it follow the new name.")
        )
        self.expires_error = grid.add_field(
            self.tr("Expires on"), self.expires, self.tr("You are reminded 14, 7 and 1 days before.")
        )
        if self.inputs.fields:
            grid.add_whole_row(self.inputs)
        self.test_error = grid.add_field(self.tr("Test address"), self.test_address) if known is None else None
        grid.add_field(self.tr("Permission"), self.permission)
        grid.add_field(self.tr("Owner"), self.owner, self.tr("Who made the key, or answers for it."))
        grid.add_field(self.tr("Notes"), self.notes)
        self.body.addLayout(grid)
        self.body.addStretch(1)
        self.fit(640)
        self.name.setFocus()

    def check(self) -> bool:
        """Whether everything can be kept."""
        name = self.name.text().strip()
        self.name_error.show_error("" if name else self.tr("Give the credential a name, such as “PagerDuty key”."))
        self.expires_error.show_error(self.expires.problem(may_have_passed=True))
        self.inputs.check()
        errors = [self.name_error, self.expires_error, *(error for error, _ in self.inputs.places)]
        if self.test_error is not None:
            self.test_error.show_error(self._problem_of_the_address())
            errors.append(self.test_error)
        return not any(error.message for error in errors)

    @property
    def entered_inputs(self) -> dict[str, str]:
        """What was entered besides the key; what no field asks for stays as it was."""
        if self.test_error is not None:
            return {TEST_ADDRESS: address_of(self.credential.hosts, self.test_address.text())}
        asked = {each.declared.key for each in self.inputs.fields}
        kept = {key: value for key, value in self.credential.inputs.items() if key not in asked}
        return {**kept, **self.inputs.values}

    def _problem_of_the_address(self) -> str:
        try:
            address_of(self.credential.hosts, self.test_address.text())
        except UserError as error:
            return str(error)
        return ""

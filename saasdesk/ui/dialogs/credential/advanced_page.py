"""Advanced Mode: a key for any host, or shown to a listed vendor in a way of one's own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QStackedWidget, QWidget

from saasdesk.connectors import Connector
from saasdesk.credentials import Draft, Entry, UnlistedVendor, Vault
from saasdesk.credentials.unlisted import TEST_ADDRESS, address_of, hosts_entered
from saasdesk.errors import UserError
from saasdesk.sync.credentials import refuse_taken
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.dialogs.credential.attempt import is_about_the_address, is_about_the_key
from saasdesk.ui.dialogs.credential.authorization_fields import AuthorizationFields
from saasdesk.ui.dialogs.credential.input_fields import InputFields, asked_inputs
from saasdesk.ui.dialogs.credential.permission_field import PermissionField
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.date_field import DateField
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.tabs import Tabs

INFORMATION, AUTHORIZATION = "information", "authorization"


class AdvancedPage(Step):
    """Two tabs; `vendor_wanted` asks for what is known of a listed vendor's inputs."""

    vendor_wanted = Signal(object)

    def __init__(self, theme: Theme, connectors: Sequence[Connector]) -> None:
        super().__init__(theme)
        self.title = self.tr("Advanced Mode")
        self.next_text = self.tr("Check key")
        self._connectors = {connector.key: connector for connector in connectors}
        self.tabs = Tabs(
            theme,
            self.tr("Advanced Mode"),
            [(INFORMATION, self.tr("Information")), (AUTHORIZATION, self.tr("Authorization"))],
        )
        self._stack = QStackedWidget()
        self.authorization = AuthorizationFields(theme)
        self._stack.addWidget(self._build_information())
        self._stack.addWidget(self.authorization)
        self.tabs.chosen.connect(lambda key: self._stack.setCurrentIndex(int(key == AUTHORIZATION)))
        self.body.addWidget(self.tabs)
        self.body.addWidget(self._stack)
        self.body.addStretch(1)
        self._on_vendor_changed()

    @property
    def connector(self) -> Connector | None:
        """The listed vendor; None for any other."""
        return self._connectors.get(self.vendor.currentData())

    def first_field(self) -> QWidget:
        """The name."""
        return self.name

    def prefill(self, values: Mapping[str, str]) -> None:
        """Fill in what global variables know of this vendor."""
        if self.connector is not None:
            self.inputs.show_inputs(self.connector, asked_inputs(self.connector), values)

    def forget(self) -> None:
        """The key is in the keyring: it is here no more."""
        self.authorization.forget()

    def set_busy(self, *, is_busy: bool) -> None:
        self._stack.setEnabled(not is_busy)

    def check(self) -> bool:
        """Every field of both tabs; the tab of the first wrong one is opened."""
        self.clear_problem()
        information = self._check_information()
        if information is not None:
            self.tabs.set_current(INFORMATION)
            information.setFocus()
            return False
        wrong = self.authorization.first_wrong()
        if wrong is not None:
            self.tabs.set_current(AUTHORIZATION)
            wrong.setFocus()
        return wrong is None

    def show_failure(self, error: UserError) -> None:
        """Say what went wrong where it can be put right."""
        if is_about_the_key(error):
            self.tabs.set_current(AUTHORIZATION)
            self.authorization.show_error(str(error))
        elif is_about_the_address(error):
            self.tabs.set_current(INFORMATION)
            place, field = (
                (self.test_error, self.test_address) if self.connector is None else (self.address_error, self.address)
            )
            place.show_error(str(error))
            field.setFocus()
        else:
            self.show_problem(str(error))

    def draft_maker(self, vault: Vault) -> Callable[[], Draft]:
        """What makes the draft of what is entered now, in whatever thread."""
        connector, name, secret = self.connector, self.name.text().strip(), self.authorization.secret
        sign_in = self.authorization.sign_in
        inputs = self.inputs.values
        entry = Entry(
            permission=self.permission.permission,
            expires=self.expires.day,
            sign_in=sign_in,
            owner=self.owner.text(),
            notes=self.notes.toPlainText(),
        )
        vendor: Connector | UnlistedVendor
        if connector is None:
            vendor = UnlistedVendor(hosts_entered(self.hosts.toPlainText()), sign_in)
            inputs = {TEST_ADDRESS: address_of(vendor.hosts, self.test_address.text())}
        else:
            vendor = connector
            entry = replace(entry, base_url=self.address.text().strip() or None)

        def make() -> Draft:
            refuse_taken(vault, name)
            return vault.draft(name, vendor, secret, replace(entry, inputs=inputs))

        return make

    # Building

    def _build_information(self) -> QWidget:
        theme = self._theme
        self.name = QLineEdit()
        self.name.setMaxLength(100)
        self.owner = QLineEdit()
        self.notes = _text_box(theme, 52)
        self.vendor = QComboBox()
        self.vendor.addItem(self.tr("Not listed"), "")
        for connector in self._connectors.values():
            self.vendor.addItem(connector.title, connector.key)
        self.hosts = _text_box(theme, 52)
        self.hosts.setPlaceholderText("api.example.com")
        self.test_address = QLineEdit()
        self.test_address.setPlaceholderText("https://api.example.com/v1/me")
        self.address = QLineEdit()
        self.inputs = InputFields(theme)
        self.permission = PermissionField(theme)
        self.expires = DateField()
        holder = QWidget()
        grid = FormGrid(theme, label_width=136, gap=12)
        self.name_error = grid.add_field(
            self.tr("Name"), self.name, self.tr("Such as “Zendesk read-only token”: vendor, access, kind.")
        )
        grid.add_field(self.tr("Owner"), self.owner)
        grid.add_field(self.tr("Notes"), self.notes)
        grid.add_field(self.tr("Vendor"), self.vendor)
        self._unlisted, self._listed = QWidget(), QWidget()
        unlisted, listed = FormGrid(theme, label_width=136, gap=12), FormGrid(theme, label_width=136, gap=12)
        for rows, box in ((unlisted, self._unlisted), (listed, self._listed)):
            rows.setContentsMargins(0, 0, 0, 0)
            box.setLayout(rows)
        self.hosts_error = unlisted.add_field(
            self.tr("Allowed hosts"), self.hosts, self.tr("One on each line. The key is sent nowhere else.")
        )
        self.test_error = unlisted.add_field(
            self.tr("Test address"), self.test_address, self.tr("“Check key” reads it once and shows the answer.")
        )
        self.address_error = listed.add_field(self.tr("Address"), self.address)
        listed.add_whole_row(self.inputs)
        grid.add_whole_row(self._unlisted)
        grid.add_whole_row(self._listed)
        grid.add_field(self.tr("Permission"), self.permission)
        self.expires_error = grid.add_field(
            self.tr("Expires on"), self.expires, self.tr("You are reminded 14, 7 and 1 days before.")
        )
        column = Column(theme, gap=0)
        column.addLayout(grid)
        holder.setLayout(column)
        self.vendor.currentIndexChanged.connect(self._on_vendor_changed)
        for field, error in ((self.name, self.name_error), (self.test_address, self.test_error)):
            field.textChanged.connect(error.clear)
        self.hosts.textChanged.connect(self.hosts_error.clear)
        self.address.textChanged.connect(self.address_error.clear)
        self.expires.textChanged.connect(self.expires_error.clear)
        return holder

    def _on_vendor_changed(self) -> None:
        connector = self.connector
        self._unlisted.setVisible(connector is None)
        self._listed.setVisible(connector is not None)
        if connector is None:
            return
        self.address.setPlaceholderText(connector.regions[0].base_url)
        self.permission.show_help(connector.help)
        self.inputs.show_inputs(connector, asked_inputs(connector), {})
        self.authorization.show_scheme(connector.sign_in)
        self.vendor_wanted.emit(connector)

    # Checking

    def _check_information(self) -> QWidget | None:
        self.name_error.show_error("" if self.name.text().strip() else self.tr("Give the credential a name."))
        self.expires_error.show_error(self.expires.problem())
        places: list[tuple[InlineError, QWidget]] = [(self.name_error, self.name)]
        if self.connector is None:
            self._check_hosts()
            places += [(self.hosts_error, self.hosts), (self.test_error, self.test_address)]
        else:
            self.inputs.check()
            places += self.inputs.places
        places.append((self.expires_error, self.expires))
        return next((field for error, field in places if error.message), None)

    def _check_hosts(self) -> None:
        self.hosts_error.clear()
        self.test_error.clear()
        try:
            hosts = hosts_entered(self.hosts.toPlainText())
        except UserError as error:
            self.hosts_error.show_error(str(error))
            return
        if not self.test_address.text().strip():
            self.test_error.show_error(self.tr("Enter an address that the key may read."))
            return
        try:
            address_of(hosts, self.test_address.text())
        except UserError as error:
            self.test_error.show_error(str(error))


def _text_box(theme: Theme, height: int) -> QPlainTextEdit:
    box = QPlainTextEdit()
    box.setTabChangesFocus(True)
    box.setFixedHeight(theme.px(height))
    return box

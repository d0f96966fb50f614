"""How a key is shown to the vendor: in a header, in the address, as name and password, as a bearer token."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QLineEdit, QStackedWidget, QWidget

from saasdesk.credentials.entry import clean_key
from saasdesk.errors import UserError
from saasdesk.ui.dialogs.connect_vendor.key_field import KeyField
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl
from saasdesk.web import Basic, Bearer, HeaderKey, QueryKey, SignIn, split_scheme

API_KEY, BASIC, BEARER = "api_key", "basic", "bearer"
HEADER, QUERY = "header", "query"
# What vendors put before a key in a header; nobody has to type one.
SCHEMES = ("", "Token token=", "Bearer ", "Token ", "ApiKey ", "GenieKey ", "SSWS ")


class AuthorizationFields(QWidget):
    """Type, and the fields of the chosen one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.type = SegmentedControl(
            theme,
            self.tr("Authorization type"),
            [
                Choice(API_KEY, self.tr("API Key")),
                Choice(BASIC, self.tr("Basic Auth")),
                Choice(BEARER, self.tr("Bearer")),
            ],
        )
        self.place = SegmentedControl(
            theme, self.tr("Add to"), [Choice(HEADER, self.tr("Header")), Choice(QUERY, self.tr("Query"))]
        )
        self.token_name = QLineEdit("Authorization")
        self.scheme = QComboBox()
        for scheme in SCHEMES:
            self.scheme.addItem(scheme.strip() or self.tr("None: the key alone"), scheme)
        self.key = KeyField(theme)
        self.username = QLineEdit()
        self.password = KeyField(theme)
        self.token = KeyField(theme)
        self._stack = QStackedWidget()
        for page in (self._api_key(), self._basic(), self._bearer()):
            self._stack.addWidget(page)
        head = FormGrid(theme, label_width=136, gap=12)
        head.add_field(self.tr("Authorization type"), self.type)
        column = Column(theme, gap=12)
        column.addLayout(head)
        column.addWidget(self._stack)
        text = self.tr(
            "OAuth and AWS are not offered: they need a sign-in at the vendor that a local installation cannot renew. "
            "There is no Authenticate step for keys: “Check key” shows whether the vendor takes it."
        )
        column.addWidget(Paragraph(theme, text, role="secondary", tone="muted"))
        column.addStretch(1)
        self.setLayout(column)
        self.type.chosen.connect(lambda key: self._stack.setCurrentIndex((API_KEY, BASIC, BEARER).index(key)))
        self.place.chosen.connect(lambda _key: self._show_place())
        for edit in (self.key, self.token):
            edit.editingFinished.connect(lambda edit=edit: self._take_scheme_off(edit))

    @property
    def sign_in(self) -> SignIn:
        """The way that was chosen; raises where the name of the token can be none."""
        if self.type.current == BASIC:
            return Basic()
        if self.type.current == BEARER:
            return Bearer()
        name = self.token_name.text().strip()
        return QueryKey(name) if self.place.current == QUERY else HeaderKey(name, self.scheme.currentData())

    @property
    def secret(self) -> str:
        """What was entered as the key; a name and a password are one."""
        if self.type.current == BASIC:
            return f"{self.username.text().strip()}:{self.password.text()}"
        return (self.token if self.type.current == BEARER else self.key).text()

    @property
    def secrets(self) -> tuple[QLineEdit, ...]:
        """Where a secret is entered."""
        return self.key, self.token, self.password

    def show_scheme(self, sign_in: SignIn) -> None:
        """Set everything as a listed vendor expects it."""
        self._set_type(BASIC if isinstance(sign_in, Basic) else BEARER if isinstance(sign_in, Bearer) else API_KEY)
        if isinstance(sign_in, QueryKey):
            self.place.set_current(QUERY)
            self.token_name.setText(sign_in.name)
        elif isinstance(sign_in, HeaderKey):
            self.place.set_current(HEADER)
            self.token_name.setText(sign_in.header)
            self._choose_scheme(sign_in.prefix)
        self._show_place()

    def forget(self) -> None:
        """The key is in the keyring: it is here no more."""
        for edit in (self.key, self.password, self.token):
            edit.forget()

    def first_wrong(self) -> QWidget | None:
        """Say what is wrong; the field where it is, or None."""
        for error in (self.name_error, self.key_error, self.username_error, self.password_error, self.token_error):
            error.clear()
        match self.type.current:
            case kind if kind == BASIC:
                name = self.username.text().strip()
                if not name or ":" in name:
                    wrong = self.tr("Enter the username; a colon cannot be in it.")
                    self.username_error.show_error(wrong)
                    return self.username
                return self._wrong_key(self.password, self.secret if self.password.text() else "")
            case kind if kind == BEARER:
                self._take_scheme_off(self.token)
                return self._wrong_key(self.token, self.token.text())
            case _:
                try:
                    _ = self.sign_in
                except UserError as error:
                    self.name_error.show_error(str(error))
                    return self.token_name
                self._take_scheme_off(self.key)
                return self._wrong_key(self.key, self.key.text())

    def show_error(self, sentence: str) -> None:
        """Say under the key what the vendor said of it."""
        edit = {BASIC: self.password, BEARER: self.token}.get(self.type.current, self.key)
        self._errors[edit].show_error(sentence)
        edit.setFocus()

    # Building

    def _api_key(self) -> QWidget:
        grid, page = self._page()
        self.name_error = grid.add_field(self.tr("Token Name"), self.token_name)
        self._scheme_label = self.tr("Scheme")
        grid.add_field(
            self._scheme_label, self.scheme, self.tr("What the vendor wants before the key: it is put there for you.")
        )
        self.key_error = grid.add_field(self.tr("API key"), self.key)
        grid.add_field(self.tr("Add to"), self.place)
        self._taken_off = Paragraph(self._theme, role="secondary", tone="muted")
        self._taken_off.hide()
        grid.add_whole_row(self._taken_off)
        self.token_name.textChanged.connect(self.name_error.clear)
        self.key.textChanged.connect(self.key_error.clear)
        return page

    def _basic(self) -> QWidget:
        grid, page = self._page()
        self.username_error = grid.add_field(self.tr("Username"), self.username)
        self.password_error = grid.add_field(
            self.tr("Password"), self.password, self.tr("Some vendors want an API token here.")
        )
        self.username.textChanged.connect(self.username_error.clear)
        self.password.textChanged.connect(self.password_error.clear)
        return page

    def _bearer(self) -> QWidget:
        grid, page = self._page()
        help_text = self.tr("Without the word Bearer: it is put before it.")
        self.token_error = grid.add_field(self.tr("Token"), self.token, help_text)
        self.token.textChanged.connect(self.token_error.clear)
        self._errors = {self.key: self.key_error, self.password: self.password_error, self.token: self.token_error}
        return page

    def _page(self) -> tuple[FormGrid, QWidget]:
        page = QWidget()
        grid = FormGrid(self._theme, label_width=136, gap=12)
        grid.setContentsMargins(0, 0, 0, 0)
        page.setLayout(grid)
        return grid, page

    # Answers to signals

    def _set_type(self, key: str) -> None:
        self.type.set_current(key)
        self._stack.setCurrentIndex((API_KEY, BASIC, BEARER).index(key))

    def _show_place(self) -> None:
        self.scheme.setEnabled(self.place.current == HEADER)

    def _choose_scheme(self, scheme: str) -> None:
        place = self.scheme.findData(scheme)
        if place < 0:
            self.scheme.addItem(scheme.strip(), scheme)
            place = self.scheme.count() - 1
        self.scheme.setCurrentIndex(place)

    def _take_scheme_off(self, edit: KeyField) -> None:
        """A prefix that came along with a pasted key is the scheme, not the key."""
        scheme, key = split_scheme(edit.text(), SCHEMES)
        if not scheme:
            return
        with QSignalBlocker(edit):
            edit.setText(key)
        if edit is self.key:
            self._choose_scheme(scheme)
            text = self.tr("“{0}” was taken off the key: it is the scheme now.")
            self._taken_off.set_runs(text.format(scheme.strip()))
            self._taken_off.show()

    def _wrong_key(self, edit: KeyField, secret: str) -> QWidget | None:
        error = self._errors[edit]
        if not secret:
            error.show_error(self.tr("Paste the key."))
            return edit
        try:
            clean_key(secret, self.sign_in)
        except UserError as problem:
            error.show_error(str(problem))
            return edit
        return None

"""The mail account: which server, how it is reached, who sends, and a test that says whether it works."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from saasdesk.ui.dialogs.connect_vendor.key_field import KeyField
from saasdesk.ui.pages.settings.section import Section, section_grid, without_key
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl
from saasdesk.ui.widgets.status_word import StatusWord, status
from saasdesk.ui.widgets.stepped_fields import NumberField

_USUAL_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class MailSection(Section):
    """Each entry is kept as soon as it is made; the password by the keeper, in the keyring."""

    password_entered = Signal(str)
    test_wanted = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        about = QCoreApplication.translate(
            "Settings", "Contacts of an integration get mail when it fails, does not finish in a day or never starts."
        )
        super().__init__(theme, QCoreApplication.translate("Settings", "Mail"), about)
        self._edits = {
            "smtp_host": _edit(self.tr("without a server, notices stay in the program")),
            "smtp_user": _edit(self.tr("none: the server asks for no name")),
            "mail_sender": _edit("saasdesk@example.com"),
        }
        self.host, self.user, self.from_address = self._edits.values()
        self.port = NumberField(theme, self.tr("Port"), 1, 65_535)
        self.port.setGroupSeparatorShown(False)
        self.security = SegmentedControl(
            theme,
            self.tr("Protection"),
            [Choice("starttls", "STARTTLS"), Choice("tls", "TLS"), Choice("none", self.tr("None"))],
            "starttls",
        )
        self.password = KeyField(theme)
        self.password.eye.set_name(self.tr("Show the password while this is held"))
        self.address = _edit(self.tr("the sender itself"))
        self._build_grid()
        self._connect()
        self.show_password_kept(is_kept=False)
        self.finish()

    def _build_grid(self) -> None:
        theme = self._theme
        grid = section_grid(theme)
        add = self.fields.add
        add(grid, "smtp_host", self.tr("Server"), self.host)
        add(
            grid,
            "smtp_security",
            self.tr("Protection"),
            self.security,
            self.tr("“None” is only for a server on this computer."),
        )
        add(grid, "smtp_port", self.tr("Port"), self.port)
        add(grid, "smtp_user", self.tr("User"), self.user)
        self.password_error = grid.add_field(
            self.tr("Password"), self.password, self.tr("It is kept in the keyring alone.")
        )
        add(grid, "mail_sender", self.tr("Sender"), self.from_address)
        self.test = OutlinedButton(theme, self.tr("Send a test mail"), icon="mail")
        line = QWidget()
        row: QHBoxLayout = Row(theme, gap=8)
        row.addWidget(self.address, 1)
        row.addWidget(self.test)
        line.setLayout(row)
        line.setFocusProxy(self.address)
        line.setAccessibleName(self.tr("Test"))
        self.address.setAccessibleName(self.tr("Address of the test mail"))
        grid.add_value(self.tr("Test to"), line)
        self.body.addLayout(grid)
        self.outcome = StatusWord(theme, status("not_checked"))
        self.sentence = Paragraph(theme, role="secondary", tone="muted")
        said = Row(theme, gap=12, margins=(136, 0, 0, 0))
        said.addWidget(self.outcome, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.sentence, 1)
        self.body.addLayout(said)
        self.outcome.hide()
        self.sentence.hide()

    def _connect(self) -> None:
        self.security.chosen.connect(self._on_security_chosen)
        self.password.editingFinished.connect(self._on_password_entered)
        self.test.clicked.connect(self._on_test)
        self.address.returnPressed.connect(self._on_test)

    def values(self) -> dict[str, str]:
        """What stands in the fields now, by the names of the settings."""
        return {
            **{key: edit.text().strip() for key, edit in self._edits.items()},
            "smtp_port": str(self.port.value()),
            "smtp_security": self.security.current,
        }

    def show_password_kept(self, *, is_kept: bool) -> None:
        """Say whether the keyring has a password; it is never shown again."""
        kept = self.tr("In the keyring. Leave empty to keep it, or enter another one.")
        self.password.setPlaceholderText(kept if is_kept else self.tr("none yet"))

    def show_sending(self) -> None:
        """The test is on its way."""
        self.test.setEnabled(False)
        self._say("running", self.tr("Sending…"), "")

    def show_outcome(self, sentence: str, *, is_good: bool) -> None:
        """How the test went."""
        self.test.setEnabled(True)
        self._say(
            "yes" if is_good else "no", self.tr("Sent") if is_good else self.tr("Not sent"), without_key(sentence)
        )

    def _say(self, key: str, word: str, sentence: str) -> None:
        self.outcome.set_status(status(key, word))
        self.sentence.set_runs(sentence)
        self.outcome.show()
        self.sentence.setVisible(bool(sentence))

    def _on_security_chosen(self, security: str) -> None:
        if self.port.value() in _USUAL_PORTS.values():
            # Whoever chose a port of their own keeps it.
            self.port.setValue(_USUAL_PORTS[security])
            self.fields.offer("smtp_port")

    def _on_password_entered(self) -> None:
        if self.password.text():
            self.password_entered.emit(self.password.text())
            self.password.forget()

    def _on_test(self) -> None:
        password = self.password.text()
        self.password.forget()
        self.test_wanted.emit(self.address.text().strip(), password)


def _edit(placeholder: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setPlaceholderText(placeholder)
    return edit

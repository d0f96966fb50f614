"""The key: its name, where it may go, what it may do, until when."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from saasdesk.errors import UserError
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.dialogs.connect_vendor.work import Connecting
from saasdesk.ui.dialogs.credential.key_fields import KeyFields, KeyForm
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.paragraph import Paragraph


class KeyStep(Step):
    """Nothing leaves this form before the button at its end is pressed; then the key goes into the keyring."""

    keep_in_memory_wanted = Signal()
    unlock_wanted = Signal()

    def __init__(self, theme: Theme, *, is_demo: bool = False) -> None:
        super().__init__(theme)
        self._is_demo = is_demo
        self.title = self.tr("The key")
        self.next_text = self.tr("Check key")
        self._connecting: Connecting | None = None
        self._build()

    # What the dialog asks

    @property
    def uses_known_key(self) -> str:
        """The name of the credential that is taken as it is; empty for a new key."""
        return self.source.currentData() or ""

    @property
    def form(self) -> KeyForm:
        """What was entered, besides the key."""
        return self.fields.form

    @property
    def entered_key(self) -> str | None:
        """The key as it was pasted; None to keep the one that is saved."""
        return self.fields.entered_key

    @property
    def entered_further(self) -> dict[str, str]:
        """The keys of other kinds that were pasted beside it."""
        return self.fields.entered_further

    def begin(self, connecting: Connecting) -> None:
        """Start from what is known; what was entered before stays."""
        is_new = self._connecting is None or self._connecting.connector is not connecting.connector
        self._connecting = connecting
        if is_new:
            self._start_afresh(connecting)
        is_saved = connecting.made_credential
        self.source.setEnabled(not is_saved)
        self.fields.set_saved(is_saved=is_saved, with_further=bool(connecting.directory))

    def check(self) -> bool:
        """Every field, in the order in which they stand."""
        self.fields.clear_errors()
        self.clear_problem()
        if self.uses_known_key:
            return True
        return self.fields.check(is_saved=self._connecting is not None and self._connecting.made_credential)

    def first_field(self) -> QWidget:
        """What is needed and empty, else the key: everything else has a good default."""
        return self.source if self.uses_known_key else self.fields.first_field()

    def set_busy(self, *, is_busy: bool) -> None:
        self._form.setEnabled(not is_busy)

    def note_saved(self, connecting: Connecting) -> None:
        """The key is in the keyring: it is here no more."""
        self._connecting = connecting
        self.fields.forget()
        self.begin(connecting)

    def show_failure(self, error: UserError) -> None:
        """Say what went wrong where it can be put right."""
        if self.uses_known_key or not self.fields.show_failure(error):
            self.show_problem(str(error))

    def show_no_keyring(self, error: UserError, *, may_unlock: bool) -> None:
        """The keyring refuses: say why, and what can be done instead."""
        retry = OutlinedButton(self._theme, self.tr("Unlock and retry") if may_unlock else self.tr("Retry"))
        retry.clicked.connect(self.unlock_wanted)
        memory = LinkButton(self._theme, self.tr("Keep for this start only"))
        memory.setAccessibleDescription(
            self.tr("The key stays in memory. After the program is closed it must be entered again.")
        )
        memory.clicked.connect(self.keep_in_memory_wanted)
        self.problem.say(
            "error",
            str(error),
            self.tr("Kept for this start only, schedules that use it wait after the next start."),
            (retry, memory),
        )
        self.problem.show()
        retry.setFocus()

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.intro = Paragraph(theme, tone="muted")
        self.source = QComboBox()
        self.fields = KeyFields(theme)
        self.name, self.region, self.address = self.fields.name, self.fields.region, self.fields.address
        self.key, self.expires = self.fields.key, self.fields.expires
        self.read, self.act = self.fields.read, self.fields.act
        self.name_error, self.region_error = self.fields.name_error, self.fields.region_error
        self.key_error, self.expires_error = self.fields.key_error, self.fields.expires_error
        self._form = QWidget()
        column = Column(theme, gap=8)
        self._source_row = QWidget()
        source = FormGrid(theme)
        source.setContentsMargins(0, 0, 0, 0)
        source.add_field(self.tr("Credential"), self.source)
        self._source_row.setLayout(source)
        column.addWidget(self._source_row)
        column.addWidget(self.fields)
        self._form.setLayout(column)
        self.where = Paragraph(theme, role="secondary", tone="muted")
        self.body.addWidget(self.intro)
        self.body.addWidget(self._form)
        self.body.addWidget(self.where)
        self.body.addStretch(1)
        self.source.currentIndexChanged.connect(self._on_source_changed)

    def _start_afresh(self, connecting: Connecting) -> None:
        connector, beginning = connecting.connector, connecting.beginning
        intro = self.tr(
            "saasdesk uses the key to read {0}. It is kept in this computer's keyring and sent to no other host."
        )
        if self._is_demo:
            intro = self.tr(
                "This is the demo: a key to your {0} belongs in your own profile. “Leave the demo” in the File menu "
                "leads there. Here a key is kept in memory until the demo is closed, and sent to no other host."
            )
        self.intro.set_runs(intro.format(connector.title))
        with QSignalBlocker(self.source):
            self.source.clear()
            self.source.addItem(self.tr("A new key"), "")
            for name in beginning.keys_of(connector):
                self.source.addItem(name, name)
        self._source_row.setVisible(self.source.count() > 1)
        self._on_source_changed()
        self.fields.begin(
            connector,
            beginning.free_credential(self.tr("{0} key").format(connector.title)),
            beginning.prefilled,
            frozenset(beginning.credentials),
        )
        self.clear_problem()

    # Answers to signals

    def _on_source_changed(self) -> None:
        self.fields.setVisible(not self.uses_known_key)
        if self.uses_known_key:
            where = self.tr("The key is here already; it is only checked.")
        elif self._is_demo:
            where = self.tr("Check key keeps it for this start and tries it. Cancel takes it out again.")
        else:
            where = self.tr("Check key saves it in the keyring and tries it. Cancel takes it out again.")
        self.where.set_runs(where)
        self.changed.emit()

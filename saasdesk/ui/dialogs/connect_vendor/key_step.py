"""The key: its name, where it may go, what it may do, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QRadioButton, QWidget

from saasdesk.connectors import Connector, Input, KeyKind
from saasdesk.credentials.entry import clean_key
from saasdesk.errors import UserError
from saasdesk.ui.dialogs.connect_vendor.key_field import KeyField
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.dialogs.connect_vendor.work import Connecting, KeyForm
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.web import ErrorKind, Origin, VendorError

# Said where the key was entered; of everything else the address (or what lies on the way to it) is the likelier cause.
_ABOUT_THE_KEY = frozenset({ErrorKind.WRONG_KEY, ErrorKind.FORBIDDEN, ErrorKind.PLAN_NEEDED})
_ABOUT_THE_ADDRESS = frozenset(
    {
        ErrorKind.NOT_FOUND,
        ErrorKind.NO_NETWORK,
        ErrorKind.TLS,
        ErrorKind.REDIRECTED,
        ErrorKind.WEB_PAGE,
        ErrorKind.NONSENSE,
    }
)
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class _InputField:
    declared: Input
    edit: QLineEdit
    error: InlineError


@dataclass(frozen=True, slots=True)
class _KindField:
    kind: KeyKind
    edit: KeyField
    error: InlineError


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
        self._inputs: list[_InputField] = []
        self._further: list[_KindField] = []
        self._build()
        self._connect()

    # What the dialog asks

    @property
    def uses_known_key(self) -> str:
        """The name of the credential that is taken as it is; empty for a new key."""
        return self.source.currentData() or ""

    @property
    def form(self) -> KeyForm:
        """What was entered, besides the key."""
        return KeyForm(
            name=self.name.text().strip(),
            base_url=self._address(),
            inputs={field.declared.key: text for field in self._inputs if (text := field.edit.text().strip())},
            permission="act" if self.act.isChecked() else "read",
            expires=_date(self.expires.text()),
        )

    @property
    def entered_key(self) -> str | None:
        """The key as it was pasted; None to keep the one that is saved."""
        return self.key.text() or None

    @property
    def entered_further(self) -> dict[str, str]:
        """The keys of other kinds that were pasted beside it."""
        return {field.kind.key: text for field in self._further if (text := field.edit.text())}

    def begin(self, connecting: Connecting) -> None:
        """Start from what is known; what was entered before stays."""
        is_new = self._connecting is None or self._connecting.connector is not connecting.connector
        self._connecting = connecting
        if is_new:
            self._start_afresh(connecting)
        is_saved = connecting.made_credential
        self.name.setEnabled(not is_saved)
        self.source.setEnabled(not is_saved)
        self.key.set_saved(is_saved=is_saved)
        for field in self._further:
            field.edit.set_saved(is_saved=bool(connecting.directory))

    def check(self) -> bool:
        """Every field, in the order in which they stand."""
        for error in self._errors():
            error.clear()
        self.clear_problem()
        if self.uses_known_key:
            return True
        self._check_name()
        self._check_address()
        self._check_inputs()
        self._check_key()
        self._check_further()
        self._check_expiry()
        wrong = [(error, widget) for error, widget in self._fields() if error.message]
        if wrong:
            wrong[0][1].setFocus()
        return not wrong

    def first_field(self) -> QWidget:
        """What is needed and empty, else the key: everything else has a good default."""
        if self.uses_known_key:
            return self.source
        for field in self._inputs:
            if field.declared.required and not field.edit.text():
                return field.edit
        return self.address if self.address.isVisibleTo(self) and not self.address.text() else self.key

    def set_busy(self, *, is_busy: bool) -> None:
        self._form.setEnabled(not is_busy)

    def note_saved(self, connecting: Connecting) -> None:
        """The key is in the keyring: it is here no more."""
        self._connecting = connecting
        self.key.forget()
        for field in self._further:
            field.edit.forget()
        self.begin(connecting)

    def show_failure(self, error: UserError) -> None:
        """Say what went wrong where it can be put right."""
        if isinstance(error, VendorError) and error.kind in _ABOUT_THE_KEY and not self.uses_known_key:
            self.key_error.show_error(str(error))
            self.key.setFocus()
        elif isinstance(error, VendorError) and error.kind in _ABOUT_THE_ADDRESS and not self.uses_known_key:
            self.region_error.show_error(str(error))
            self.region.setFocus()
        else:
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
        self.name = QLineEdit()
        self.name.setMaxLength(_LONGEST_NAME)
        self.region = QComboBox()
        self.address = QLineEdit()
        self.address.setPlaceholderText("https://")
        self.address.setAccessibleName(self.tr("Address"))
        self.key = KeyField(theme)
        self.expires = QLineEdit()
        self.expires.setPlaceholderText(self.tr("2027-03-31, or empty"))
        self._form = QWidget()
        column = Column(theme, gap=8)
        self._source_row = QWidget()
        source = FormGrid(theme)
        source.setContentsMargins(0, 0, 0, 0)
        source.add_field(self.tr("Credential"), self.source)
        self._source_row.setLayout(source)
        self._new_key = QWidget()
        self._grid = FormGrid(theme, gap=12)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.name_error = self._grid.add_field(self.tr("Name"), self.name)
        self.region_error = self._grid.add_field(self.tr("Region"), self._region_fields())
        # What only this vendor asks for; every vendor gets a grid of its own in here.
        self._own_inputs = QWidget()
        self._own_inputs.setLayout(Column(theme, gap=0))
        self._grid.add_whole_row(self._own_inputs)
        self.key_error = self._grid.add_field(self.tr("Key"), self.key)
        self._further_inputs = QWidget()
        self._further_inputs.setLayout(Column(theme, gap=0))
        self._grid.add_whole_row(self._further_inputs)
        self._grid.add_field(self.tr("Permission"), self._permission_fields())
        self.expires_error = self._grid.add_field(
            self.tr("Expires on"), self.expires, self.tr("Its integration reminds you from 14 days before.")
        )
        self._new_key.setLayout(self._grid)
        column.addWidget(self._source_row)
        column.addWidget(self._new_key)
        self._form.setLayout(column)
        self.where = Paragraph(theme, role="secondary", tone="muted")
        self.body.addWidget(self.intro)
        self.body.addWidget(self._form)
        self.body.addWidget(self.where)
        self.body.addStretch(1)

    def _region_fields(self) -> QWidget:
        holder = QWidget()
        column = Column(self._theme, gap=8)
        column.addWidget(self.region)
        column.addWidget(self.address)
        holder.setLayout(column)
        holder.setFocusProxy(self.region)
        self.region.setAccessibleName(self.tr("Region"))
        return holder

    def _permission_fields(self) -> QWidget:
        theme = self._theme
        holder = QWidget()
        column = Column(theme, gap=2)
        self.read = QRadioButton(self.tr("Read"))
        self.act = QRadioButton(self.tr("Read and act"))
        self._permission = QButtonGroup(self)
        for button, text in (
            (self.read, self.tr("Lists users, roles and licences. Nothing at the vendor can be changed with it.")),
            (
                self.act,
                self.tr("Workflows may also change and delete users at the vendor, after you approved the plan."),
            ),
        ):
            self._permission.addButton(button)
            button.setAccessibleDescription(text)
            column.addWidget(button)
            indented = Column(theme, gap=0, margins=(27, 0, 0, 4))
            indented.addWidget(Paragraph(theme, text, role="secondary", tone="muted"))
            column.addLayout(indented)
        self.read.setChecked(True)
        holder.setLayout(column)
        holder.setFocusProxy(self.read)
        return holder

    def _connect(self) -> None:
        self.source.currentIndexChanged.connect(self._on_source_changed)
        self.region.currentIndexChanged.connect(self._on_region_changed)
        self.key.editingFinished.connect(self._on_key_edited)
        self.key.textChanged.connect(self.key_error_clear)

    def key_error_clear(self) -> None:
        """Typing is an answer to what was said about the key."""
        self.key_error.clear()

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
        self.name.setText(beginning.free_credential(self.tr("{0} key").format(connector.title)))
        self._fill_regions(connector, beginning.prefilled)
        self._make_inputs(connector, beginning.prefilled)
        self.key.forget()
        self.expires.clear()
        self.read.setChecked(True)
        for error in self._errors():
            error.clear()
        self.clear_problem()

    def _fill_regions(self, connector: Connector, prefilled: Mapping[str, str]) -> None:
        with QSignalBlocker(self.region):
            self.region.clear()
            for region in connector.regions:
                self.region.addItem(f"{region.name} — {Origin.of(region.base_url).host}", region.base_url)
            self.region.addItem(self.tr("Another address…"), "")
        wanted = prefilled.get("base_url", "").rstrip("/")
        place = self.region.findData(wanted) if wanted else 0
        self.region.setCurrentIndex(place if place >= 0 else self.region.count() - 1)
        self.address.setText(wanted if place < 0 else "")
        self._on_region_changed()

    def _make_inputs(self, connector: Connector, prefilled: Mapping[str, str]) -> None:
        """Above the key what the listing needs; below it what only a key of another kind is for, and that key."""
        self._inputs, self._further = [], []
        # The address is the region above; another key would be a credential of its own.
        asked = [declared for declared in connector.inputs if declared.key != "base_url" and not declared.secret]
        for_kinds = {name for kind in connector.kinds for name in kind.needs}
        own = self._new_grid(self._own_inputs)
        for declared in asked:
            if declared.required or declared.key not in for_kinds:
                self._add_input(own, connector, declared, prefilled)
        further = self._new_grid(self._further_inputs)
        for declared in asked:
            if not declared.required and declared.key in for_kinds:
                self._add_input(further, connector, declared, prefilled)
        for kind in connector.kinds:
            key = KeyField(self._theme)
            help_text = self.tr("Leave it empty unless workflows will need it: {0}.").format(kind.help.role_needed)
            error = further.add_field(kind.title, key, help_text)
            key.textChanged.connect(error.clear)
            self._further.append(_KindField(kind, key, error))
        self._own_inputs.setVisible(bool(self._inputs_in(self._own_inputs)))
        self._further_inputs.setVisible(bool(self._further or self._inputs_in(self._further_inputs)))
        # They are made last and stand in the middle: Tab goes by what is seen.
        chain = [self.address, *(widget for _, widget in self._fields_of_the_key()), self.read]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _inputs_in(self, holder: QWidget) -> list[tuple[InlineError, QWidget]]:
        return [(field.error, field.edit) for field in self._inputs if holder.isAncestorOf(field.edit)]

    def _fields_of_the_key(self) -> list[tuple[InlineError, QWidget]]:
        return [
            *self._inputs_in(self._own_inputs),
            (self.key_error, self.key),
            *self._inputs_in(self._further_inputs),
            *((field.error, field.edit) for field in self._further),
        ]

    def _new_grid(self, holder: QWidget) -> FormGrid:
        layout = holder.layout()
        if layout is None:
            raise AssertionError("the inputs have a layout from the start")
        clear_layout(layout)
        fields = QWidget()
        grid = FormGrid(self._theme, gap=12)
        grid.setContentsMargins(0, 0, 0, 0)
        fields.setLayout(grid)
        layout.addWidget(fields)
        return grid

    def _add_input(self, grid: FormGrid, connector: Connector, declared: Input, prefilled: Mapping[str, str]) -> None:
        edit = QLineEdit(prefilled.get(declared.key, ""))
        # Whose it is stands in the head of the dialog: without it the labels keep to their column.
        error = grid.add_field(declared.label.removeprefix(f"{connector.title} "), edit, declared.help)
        edit.textChanged.connect(error.clear)
        self._inputs.append(_InputField(declared, edit, error))

    # Checking

    def _fields(self) -> list[tuple[InlineError, QWidget]]:
        return [
            (self.name_error, self.name),
            (self.region_error, self.address if self.address.isVisibleTo(self) else self.region),
            *self._fields_of_the_key(),
            (self.expires_error, self.expires),
        ]

    def _errors(self) -> list[InlineError]:
        return [error for error, _ in self._fields()]

    def _check_name(self) -> None:
        name = self.name.text().strip()
        connecting = self._connecting
        if not name or not name.isprintable():
            self.name_error.show_error(self.tr("Give the credential a name, such as “PagerDuty key”."))
        elif connecting is not None and not connecting.made_credential:
            taken = {known.casefold() for known in connecting.beginning.credentials}
            if name.casefold() in taken:
                self.name_error.show_error(self.tr("There is a credential of this name. Choose another name."))

    def _check_address(self) -> None:
        if self.region.currentData():
            return
        try:
            Origin.of(self.address.text().strip())
        except UserError as error:
            self.region_error.show_error(str(error))

    def _check_key(self) -> None:
        connecting = self._connecting
        if connecting is None:
            return
        if not self.key.text():
            if not connecting.made_credential:
                self.key_error.show_error(
                    self.tr("Paste the key that you made at {0}.").format(connecting.connector.title)
                )
            return
        try:
            clean_key(self.key.text(), connecting.connector.sign_in)
        except UserError as error:
            self.key_error.show_error(str(error))

    def _check_inputs(self) -> None:
        further = self.entered_further
        needed = {name for field in self._further if field.kind.key in further for name in field.kind.needs}
        for field in self._inputs:
            declared, text = field.declared, field.edit.text().strip()
            if not text and (declared.required or declared.key in needed):
                field.error.show_error(self.tr("{0} is needed.").format(declared.label))
            try:
                # What counts of it is shown at once: an address that was pasted whole becomes its id.
                field.edit.setText(declared.clean(text))
            except UserError as error:
                field.error.show_error(str(error))

    def _check_further(self) -> None:
        for field in self._further:
            if field.edit.text() and self._connecting is not None:
                try:
                    clean_key(field.edit.text(), self._connecting.connector.sign_in)
                except UserError as error:
                    field.error.show_error(str(error))

    def _check_expiry(self) -> None:
        text = self.expires.text().strip()
        if not text:
            return
        day = _date(text)
        if day is None:
            self.expires_error.show_error(self.tr("Write the date as year-month-day, such as 2027-03-31."))
        elif day < date.today():  # noqa: DTZ011 - the admin's own calendar
            self.expires_error.show_error(self.tr("This day has passed. Make a new key, or correct the date."))

    def _address(self) -> str:
        chosen: str = self.region.currentData()
        return chosen or self.address.text().strip()

    # Answers to signals

    def _on_source_changed(self) -> None:
        self._new_key.setVisible(not self.uses_known_key)
        if self.uses_known_key:
            where = self.tr("The key is here already; it is only checked.")
        elif self._is_demo:
            where = self.tr("Check key keeps it for this start and tries it. Cancel takes it out again.")
        else:
            where = self.tr("Check key saves it in the keyring and tries it. Cancel takes it out again.")
        self.where.set_runs(where)
        self.changed.emit()

    def _on_region_changed(self) -> None:
        self.address.setVisible(not self.region.currentData())
        self.region_error.clear()

    def _on_key_edited(self) -> None:
        self.key_error.clear()
        if self.key.text():
            self._check_key()


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None

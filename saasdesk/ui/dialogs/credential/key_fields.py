"""The fields of a key: its name, where it may go, what else the vendor asks for, the key itself, until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from saasdesk.connectors import ADMIN, Connector, KeyKind, fill, placeholders
from saasdesk.credentials.entry import clean_key
from saasdesk.errors import UserError
from saasdesk.store.variables import HIDDEN_VALUE
from saasdesk.ui.dialogs.connect_vendor.key_field import KeyField
from saasdesk.ui.dialogs.credential.attempt import is_about_the_address, is_about_the_key, refusal_of_the_key
from saasdesk.ui.dialogs.credential.input_fields import InputField, InputFields, asked_inputs
from saasdesk.ui.dialogs.credential.permission_field import PermissionField
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.date_field import DateField
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column
from saasdesk.web import Origin

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class KeyForm:
    """What the admin entered about the key; the key itself is never part of it."""

    name: str
    base_url: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    permission: str = "read"
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class _KindField:
    kind: KeyKind
    edit: KeyField
    error: InlineError


class KeyFields(QWidget):
    """What is wrong is said under its field. With `asks_all` also the permission and keys of other kinds are asked."""

    def __init__(self, theme: Theme, *, asks_all: bool = True) -> None:
        super().__init__()
        self._theme, self._asks_all = theme, asks_all
        self._connector: Connector | None = None
        self._taken: frozenset[str] = frozenset()
        self._further: list[_KindField] = []
        self._build()

    @property
    def form(self) -> KeyForm:
        """What was entered, besides the key."""
        return KeyForm(
            name=self.name.text().strip(),
            base_url=self._address(),
            inputs={**self._own_inputs.values, **self._further_inputs.values},
            permission=self.permission.permission,
            expires=self.expires.day,
        )

    @property
    def entered_key(self) -> str | None:
        """The key as it was pasted; None to keep the one that is saved."""
        return self.key.text() or None

    @property
    def entered_further(self) -> dict[str, str]:
        """The keys of other kinds that were pasted beside it."""
        return {field.kind.key: text for field in self._further if (text := field.edit.text())}

    def begin(
        self, connector: Connector, name: str, prefilled: Mapping[str, str], taken: frozenset[str], kind: str = ADMIN
    ) -> None:
        """Ask for a key of this vendor; what was entered for another one is gone."""
        self._connector, self._taken = connector.of_kind(kind), frozenset(known.casefold() for known in taken)
        self.name.setText(name)
        self._fill_regions(connector, prefilled)
        self._make_inputs(self._connector, prefilled, kind)
        self.key.forget()
        self.expires.clear()
        self.permission.set_permission("read")
        self.permission.show_help(self._connector.help)
        self.clear_errors()

    def set_saved(self, *, is_saved: bool, with_further: bool = False) -> None:
        """Say that the keys are saved, so that an empty field means: keep it."""
        self.name.setEnabled(not is_saved)
        self.key.set_saved(is_saved=is_saved)
        for each in self._further:
            each.edit.set_saved(is_saved=with_further)

    def forget(self) -> None:
        """The keys are in the keyring: they are here no more."""
        self.key.forget()
        for each in self._further:
            each.edit.forget()

    @property
    def problems(self) -> list[str]:
        """What is said under the fields now."""
        return [error.message for error, _ in self._fields() if error.message]

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        for error, _ in self._fields():
            error.clear()

    def check(self, *, is_saved: bool = False) -> bool:
        """Every field, in the order in which they stand; the first wrong one gets the keyboard."""
        self.clear_errors()
        self._check_name(is_saved=is_saved)
        self._check_address()
        further = self.entered_further
        needed = {name for each in self._further if each.kind.key in further for name in each.kind.needs}
        self._own_inputs.check(needed)
        self._further_inputs.check(needed)
        self._check_key(is_saved=is_saved)
        self._check_further()
        self.expires_error.show_error(self.expires.problem())
        wrong = [widget for error, widget in self._fields() if error.message]
        if wrong:
            wrong[0].setFocus()
        return not wrong

    def first_field(self) -> QWidget:
        """What is needed and empty, else the key: everything else has a good default."""
        for each in self._own_inputs.fields:
            if each.declared.required and not each.edit.text():
                return each.edit
        return self.address if self.address.isVisibleTo(self) and not self.address.text() else self.key

    def show_failure(self, error: UserError) -> bool:
        """Say what went wrong where it can be put right; False where that is no field."""
        named = self._input_named_by(error)
        if named is not None:
            named.error.show_error(str(error))
            named.edit.setFocus()
        elif is_about_the_key(error):
            self.key_error.show_error(refusal_of_the_key(error, self.key.text()))
            self.key.setFocus()
        elif is_about_the_address(error):
            self.region_error.show_error(str(error))
            self.region.setFocus()
        else:
            return False
        return True

    def _input_named_by(self, error: UserError) -> InputField | None:
        """The input that a key does not fit to: it opens something, but not what was asked for."""
        not_yours = self._connector.key_test.not_yours if self._connector is not None else ""
        if not not_yours or fill(not_yours, self._own_inputs.values, quoted=False) not in str(error):
            return None
        named = placeholders(not_yours)
        return next((each for each in self._own_inputs.fields if each.declared.key in named), None)

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.name = QLineEdit()
        self.name.setMaxLength(_LONGEST_NAME)
        self.region = QComboBox()
        self.address = QLineEdit()
        self.address.setPlaceholderText("https://")
        self.address.setAccessibleName(self.tr("Address"))
        self.key = KeyField(theme)
        self.permission = PermissionField(theme)
        self.read, self.act = self.permission.read, self.permission.act
        self.expires = DateField()
        grid = FormGrid(theme, gap=12)
        grid.setContentsMargins(0, 0, 0, 0)
        self.name_error = grid.add_field(self.tr("Name"), self.name)
        self.region_error = grid.add_field(self.tr("Region"), self._region_fields())
        # What only this vendor asks for.
        self._own_inputs = InputFields(theme)
        grid.add_whole_row(self._own_inputs)
        self.key_error = grid.add_field(self.tr("Key"), self.key)
        self._further_inputs = InputFields(theme)
        grid.add_whole_row(self._further_inputs)
        if self._asks_all:
            grid.add_field(self.tr("Permission"), self.permission)
        self.expires_error = grid.add_field(
            self.tr("Expires on"), self.expires, self.tr("You are reminded 14, 7 and 1 days before.")
        )
        self.setLayout(grid)
        self.region.currentIndexChanged.connect(self._on_region_changed)
        self.key.editingFinished.connect(self._on_key_edited)
        # Typing is an answer to what was said about the key.
        self.key.textChanged.connect(self.key_error.clear)

    def _region_fields(self) -> QWidget:
        holder = QWidget()
        column = Column(self._theme, gap=8)
        column.addWidget(self.region)
        column.addWidget(self.address)
        holder.setLayout(column)
        holder.setFocusProxy(self.region)
        self.region.setAccessibleName(self.tr("Region"))
        return holder

    def _fill_regions(self, connector: Connector, prefilled: Mapping[str, str]) -> None:
        with QSignalBlocker(self.region):
            self.region.clear()
            for region in connector.regions:
                self.region.addItem(f"{region.name} — {Origin.of(region.base_url).host}", region.base_url)
            self.region.addItem(self.tr("Another address…"), "")
        known = prefilled.get("base_url", "")
        wanted = "" if known == HIDDEN_VALUE else known.rstrip("/")
        place = self.region.findData(wanted) if wanted else 0
        self.region.setCurrentIndex(place if place >= 0 else self.region.count() - 1)
        self.address.setText(wanted if place < 0 else "")
        self._on_region_changed()

    def _make_inputs(self, connector: Connector, prefilled: Mapping[str, str], kind: str) -> None:
        """Above the key what the listing needs; below it what only a key of another kind is for, and that key."""
        asked = asked_inputs(connector)
        for_kinds = {name for each in connector.kinds for name in each.needs}
        if kind == ADMIN:
            own = [declared for declared in asked if declared.required or declared.key not in for_kinds]
        else:
            own = [declared for declared in asked if declared.required]
        rest = [declared for declared in asked if declared not in own]
        kinds = connector.kinds if self._asks_all else ()
        self._own_inputs.show_inputs(connector, own, prefilled)
        further = self._further_inputs.show_inputs(connector, rest if kinds else (), prefilled)
        self._further = []
        for each in kinds:
            key = KeyField(self._theme)
            help_text = self.tr("Leave it empty unless workflows will need it: {0}.").format(each.help.role_needed)
            error = further.add_field(each.title, key, help_text)
            key.textChanged.connect(error.clear)
            self._further.append(_KindField(each, key, error))
        self._own_inputs.setVisible(bool(self._own_inputs.fields))
        self._further_inputs.setVisible(bool(self._further))
        # They are made last and stand in the middle: Tab goes by what is seen.
        end = self.read if self._asks_all else self.expires
        chain = [self.address, *(widget for _, widget in self._fields_of_the_key()), end]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _fields_of_the_key(self) -> list[tuple[InlineError, QWidget]]:
        return [
            *self._own_inputs.places,
            (self.key_error, self.key),
            *self._further_inputs.places,
            *((each.error, each.edit) for each in self._further),
        ]

    # Checking

    def _fields(self) -> list[tuple[InlineError, QWidget]]:
        return [
            (self.name_error, self.name),
            (self.region_error, self.address if self.address.isVisibleTo(self) else self.region),
            *self._fields_of_the_key(),
            (self.expires_error, self.expires),
        ]

    def _check_name(self, *, is_saved: bool) -> None:
        name = self.name.text().strip()
        if not name or not name.isprintable():
            self.name_error.show_error(self.tr("Give the credential a name, such as “PagerDuty key”."))
        elif not is_saved and name.casefold() in self._taken:
            self.name_error.show_error(self.tr("There is a credential of this name. Choose another name."))

    def _check_address(self) -> None:
        if self.region.currentData():
            return
        try:
            Origin.of(self.address.text().strip())
        except UserError as error:
            self.region_error.show_error(str(error))

    def _check_key(self, *, is_saved: bool) -> None:
        if self._connector is None:
            return
        if self.key.text():
            self.key_error.show_error(self._problem_of(self.key))
        elif not is_saved:
            self.key_error.show_error(self.tr("Paste the key that you made at {0}.").format(self._connector.title))

    def _check_further(self) -> None:
        for each in self._further:
            if each.edit.text():
                each.error.show_error(self._problem_of(each.edit))

    def _problem_of(self, edit: KeyField) -> str:
        if self._connector is None:
            return ""
        try:
            clean_key(edit.text(), self._connector.sign_in)
        except UserError as error:
            return str(error)
        return ""

    def _address(self) -> str:
        chosen: str = self.region.currentData()
        return chosen or self.address.text().strip()

    def _on_region_changed(self) -> None:
        self.address.setVisible(not self.region.currentData())
        self.region_error.clear()

    def _on_key_edited(self) -> None:
        self.key_error.clear()
        if self.key.text():
            self.key_error.show_error(self._problem_of(self.key))

"""Credentials, under Security: a table of all keys, and each one's own sheet behind it."""

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.errors import UserError
from saasdesk.services import Services
from saasdesk.sync.credentials import UsedCredential, list_used
from saasdesk.ui.credential_words import expiry_of, permission_of, standing_of, type_of, vendor_of
from saasdesk.ui.dialogs.credential.actions import CredentialActions
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.configuration.credential_sheet import CredentialSheet
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.flow import Flow
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.workflows.credentials import workflows_with

_NO_LIMIT = 16_777_215


class CredentialsView(QWidget):
    """Enter opens a credential; the buttons below the table work on the line where the keyboard is."""

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders) -> None:
        super().__init__()
        self._services, self._frame, self._theme = services, frame, theme
        self._reading = Reading(readers, self)
        self._known: list[UsedCredential] = []
        self._opened = self._wanted = ""
        self.doing = CredentialActions(services, frame, theme, readers, self)
        self.doing.changed.connect(self._on_changed)
        self.doing.testing.connect(self._show_buttons)
        self.sheet = CredentialSheet(theme, frame, self.doing)
        self.sheet.left.connect(lambda: frame.navigate("configuration", "credentials"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._build_list())
        self._stack.addWidget(self.sheet)
        column = Column(theme, gap=0)
        column.addWidget(self._stack)
        self.setLayout(column)
        self._show_buttons()

    @property
    def opened(self) -> str:
        """The name of the credential whose sheet is shown; empty for the table."""
        return self._opened

    def open_one(self, name: str) -> None:
        """Show a credential's sheet; empty for the table."""
        self._opened = name
        self._show_what_is_open()

    def ask_for_new(self) -> None:
        """Open the form of a new credential."""
        self.doing.ask_for_new()

    def refresh(self) -> None:
        """Read the credentials again."""
        store, vault = self._services.store, self._services.vault

        def work(_stop: threading.Event) -> tuple[list[UsedCredential], str]:
            try:
                place = vault.backend_name()
            except UserError as error:
                place = str(error)
            used = [
                replace(each, workflows=tuple(found.name for found in workflows_with(store, each.credential.name)))
                for each in list_used(store, vault)
            ]
            return used, place

        self._reading.ask("credentials", work, self._show, self._complain)

    def _build_list(self) -> QWidget:
        theme = self._theme
        head = Row(theme, gap=8)
        self.new = PrimaryButton(theme, self.tr("Add new credential"), "plus")
        self.new.clicked.connect(self.ask_for_new)
        self._note = PlainLabel("", "secondary", "muted", elided=True)
        head.addWidget(PlainLabel(self.tr("Credentials"), "section"))
        head.addSpacing(theme.px(8))
        head.addWidget(self._note, 1)
        head.addWidget(self.new)
        self.table = LineTable(
            theme,
            self.tr("Credentials"),
            (
                Heading(self.tr("Name"), share=5),
                Heading(self.tr("Vendor"), 96, from_width=1000),
                Heading(self.tr("Type"), 124, from_width=1000),
                Heading(self.tr("Permission"), 124, from_width=640),
                Heading(self.tr("Expires"), 108, from_width=520),
                Heading(self.tr("Last used"), 124, from_width=1000),
                Heading(self.tr("Used by"), share=3, from_width=720),
                Heading(self.tr("State"), 164),
            ),
            keeps_mark=True,
        )
        self.table.opened.connect(self._open_key)
        self.table.current.connect(lambda _key: self._show_buttons())
        self.open_button = OutlinedButton(theme, self.tr("Open"), "open")
        self.test = OutlinedButton(theme, self.tr("Test now"), "flask")
        self.replace = OutlinedButton(theme, self.tr("Replace key…"), "key")
        self.edit = OutlinedButton(theme, self.tr("Edit…"), "edit")
        self.delete = OutlinedButton(theme, self.tr("Delete…"), "trash")
        self._foot = Flow(theme)
        works: tuple[tuple[OutlinedButton, Callable[[UsedCredential], object]], ...] = (
            (self.open_button, lambda used: self._open_key(used.credential.name)),
            (self.test, lambda used: self.doing.test(used.credential)),
            (self.replace, lambda used: self.doing.ask_to_replace(used.credential)),
            (self.edit, lambda used: self.doing.ask_to_edit(used.credential)),
            (self.delete, self.doing.ask_to_delete),
        )
        for place, (button, act) in enumerate(works):
            button.clicked.connect(partial(self._with_current, act))
            self._foot.insert(place, button)
        column = Column(theme, gap=12)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self._build_nothing(), 1)
        column.addWidget(self._foot)
        content = QWidget()
        content.setLayout(column)
        return content

    def _build_nothing(self) -> EmptyState:
        add = PrimaryButton(self._theme, self.tr("Add new credential"), "plus")
        add.clicked.connect(self.ask_for_new)
        self.nothing = EmptyState(
            self._theme,
            Emptiness.NOTHING_YET,
            self.tr("No credentials yet"),
            self.tr("A credential is a key that opens a vendor to integrations. It lies in this computer's keyring."),
            (add,),
            icon="key",
        )
        self.nothing.hide()
        return self.nothing

    def _show(self, read: tuple[list[UsedCredential], str]) -> None:
        self._known, place = read
        current = self._wanted or self.table.current_key
        self._wanted = ""
        self.table.show_lines([_line(used) for used in self._known])
        names = [used.credential.name for used in self._known]
        if names:
            row = names.index(current) if current in names else 0
            self.table.setCurrentIndex(self.table.model_of_lines.index(row, 0))
        self._note.set_text(self.tr("Keys are kept in: {0}").format(place))
        self._show_whether_empty(is_empty=not names)
        self._show_what_is_open()
        self._show_buttons()

    def _show_whether_empty(self, *, is_empty: bool) -> None:
        """The headings stay, so that it can be seen what will be here."""
        header = self.table.horizontalHeader().sizeHint().height()
        self.table.setMaximumHeight(header + 2 if is_empty else _NO_LIMIT)
        self.nothing.setVisible(is_empty)
        self._foot.setVisible(not is_empty)
        self.new.setVisible(not is_empty)

    def _show_what_is_open(self) -> None:
        used = self._find(self._opened)
        if used is not None:
            self.sheet.show_credential(used)
        elif self._opened and self._known:
            # It was deleted, or is called something else now.
            self._opened = ""
        self._stack.setCurrentIndex(1 if used is not None else 0)
        self._frame.update_trail()

    def _find(self, name: object) -> UsedCredential | None:
        return next((used for used in self._known if used.credential.name == name), None)

    def _with_current(self, act: Callable[[UsedCredential], object], _checked: object = None) -> None:
        used = self._find(self.table.current_key)
        if used is not None:
            act(used)

    def _open_key(self, name: object) -> None:
        self._frame.navigate("configuration", f"credentials:{name}")

    def _on_changed(self, name: str) -> None:
        self._wanted = name
        if self._opened:
            self._opened = name
        self.refresh()

    def _show_buttons(self) -> None:
        is_chosen = self._find(self.table.current_key) is not None
        for button in (self.open_button, self.replace, self.edit, self.delete):
            button.setEnabled(is_chosen)
        self.test.setEnabled(is_chosen and not self.doing.is_testing)
        self.test.setText(self.tr("Testing…") if self.doing.is_testing else self.tr("Test now"))
        self.sheet.show_testing(is_testing=self.doing.is_testing)

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error", seconds=12)


def _line(used: UsedCredential) -> Line:
    credential = used.credential
    users = ", ".join((*(each.name for each in used.used_by), *used.workflows))
    return Line(
        (
            Cell(credential.name, role="strong"),
            Cell(vendor_of(credential)),
            Cell(type_of(credential), "muted"),
            Cell(permission_of(credential)),
            Cell(expiry_of(credential)) if credential.expires else Cell("—", "muted"),
            Cell(moment_in_words(credential.last_used_at), "muted") if credential.last_used_at else Cell("—", "muted"),
            Cell(users) if users else Cell("—", "muted"),
            Cell(status=standing_of(credential)),
        ),
        credential.name,
    )

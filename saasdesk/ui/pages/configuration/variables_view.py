"""Global Settings: names and values that integrations and templates use everywhere."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import forget_variable, set_secret_variable
from saasdesk.errors import UserError
from saasdesk.services import Services
from saasdesk.store.variables import Variable, find_variable, list_variables, set_variable
from saasdesk.sync import integrations
from saasdesk.ui.dialogs.connect_vendor.key_field import KeyField
from saasdesk.ui.navigation import Frame
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.question import Question
from saasdesk.workflows.usage import users_of_variable


@dataclass(frozen=True, slots=True)
class UsedVariable:
    """A variable, and the integrations and workflows that read it."""

    variable: Variable
    used_by: tuple[str, ...]


def read_variables(services: Services, _stop: threading.Event) -> list[UsedVariable]:
    """All variables with who uses them."""
    store = services.store
    return [UsedVariable(variable, tuple(users_of_variable(store, variable.key))) for variable in list_variables(store)]


class VariableDialog(FormDialog):
    """A name and a value; names that vendors' forms are filled from are offered."""

    def __init__(self, theme: Theme, variable: Variable | None, parent: QWidget | None = None) -> None:
        title = _tr("Add new variable") if variable is None else _tr("Change {0}").format(variable.key)
        keep = _tr("CREATE") if variable is None else _tr("UPDATE")
        super().__init__(theme, title, keep, parent=parent)
        self._variable = variable
        self.key = QComboBox()
        self.key.setEditable(True)
        for connector in CONNECTORS.values():
            self.key.addItems([declared.variable for declared in connector.inputs if declared.variable])
        self.key.setEditText(variable.key if variable is not None else "")
        self.secret = QCheckBox(self.tr("Keep the value in the keyring; it is never shown again"))
        self.secret.setChecked(self._was_secret)
        self.value = QLineEdit(variable.value if variable is not None else "")
        self.hidden_value = KeyField(theme)
        self.hidden_value.set_saved(is_saved=self._was_secret)
        self.hidden_value.setAccessibleName(self.tr("Secret value"))
        values = QWidget()
        column = Column(theme, gap=0)
        column.addWidget(self.value)
        column.addWidget(self.hidden_value)
        values.setLayout(column)
        self.value.setAccessibleName(self.tr("Value"))
        grid = FormGrid(theme, label_width=96, gap=10)
        self.key_error = grid.add_field(self.tr("Name"), self.key)
        grid.add_field(self.tr("Secret"), self.secret)
        self.value_error = grid.add_field(self.tr("Value"), values)
        self.body.addLayout(grid)
        self._note = Paragraph(theme, role="secondary", tone="muted")
        self.body.addWidget(self._note)
        self.body.addStretch(1)
        self.secret.toggled.connect(self._show_what_applies)
        self.key.editTextChanged.connect(self.key_error.clear)
        self.value.textChanged.connect(self.value_error.clear)
        self.hidden_value.textChanged.connect(self.value_error.clear)
        self._show_what_applies()
        self.fit(300)
        first = self.key if variable is None else self.hidden_value if self._was_secret else self.value
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def name(self) -> str:
        """The name that was entered."""
        return self.key.currentText().strip()

    def check(self) -> bool:
        """Whether everything can be kept."""
        self.clear_problem()
        self.key_error.show_error("" if self.name else self.tr("Give the variable a name."))
        wrong = ""
        if self.secret.isChecked() and not self.hidden_value.text() and not self._was_secret:
            wrong = self.tr("Enter the value that is to be kept in the keyring.")
        elif not self.secret.isChecked() and self._was_secret and not self.value.text():
            wrong = self.tr("Enter the value anew: the one in the keyring is not shown, it is deleted.")
        self.value_error.show_error(wrong)
        return not (self.key_error.message or wrong)

    def keeper(self, services: Services) -> Callable[[], object]:
        """What keeps everything as it is entered now, in whatever thread."""
        store, vault, before, name = services.store, services.vault, self._variable, self.name
        is_secret, value = self.secret.isChecked(), self.value.text()
        hidden, was_secret = self.hidden_value.text(), self._was_secret

        def keep() -> None:
            if before is None and find_variable(store, name) is not None:
                raise UserError(f"There is a variable “{name}” already.")
            if before is not None and name.casefold() != before.key.casefold():
                integrations.rename_variable(store, before.key, name)
            if is_secret:
                if hidden:
                    set_secret_variable(store, vault, name, hidden)
                return
            if was_secret:
                forget_variable(store, vault, name)
            set_variable(store, name, value)

        return keep

    @property
    def _was_secret(self) -> bool:
        return self._variable is not None and self._variable.is_secret

    def _show_what_applies(self) -> None:
        is_secret = self.secret.isChecked()
        self.value.setVisible(not is_secret)
        self.hidden_value.setVisible(is_secret)
        self.value_error.clear()
        text = self.tr("The value is kept in the database, and everybody who opens it can read it.")
        if is_secret:
            text = self.tr(
                "The value fills vendors' forms when a run begins. It stands in no list, file, export or log, and no "
                "mapping may name it."
            )
        self._note.set_runs(text)


class VariablesView(QWidget):
    """A table of the variables; Enter changes one."""

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders) -> None:
        super().__init__()
        self._services, self._frame, self._theme = services, frame, theme
        self._reading = Reading(readers, self)
        self._variables: list[UsedVariable] = []
        self.new = PrimaryButton(theme, self.tr("Add new variable"), "plus")
        self.new.clicked.connect(self.ask_for_new)
        head = Row(theme, gap=8)
        head.addWidget(PlainLabel(self.tr("Global Settings"), "section"))
        head.addStretch(1)
        head.addWidget(self.new)
        self.table = LineTable(
            theme,
            self.tr("Global variables"),
            (
                Heading(self.tr("Name"), share=4),
                Heading(self.tr("Value"), share=4),
                Heading(self.tr("Used by"), share=4),
            ),
            compact=True,
            keeps_mark=True,
        )
        self.table.opened.connect(self.ask_to_change)
        self.table.current.connect(lambda _key: self._show_buttons())
        self.change = OutlinedButton(theme, self.tr("Change…"), "edit")
        self.change.clicked.connect(lambda: self.ask_to_change(self.table.current_key))
        self.delete = OutlinedButton(theme, self.tr("Delete…"), "trash")
        self.delete.clicked.connect(self._ask_to_delete)
        self._note = PlainLabel("", "secondary", "muted", elided=True)
        foot = Row(theme, gap=8)
        foot.addWidget(self.change)
        foot.addWidget(self.delete)
        foot.addStretch(1)
        foot.addWidget(self._note)
        column = Column(theme, gap=12)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self.setLayout(column)
        self._show_buttons()

    def refresh(self) -> None:
        """Read the variables again."""
        self._reading.ask("variables", partial(read_variables, self._services), self._show, self._complain)

    def ask_for_new(self) -> None:
        """Open the form of a new variable."""
        self._open(VariableDialog(self._theme, None, self))

    def ask_to_change(self, key: object) -> None:
        """Open the form of a variable."""
        used = self._find(key)
        if used is None:
            return
        self._open(VariableDialog(self._theme, used.variable, self))

    def _show(self, variables: list[UsedVariable]) -> None:
        self._variables = variables
        lines = [
            Line(
                (
                    Cell(used.variable.key, role="strong"),
                    Cell(used.variable.shown, icon="lock" if used.variable.is_secret else ""),
                    Cell(", ".join(used.used_by)) if used.used_by else Cell(self.tr("Nobody"), "muted"),
                ),
                used.variable.key,
            )
            for used in variables
        ]
        self.table.show_lines(lines)
        if lines:
            self.table.setCurrentIndex(self.table.model_of_lines.index(0, 0))
        self._note.set_text("" if lines else self.tr("None yet: a variable fills a vendor's form, or a template."))
        self._show_buttons()

    def _find(self, key: object) -> UsedVariable | None:
        return next((used for used in self._variables if used.variable.key == key), None)

    def _show_buttons(self) -> None:
        is_chosen = self._find(self.table.current_key) is not None
        self.change.setEnabled(is_chosen)
        self.delete.setEnabled(is_chosen)

    def _ask_to_delete(self) -> None:
        used = self._find(self.table.current_key)
        if used is None:
            return
        key = used.variable.key
        keep = OutlinedButton(self._theme, self.tr("Keep it"))
        delete = DangerButton(self._theme, self.tr("Delete the variable"))
        delete.clicked.connect(partial(self._delete, key))
        text = self.tr("Nobody uses it.")
        if used.used_by:
            text = self.tr("Used by {0}: their next runs will say that it is missing.").format(", ".join(used.used_by))
        question = Question(self._theme, self.tr("Delete {0}?").format(key), text, [keep, delete], parent=self)
        question.finished.connect(question.deleteLater)
        question.open()

    def _delete(self, key: str) -> None:
        store, vault = self._services.store, self._services.vault
        self._reading.ask("delete", lambda _stop: forget_variable(store, vault, key), self._done, self._complain)

    def _write(self, dialog: VariableDialog) -> None:
        def kept(_none: object) -> None:
            dialog.hidden_value.forget()
            dialog.accept()
            self.refresh()

        if dialog.check():
            keep = dialog.keeper(self._services)
            dialog.set_busy(self.tr("Saving…"))
            self._reading.ask("write", lambda _stop: keep(), kept, dialog.show_problem)

    def _done(self, _none: object) -> None:
        self.refresh()

    def _open(self, dialog: VariableDialog) -> None:
        dialog.keep.clicked.connect(partial(self._write, dialog))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error", seconds=12)


def _tr(text: str) -> str:
    return QCoreApplication.translate("VariableDialog", text)

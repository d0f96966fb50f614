"""Global Settings: names and values that integrations and templates use everywhere."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QWidget

from saasdesk.connectors import CONNECTORS
from saasdesk.services import Services
from saasdesk.store.variables import Variable, delete_variable, list_variables, set_variable
from saasdesk.sync import integrations
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.integrations.reading import Reading
from saasdesk.ui.pages.plan.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line as Hairline
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.question import Question

_WIDTH = 520


@dataclass(frozen=True, slots=True)
class UsedVariable:
    """A variable, and the integrations that read it."""

    variable: Variable
    used_by: tuple[str, ...]


def read_variables(services: Services, _stop: threading.Event) -> list[UsedVariable]:
    """All variables with who uses them."""
    store = services.store
    return [
        UsedVariable(variable, tuple(integrations.users_of_variable(store, variable.key)))
        for variable in list_variables(store)
    ]


class VariableDialog(QDialog):
    """A name and a value; names that vendors' forms are filled from are offered."""

    wanted = Signal()

    def __init__(self, theme: Theme, variable: Variable | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = self.tr("Add new variable") if variable is None else self.tr("Change {0}").format(variable.key)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(_WIDTH))
        self._banner = Banner(theme, "error")
        self._banner.hide()
        self.key = QComboBox()
        self.key.setEditable(True)
        for connector in CONNECTORS.values():
            self.key.addItems([declared.variable for declared in connector.inputs if declared.variable])
        self.key.setEditText(variable.key if variable is not None else "")
        self.value = QLineEdit(variable.value if variable is not None else "")
        grid = FormGrid(theme, label_width=96, gap=10)
        grid.add_field(self.tr("Name"), self.key)
        grid.add_field(self.tr("Value"), self.value)
        note = self.tr("Values are kept in the database, not in the keyring: no keys and passwords here.")
        upper = Column(theme, gap=10, margins=(24, 20, 24, 16))
        upper.addWidget(PlainLabel(title, "section", elided=True))
        upper.addWidget(self._banner)
        upper.addLayout(grid)
        upper.addWidget(Paragraph(theme, note, role="secondary", tone="muted"))
        upper.addStretch(1)
        cancel = OutlinedButton(theme, self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.save = PrimaryButton(theme, self.tr("CREATE") if variable is None else self.tr("UPDATE"))
        self.save.clicked.connect(self.wanted)
        foot = Row(theme, gap=8, margins=(24, 14))
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.save)
        whole = Column(theme, gap=0)
        whole.addLayout(upper, 1)
        whole.addWidget(Hairline(theme))
        whole.addLayout(foot)
        self.setLayout(whole)
        (self.key if variable is None else self.value).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong; the form stays as it is."""
        self._banner.say("error", "", sentence)
        self._banner.show()


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
        store = self._services.store
        dialog = VariableDialog(self._theme, None, self)
        dialog.wanted.connect(
            lambda: self._write(lambda: set_variable(store, dialog.key.currentText(), dialog.value.text()), dialog)
        )
        self._open(dialog)

    def ask_to_change(self, key: object) -> None:
        """Open the form of a variable."""
        used = self._find(key)
        if used is None:
            return
        store, variable = self._services.store, used.variable
        dialog = VariableDialog(self._theme, variable, self)

        def keep() -> None:
            name = dialog.key.currentText().strip()
            if name.casefold() != variable.key.casefold():
                integrations.rename_variable(store, variable.key, name)
            set_variable(store, name, dialog.value.text())

        dialog.wanted.connect(lambda: self._write(keep, dialog))
        self._open(dialog)

    def _show(self, variables: list[UsedVariable]) -> None:
        self._variables = variables
        lines = [
            Line(
                (
                    Cell(used.variable.key, role="strong"),
                    Cell(used.variable.value),
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
        store, key = self._services.store, used.variable.key
        keep = OutlinedButton(self._theme, self.tr("Keep it"))
        delete = DangerButton(self._theme, self.tr("Delete the variable"))
        delete.clicked.connect(
            lambda: self._reading.ask("delete", lambda _stop: delete_variable(store, key), self._done, self._complain)
        )
        text = self.tr("Nobody uses it.")
        if used.used_by:
            text = self.tr("Used by {0}: their next runs will say that it is missing.").format(", ".join(used.used_by))
        question = Question(self._theme, self.tr("Delete {0}?").format(key), text, [keep, delete], parent=self)
        question.finished.connect(question.deleteLater)
        question.open()

    def _write(self, work: Callable[[], object], dialog: VariableDialog) -> None:
        def kept(_none: object) -> None:
            dialog.accept()
            self.refresh()

        self._reading.ask("write", lambda _stop: work(), kept, dialog.show_problem)

    def _done(self, _none: object) -> None:
        self.refresh()

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error", seconds=12)

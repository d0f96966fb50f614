"""What a vendor asks for besides the key: Organization ID, company code, Directory ID."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtWidgets import QLineEdit, QWidget

from saasdesk.connectors import Connector, Input
from saasdesk.errors import UserError
from saasdesk.store.variables import HIDDEN_VALUE
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column, clear_layout


@dataclass(frozen=True, slots=True)
class InputField:
    """One input with its place for what is wrong."""

    declared: Input
    edit: QLineEdit
    error: InlineError


def asked_inputs(connector: Connector) -> tuple[Input, ...]:
    """What a form asks: the address has a field of its own, and another key would be a credential of its own."""
    return tuple(declared for declared in connector.inputs if declared.key != "base_url" and not declared.secret)


class InputFields(QWidget):
    """A grid that is made anew for every vendor."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.fields: list[InputField] = []
        self._column = Column(theme, gap=0)
        self.setLayout(self._column)

    def show_inputs(self, connector: Connector, inputs: Sequence[Input], prefilled: Mapping[str, str]) -> FormGrid:
        """Ask for these; the grid may take more fields below them."""
        clear_layout(self._column)
        self.fields = []
        holder = QWidget()
        grid = FormGrid(self._theme, gap=12)
        grid.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(grid)
        self._column.addWidget(holder)
        for asked in inputs:
            declared, known = asked, prefilled.get(asked.key, "")
            edit = QLineEdit("" if known == HIDDEN_VALUE else known)
            if known == HIDDEN_VALUE:
                # The run fills it in; what is typed here would stand in its place.
                declared = replace(asked, required=False)
                edit.setPlaceholderText(self.tr("From the secret variable {0}").format(asked.variable))
            # Whose it is stands in the head of the dialog: without it the labels keep to their column.
            error = grid.add_field(declared.label.removeprefix(f"{connector.title} "), edit, declared.help)
            edit.textChanged.connect(error.clear)
            self.fields.append(InputField(declared, edit, error))
        return grid

    @property
    def values(self) -> dict[str, str]:
        """What was entered."""
        return {field.declared.key: text for field in self.fields if (text := field.edit.text().strip())}

    @property
    def places(self) -> list[tuple[InlineError, QWidget]]:
        """Each field with its place for what is wrong."""
        return [(field.error, field.edit) for field in self.fields]

    def check(self, needed: Collection[str] = ()) -> None:
        """Say under each field what is wrong with it; `needed` are keys that must be filled in here."""
        for field in self.fields:
            declared, text = field.declared, field.edit.text().strip()
            if not text and (declared.required or declared.key in needed):
                field.error.show_error(self.tr("{0} is needed.").format(declared.label))
            try:
                # What counts of it is shown at once: an address that was pasted whole becomes its id.
                field.edit.setText(declared.clean(text))
            except UserError as error:
                # The help stands above it already.
                field.error.show_error(str(error).removesuffix(declared.help).rstrip())

"""One field: its label, type, what its values must be, and what is kept of them."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QWidget

from saasdesk.fields import Field, FieldType, Lookup, external_id
from saasdesk.fields.configuration import Definition
from saasdesk.ui.field_type_box import FieldTypeBox, LookupBox
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.plain_label import PlainLabel

_WIDTH = 600
_HEIGHT = 700


class FieldDialog(FormDialog):
    """`wanted` comes when the form is to be kept; whoever keeps it closes the form, or says what is wrong."""

    wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        known: Sequence[Field],
        lookups: Sequence[Lookup],
        field: Field | None,
        parent: QWidget | None = None,
    ) -> None:
        title = _tr("Add new field") if field is None else _tr("Change {0}").format(field.label)
        keep = _tr("CREATE") if field is None else _tr("UPDATE")
        super().__init__(theme, title, keep, width=_WIDTH, parent=parent)
        self._known, self._lookups, self._field = known, lookups, field
        self.body.addLayout(self._build_form(theme, field))
        self.body.addStretch(1)
        self.keep.clicked.connect(self.wanted)
        self._show_what_applies()
        self.fit(_HEIGHT)
        self.label.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def chosen_type(self) -> FieldType:
        """The type."""
        return self.kind.chosen

    @property
    def custom_object(self) -> str:
        """The list of a custom object lookup; empty where it is to be made, or the type has none."""
        chosen = self.lookup.chosen if self.chosen_type is FieldType.CUSTOM_OBJECT else None
        return "" if chosen is None else chosen.custom_object

    def definition(self) -> Definition:
        """What is filled in."""
        return Definition(
            label=self.label.text(),
            unique=self.unique.isChecked(),
            mandatory=self.mandatory.isChecked(),
            options=tuple(self.options.toPlainText().splitlines()) if self.chosen_type is FieldType.SHORT_TEXT else (),
            default=None if self.unique.isChecked() else self.default.text() or None,
            help=self.help.text(),
            history=self.history.isChecked(),
            editable=self.editable.isChecked(),
        )

    def _build_form(self, theme: Theme, field: Field | None) -> FormGrid:
        grid = self._grid = FormGrid(theme, label_width=156, gap=10)
        self.label = QLineEdit(field.label if field is not None else "")
        self.label.setMaxLength(100)
        self.label_error = grid.add_field(self.tr("Label"), self.label)
        self._id = PlainLabel("", "secondary", "muted")
        grid.add_value(self.tr("External ID"), self._id)
        self.kind = FieldTypeBox(FieldType.SHORT_TEXT if field is None else field.type)
        self.kind.setEnabled(field is None)
        grid.add_field(self.tr("Type"), self.kind)
        own_list = "" if field is None or field.lookup is None else field.lookup.custom_object
        self.lookup = LookupBox(self._lookups, own_list)
        grid.add_field(self.tr("Looked up on"), self.lookup)
        self.unique = QCheckBox(self.tr("No two records share a value: needed for a sync key"))
        self.unique.setChecked(field is not None and field.unique)
        grid.add_field(self.tr("Unique"), self.unique)
        self.mandatory = QCheckBox(self.tr("A record without a value is reported and not made"))
        self.mandatory.setChecked(field is not None and field.mandatory)
        grid.add_field(self.tr("Mandatory"), self.mandatory)
        self.options = QPlainTextEdit("\n".join(field.options) if field is not None else "")
        self.options.setTabChangesFocus(True)
        self.options.setFixedHeight(theme.px(84))
        self.options.setPlaceholderText(self.tr("One value on each line; empty for free text"))
        grid.add_field(self.tr("Drop-down"), self.options)
        self.default = QLineEdit(field.default or "" if field is not None else "")
        grid.add_field(self.tr("Default value"), self.default, self.tr("Stands in where a mapped source is empty."))
        self.help = QLineEdit(field.help if field is not None else "")
        self.help.setMaxLength(500)
        grid.add_field(self.tr("Help text"), self.help)
        self.editable = QCheckBox(self.tr("Values can be changed by hand"))
        self.editable.setChecked(field is None or field.editable)
        only_runs = self.tr("Without the tick only integrations and workflows write them.")
        grid.add_field(self.tr("Editable"), self.editable, only_runs)
        self.history = QCheckBox(self.tr("Keep every change of a value"))
        self.history.setChecked(field is None or field.history)
        grid.add_field(self.tr("Add updates to history"), self.history)
        if field is not None and field.builtin:
            self.unique.setEnabled(False)
            self.mandatory.setEnabled(False)
        self.label.textChanged.connect(self._show_what_applies)
        self.kind.currentIndexChanged.connect(self._show_what_applies)
        self.unique.toggled.connect(self._show_what_applies)
        return grid

    def _show_what_applies(self) -> None:
        label = self.label.text().strip()
        self._grid.set_shown(self.options, shown=self.chosen_type is FieldType.SHORT_TEXT)
        self.lookup.show_type(self.chosen_type, self._grid, is_new=self._field is None)
        if self._field is None or not self._field.builtin:
            self.unique.setEnabled(not self.chosen_type.is_looked_up)
        if self.chosen_type.is_looked_up:
            self.unique.setChecked(False)
        self._grid.set_shown(self.default, shown=not self.unique.isChecked())
        own = "" if self._field is None else self._field.external_id
        others = {known.label.casefold(): known for known in self._known if known.external_id != own}
        namesake = others.get(label.casefold())
        taken_by = self.tr("There is a field “{0}” already: use that one, or choose another name.")
        self.label_error.show_error("" if namesake is None else taken_by.format(namesake.label))
        self.keep.setEnabled(bool(label) and namesake is None)
        if self._field is not None:
            self._id.set_text(self._field.external_id)
        else:
            taken = {known.external_id for known in self._known}
            self._id.set_text(external_id(label, taken) if label else self.tr("made from the label, for good"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("FieldDialog", text)

"""Two forms: a list of objects, and one object on it."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from saasdesk.fields.custom_objects.objects import CustomObject
from saasdesk.fields.custom_objects.rows import ObjectItem
from saasdesk.records.objects import ListedItem
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.paragraph import Paragraph


class ListDialog(FormDialog):
    """The name of a list, and whether fields accept anything that does not stand on it."""

    def __init__(self, theme: Theme, known: CustomObject | None, parent: QWidget | None = None) -> None:
        title = _tr("Add new list") if known is None else _tr("Change {0}").format(visible_text(known.label))
        super().__init__(theme, title, _tr("CREATE") if known is None else _tr("UPDATE"), parent=parent)
        self.name = QLineEdit("" if known is None else known.label)
        self.name.setMaxLength(100)
        self.name.setPlaceholderText(self.tr("Cost centres"))
        self.only_these = QCheckBox(self.tr("Only what stands on the list; other values are reported"))
        self.only_these.setChecked(known is not None and known.only_these)
        grid = FormGrid(theme, label_width=96, gap=10)
        grid.add_field(self.tr("Name"), self.name)
        grid.add_field(self.tr("Accepts"), self.only_these)
        self.body.addLayout(grid)
        note = self.tr(
            "A field of the type Custom object lookup looks its values up on a list. Without the tick it takes others "
            "too, and they are shown here as seen in records."
        )
        self.body.addWidget(Paragraph(theme, note, role="secondary", tone="muted"))
        self.body.addStretch(1)
        self.fit(280)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)


class ObjectDialog(FormDialog):
    """The name of an object, what else it is called, and a note.

    One that was only seen in records can instead become another name of an object on the list.
    """

    def __init__(
        self, theme: Theme, listed: ListedItem | None, kept: Sequence[ObjectItem], parent: QWidget | None = None
    ) -> None:
        is_new = listed is None or not listed.kept
        name = "" if listed is None else visible_text(listed.item.name)
        title = _tr("Add new object") if listed is None else _tr("Put on the list")
        if not is_new:
            title = _tr("Change {0}").format(name)
        super().__init__(theme, title, _tr("ADD") if is_new else _tr("UPDATE"), parent=parent)
        self._item = ObjectItem("") if listed is None else listed.item
        self.means = QComboBox()
        self.means.addItem(self.tr("An object of its own"), None)
        for item in kept:
            self.means.addItem(self.tr("Another name of {0}").format(visible_text(item.name)), item)
        self.name = QLineEdit(self._item.name)
        self.name.setMaxLength(256)
        self.also = QPlainTextEdit("\n".join(self._item.also))
        self.also.setTabChangesFocus(True)
        self.also.setFixedHeight(theme.px(96))
        self.also.setPlaceholderText(self.tr("One name or code on each line, as integrations send it"))
        self.note = QLineEdit(self._item.note)
        self.note.setMaxLength(500)
        grid = FormGrid(theme, label_width=108, gap=10)
        if listed is not None and not listed.kept and kept:
            grid.add_field(self.tr("It is"), self.means)
        grid.add_field(self.tr("Name"), self.name)
        grid.add_field(self.tr("Also called"), self.also)
        grid.add_field(self.tr("Note"), self.note)
        self.body.addLayout(grid)
        text = self.tr("Records that have one of these names get the first; a former name goes on meaning this object.")
        self.body.addWidget(Paragraph(theme, text, role="secondary", tone="muted"))
        self.body.addStretch(1)
        self.means.currentIndexChanged.connect(self._show_what_applies)
        self.fit(400)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def item(self) -> ObjectItem:
        """The object as it is to be kept."""
        other = self.means.currentData()
        if isinstance(other, ObjectItem):
            return replace(other, also=(*other.also, self._item.name))
        also = tuple(line for line in self.also.toPlainText().splitlines() if line.strip())
        return replace(self._item, name=self.name.text(), also=also, note=self.note.text())

    def _show_what_applies(self) -> None:
        is_own = self.means.currentData() is None
        for field in (self.name, self.also, self.note):
            field.setEnabled(is_own)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ObjectDialogs", text)

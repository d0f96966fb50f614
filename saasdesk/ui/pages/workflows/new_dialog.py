"""A new workflow: an empty one, or one that is ready to copy; its name, its kind of record, what it is for."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from saasdesk.connectors import Danger
from saasdesk.ui.harm import harm_of_preset
from saasdesk.ui.pages.workflows.words import OBJECTS, object_word
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.choice_list import ChoiceList, ListedChoice
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.tag import Tag
from saasdesk.workflows.editing import new_document, title_of
from saasdesk.workflows.graph import LONGEST_NAME, WorkflowDocument
from saasdesk.workflows.starters import Starter

EMPTY = "empty"
_LONGEST_DESCRIPTION = 1_000
_SIDE = 296


class NewWorkflowDialog(FormDialog):
    """`wanted` carries the document of the new workflow; whoever keeps it closes the dialog.

    A starter comes with its blocks; credentials are filled in where it is kept.
    """

    wanted = Signal(object)

    def __init__(self, theme: Theme, starters: Sequence[Starter], parent: QWidget | None = None) -> None:
        title = QCoreApplication.translate("NewWorkflowDialog", "New workflow")
        keep = QCoreApplication.translate("NewWorkflowDialog", "ADD")
        super().__init__(theme, title, keep, width=880, icon="plus", parent=parent)
        self._starters = {starter.key: starter for starter in starters}
        choices = [ListedChoice(self.tr("From nothing")), ListedChoice(self.tr("Empty workflow"), EMPTY, "plus")]
        if starters:
            choices.append(ListedChoice(self.tr("Ready to copy")))
            choices += [ListedChoice(starter.name, starter.key, "workflows") for starter in starters]
        self.beginnings = ChoiceList(theme, self.tr("Begin with"), choices, EMPTY)
        self.beginnings.setFixedWidth(theme.px(_SIDE))
        self.beginnings.chosen.connect(self._show_beginning)
        side = Column(theme, gap=0)
        side.addWidget(self.beginnings)
        side.addStretch(1)
        row = Row(theme, gap=24)
        row.addLayout(side)
        row.addLayout(self._build_form(), 1)
        self.body.addLayout(row)
        self.keep.clicked.connect(self._on_kept)
        self.fit(560)
        self._show_beginning(EMPTY)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def starter(self) -> Starter | None:
        """The starter that is chosen; None for an empty workflow."""
        return self._starters.get(self.beginnings.current)

    def _build_form(self) -> Column:
        theme = self._theme
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(self.tr("PagerDuty: delete leavers"))
        self.object = QComboBox()
        for key in OBJECTS:
            self.object.addItem(object_word(key), key)
        self.description = QPlainTextEdit()
        self.description.setTabChangesFocus(True)
        self.description.setFixedHeight(theme.px(120))
        grid = FormGrid(theme, label_width=96, gap=12)
        grid.add_field(self.tr("Name"), self.name)
        grid.add_field(self.tr("Object"), self.object, self.tr("The kind of record that goes through it."))
        grid.add_field(self.tr("Description"), self.description)
        self._contents = Column(theme, gap=6)
        column = Column(theme, gap=12)
        column.addLayout(grid)
        column.addLayout(self._contents)
        column.addStretch(1)
        return column

    def _show_beginning(self, key: str) -> None:
        starter = self._starters.get(key)
        self.object.setEnabled(starter is None)
        if starter is not None:
            self.object.setCurrentIndex(self.object.findData(starter.document.object))
        self.name.setText(starter.name if starter is not None else "")
        self.description.setPlainText(starter.description if starter is not None else "")
        theme = self._theme
        clear_layout(self._contents)
        if starter is None:
            note = self.tr("Begin and End are placed at once. Nothing runs before Launch.")
            self._contents.addWidget(Paragraph(theme, note, role="secondary", tone="muted"))
            return
        way = " → ".join(title_of(block) for block in starter.document.blocks)
        self._contents.addWidget(Paragraph(theme, way, role="secondary"))
        for connector, preset in {each.key: (vendor, each) for vendor, each in starter.presets}.values():
            harm = harm_of_preset(preset)
            line = Row(theme, gap=8)
            line.addWidget(Tag(theme, harm.word, harm.tone, harm.icon))
            line.addWidget(PlainLabel(f"{preset.title} · {connector.title}", "secondary", elided=True), 1)
            self._contents.addLayout(line)
        note = self.tr("It becomes a draft: look through its blocks and its plan before Launch.")
        if any(preset.danger is not Danger.READS for _, preset in starter.presets):
            note += " " + self.tr("A credential that may act is filled in where only one can be meant.")
        self._contents.addWidget(Paragraph(theme, note, role="secondary", tone="muted"))

    def _on_kept(self) -> None:
        name, description = self.name.text().strip(), self.description.toPlainText().strip()
        if not name:
            self.show_problem(self.tr("A workflow needs a name."))
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if len(description) > _LONGEST_DESCRIPTION:
            text = self.tr("The description has {0} characters; there is room for {1}.")
            self.show_problem(text.format(len(description), _LONGEST_DESCRIPTION))
            return
        self.clear_problem()
        self.set_busy(self.tr("Adding…"))
        self.wanted.emit(self._document(name, description))

    def _document(self, name: str, description: str) -> WorkflowDocument:
        starter = self.starter
        made = new_document(name, str(self.object.currentData())) if starter is None else starter.document
        return made.model_copy(update={"name": name, "description": description})

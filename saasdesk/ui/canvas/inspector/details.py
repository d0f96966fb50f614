"""The workflow's own details, while no block is selected."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QLineEdit, QWidget

from saasdesk.errors import UserError
from saasdesk.ui.canvas.inspector.long_text import LongText
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.workflows.editing import with_details
from saasdesk.workflows.graph import LONGEST_NAME


class DetailsForm(QWidget):
    """Name and description; whose records go through it was decided when it was made."""

    def __init__(self, theme: Theme, model: WorkflowModel) -> None:
        super().__init__()
        self._model = model
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setAccessibleName(self.tr("Name of the workflow"))
        self.description = LongText(theme, self.tr("Description"))
        self.object = PlainLabel("", "body")
        self.error = InlineError(theme, self.name)
        column = Column(theme, gap=4)
        for label, field, after in (
            (self.tr("Name"), self.name, self.error),
            (self.tr("Description"), self.description, None),
            (self.tr("Goes through"), self.object, None),
        ):
            column.addWidget(PlainLabel(label, "heading"))
            column.addWidget(field)
            if after is not None:
                column.addWidget(after)
            column.addSpacing(theme.px(8))
        self.setLayout(column)
        self.name.textChanged.connect(self._on_changed)
        self.description.textChanged.connect(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        """Show what the document says."""
        document = self._model.document
        with QSignalBlocker(self.name), QSignalBlocker(self.description):
            if self.name.text().strip() != document.name:
                self.name.setText(document.name)
            if self.description.toPlainText().strip() != document.description:
                self.description.setPlainText(document.description)
        kinds = {"people": self.tr("People"), "saas_users": self.tr("SaaS users"), "assets": self.tr("Assets")}
        self.object.set_text(kinds[document.object])

    def _on_changed(self) -> None:
        before = self._model.document
        try:
            document = with_details(before, self.name.text(), self.description.toPlainText(), before.object)
        except UserError as problem:
            self.error.show_error(str(problem))
            return
        self.error.clear()
        self._model.edit(self.tr("Change the details"), document, merge="details")

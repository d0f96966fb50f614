"""Another name for an integration."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from saasdesk.sync.integration import LONGEST_NAME, IntegrationDocument
from saasdesk.ui.pages.integrations.editing.section_dialog import Save, SectionDialog, fit_to_content
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.paragraph import Paragraph


class RenameDialog(SectionDialog):
    """One field; Enter keeps what it says."""

    def __init__(self, theme: Theme, document: IntegrationDocument, save: Save, parent: QWidget | None = None) -> None:
        title = QCoreApplication.translate("RenameDialog", "Rename “{0}”").format(document.name)
        super().__init__(theme, title, document, save, parent)
        self.name = QLineEdit(document.name)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.selectAll()
        self.name.returnPressed.connect(self.try_to_save)
        self.update_button.setAutoDefault(False)
        self.cancel.setAutoDefault(False)
        grid = FormGrid(theme, label_width=96, gap=12)
        grid.add_field(self.tr("Name"), self.name)
        self.body.addLayout(grid)
        note = self.tr("Its records, its sync sessions and its schedule stay with it.")
        self.body.addWidget(Paragraph(theme, note, role="secondary", tone="muted"))
        self.body.addStretch(1)
        fit_to_content(self, 220)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def changed_document(self) -> IntegrationDocument:
        name = self.name.text().strip()
        if not name:
            raise ValueError(self.tr("An integration needs a name."))
        return self.document.model_copy(update={"name": name})

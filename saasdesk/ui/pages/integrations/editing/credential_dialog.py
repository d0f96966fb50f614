"""Which key an integration uses."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QWidget

from saasdesk.sync.integration import IntegrationDocument, connector_of
from saasdesk.ui.pages.integrations.editing.section_dialog import Save, SectionDialog, fit_to_content
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.paragraph import Paragraph


class CredentialDialog(SectionDialog):
    """A choice among the credentials of the vendor."""

    def __init__(
        self,
        theme: Theme,
        document: IntegrationDocument,
        save: Save,
        names: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        title = QCoreApplication.translate("CredentialDialog", "Credential details")
        super().__init__(theme, title, document, save, parent)
        vendor = connector_of(document).title
        grid = FormGrid(theme, label_width=136, gap=12)
        self.credential = QComboBox()
        self.credential.addItem(self.tr("None chosen"), "")
        for name in names:
            self.credential.addItem(name, name)
        folded = [name.casefold() for name in names]
        wanted = document.credential.casefold()
        self.credential.setCurrentIndex(folded.index(wanted) + 1 if wanted in folded else 0)
        grid.add_field(self.tr("Credential"), self.credential)
        self.body.addLayout(grid)
        note = self.tr(
            "A key of another account lists other people: after a change, deactivations of the first run wait for a "
            "decision. Credentials of {0} are shown."
        )
        self.body.addWidget(Paragraph(theme, note.format(vendor), role="secondary", tone="muted"))
        self.body.addStretch(1)
        fit_to_content(self, 280)

    def changed_document(self) -> IntegrationDocument:
        return self.document.model_copy(update={"credential": str(self.credential.currentData())})

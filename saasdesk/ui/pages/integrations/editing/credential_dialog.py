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
        directories: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """`names` are keys that list users, `directories` those of the vendor's directory, if it has one of its own."""
        title = QCoreApplication.translate("CredentialDialog", "Credential details")
        super().__init__(theme, title, document, save, parent)
        connector = connector_of(document)
        vendor = connector.title
        grid = FormGrid(theme, label_width=136, gap=12)
        self.credential = self._choice(names, document.credential)
        self.directory = self._choice(directories, document.directory_credential)
        grid.add_field(self.tr("Credential"), self.credential)
        if connector.kinds:
            help_text = self.tr("Only needed by workflows that create and delete users.")
            grid.add_field(self.tr("For the directory"), self.directory, help_text)
        self.body.addLayout(grid)
        note = self.tr(
            "A key of another account lists other people: after a change, deactivations of the first run wait for a "
            "decision. Credentials of {0} are shown."
        )
        self.body.addWidget(Paragraph(theme, note.format(vendor), role="secondary", tone="muted"))
        self.body.addStretch(1)
        fit_to_content(self, 280)

    def changed_document(self) -> IntegrationDocument:
        chosen = {"credential": self.credential, "directory_credential": self.directory}
        return self.document.model_copy(update={key: str(combo.currentData()) for key, combo in chosen.items()})

    def _choice(self, names: Sequence[str], wanted: str) -> QComboBox:
        combo = QComboBox()
        combo.addItem(self.tr("None chosen"), "")
        for name in names:
            combo.addItem(name, name)
        folded = [name.casefold() for name in names]
        combo.setCurrentIndex(folded.index(wanted.casefold()) + 1 if wanted.casefold() in folded else 0)
        return combo

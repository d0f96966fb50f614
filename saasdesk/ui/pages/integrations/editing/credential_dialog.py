"""Which key an integration uses: one that is here, changed or new."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSignalBlocker
from PySide6.QtWidgets import QComboBox, QWidget

from saasdesk.connectors import ADMIN
from saasdesk.credentials import Credential
from saasdesk.sync.integration import IntegrationDocument, connector_of
from saasdesk.ui.credential_words import permission_of, standing_of
from saasdesk.ui.dialogs.credential.actions import CredentialActions
from saasdesk.ui.moments import moment_within
from saasdesk.ui.pages.integrations.editing.section_dialog import Save, SectionDialog, fit_to_content
from saasdesk.ui.scope_table import ScopeTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.boxed import Boxed
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.status_word import StatusWord, status


class CredentialDialog(SectionDialog):
    """A choice among the credentials of the vendor, with what the chosen one may do."""

    def __init__(
        self,
        theme: Theme,
        document: IntegrationDocument,
        save: Save,
        credentials: Sequence[Credential],
        parent: QWidget | None = None,
    ) -> None:
        title = QCoreApplication.translate("CredentialDialog", "Credential details")
        super().__init__(theme, title, document, save, parent)
        self.connector = connector_of(document)
        self._known: dict[str, Credential] = {}
        self._doing: CredentialActions | None = None
        self.credential, self.directory = QComboBox(), QComboBox()
        self.new = OutlinedButton(theme, self.tr("Create new…"), "plus")
        self.edit = OutlinedButton(theme, self.tr("Edit…"), "edit")
        self.replace = OutlinedButton(theme, self.tr("Replace key…"), "key")
        self.test = OutlinedButton(theme, self.tr("Test now"), "flask")
        self._state = StatusWord(theme, status("not_checked"))
        self._facts = Paragraph(theme, role="secondary", tone="muted")
        self.scope = ScopeTable(theme)
        self._box = Boxed(theme, self.scope)
        self._build()
        self.show_credentials(credentials, document.credential, document.directory_credential)
        self.credential.currentIndexChanged.connect(self._show_chosen)
        fit_to_content(self, 600)

    def changed_document(self) -> IntegrationDocument:
        chosen = {"credential": self.credential, "directory_credential": self.directory}
        return self.document.model_copy(update={key: str(combo.currentData()) for key, combo in chosen.items()})

    @property
    def chosen(self) -> Credential | None:
        """The credential that is chosen; None where none is."""
        return self._known.get(self.credential.currentData())

    def work_with(self, doing: CredentialActions) -> None:
        """Let its buttons do what can be done with credentials."""
        self._doing = doing
        self.new.clicked.connect(lambda: doing.ask_for_new(self.connector))
        self.edit.clicked.connect(lambda: doing.ask_to_edit(self._known[self.credential.currentData()]))
        self.replace.clicked.connect(lambda: doing.ask_to_replace(self._known[self.credential.currentData()]))
        self.test.clicked.connect(lambda: doing.test(self._known[self.credential.currentData()]))
        doing.testing.connect(self._show_chosen)

    def show_credentials(self, credentials: Sequence[Credential], wanted: str, directory: str) -> None:
        """Offer these, and choose the ones of these names."""
        self._known = {credential.name: credential for credential in credentials}
        users = [credential.name for credential in credentials if credential.kind == ADMIN]
        others = [credential.name for credential in credentials if credential.kind != ADMIN]
        for combo, names, name in ((self.credential, users, wanted), (self.directory, others, directory)):
            with QSignalBlocker(combo):
                combo.clear()
                combo.addItem(self.tr("None chosen"), "")
                for each in names:
                    combo.addItem(each, each)
                folded = [each.casefold() for each in names]
                combo.setCurrentIndex(folded.index(name.casefold()) + 1 if name.casefold() in folded else 0)
        self._show_chosen()

    def _build(self) -> None:
        theme = self._theme
        grid = FormGrid(theme, label_width=136, gap=12)
        grid.add_field(self.tr("Credential"), self.credential)
        works = QWidget()
        row = Row(theme, gap=8)
        for button in (self.new, self.edit, self.replace, self.test):
            row.addWidget(button)
        row.addStretch(1)
        works.setLayout(row)
        grid.add_whole_row(works)
        self.body.addLayout(grid)
        state = Row(theme, gap=12)
        state.addWidget(self._state)
        state.addWidget(self._facts, 1)
        self.body.addLayout(state)
        self.body.addWidget(self._box)
        if self.connector.kinds:
            more = FormGrid(theme, label_width=136, gap=12)
            help_text = self.tr("Only needed by workflows that create and delete users.")
            more.add_field(self.tr("For the directory"), self.directory, help_text)
            self.body.addLayout(more)
        note = self.tr(
            "A key of another account lists other people: after a change, deactivations of the first run wait for a "
            "decision. Credentials of {0} are shown."
        )
        text = Paragraph(theme, note.format(self.connector.title), role="secondary", tone="muted")
        self.body.addWidget(text)
        self.body.addStretch(1)

    def _show_chosen(self) -> None:
        credential = self.chosen
        is_testing = self._doing is not None and self._doing.is_testing
        for button in (self.edit, self.replace, self.test):
            button.setEnabled(credential is not None and not is_testing)
        self.test.setText(self.tr("Testing…") if is_testing else self.tr("Test now"))
        self._state.setVisible(credential is not None)
        found = credential.last_test if credential is not None else None
        self._box.setVisible(found is not None and bool(found.features))
        if credential is None:
            self._facts.set_runs(self.tr("Choose one that is here, or create a new one."))
            return
        self._state.set_status(standing_of(credential))
        facts = [permission_of(credential)]
        if found is not None and not found.works:
            facts = [found.text]
        elif found is not None and credential.last_tested_at is not None:
            when = moment_within(credential.last_tested_at)
            opened = self.tr("opens {0}, last tried {1}").format(found.text, when)
            facts.append(opened if found.text else self.tr("worked in a run, {0}").format(when))
        self._facts.set_runs("; ".join(facts))
        if found is not None:
            self.scope.show_features(found.features)

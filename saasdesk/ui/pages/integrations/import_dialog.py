"""What a file would make, before anything is made of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QRadioButton, QWidget

from saasdesk.sync.files import Import
from saasdesk.sync.integration import IntegrationState, connector_of
from saasdesk.ui.moments import counted
from saasdesk.ui.pages.integrations.session_words import preference, saas_mode
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_WIDTH = 600


class ImportDialog(QDialog):
    """`wanted` comes with True when the integration of the same name is to be changed, else with False.

    Whoever keeps the document closes the dialog, or says what is wrong.
    """

    wanted = Signal(bool)

    def __init__(self, theme: Theme, found: Import, file_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found = found
        title = self.tr("Import “{0}”").format(found.document.name)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(_WIDTH))
        self._banner = Banner(theme, "error")
        self._banner.hide()
        self._consequence = Paragraph(theme, role="secondary", tone="muted")
        upper = Column(theme, gap=10, margins=(24, 20, 24, 16))
        upper.addWidget(PlainLabel(title, "section", elided=True))
        upper.addWidget(self._banner)
        upper.addLayout(self._build_facts(theme, file_name))
        upper.addWidget(self._build_choice(theme))
        upper.addWidget(self._consequence)
        upper.addStretch(1)
        self.cancel = OutlinedButton(theme, self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.take = PrimaryButton(theme, "", "import")
        self.take.clicked.connect(self._on_taken)
        foot = Row(theme, gap=8, margins=(24, 14))
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.take)
        whole = Column(theme, gap=0)
        whole.addLayout(upper, 1)
        whole.addWidget(Line(theme))
        whole.addLayout(foot)
        self.setLayout(whole)
        self._show_consequence()
        self.take.setFocus()

    @property
    def replaces(self) -> bool:
        """Whether the integration of the same name is to be changed."""
        return self.replace.isChecked() and self._found.may_replace

    def show_problem(self, sentence: str) -> None:
        """Say why it was not kept."""
        self.take.setEnabled(True)
        self._banner.say("error", "", sentence)
        self._banner.show()

    def _build_facts(self, theme: Theme, file_name: str) -> FormGrid:
        found, document = self._found, self._found.document
        connector = connector_of(document)
        grid = FormGrid(theme, label_width=136, gap=6)
        grid.add_value(self.tr("File"), file_name)
        grid.add_value(self.tr("Vendor"), connector.title)
        grid.add_value(self.tr("Loads"), saas_mode(document))
        grid.add_value(self.tr("Preference"), preference(document))
        grid.add_value(self.tr("Deactivate"), self.tr("On") if document.deactivate else self.tr("Off"))
        if not document.credential:
            grid.add_value(self.tr("Credential"), self.tr("None chosen"))
        elif found.has_credential:
            grid.add_value(self.tr("Credential"), document.credential)
        else:
            text = self.tr("{0}: not here yet, choose or add one afterwards").format(document.credential)
            grid.add_value(self.tr("Credential"), text, "warn")
        grid.add_value(self.tr("Schedule"), document.schedule.in_words())
        lines = counted(len(document.mapping), self.tr("{0} line"), self.tr("{0} lines"))
        keys = sum(row.sync_key is not None for row in document.mapping)
        key_words = counted(keys, self.tr("{0} sync key"), self.tr("{0} sync keys"))
        grid.add_value(self.tr("Mapping"), f"{lines} · {key_words}")
        if document.filters:
            grid.add_value(self.tr("Rules"), counted(len(document.filters), self.tr("{0} rule"), self.tr("{0} rules")))
        if found.new_fields:
            grid.add_value(self.tr("New fields"), Paragraph(theme, ", ".join(found.new_fields)))
        return grid

    def _build_choice(self, theme: Theme) -> QWidget:
        found = self._found
        self.add = QRadioButton(self.tr("Add it as “{0}”").format(found.free_name))
        self.replace = QRadioButton(self.tr("Change “{0}”, which is here already").format(found.document.name))
        self.add.setChecked(True)
        self._choices = QButtonGroup(self)
        box = QWidget()
        column = Column(theme, gap=2, margins=(0, 6, 0, 0))
        for button in (self.add, self.replace):
            self._choices.addButton(button)
            column.addWidget(button)
        self._choices.buttonToggled.connect(self._show_consequence)
        box.setLayout(column)
        box.setVisible(found.may_replace)
        return box

    def _show_consequence(self) -> None:
        namesake, changes = self._found.namesake, self._found.changes
        if not self.replaces or namesake is None:
            self.take.setText(self.tr("Add the draft"))
            self._consequence.set_runs(self.tr("It becomes a draft: nothing runs before Launch."))
            return
        self.take.setText(self.tr("Change the integration"))
        text = self.tr("Nothing differs from what is here.")
        if changes:
            text = self.tr("Changed: {0}.").format(", ".join(changes))
            if namesake.state is IntegrationState.ACTIVE:
                text += " " + self.tr("It stays active: its next run goes by the file.")
        self._consequence.set_runs(text)

    def _on_taken(self) -> None:
        self.take.setEnabled(False)
        self.wanted.emit(self.replaces)

"""What a file would make, before anything is made of it."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from saasdesk.ui.moments import counted
from saasdesk.ui.pages.workflows.words import object_word
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.workflows.editing import title_of
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.keeping import Import
from saasdesk.workflows.validation import Problem


class ImportDialog(FormDialog):
    """`wanted` comes with True when the workflow of the same name is to be changed, else with False."""

    wanted = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        found: Import,
        problems: Sequence[Problem],
        file_name: str,
        parent: QWidget | None = None,
    ) -> None:
        title = QCoreApplication.translate("WorkflowImport", "Import “{0}”").format(found.document.name)
        super().__init__(theme, title, "", width=600, icon="import", parent=parent)
        self._found = found
        self.body.addLayout(_facts(theme, found.document, file_name, problems))
        self.add = QRadioButton(self.tr("Add it as “{0}”").format(found.free_name))
        self.replace = QRadioButton(self.tr("Change “{0}”, which is here already").format(found.document.name))
        self.add.setChecked(True)
        self._choices = QButtonGroup(self)
        self._consequence = Paragraph(theme, role="secondary", tone="muted")
        for button in (self.add, self.replace):
            self._choices.addButton(button)
            button.setVisible(found.may_replace)
            self.body.addWidget(button)
        self.body.addWidget(self._consequence)
        self.body.addStretch(1)
        self._choices.buttonToggled.connect(self._show_consequence)
        self.keep.clicked.connect(self._on_taken)
        self._show_consequence()
        self.fit(420)
        self.keep.setFocus()

    @property
    def replaces(self) -> bool:
        """Whether the workflow of the same name is to be changed."""
        return self.replace.isChecked() and self._found.may_replace

    def _show_consequence(self) -> None:
        if not self.replaces:
            self.keep.setText(self.tr("Add the draft"))
            self._consequence.set_runs(self.tr("It becomes a draft: nothing runs before Launch."))
            return
        self.keep.setText(self.tr("Change the workflow"))
        same = self.tr("Nothing differs from what is here.")
        other = self.tr("It becomes a draft again, and rests until it is launched. Versions that ran stay.")
        self._consequence.set_runs(same if self._found.is_same else other)

    def _on_taken(self) -> None:
        self.set_busy(self.tr("Importing…"))
        self.wanted.emit(self.replaces)


def _facts(theme: Theme, document: WorkflowDocument, file_name: str, problems: Sequence[Problem]) -> FormGrid:
    grid = FormGrid(theme, label_width=136, gap=6)
    grid.add_value(_tr("File"), file_name)
    grid.add_value(_tr("Object"), object_word(document.object))
    if document.description:
        grid.add_value(_tr("Description"), Paragraph(theme, document.description))
    titles = [title_of(block) for block in document.steps]
    words = counted(len(titles), _tr("{0} block"), _tr("{0} blocks"))
    grid.add_value(_tr("Blocks"), Paragraph(theme, f"{words}: {', '.join(titles)}" if titles else words))
    if problems:
        lines = [problem.message for problem in problems[:4]]
        more = [_tr("and {0} more").format(len(problems) - 4)] if len(problems) > 4 else []
        grid.add_value(_tr("Still to do"), Paragraph(theme, "\n".join([*lines, *more]), tone="warn"))
    return grid


def _tr(text: str) -> str:
    return QCoreApplication.translate("WorkflowImport", text)

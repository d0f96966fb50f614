"""Another name for a workflow."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.workflows.graph import LONGEST_NAME
from saasdesk.workflows.workflow import Workflow


class RenameDialog(FormDialog):
    """One field; Enter keeps what it says."""

    wanted = Signal(str)

    def __init__(self, theme: Theme, workflow: Workflow, parent: QWidget | None = None) -> None:
        title = QCoreApplication.translate("RenameDialog", "Rename “{0}”").format(workflow.name)
        keep = QCoreApplication.translate("RenameDialog", "Rename")
        super().__init__(theme, title, keep, width=520, parent=parent)
        self.name = QLineEdit(workflow.name)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.selectAll()
        self.keep.clicked.connect(self._on_kept)
        grid = FormGrid(theme, label_width=96, gap=12)
        grid.add_field(self.tr("Name"), self.name)
        self.body.addLayout(grid)
        note = self.tr("Its runs, versions and state stay with it.")
        self.body.addWidget(Paragraph(theme, note, role="secondary", tone="muted"))
        self.body.addStretch(1)
        self.fit(220)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_kept(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.show_problem(self.tr("A workflow needs a name."))
            return
        self.clear_problem()
        self.wanted.emit(name)

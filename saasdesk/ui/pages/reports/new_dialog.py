"""A new report: what it is called, and what its lines are about; the rest is chosen in the builder."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from saasdesk.errors import UserError
from saasdesk.reports.names import LONGEST_NAME
from saasdesk.reports.report.document import ReportObject, report_from
from saasdesk.reports.report.lines import NOUNS
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid


class NewReportDialog(FormDialog):
    """`wanted` carries the document of the new report; whoever keeps it closes the dialog."""

    wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        title = QCoreApplication.translate("NewReportDialog", "New report")
        keep = QCoreApplication.translate("NewReportDialog", "ADD")
        super().__init__(theme, title, keep, width=560, parent=parent)
        self.name = QLineEdit(self.tr("My report"))
        self.name.setMaxLength(LONGEST_NAME)
        self.name.selectAll()
        self.object = QComboBox()
        for about in ReportObject:
            noun = NOUNS[about]
            self.object.addItem(noun[:1].upper() + noun[1:], about.value)
        grid = FormGrid(theme, label_width=96, gap=12)
        grid.add_field(self.tr("Name"), self.name)
        grid.add_field(
            self.tr("About"),
            self.object,
            self.tr("What its lines are. Columns of the person, the account and the application can be added to each."),
        )
        self.body.addLayout(grid)
        self.fit(280)
        self.keep.clicked.connect(self._on_kept)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_kept(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.show_problem(self.tr("A report needs a name."))
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            document = report_from({"name": name, "object": self.object.currentData()}, self.tr("The report"))
        except UserError as error:
            self.show_problem(str(error))
            return
        self.clear_problem()
        self.wanted.emit(document)

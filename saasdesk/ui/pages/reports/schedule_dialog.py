"""When a report runs by itself, into which folder, and to whom it goes by mail."""

import re
from pathlib import Path

from pydantic import ValidationError
from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QWidget

from saasdesk.clock import now
from saasdesk.definitions import explain
from saasdesk.reports.report.delivery import MOST_KEPT, USUAL_NAME, Delivery, FileFormat
from saasdesk.reports.report.document import ReportDocument
from saasdesk.schedule import Schedule
from saasdesk.ui.schedule_form import ScheduleForm
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.stepped_fields import NumberField


class ReportScheduleDialog(FormDialog):
    """`wanted` carries the report with its schedule; whoever keeps it closes the dialog."""

    wanted = Signal(object)

    def __init__(
        self, theme: Theme, document: ReportDocument, *, is_own: bool = True, parent: QWidget | None = None
    ) -> None:
        title = QCoreApplication.translate("ReportScheduleDialog", "Schedule of “{0}”").format(document.name)
        keep = QCoreApplication.translate("ReportScheduleDialog", "Save" if is_own else "Save as a report of my own")
        super().__init__(theme, title, keep, width=720, icon="save", parent=parent)
        self._document = document
        self._build(document)
        self.fit(760)
        self.runs.toggled.connect(self._fit_to_runs)
        self.browse.clicked.connect(self._browse)
        for field in (self.folder, self.file, self.contacts):
            field.textChanged.connect(self._show_example)
        self.format.currentIndexChanged.connect(self._show_example)
        self.keep.clicked.connect(self._on_kept)
        self._fit_to_runs()
        self._show_example()
        self.runs.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self, document: ReportDocument) -> None:
        theme = self._theme
        delivery = document.delivery
        self.runs = QCheckBox(self.tr("Runs by itself"))
        # Whoever opens the schedule of a report that has none wants one; the tick is there to end it.
        self.runs.setChecked(True)
        self.rests = QCheckBox(self.tr("Paused: it keeps its schedule, and does not run"))
        self.rests.setChecked(delivery is not None and delivery.paused)
        self.form = ScheduleForm(theme, document.schedule or Schedule())
        self.folder = QLineEdit(delivery.folder if delivery is not None else "")
        self.folder.setPlaceholderText(self.tr("No folder"))
        self.browse = OutlinedButton(theme, self.tr("Choose…"), "folder")
        folder = QWidget()
        row = Row(theme, gap=8)
        row.addWidget(self.folder, 1)
        row.addWidget(self.browse)
        folder.setLayout(row)
        folder.setFocusProxy(self.folder)
        self.folder.setAccessibleName(self.tr("Folder"))
        self.file = QLineEdit(delivery.file if delivery is not None else USUAL_NAME)
        self.format = QComboBox()
        for each in FileFormat:
            self.format.addItem(each.name, each.value)
        if delivery is not None:
            self.format.setCurrentIndex(self.format.findData(delivery.format.value))
        self.kept = NumberField(theme, self.tr("Files that stay"), 0, MOST_KEPT)
        self.kept.setSpecialValueText(self.tr("All"))
        self.kept.setValue(delivery.keep if delivery is not None else 0)
        self.contacts = QLineEdit(", ".join(delivery.contacts) if delivery is not None else "")
        self.contacts.setPlaceholderText("boss@example.com, it@example.com")
        self.example = Paragraph(theme, role="secondary", tone="muted")
        grid = FormGrid(theme, label_width=136, gap=12)
        grid.add_field(self.tr("Folder"), folder)
        grid.add_field(
            self.tr("File name"), self.file, self.tr("{report}, {date} and {time} are filled in at each run.")
        )
        grid.add_field(self.tr("Format"), self.format)
        grid.add_field(
            self.tr("Files that stay"),
            self.kept,
            self.tr("Older files of this report make room in the folder, as long as nobody has changed them."),
        )
        grid.add_field(self.tr("By mail to"), self.contacts, self.tr("The file goes along as an attachment."))
        grid.setContentsMargins(0, 0, 0, 0)
        self.where = QWidget()
        self.where.setLayout(grid)
        self._title = PlainLabel(self.tr("Where it goes"), "card-title")
        for widget in (self.runs, self.form, self._title, self.where, self.example, self.rests):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def document(self) -> ReportDocument:
        """The report as it was filled in; a ValueError says what is wrong."""
        if not self.runs.isChecked():
            return self._document.unscheduled()
        schedule = self.form.schedule()
        return self._document.model_copy(update={"schedule": schedule, "delivery": self._delivery()})

    def _delivery(self) -> Delivery:
        contacts = tuple(part.strip() for part in re.split(r"[,;\n]", self.contacts.text()) if part.strip())
        try:
            return Delivery(
                folder=self.folder.text().strip(),
                file=self.file.text().strip() or USUAL_NAME,
                format=FileFormat(self.format.currentData()),
                keep=self.kept.value(),
                contacts=contacts,
                paused=self.rests.isChecked(),
            )
        except ValidationError as error:
            raise ValueError(explain(error)) from None

    def _fit_to_runs(self) -> None:
        for widget in (self.form, self._title, self.where, self.example, self.rests):
            widget.setVisible(self.runs.isChecked())

    def _show_example(self) -> None:
        try:
            delivery = self._delivery()
        except ValueError:
            self.example.set_runs("")
            return
        name = delivery.file_name(self._document.name, now())
        place = str(Path(delivery.folder) / name) if delivery.folder else name
        self.example.set_runs(self.tr("A run of now would be {0}").format(place))

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder of the report"), self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _on_kept(self) -> None:
        try:
            document = self.document()
        except ValueError as problem:
            text = str(problem)
            self.show_problem(text[:1].upper() + text[1:])
            # The key that a sentence begins with says which field it is about.
            fields = {"folder": self.folder, "file": self.file, "contacts": self.contacts}
            fields.get(text.partition(":")[0].lower(), self.folder).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.clear_problem()
        self.wanted.emit(document)

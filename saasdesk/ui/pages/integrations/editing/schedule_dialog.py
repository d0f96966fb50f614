"""When an integration runs."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from saasdesk.sync.integration import IntegrationDocument
from saasdesk.ui.pages.integrations.editing.section_dialog import Save, SectionDialog, fit_to_content
from saasdesk.ui.schedule_form import ScheduleForm
from saasdesk.ui.theme import Theme


class ScheduleDialog(SectionDialog):
    """The schedule of an integration, to be changed."""

    def __init__(self, theme: Theme, document: IntegrationDocument, save: Save, parent: QWidget | None = None) -> None:
        super().__init__(theme, QCoreApplication.translate("ScheduleDialog", "Schedule"), document, save, parent)
        self.form = ScheduleForm(theme, document.schedule)
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        fit_to_content(self, 560)
        self.form.setFocus(Qt.FocusReason.OtherFocusReason)

    def changed_document(self) -> IntegrationDocument:
        return self.document.model_copy(update={"schedule": self.form.schedule()})

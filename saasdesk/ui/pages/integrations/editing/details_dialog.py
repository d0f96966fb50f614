"""What an integration loads and how it treats records: the form of Integration details."""

import re
from collections.abc import Mapping, Sequence

from pydantic import ValidationError
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QLineEdit, QRadioButton, QWidget

from saasdesk.definitions import explain
from saasdesk.sync.integration import LONGEST_NAME, IntegrationDocument, connector_of
from saasdesk.sync.preparation import InputValue
from saasdesk.ui.pages.integrations.editing.application_field import ApplicationField
from saasdesk.ui.pages.integrations.editing.input_field import InputField
from saasdesk.ui.pages.integrations.editing.installation_choice import InstallationChoice
from saasdesk.ui.pages.integrations.editing.section_dialog import Save, SectionDialog, fit_to_content
from saasdesk.ui.pages.integrations.editing.workflow_hint import Pause, WorkflowHint
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.stepped_fields import NumberField


class DetailsDialog(SectionDialog):
    """Name, what is loaded, SaaS application, preference, Deactivate and its limits, vendor inputs, who acts, contacts.

    `elsewhere` says what the vendor's inputs are where the integration has none of its own; `workflows` names those
    that are needless once the integration deactivates.
    """

    def __init__(
        self,
        theme: Theme,
        document: IntegrationDocument,
        save: Save,
        applications: Sequence[str],
        elsewhere: Mapping[str, InputValue],
        workflows: Sequence[str],
        pause: Pause,
        parent: QWidget | None = None,
    ) -> None:
        title = QCoreApplication.translate("DetailsDialog", "Integration details")
        super().__init__(theme, title, document, save, parent)
        self.needless = WorkflowHint(theme, connector_of(document).title, workflows, pause)
        self._build(document, applications, elsewhere)
        self._show_what_applies()
        fit_to_content(self, 720)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(
        self, document: IntegrationDocument, applications: Sequence[str], elsewhere: Mapping[str, InputValue]
    ) -> None:
        theme = self._theme
        connector = connector_of(document)
        self._grid = grid = FormGrid(theme, label_width=176, gap=12)
        self.name = QLineEdit(document.name)
        self.name.setMaxLength(100)
        self._add("name", self.tr("Name"), self.name)
        if document.object == "users":
            grid.add_field(self.tr("Loads"), self._build_modes(document))
            self.application = ApplicationField(theme, document.application_name, connector.title, applications)
            self._add("saas_application", self.tr("SaaS application"), self.application)
        grid.add_field(self.tr("Installation type"), InstallationChoice(theme))
        self.preference = QComboBox()
        for key, words in (
            ("create_and_update", self.tr("Create & Update")),
            ("create_only", self.tr("Create only: what is here stays as it is")),
            (
                "update_only",
                self.tr("Update only: nothing is added")
                if document.loads_assets
                else self.tr("Update only: nobody is added"),
            ),
        ):
            self.preference.addItem(words, key)
        self.preference.setCurrentIndex(self.preference.findData(document.preference))
        grid.add_field(self.tr("Preference"), self.preference)
        grid.add_field(self.tr("Deactivate"), self._build_deactivate(document))
        self.inputs: dict[str, InputField] = {}
        for declared in connector.inputs:
            if declared.secret:
                continue
            entered = document.inputs.get(declared.key, "")
            field = InputField(theme, declared, entered, elsewhere.get(declared.key), document.credential)
            self.inputs[declared.key] = field
            self._add(f"inputs.{declared.key}", declared.label, field)
        self.acts_as = QLineEdit(document.integration_user)
        self.acts_as.setMaxLength(LONGEST_NAME)
        self.acts_as.setPlaceholderText(document.name)
        self.name.textChanged.connect(self.acts_as.setPlaceholderText)
        made_by = self.tr(
            "Under this name its records are made: it stands in Created By. Empty: the integration's name."
        )
        self._add("integration_user", self.tr("Integration user"), self.acts_as, made_by)
        self.contacts = QLineEdit(", ".join(document.contacts))
        self.contacts.setPlaceholderText("it@example.com, helpdesk@example.com")
        whom = self.tr("Whom to tell when a run fails, has not finished within 24 hours, or could not start.")
        self._add("contacts", self.tr("Contacts"), self.contacts, whom)
        self.body.addLayout(grid)
        self.body.addStretch(1)

    def _add(self, key: str, label: str, field: QWidget, help_text: str = "") -> None:
        """A field that knows the problems of its key."""
        self.places[key] = (self._grid.add_field(label, field, help_text), field)

    def _build_modes(self, document: IntegrationDocument) -> QWidget:
        theme = self._theme
        self.user_only = QRadioButton(self.tr("User only"))
        self.user_plus = QRadioButton(self.tr("User plus SaaS user"))
        self._modes = QButtonGroup(self)
        column = Column(theme, gap=0)
        notes = (
            (self.user_only, self.tr("People, and nothing about their accounts.")),
            (self.user_plus, self.tr("People, and their accounts with role, last activity and licences.")),
        )
        for button, note in notes:
            self._modes.addButton(button)
            column.addWidget(button)
            indented = Row(theme, gap=0, margins=(27, 0, 0, 4))
            indented.addWidget(Paragraph(theme, note, role="secondary", tone="muted"), 1)
            column.addLayout(indented)
        (self.user_plus if document.with_saas_users else self.user_only).setChecked(True)
        self._modes.buttonToggled.connect(lambda *_: self._show_what_applies())
        box = QWidget()
        box.setLayout(column)
        box.setFocusProxy(self.user_plus)
        return box

    def _build_deactivate(self, document: IntegrationDocument) -> QWidget:
        theme = self._theme
        loads_assets = document.loads_assets
        self.deactivate = QCheckBox(
            self.tr("What the vendor no longer lists")
            if loads_assets
            else self.tr("Whom the vendor no longer lists, or calls inactive")
        )
        self.deactivate.setChecked(document.deactivate)
        self.deactivate_people = QCheckBox(self.tr("People too, once no integration lists them any more"))
        self.deactivate_people.setChecked(document.deactivate_people)
        self.deactivate_people.setHidden(loads_assets)
        self.percent = NumberField(theme, self.tr("Most of the active ones in one run, in percent"), 1, 100)
        self.percent.setSuffix(" %")
        self.percent.setValue(document.deactivate_limit_percent)
        self.count = NumberField(theme, self.tr("Most in one run"), 1, 1_000_000)
        self.count.setValue(document.deactivate_limit_count)
        row = Row(theme, gap=8)
        row.addWidget(PlainLabel(self.tr("At most")))
        row.addWidget(self.percent)
        row.addWidget(PlainLabel(self.tr("and")))
        row.addWidget(self.count)
        row.addWidget(PlainLabel(self.tr("in one run")))
        row.addStretch(1)
        self._warning = Paragraph(theme, role="secondary", tone="warn")
        column = Column(theme, gap=6)
        column.addWidget(self.deactivate)
        column.addWidget(self.deactivate_people)
        column.addLayout(row)
        limits = self.tr("If a run would deactivate more, all of them wait for your decision.")
        column.addWidget(Paragraph(theme, limits, role="secondary", tone="muted"))
        column.addWidget(self._warning)
        column.addWidget(self.needless)
        for signal in (self.deactivate.toggled, self.percent.valueChanged):
            signal.connect(lambda *_: self._show_what_applies())
        box = QWidget()
        box.setLayout(column)
        box.setFocusProxy(self.deactivate)
        return box

    def _show_what_applies(self) -> None:
        is_on = self.deactivate.isChecked()
        for field in (self.deactivate_people, self.percent, self.count):
            field.setEnabled(is_on)
        if self.document.object == "users":
            self.application.setEnabled(self.user_plus.isChecked())
        self.needless.setVisible(is_on and self.needless.is_needed)
        warning = self.tr("At 100 % the safeguard holds only when everybody would go.")
        self._warning.set_runs(warning)
        self._warning.setVisible(is_on and self.percent.value() == 100)

    def changed_document(self) -> IntegrationDocument:
        document = self.document
        if not self.name.text().strip():
            raise ValueError(f"name: {self.tr('An integration needs a name.')}")
        values: dict[str, object] = {
            "name": self.name.text().strip(),
            "preference": self.preference.currentData(),
            "deactivate": self.deactivate.isChecked(),
            "deactivate_people": self.deactivate.isChecked() and self.deactivate_people.isChecked(),
            "deactivate_limit_percent": self.percent.value(),
            "deactivate_limit_count": self.count.value(),
            "integration_user": self.acts_as.text().strip(),
            "contacts": tuple(part.strip() for part in re.split("[,;\n]", self.contacts.text()) if part.strip()),
            "inputs": self._changed_inputs(),
        }
        if document.object == "users":
            values["saas_mode"] = "user_plus_saas_user" if self.user_plus.isChecked() else "user_only"
            name = self.application.name
            values["saas_application"] = "" if name == connector_of(document).title else name
        kept = document.model_dump(by_alias=False)
        try:
            return IntegrationDocument.model_validate({**kept, **values})
        except ValidationError as error:
            raise ValueError(explain(error)) from None

    def _changed_inputs(self) -> dict[str, str]:
        kept = {key: value for key, value in self.document.inputs.items() if key not in self.inputs}
        return kept | {key: value for key, field in self.inputs.items() if (value := field.value())}

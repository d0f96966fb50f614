"""How the integration is set up: its name, what it keeps, what it may do, and what fills which field."""

from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from saasdesk.connectors import ASSETS, Connector
from saasdesk.connectors.pages import value_at
from saasdesk.fields import external_id
from saasdesk.mapping import MapRow
from saasdesk.sync.integration import IntegrationDocument, with_default_mapping
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.dialogs.connect_vendor.work import Connecting
from saasdesk.ui.tables.lines import Heading
from saasdesk.ui.tables.text_table import Text, TextTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.boxed import Boxed
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_LONGEST_NAME = 100
_LONGEST_SAMPLE = 60


class IntegrationStep(Step):
    """Every choice has the default of the vendor's article; Deactivate is off."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("The integration")
        self.next_text = self.tr("Save the draft and plan")
        self._connecting: Connecting | None = None
        self._build()
        self._connect()

    @property
    def document(self) -> IntegrationDocument:
        """The integration as it is set up here, with the default mapping."""
        connecting = self._known()
        mode = "user_plus_saas_user" if self.plus.isChecked() else "user_only"
        deactivate = self.deactivate.isChecked()
        document = IntegrationDocument.model_validate(
            {
                "name": self.name.text().strip(),
                "connector": connecting.connector.key,
                "object": connecting.connector.loads,
                "credential": connecting.credential,
                "directory_credential": connecting.directory,
                "saas_mode": mode,
                "saas_application": self.application.text().strip() if self._with_saas_users else "",
                "preference": self.preference.currentData(),
                "deactivate": deactivate,
                "deactivate_people": deactivate and self._deactivates_people,
                "deactivate_limit_percent": self.percent.value(),
                "deactivate_limit_count": self.count.value(),
            }
        )
        mapped = with_default_mapping(document, connecting.connector)
        role = self.role.text().strip()
        rows = [
            row.model_copy(update={"value": role}) if row.target == "role" and row.value is not None else row
            for row in mapped.mapping
        ]
        return mapped.model_copy(update={"mapping": tuple(rows)})

    @property
    def _loads_assets(self) -> bool:
        return self._connecting is not None and self._connecting.connector.loads == ASSETS

    @property
    def _with_saas_users(self) -> bool:
        return self.plus.isChecked() and not self._loads_assets

    @property
    def _deactivates_people(self) -> bool:
        return not self._loads_assets and (self.people.isChecked() or not self.plus.isChecked())

    def begin(self, connecting: Connecting) -> None:
        """Start from the vendor's defaults; what was entered before stays."""
        is_new = self._connecting is None or self._connecting.connector is not connecting.connector
        self._connecting = connecting
        if is_new:
            title = connecting.connector.title
            name = self.tr("{0} {1}").format(title, connecting.connector.loaded_noun)
            self.name.setText(connecting.beginning.free_integration(name))
            self.application.setText(title)
            self.role.setText(_default_role(connecting.connector))
            self.plus.setChecked(True)
            self.preference.setCurrentIndex(0)
            self.deactivate.setChecked(False)
            self.people.setChecked(False)
        self._of_users.setHidden(self._loads_assets)
        self.deactivate.setText(
            self.tr("Deactivate what is missing from a complete listing")
            if self._loads_assets
            else self.tr("Deactivate who is missing from a complete listing")
        )
        self._show_mapping()
        self._fit()

    def check(self) -> bool:
        for error in (self.name_error, self.application_error, self.role_error):
            error.clear()
        self.clear_problem()
        connecting = self._known()
        name = self.name.text().strip()
        saved = connecting.integration
        taken = {known.casefold() for known in connecting.beginning.integrations}
        if not name:
            self.name_error.show_error(self.tr("Give the integration a name."))
        elif name.casefold() in taken and (saved is None or saved.name.casefold() != name.casefold()):
            self.name_error.show_error(self.tr("There is an integration of this name. Choose another name."))
        if self._with_saas_users and not self.application.text().strip():
            self.application_error.show_error(self.tr("Name the application that the SaaS users belong to."))
        if not self._loads_assets and not self.role.text().strip():
            self.role_error.show_error(self.tr("A person needs a role, such as Employee."))
        for error, widget in (
            (self.name_error, self.name),
            (self.application_error, self.application),
            (self.role_error, self.role),
        ):
            if error.message:
                widget.setFocus()
                return False
        return True

    def first_field(self) -> QWidget:
        """The name."""
        return self.name

    def set_busy(self, *, is_busy: bool) -> None:
        self._form.setEnabled(not is_busy)

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.name = QLineEdit()
        self.name.setMaxLength(_LONGEST_NAME)
        self.application = QLineEdit()
        self.application.setMaxLength(_LONGEST_NAME)
        self.role = QLineEdit()
        self.preference = QComboBox()
        for key, text in (
            ("create_and_update", self.tr("Create & Update")),
            ("create_only", self.tr("Create only")),
            ("update_only", self.tr("Update only")),
        ):
            self.preference.addItem(text, key)
        first, of_users, grid = (FormGrid(theme, gap=12) for _ in range(3))
        self.name_error = first.add_field(self.tr("Name"), self.name)
        of_users.add_field(self.tr("Keeps"), self._mode_fields())
        self.application_error = of_users.add_field(self.tr("SaaS application"), self.application)
        self.role_error = of_users.add_field(
            self.tr("Role of people"), self.role, self.tr("The role in your company that everybody from here gets.")
        )
        # Devices have neither accounts nor a role.
        self._of_users = QWidget()
        self._of_users.setLayout(of_users)
        grid.add_field(self.tr("Preference"), self.preference)
        grid.add_field(self.tr("Deactivate"), self._deactivate_fields())
        self._schedule = PlainLabel("", elided=True)
        grid.add_value(self.tr("Schedule"), self._schedule)
        grid.add_value(self.tr("Installation type"), self.tr("Local: the key stays on this computer"))
        whole = Column(theme, gap=12)
        for part in (first, of_users, grid):
            part.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(first)
        whole.addWidget(self._of_users)
        whole.addLayout(grid)
        self._form = QWidget()
        self._form.setLayout(whole)
        self.mapping = TextTable(
            theme,
            self.tr("Default mapping"),
            [
                Heading(self.tr("From the vendor")),
                Heading(self.tr("First record")),
                Heading(self.tr("Fills the field")),
                Heading(self.tr("Key"), 112),
            ],
        )
        self.body.addWidget(self._form)
        self.body.addSpacing(theme.px(4))
        self.body.addWidget(PlainLabel(self.tr("Mapping"), "card-title"))
        self.body.addWidget(
            Paragraph(
                theme,
                self.tr("A sync key decides which record is the same one. It is Unique: no two records share a value."),
                role="secondary",
                tone="muted",
            )
        )
        self.body.addWidget(Boxed(theme, self.mapping))
        self.body.addStretch(1)

    def _mode_fields(self) -> QWidget:
        theme = self._theme
        holder = QWidget()
        column = Column(theme, gap=2)
        self.plus = QRadioButton(self.tr("User plus SaaS user"))
        self.only = QRadioButton(self.tr("User only"))
        self._mode = QButtonGroup(self)
        for button, text in (
            (self.plus, self.tr("People, and their accounts in the application with role, status and last activity.")),
            (self.only, self.tr("People alone.")),
        ):
            self._mode.addButton(button)
            button.setAccessibleDescription(text)
            column.addWidget(button)
            column.addLayout(_indented(theme, text))
        self.plus.setChecked(True)
        holder.setLayout(column)
        holder.setFocusProxy(self.plus)
        return holder

    def _deactivate_fields(self) -> QWidget:
        theme = self._theme
        holder = QWidget()
        column = Column(theme, gap=4)
        self.deactivate = QCheckBox(self.tr("Deactivate who is missing from a complete listing"))
        text = self.tr("Only here, never at the vendor; a run that would deactivate more than this is held for you.")
        self.deactivate.setAccessibleDescription(text)
        self.percent = QSpinBox()
        self.percent.setRange(1, 100)
        self.percent.setValue(20)
        self.percent.setSuffix(self.tr(" %"))
        self.percent.setAccessibleName(self.tr("Limit in percent of the active ones"))
        self.count = QSpinBox()
        self.count.setRange(1, 1_000_000)
        self.count.setValue(200)
        self.count.setAccessibleName(self.tr("Limit as a number"))
        self.people = QCheckBox(self.tr("Also the person, when no integration has them any more"))
        limits = Row(theme, gap=8)
        limits.addWidget(PlainLabel(self.tr("At most"), "secondary", "muted"))
        limits.addWidget(self.percent)
        limits.addWidget(PlainLabel(self.tr("and"), "secondary", "muted"))
        limits.addWidget(self.count)
        limits.addWidget(PlainLabel(self.tr("in one run"), "secondary", "muted"))
        limits.addStretch(1)
        inner = Column(theme, gap=4, margins=(27, 0, 0, 0))
        inner.addWidget(Paragraph(theme, text, role="secondary", tone="muted"))
        inner.addLayout(limits)
        inner.addWidget(self.people)
        self._limits = QWidget()
        self._limits.setLayout(inner)
        column.addWidget(self.deactivate)
        column.addWidget(self._limits)
        holder.setLayout(column)
        holder.setFocusProxy(self.deactivate)
        return holder

    def _connect(self) -> None:
        for button in (self.plus, self.only, self.deactivate):
            button.toggled.connect(self._fit)
        self.plus.toggled.connect(self._show_mapping)
        self.role.textChanged.connect(self._show_mapping)

    # Showing

    def _known(self) -> Connecting:
        if self._connecting is None:
            raise AssertionError("begin comes first")
        return self._connecting

    def _fit(self) -> None:
        self.application.setEnabled(self.plus.isChecked())
        self._limits.setVisible(self.deactivate.isChecked())
        # Without SaaS users there is nobody but the person to deactivate.
        self.people.setVisible(self.plus.isChecked() and not self._loads_assets)

    def _show_mapping(self) -> None:
        if self._connecting is None:
            return
        document = self.document if self.name.text().strip() else None
        if document is None:
            return
        self._schedule.set_text(document.schedule.in_words())
        self.mapping.show_rows([self._row(document, row) for row in document.mapping])

    def _row(self, document: IntegrationDocument, row: MapRow) -> tuple[Text, ...]:
        connector = self._known().connector
        source = connector.find_field(row.source) if row.source is not None else None
        label = source.label if source is not None else row.source or self.tr("The same for everybody")
        key = self.tr("Sync key {0}").format(row.sync_key) if row.sync_key is not None else ""
        return (
            Text(label, "text" if row.source is not None else "muted"),
            Text(self._sample(row, source.path if source is not None else ""), "muted"),
            Text(self._target(document, row), role="name"),
            Text(key, "accent", "secondary-strong"),
        )

    def _sample(self, row: MapRow, path: str) -> str:
        if row.value is not None:
            return str(row.value)
        records = self._known().records
        value = value_at(records[0].raw, path) if records and path else None
        text = "" if value is None else str(value)
        return text if len(text) <= _LONGEST_SAMPLE else text[: _LONGEST_SAMPLE - 1] + "…"

    def _target(self, document: IntegrationDocument, row: MapRow) -> str:
        known = self._known().beginning.fields
        for field in known:
            if field.object == row.object and field.external_id == row.target:
                return field.label
        for new in document.fields:
            if new.object == row.object.value and external_id(new.label) == row.target:
                return self.tr("{0} (new field, Unique)").format(new.label) if new.unique else new.label
        return row.target


def _default_role(connector: Connector) -> str:
    return next(
        (str(row.value) for row in connector.default_mapping if row.target == "role" and row.value is not None),
        "Employee",
    )


def _indented(theme: Theme, text: str) -> QHBoxLayout:
    row = Row(theme, gap=0, margins=(27, 0, 0, 4))
    row.addWidget(Paragraph(theme, text, role="secondary", tone="muted"), 1)
    return row

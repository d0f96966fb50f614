"""What the key is to do, before anything is asked of it: to read, or to read and act."""

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from saasdesk.connectors import ADMIN, Connector
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.dialogs.credential.permission_field import PermissionField
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel


class PermissionPage(Step):
    """The permission level, and for a vendor with several kinds of key, which one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Permission level")
        self.next_text = self.tr("Next")
        self._connector: Connector | None = None
        self._kinds = QButtonGroup(self)
        self._kinds_title = PlainLabel(self.tr("Which key"), "strong")
        self._kinds_box = QWidget()
        self._kinds_column = Column(theme, gap=2)
        self._kinds_box.setLayout(self._kinds_column)
        self.permission = PermissionField(theme)
        self._effects_title = PlainLabel(self.tr("What acting does there"), "strong")
        self._effects = Column(theme, gap=6)
        self.body.addWidget(self._kinds_title)
        self.body.addWidget(self._kinds_box)
        self.body.addWidget(PlainLabel(self.tr("What it may be used for"), "strong"))
        self.body.addWidget(self.permission)
        self.body.addWidget(self._effects_title)
        self.body.addLayout(self._effects)
        self.body.addStretch(1)
        self.permission.changed.connect(self._show_effects)

    @property
    def kind(self) -> str:
        """The kind of key."""
        chosen = self._kinds.checkedButton()
        return ADMIN if chosen is None else str(chosen.property("kind"))

    def show_vendor(self, connector: Connector) -> None:
        """Offer what this vendor has; what was chosen for another one is gone."""
        if connector is self._connector:
            return
        self._connector = connector
        for button in self._kinds.buttons():
            self._kinds.removeButton(button)
        clear_layout(self._kinds_column)
        choices = [(ADMIN, self.tr("API key of the organisation"), connector.help.role_needed)]
        choices += [(known.key, known.title, known.help.role_needed) for known in connector.kinds]
        for kind, title, needed in choices if connector.kinds else ():
            button = QRadioButton(title)
            button.setProperty("kind", kind)
            button.setChecked(kind == ADMIN)
            button.setAccessibleDescription(needed)
            button.toggled.connect(self._show_help)
            self._kinds.addButton(button)
            self._kinds_column.addWidget(button)
        self._kinds_title.setVisible(bool(connector.kinds))
        self._kinds_box.setVisible(bool(connector.kinds))
        self.permission.set_permission("read")
        self._show_help()

    def first_field(self) -> QWidget:
        """The first choice."""
        return self.permission

    def _show_help(self) -> None:
        if self._connector is not None:
            self.permission.show_help(self._connector.of_kind(self.kind).help)
            self._show_effects()

    def _show_effects(self) -> None:
        clear_layout(self._effects)
        if self._connector is None:
            return
        effects = self._connector.of_kind(self.kind).help.what_acting_does
        is_shown = bool(effects) and self.permission.permission == "act"
        self._effects_title.setVisible(is_shown)
        for text in effects if is_shown else ():
            row = Row(self._theme, gap=8)
            row.addWidget(IconLabel(self._theme, "warning", "warn", size=16))
            row.addWidget(Paragraph(self._theme, text, role="secondary"), 1)
            self._effects.addLayout(row)

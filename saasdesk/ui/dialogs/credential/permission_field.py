"""What a key may be used for: to read, or to read and act."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from saasdesk.connectors import ConnectorHelp
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.paragraph import Paragraph


class PermissionField(QWidget):
    """Two choices, each with what it can do; with a vendor's help also which role the key needs."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.read = QRadioButton(self.tr("Read"))
        self.act = QRadioButton(self.tr("Read and act"))
        self._group = QButtonGroup(self)
        self._texts: dict[QRadioButton, Paragraph] = {}
        column = Column(theme, gap=2)
        for button in (self.read, self.act):
            self._group.addButton(button)
            text = Paragraph(theme, role="secondary", tone="muted")
            self._texts[button] = text
            column.addWidget(button)
            indented = Column(theme, gap=0, margins=(27, 0, 0, 4))
            indented.addWidget(text)
            column.addLayout(indented)
            button.toggled.connect(self._on_toggled)
        self.read.setChecked(True)
        self.setLayout(column)
        self.setFocusProxy(self.read)
        self.show_help(None)

    @property
    def permission(self) -> str:
        """`read` or `act`."""
        return "act" if self.act.isChecked() else "read"

    def set_permission(self, permission: str) -> None:
        """Choose one."""
        (self.act if permission == "act" else self.read).setChecked(True)

    def show_help(self, help_: ConnectorHelp | None) -> None:
        """Say which role the vendor asks for."""
        read = self.tr("Lists users, roles and licences. Nothing at the vendor can be changed with it.")
        act = self.tr("Workflows may also change and delete users at the vendor, after you approved the plan.")
        if help_ is not None:
            read = self.tr("{0} Needed: {1}.").format(read, help_.role_needed.rstrip("."))
            act = self.tr("{0} Needed: {1}.").format(act, (help_.role_to_act or help_.role_needed).rstrip("."))
        for button, text in ((self.read, read), (self.act, act)):
            self._texts[button].set_runs(text)
            button.setAccessibleDescription(text)

    def _on_toggled(self, is_on: bool) -> None:
        if is_on:
            # Who comes here by keyboard comes to the choice that is made.
            self.setFocusProxy(self.act if self.act.isChecked() else self.read)
            self.changed.emit()

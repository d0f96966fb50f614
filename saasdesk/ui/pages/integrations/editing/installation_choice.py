"""Where an integration runs: Local. What the help articles name besides is shown, with why it is not offered."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QRadioButton, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.paragraph import Paragraph


class InstallationChoice(QWidget):
    """One choice that is on, and three that cannot be taken."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.local = QRadioButton(self.tr("Local"))
        self.local.setChecked(True)
        rows = (
            (self.local, self.tr("Keys lie in this computer's keyring, and nowhere else.")),
            (
                QRadioButton(self.tr("Cloud")),
                self.tr("Not offered: no server stands between you and the vendor."),
            ),
            (
                QRadioButton(self.tr("OAuth")),
                self.tr("Not offered: its sign-in answers to a server's address."),
            ),
            (
                QRadioButton(self.tr("AWS")),
                self.tr("Not offered: its roles are granted to servers."),
            ),
        )
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnStretch(1, 1)
        for place, (button, why) in enumerate(rows):
            button.setEnabled(button is self.local)
            button.setAccessibleDescription(why)
            grid.addWidget(button, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Paragraph(theme, why, role="secondary", tone="muted"), place, 1)
        self.setLayout(grid)
        self.setFocusProxy(self.local)

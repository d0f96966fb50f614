"""What this program is, under which licence, and what it does not do."""

import sys

from PySide6.QtCore import QCoreApplication, qVersion

from saasdesk import __version__
from saasdesk.profile import Profile
from saasdesk.ui.pages.settings.section import Section, section_grid
from saasdesk.ui.theme import Theme


class AboutSection(Section):
    """Facts to read."""

    def __init__(self, theme: Theme, profile: Profile) -> None:
        about = QCoreApplication.translate(
            "Settings",
            "saasdesk works on this computer alone: no account, nothing about you or your work is sent to anybody. It "
            "calls the vendors that you connect, and nobody else.",
        )
        super().__init__(theme, QCoreApplication.translate("Settings", "About"), about)
        grid = section_grid(theme)
        grid.add_value(self.tr("Version"), f"saasdesk {__version__}")
        grid.add_value(self.tr("Runs on"), f"Python {sys.version.split()[0]}, Qt {qVersion()}")
        grid.add_value(self.tr("Licence"), "MIT")
        grid.add_value(self.tr("Profile"), self.tr("the demo") if profile.is_demo else self.tr("your own"))
        self.body.addLayout(grid)
        self.finish()

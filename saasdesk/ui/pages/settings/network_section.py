"""How the vendors are reached: a proxy, and a certificate authority of the company's own."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit

from saasdesk.ui.pages.settings.section import Section, at_left, section_grid
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton


class NetworkSection(Section):
    """Each is kept as soon as it is entered."""

    def __init__(self, theme: Theme) -> None:
        about = QCoreApplication.translate("Settings", "How the vendors are reached. It counts from the next run on.")
        super().__init__(theme, QCoreApplication.translate("Settings", "Network"), about)
        self.proxy = QLineEdit()
        self.proxy.setPlaceholderText(self.tr("the system's own settings"))
        self.extra_ca = QLineEdit()
        self.extra_ca.setPlaceholderText(self.tr("the system's trust store alone"))
        self.choose = OutlinedButton(theme, self.tr("Choose…"), icon="folder")
        self.choose.setAccessibleName(self.tr("Choose the certificate file"))
        grid = section_grid(theme)
        self.fields.add(grid, "proxy", self.tr("Proxy"), self.proxy, self.tr("Such as http://proxy.example.com:3128."))
        self.fields.add(
            grid,
            "extra_ca",
            self.tr("Extra CA"),
            self.extra_ca,
            self.tr("For where it inspects TLS. Checking certificates cannot be switched off."),
        )
        grid.add_value("", at_left(theme, self.choose))
        self.proxy_error, self.ca_error = grid.errors[self.tr("Proxy")], grid.errors[self.tr("Extra CA")]
        self.body.addLayout(grid)
        self.finish()
        self.choose.clicked.connect(self._on_choose)

    def _on_choose(self) -> None:
        begin = str(Path(self.extra_ca.text()).parent) if self.extra_ca.text() else str(Path.home())
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose a certificate file"),
            begin,
            f"{self.tr('Certificates')} (*.pem *.crt *.cer);;{self.tr('All files')} (*)",
        )
        if name:
            self.extra_ca.setText(name)
            self.extra_ca.editingFinished.emit()

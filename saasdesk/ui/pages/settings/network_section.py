"""How the vendors are reached: a proxy, and a certificate authority of the company's own."""

import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit

from saasdesk import clock
from saasdesk.errors import UserError
from saasdesk.services import Services
from saasdesk.settings import NO_PROXY, Settings
from saasdesk.ui.formats import day_text
from saasdesk.ui.pages.settings.section import Section, section_grid
from saasdesk.ui.reading import Reading
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column, Row, at_left
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl
from saasdesk.ui.widgets.status_word import StatusWord, status
from saasdesk.web import Reached, reach
from saasdesk.web.certificates import CertificateFacts, certificates_in

_SYSTEM, _BY_HAND = "system", "by-hand"
# Enough to see whether there is a way out.
_MOST_HOSTS = 4


class NetworkSection(Section):
    """Each is kept as soon as it is entered; the keeper reads the certificate and tries the way out."""

    test_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        about = QCoreApplication.translate("Settings", "How the vendors are reached. It counts from the next run on.")
        super().__init__(theme, QCoreApplication.translate("Settings", "Network"), about)
        self.way = SegmentedControl(
            theme,
            self.tr("Proxy"),
            [
                Choice(_SYSTEM, self.tr("As the system says")),
                Choice(NO_PROXY, self.tr("None")),
                Choice(_BY_HAND, self.tr("By hand")),
            ],
        )
        self.proxy = QLineEdit()
        self.proxy.setPlaceholderText("http://proxy.example.com:3128")
        self.extra_ca = QLineEdit()
        self.extra_ca.setPlaceholderText(self.tr("the system's trust store alone"))
        self.choose = OutlinedButton(theme, self.tr("Choose…"), icon="folder")
        self.choose.setAccessibleName(self.tr("Choose the certificate file"))
        self.remove = OutlinedButton(theme, self.tr("Remove"), icon="trash")
        self.remove.setAccessibleName(self.tr("Remove the extra CA"))
        self.certificate = Paragraph(theme, role="secondary")
        self._grid = grid = section_grid(theme)
        grid.add_value(self.tr("Proxy"), self.way)
        self.fields.add(grid, "proxy", self.tr("Address"), self.proxy)
        self.fields.add(
            grid,
            "extra_ca",
            self.tr("Extra CA"),
            self.extra_ca,
            self.tr("It is needed where your company inspects TLS: checking certificates cannot be switched off."),
        )
        grid.add_value("", self.certificate)
        grid.add_value("", at_left(theme, self.choose, self.remove))
        self.proxy_error: InlineError = self.fields.errors["proxy"]
        self.ca_error: InlineError = self.fields.errors["extra_ca"]
        self.test = OutlinedButton(theme, self.tr("Test the way out"), icon="globe")
        grid.add_value(self.tr("Test"), at_left(theme, self.test))
        self.body.addLayout(grid)
        self.outcome = StatusWord(theme, status("not_checked"))
        self.sentence = Paragraph(theme, role="secondary", tone="muted")
        said = Row(theme, gap=0, margins=(136, 0, 0, 0))
        column = Column(theme, gap=4)
        column.addWidget(self.outcome)
        column.addWidget(self.sentence)
        said.addLayout(column)
        self.body.addLayout(said)
        for widget in (self.outcome, self.sentence, self.certificate):
            widget.hide()
        self.finish()
        self.way.chosen.connect(self._on_way_chosen)
        self.choose.clicked.connect(self._on_choose)
        self.remove.clicked.connect(self._on_remove)
        self.test.clicked.connect(self.test_wanted)
        self._show_way()

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        self.remove.setEnabled(settings.extra_ca is not None)
        if not self.proxy.hasFocus():
            self._show_way()

    def show_certificates(self, found: Sequence[CertificateFacts] | str) -> None:
        """Say whose the certificates of the file are, or why they cannot be read."""
        self.certificate.setVisible(bool(found))
        if isinstance(found, str):
            self.certificate.set_runs(Run(found, tone="error"))
        elif found:
            now = clock.now()
            self.certificate.set_runs(*(self._certificate_run(each, now) for each in found[:3]))

    def show_testing(self) -> None:
        """The hosts are being asked."""
        self.test.setEnabled(False)
        self.outcome.set_status(status("running", self.tr("Asking…")))
        self.outcome.show()
        self.sentence.hide()

    def show_reached(self, reached: Sequence[Reached]) -> None:
        """Say which hosts were reached, and why others were not."""
        self.test.setEnabled(True)
        failed = [each for each in reached if each.problem]
        hosts = ", ".join(each.host for each in reached if not each.problem)
        if not reached:
            self.outcome.set_status(status("not_checked", self.tr("Nothing to reach yet: there is no credential")))
        elif failed:
            self.outcome.set_status(status("no", self.tr("{0} of {1} not reached").format(len(failed), len(reached))))
        else:
            self.outcome.set_status(status("yes", self.tr("Reached")))
        sentences = [*(each.problem for each in failed), *([self.tr("Reached: {0}.").format(hosts)] if hosts else [])]
        self.sentence.set_runs(" ".join(sentences))
        self.sentence.setVisible(bool(sentences))

    def show_test_failure(self, reason: str) -> None:
        """The test itself could not be made."""
        self.test.setEnabled(True)
        self.outcome.set_status(status("not_checked", reason))

    def _certificate_run(self, facts: CertificateFacts, now: datetime) -> Run:
        name = facts.subject or self.tr("a certificate without a name")
        if facts.ends is None:
            return Run(f"{name}. ", tone="muted")
        day = day_text(facts.ends.astimezone().date())
        if facts.ends < now:
            return Run(self.tr("{0}, expired on {1}. ").format(name, day), tone="error")
        return Run(self.tr("{0}, valid until {1}. ").format(name, day), tone="muted")

    def _show_way(self) -> None:
        text = self.proxy.text()
        self.way.set_current({"": _SYSTEM, NO_PROXY: NO_PROXY}.get(text, _BY_HAND))
        self._grid.set_shown(self.proxy, shown=self.way.current == _BY_HAND)

    def _on_way_chosen(self, way: str) -> None:
        self._grid.set_shown(self.proxy, shown=way == _BY_HAND)
        self.proxy_error.clear()
        if way == _BY_HAND:
            # Kept as soon as there is an address.
            self.proxy.setText("")
            self.proxy.setFocus()
            return
        self.proxy.setText("" if way == _SYSTEM else NO_PROXY)
        self.fields.offer("proxy")

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
            self.fields.offer("extra_ca")

    def _on_remove(self) -> None:
        self.extra_ca.setText("")
        self.fields.offer("extra_ca")


class NetworkKeeper(QObject):
    """Between the section, the certificate file and the network."""

    def __init__(self, services: Services, section: NetworkSection, reading: Reading) -> None:
        super().__init__(section)
        self._services, self._section, self._reading = services, section, reading
        section.test_wanted.connect(self._test)

    def refresh(self) -> None:
        """Read whose the extra certificates are."""
        store, section = self._services.store, self._section

        def read(_stop: threading.Event) -> list[CertificateFacts]:
            path = store.settings().extra_ca
            return [] if path is None else certificates_in(path)

        self._reading.ask("certificates", read, section.show_certificates, section.show_certificates)

    def _test(self) -> None:
        services, section = self._services, self._section

        def reach_all(stop: threading.Event) -> list[Reached]:
            if services.profile.is_demo:
                raise UserError(section.tr("The demo asks nobody outside this computer"))
            settings = services.store.settings()
            origins = sorted({origin for each in services.vault.list() for origin in each.origins}, key=str)
            return [reach(each, settings.extra_ca, settings.proxy, stop) for each in origins[:_MOST_HOSTS]]

        section.show_testing()
        self._reading.ask("way out", reach_all, section.show_reached, section.show_test_failure)

"""Is everything fit to work, and what is handed to whoever helps when it is not."""

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from saasdesk.services import Services
from saasdesk.store.health import Finding, State
from saasdesk.support import BundleFile, collect, last_error, write_bundle
from saasdesk.ui.pages.settings.bundle_dialog import BundleDialog
from saasdesk.ui.pages.settings.section import Section, section_grid
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables.flow import Flow
from saasdesk.ui.tables.lines import Heading
from saasdesk.ui.tables.text_table import Text, TextTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.boxed import Boxed
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.progress import ProgressBar
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl
from saasdesk.ui.widgets.status_word import Status, StatusWord, status

_WORST_FIRST = (State.PROBLEM, State.WARNING, State.OK)


class DiagnosticsSection(Section):
    """What `doctor` finds, with what to do about it; the log, its last error, and the support bundle."""

    run_wanted = Signal()
    place_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        self.run = OutlinedButton(theme, _tr("Run again"), icon="retry")
        about = _tr("Is this computer, this profile and this database fit to work?")
        super().__init__(theme, _tr("Diagnostics"), about, self.run)
        self._summary = StatusWord(theme, status("not_checked"))
        self._progress = ProgressBar(theme, self.tr("Looking at everything"))
        self._progress.set_share(None)
        self._progress.hide()
        self.table = TextTable(
            theme,
            self.tr("Findings"),
            [
                Heading(self.tr("Looked at"), 136),
                Heading(self.tr("State"), 112),
                Heading(self.tr("Found"), share=3),
                Heading(self.tr("What to do"), share=2),
            ],
        )
        self._box = Boxed(theme, self.table)
        self._box.hide()
        self.level = SegmentedControl(
            theme, self.tr("Log"), [Choice("info", self.tr("Usual")), Choice("debug", self.tr("Detailed"))]
        )
        self.copy_error = OutlinedButton(theme, self.tr("Copy the last error"), icon="copy")
        self.bundle = OutlinedButton(theme, self.tr("Support bundle…"), icon="save")
        self.body.addWidget(self._summary)
        self.body.addWidget(self._progress)
        self.ways: list[LinkButton] = []
        self._ways = Flow(theme, gap=16)
        self._ways.hide()
        self.body.addWidget(self._ways)
        self.body.addWidget(self._box)
        grid = section_grid(theme)
        self.fields.add(grid, "log_level", self.tr("Log"), self.level)
        self.body.addLayout(grid)
        buttons = Row(theme, gap=8)
        buttons.addWidget(self.bundle)
        buttons.addWidget(self.copy_error)
        buttons.addStretch(1)
        self.body.addLayout(buttons)
        self.finish()
        self.run.clicked.connect(self.run_wanted)
        # At once, for what is going on now.
        self.level.chosen.connect(lambda level: logging.getLogger().setLevel(level.upper()))

    def show_running(self) -> None:
        """The check-up is going on."""
        self.run.setEnabled(False)
        self._progress.show()
        self._summary.set_status(status("running", self.tr("Looking…")))
        self.error.clear()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show every line, the worst first."""
        self._end()
        worst_first = sorted(findings, key=lambda finding: _WORST_FIRST.index(finding.state))
        self.table.show_rows([_finding_row(finding) for finding in worst_first])
        self._box.setVisible(bool(findings))
        self._show_ways(list(dict.fromkeys(finding.place for finding in worst_first if finding.place)))
        problems = sum(finding.state is State.PROBLEM for finding in findings)
        warnings = sum(finding.state is State.WARNING for finding in findings)
        if problems:
            self._summary.set_status(status("failed", self.tr("{0} to put right").format(problems)))
        elif warnings:
            self._summary.set_status(status("review", self.tr("{0} to look at").format(warnings)))
        else:
            self._summary.set_status(status("passed", self.tr("Everything is in order")))

    def _show_ways(self, places: Sequence[str]) -> None:
        """A link to each place where something is put right."""
        for before in self.ways:
            self._ways.take(before)
        self.ways = []
        for number, place in enumerate(places):
            link = LinkButton(self._theme, self.tr("Go to {0}").format(_name_of(place)), "arrow-right", inline=True)
            link.clicked.connect(partial(self._go, place))
            self._ways.insert(number, link)
            self.ways.append(link)
        self._ways.setVisible(bool(places))

    def _go(self, place: str, _checked: bool = False) -> None:
        self.place_wanted.emit(place)

    def show_failure(self, reason: str) -> None:
        """The check-up itself failed."""
        self._end()
        self._summary.set_status(status("not_checked"))
        self.error.show_error(reason)

    def _end(self) -> None:
        self.run.setEnabled(True)
        self._progress.hide()


class SupportKeeper(QObject):
    """Between the section, the log and the bundle's files."""

    def __init__(
        self,
        services: Services,
        section: DiagnosticsSection,
        theme: Theme,
        reading: Reading,
        examine: Callable[[], Sequence[Finding]],
        say: Callable[[str, str], object],
    ) -> None:
        super().__init__(section)
        self._services, self._section, self._theme, self._reading = services, section, theme, reading
        self._examine, self._say = examine, say
        section.copy_error.clicked.connect(self._copy_error)
        section.bundle.clicked.connect(self.open_bundle)

    def open_bundle(self) -> None:
        """Collect the files, and show each before anything is written."""
        services, examine = self._services, self._examine
        dialog = BundleDialog(self._theme, self._section)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.save_wanted.connect(partial(self._save, dialog))
        dialog.finished.connect(lambda _result: self._reading.forget("bundle"))
        dialog.open()

        def gather(stop: threading.Event) -> list[BundleFile]:
            return collect(services.profile, services.store, examine(), stop)

        self._reading.ask("bundle", gather, dialog.show_files, dialog.show_problem)

    def _save(self, dialog: BundleDialog, target: Path) -> None:
        files = dialog.chosen

        def saved(written: Path) -> None:
            dialog.accept()
            self._say(self.tr("The support bundle is in {0}.").format(written), "ok")

        self._reading.ask("bundle", lambda _stop: write_bundle(files, target), saved, dialog.show_problem)

    def _copy_error(self) -> None:
        profile = self._services.profile

        def copied(text: str) -> None:
            if text:
                QGuiApplication.clipboard().setText(text)
                self._say(self.tr("The last error is copied; keys are taken out."), "ok")
            else:
                self._say(self.tr("The log knows of no error."), "info")

        self._reading.ask("last error", lambda _stop: last_error(profile), copied, self._section.error.show_error)


def _finding_row(finding: Finding) -> tuple[Text, ...]:
    words = {
        State.OK: status("yes", _tr("OK")),
        State.WARNING: status("review", _tr("Warning")),
        State.PROBLEM: status("no", _tr("Problem")),
    }
    subject = finding.subject[:1].upper() + finding.subject[1:]
    shown: Status = words[finding.state]
    return (
        Text(subject, role="name"),
        Text(status=shown),
        Text(finding.text, role="secondary"),
        Text(finding.window_advice, "muted", "secondary"),
    )


def _name_of(place: str) -> str:
    page, _, part = place.partition(":")
    if page == "configuration":
        return _tr("the key “{0}”").format(part.partition(":")[2])
    return {"settings:storage": _tr("Storage"), "settings:network": _tr("Network")}[place]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)

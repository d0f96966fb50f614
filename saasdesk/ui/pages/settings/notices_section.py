"""When nobody is told, and of which integrations nobody is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.store import Store
from saasdesk.sync import integrations, muting
from saasdesk.ui.moments import moment_within
from saasdesk.ui.pages.settings.section import Section, section_grid
from saasdesk.ui.reading import Reading
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.hours_field import HoursField
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.plain_label import PlainLabel


@dataclass(frozen=True, slots=True)
class Muted:
    """An integration of which nobody is told; without a moment for good."""

    integration: int
    name: str
    until: str | None


class NoticesSection(Section):
    """The quiet hours, and a line for each muted integration."""

    integration_wanted = Signal(int)
    unmute_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        about = QCoreApplication.translate(
            "Settings",
            "When the desktop and mail are silent. The bell, Home and Activity have everything at all hours.",
        )
        super().__init__(theme, QCoreApplication.translate("Settings", "Notices"), about)
        self.quiet = HoursField(theme, self.tr("Between"), "22:00", "07:00")
        grid = section_grid(theme)
        self.fields.add(grid, "quiet_hours", self.tr("Quiet hours"), self.quiet)
        self._lines = Column(theme, gap=4)
        box = QWidget()
        box.setLayout(self._lines)
        box.setAccessibleName(self.tr("Muted integrations"))
        grid.add_value(self.tr("Muted"), box, is_tall=True)
        self.body.addLayout(grid)
        self.finish()
        self.show_muted(())

    def show_muted(self, muted: Sequence[Muted]) -> None:
        """Show who is silent, and until when."""
        clear_layout(self._lines)
        for each in muted:
            self._lines.addLayout(self._line(each))
        if not muted:
            none = self.tr("No integration; each can be muted from its menu, for a while or for good")
            self._lines.addWidget(PlainLabel(none, "body", "muted", elided=True))

    def _line(self, muted: Muted) -> Row:
        theme = self._theme
        name = LinkButton(theme, muted.name, inline=True)
        name.clicked.connect(lambda: self.integration_wanted.emit(muted.integration))
        end = self.tr("until {0}").format(moment_within(muted.until)) if muted.until else self.tr("for good")
        unmute = LinkButton(theme, self.tr("Unmute"), inline=True)
        unmute.setAccessibleName(self.tr("Unmute {0}").format(muted.name))
        unmute.clicked.connect(lambda: self.unmute_wanted.emit(muted.name))
        row = Row(theme, gap=12)
        row.addWidget(name)
        row.addWidget(PlainLabel(end, "body", "muted"), 1, Qt.AlignmentFlag.AlignLeft)
        row.addWidget(unmute)
        return row


class MutedKeeper(QObject):
    """Between the section and the store."""

    def __init__(self, store: Store, section: NoticesSection, reading: Reading) -> None:
        super().__init__(section)
        self._store, self._section, self._reading = store, section, reading
        section.unmute_wanted.connect(self._unmute)

    def refresh(self) -> None:
        """Read who is muted."""
        store, section = self._store, self._section
        self._reading.ask("muted", lambda _stop: _muted(store), section.show_muted, section.error.show_error)

    def _unmute(self, name: str) -> None:
        store, section = self._store, self._section

        def work() -> list[Muted]:
            muting.unmute(store, integrations.find_integration(store, name))
            return _muted(store)

        self._reading.ask("muted", lambda _stop: work(), section.show_muted, section.error.show_error)


def _muted(store: Store) -> list[Muted]:
    silent = muting.muted_integrations(store)
    known = integrations.list_integrations(store)
    return [Muted(each.id, each.name, silent[each.id]) for each in known if each.id in silent]

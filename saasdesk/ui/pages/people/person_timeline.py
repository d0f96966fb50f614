"""The story of a person over all their applications, or over one of them."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from saasdesk.records.history import PersonFacts
from saasdesk.ui.pages.record_list.story import Entry, entries
from saasdesk.ui.pages.record_list.timeline import Timeline
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.chip import ToggleChip, exclusive
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_AT_ONCE = 25


class PersonTimeline(QWidget):
    """Chips choose an application; what is older comes when asked for."""

    def __init__(self, theme: Theme, open_session: Callable[[int], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: tuple[Entry, ...] = ()
        # Integration → its application: what a run changed in the person belongs to the application it read.
        self._application_of: Mapping[str, str] = {}
        self._chosen = ""
        self._shown = _AT_ONCE
        self.chips: tuple[ToggleChip, ...] = ()
        self._chip_row = Row(theme, gap=8)
        head = Row(theme, gap=8)
        head.addWidget(PlainLabel(self.tr("Timeline"), "section"))
        head.addStretch(1)
        head.addLayout(self._chip_row)
        self.timeline = Timeline(theme, open_session)
        self._nothing = Paragraph(theme, self.tr("Nothing has happened yet."), tone="muted")
        self.more = LinkButton(theme, self.tr("Show earlier events"), inline=True)
        self.more.clicked.connect(self._show_more)
        column = Column(theme, gap=12)
        column.addLayout(head)
        column.addWidget(self.timeline)
        column.addWidget(self._nothing)
        foot = Row(theme)
        foot.addWidget(self.more)
        foot.addStretch(1)
        column.addLayout(foot)
        column.addStretch(1)
        self.setLayout(column)

    def show_person(self, facts: PersonFacts, *, is_same: bool) -> None:
        """Tell this person's story; of the same one it stays as it was left."""
        self._entries = entries(facts.events, facts.gaps)
        self._application_of = {account.integration: account.application_name for account in facts.accounts}
        applications = list(dict.fromkeys(account.application_name for account in facts.accounts))
        if not is_same or self._chosen not in applications:
            self._chosen = ""
        if not is_same:
            self._shown = _AT_ONCE
        self._show_chips(applications)
        self._show_entries()

    def _show_chips(self, applications: Sequence[str]) -> None:
        clear_layout(self._chip_row)
        self.chips = ()
        if len(applications) < 2:
            return
        chips = []
        for key in ("", *applications):
            chip = ToggleChip(self._theme, key or _tr("All apps"))
            chip.setAccessibleName(_tr("Events of {0}").format(key) if key else _tr("Events of all applications"))
            chip.setChecked(key == self._chosen)
            chip.clicked.connect(lambda _checked=False, chosen=key: self._choose(chosen))
            self._chip_row.addWidget(chip)
            chips.append(chip)
        exclusive(chips)
        self.chips = tuple(chips)

    def _choose(self, application: str) -> None:
        self._chosen = application
        self._shown = _AT_ONCE
        self._show_entries()

    def _show_more(self) -> None:
        self._shown += 2 * _AT_ONCE
        self._show_entries()

    def _show_entries(self) -> None:
        found = [entry for entry in self._entries if self._belongs(entry)]
        self.timeline.show_entries(found[: self._shown], by_day=True)
        self._nothing.setVisible(not found)
        self.more.setVisible(len(found) > self._shown)

    def _belongs(self, entry: Entry) -> bool:
        if not self._chosen or self._chosen in entry.applications:
            return True
        return not entry.applications and self._application_of.get(entry.source) == self._chosen


def _tr(text: str) -> str:
    return QCoreApplication.translate("PersonTimeline", text)

"""The pane beside the list of people: who is looked at, with accounts, details and latest changes."""

from datetime import datetime

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.records.history import PersonFacts
from saasdesk.records.listing import Column as ListColumn
from saasdesk.ui.pages.integrations.moments import moment_in_words
from saasdesk.ui.pages.people.account_strip import AccountStrip
from saasdesk.ui.pages.people.story import entries
from saasdesk.ui.pages.people.timeline import Timeline
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, LinkButton, OutlinedButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.status_word import StatusWord, status

# Said in the head already.
_IN_THE_HEAD = frozenset({"name", "job_title", "department"})
_SURFACE = "surface"
_SIDE = 16


class PersonInspector(QWidget):
    """One person at a glance. Escape and the cross close it."""

    close_wanted = Signal()
    retry_wanted = Signal()
    filters_wanted_off = Signal()
    session_wanted = Signal(int)
    page_wanted = Signal(int)
    account_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._texts = CellTexts()
        self._shown: PersonFacts | None = None
        self.setObjectName("person-inspector")
        self.setAccessibleName(self.tr("Person"))
        self._build()
        self.show_nobody()

    @property
    def shown(self) -> PersonFacts | None:
        """Who is looked at."""
        return self._shown

    def show_person(self, facts: PersonFacts) -> None:
        """Look at this person."""
        is_same = self._shown is not None and self._shown.id == facts.id
        self._shown = facts
        self._avatar.set_name(facts.name)
        self.name.set_text(facts.name)
        self.setAccessibleDescription(facts.name)
        line = " · ".join(filter(None, (facts.value("job_title"), facts.value("department"))))
        self._job.set_text(line)
        self._job.setVisible(bool(line))
        self._show_state(facts)
        self._show_accounts(facts)
        self._show_details(facts)
        self.timeline.show_entries(entries(facts.changes))
        self._stack.setCurrentWidget(self._scroll)
        self._set_head_visible(visible=True)
        if not is_same:
            self._scroll.verticalScrollBar().setValue(0)

    def show_nobody(self) -> None:
        """Nobody was chosen yet."""
        self._shown = None
        self._say(
            Emptiness.NOTHING_YET,
            self.tr("Nobody chosen"),
            self.tr("Choose somebody in the list to see accounts, details and latest changes."),
        )

    def show_gone(self) -> None:
        """The person is there no more."""
        self._shown = None
        self._say(Emptiness.NOTHING_YET, self.tr("No longer here"), self.tr("This record was removed meanwhile."))

    def show_failure(self, reason: str) -> None:
        """The person could not be read."""
        self._shown = None
        retry = OutlinedButton(self._theme, self.tr("Retry"))
        retry.clicked.connect(self.retry_wanted)
        self._say(Emptiness.LOAD_FAILED, self.tr("Could not be read"), reason, retry)

    def show_hidden_note(self, *, is_hidden: bool) -> None:
        """Say that the list does not show this person because of its filters."""
        self._hidden.setVisible(is_hidden)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_wanted.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.color(_SURFACE))

    def _build(self) -> None:
        theme = self._theme
        self._avatar = Monogram(theme, "?", size=40)
        self.name = PlainLabel("", "section", elided=True)
        self._job = PlainLabel("", "secondary", "muted", elided=True)
        self.close_button = IconButton(theme, "close", self.tr("Close the inspector"), shortcut="Space")
        words = Column(theme, gap=0)
        words.addWidget(self.name)
        words.addWidget(self._job)
        head = Row(theme, gap=12, margins=(_SIDE, 12, 12, 12))
        head.addWidget(self._avatar)
        head.addLayout(words, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._head_line = Line(theme, tone="line-strong")
        self._empty = EmptyState(theme, Emptiness.NOTHING_YET, "", icon="person")
        content = self._build_content()
        self._scroll = ScrollArea(content)
        # Qt lets a scrolled widget paint its own background; here the pane's shows through.
        content.setAutoFillBackground(False)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._scroll)
        column = Column(theme, gap=0)
        column.addLayout(head)
        column.addWidget(self._head_line)
        column.addWidget(self._stack, 1)
        self.setLayout(column)
        self.close_button.clicked.connect(self.close_wanted)

    def _build_content(self) -> QWidget:
        theme = self._theme
        content = QWidget()
        column = Column(theme, gap=8, margins=(_SIDE, 12, _SIDE, 16))
        self._hidden = QWidget()
        hidden = Row(theme, gap=8)
        hidden.addWidget(Paragraph(theme, self.tr("The filters of the list hide this person."), role="secondary"), 1)
        clear = LinkButton(theme, self.tr("Clear filters"), inline=True, role="secondary")
        clear.clicked.connect(self.filters_wanted_off)
        hidden.addWidget(clear)
        self._hidden.setLayout(hidden)
        self._hidden.hide()
        self._state = StatusWord(theme, status("active"))
        self._state_reason = Paragraph(theme, role="secondary", tone="muted")
        self._accounts_title = PlainLabel(self.tr("Accounts"), "card-title")
        self._no_accounts = Paragraph(theme, self.tr("No account is known."), role="secondary", tone="muted")
        self.strip = AccountStrip(theme, columns=2)
        self.strip.account_wanted.connect(self.account_wanted)
        self._details = QWidget()
        self._sources = QWidget()
        self.timeline = Timeline(theme, self.session_wanted.emit, surface="raised")
        column.addWidget(self._hidden)
        self.page_link = LinkButton(theme, self.tr("Open page"), inline=True)
        self.page_link.setAccessibleName(self.tr("Open the page of this person"))
        self.page_link.clicked.connect(self._on_page_wanted)
        state = Row(theme, gap=8)
        state.addWidget(self._state)
        state.addStretch(1)
        state.addWidget(self.page_link)
        column.addLayout(state)
        column.addWidget(self._state_reason)
        column.addWidget(self._accounts_title)
        column.addWidget(self._no_accounts)
        column.addWidget(self.strip)
        column.addSpacing(theme.px(8))
        column.addWidget(PlainLabel(self.tr("Details"), "card-title"))
        self._details_place = Column(theme, gap=0)
        column.addLayout(self._details_place)
        column.addSpacing(theme.px(8))
        column.addWidget(PlainLabel(self.tr("Latest changes"), "card-title"))
        column.addWidget(self.timeline)
        column.addStretch(1)
        content.setLayout(column)
        return content

    def _say(self, why: Emptiness, title: str, sentence: str, *buttons: OutlinedButton) -> None:
        self._empty.say(why, title, sentence, buttons)
        self._stack.setCurrentWidget(self._empty)
        self._set_head_visible(visible=False)

    def _set_head_visible(self, *, visible: bool) -> None:
        for widget in (self._avatar, self.name, self._head_line):
            widget.setVisible(visible)
        if not visible:
            self._job.hide()

    def _show_state(self, facts: PersonFacts) -> None:
        if facts.is_archived:
            self._state.set_status(status("archived"))
        elif facts.is_deactivated:
            self._state.set_status(status("deactivated"))
        else:
            self._state.set_status(status("active"))
        since = moment_in_words(facts.deactivated_at) if facts.deactivated_at else ""
        text = " · ".join(filter(None, (since, facts.deactivated_reason))) if facts.is_deactivated else ""
        self._state_reason.set_runs(text)
        self._state_reason.setVisible(bool(text))

    def _show_accounts(self, facts: PersonFacts) -> None:
        accounts = facts.accounts
        self.strip.show_accounts(accounts, facts.licences)
        self._no_accounts.setVisible(not accounts)
        number = QLocale().toString(len(accounts))
        self._accounts_title.set_text(
            self.tr("Accounts") if len(accounts) < 2 else self.tr("Accounts · {0}").format(number)
        )

    def _on_page_wanted(self) -> None:
        if self._shown is not None:
            self.page_wanted.emit(self._shown.id)

    def _show_details(self, facts: PersonFacts) -> None:
        clear_layout(self._details_place)
        now = datetime.now().astimezone()
        grid = FormGrid(self._theme, label_width=112, gap=6, role="secondary")
        grid.setContentsMargins(0, 0, 0, 0)
        for field, value in facts.values:
            if field.external_id not in _IN_THE_HEAD:
                column = ListColumn(field.external_id, field.label, field.type)
                grid.add_value(field.label, self._texts.shown(column, value, now))
        grid.add_value(self.tr("Created"), moment_in_words(facts.created_at))
        if facts.created_by:
            grid.add_value(self.tr("Created by"), facts.created_by)
        grid.add_value(self.tr("Fed by"), ", ".join(facts.fed_by) or self.tr("no integration now"))
        holder = QWidget()
        holder.setLayout(grid)
        self._details_place.addWidget(holder)

"""The page of one record: its head, its tabs, and the way to the record before and after it in the list."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QStackedWidget, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.jobs import Message
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.moments import moment_within
from saasdesk.ui.navigation import Command, Crumb, Frame, begin_at
from saasdesk.ui.news import may_have_changed_records
from saasdesk.ui.pages.record_list.history_view import CHANGES_AT_ONCE, HistoryView
from saasdesk.ui.pages.record_list.inspector import Facts
from saasdesk.ui.pages.record_list.record_editing import RecordEditing
from saasdesk.ui.pages.record_list.steps import RecordSteps
from saasdesk.ui.pages.workflows.run_menu import RunWorkflow
from saasdesk.ui.pages.workflows.runs_view import RunsView
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.status_word import StatusWord, status
from saasdesk.ui.widgets.tabs import Tabs

OVERVIEW, HISTORY, WORKFLOWS = "overview", "history", "workflows"
_SIDE_WIDTH = 388
_WIDE_ENOUGH_FOR_TWO = 860


@dataclass(frozen=True, slots=True)
class RecordPageWords:
    """How such a page speaks of its kind of record; `page` and `list_page` are the names of pages."""

    page: str
    kind: str
    icon: str
    list_page: str
    list_title: str
    to_the_list: str
    previous: str
    following: str


class RecordPage(QWidget, Generic[Facts]):
    """`open(7)` shows record 7, `open((7, "history"))` a tab of it.

    `order` says what the list shows, in its order: what comes before and after is a key away.

    A kind of record says how it is spoken of (`words`), which tabs it has (`tab_titles`, `make_tabs`), what it reads
    and shows of its own (`read`, `show_own`, `head_line`), and what else stands in the head and among the actions.
    """

    kind: ObjectKind

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        *,
        order: Callable[[], Sequence[int]],
    ) -> None:
        super().__init__()
        self._store, self._frame, self._theme, self._order = services.store, frame, theme, order
        self._services, self._bridge, self._readers = services, bridge, readers
        self._reading = Reading(readers, self)
        self._run_workflow = RunWorkflow(services, frame, readers, self.kind, self)
        self._editing = RecordEditing(services, frame, theme, bridge, readers, self.kind, self)
        self._words = self.words()
        self._record: int | None = None
        self._most_changes = CHANGES_AT_ONCE
        self._is_stale = False
        self.shown: Facts | None = None
        self._build()
        bridge.heard.connect(self._on_heard)
        theme.changed.connect(self._lay_out)

    # What a kind of record says

    def words(self) -> RecordPageWords:
        """How the page speaks of its kind of record."""
        raise NotImplementedError

    def tab_titles(self) -> Sequence[tuple[str, str]]:
        """The tabs and their titles, in their order."""
        raise NotImplementedError

    def make_tabs(self) -> Mapping[str, QWidget]:
        """What the tabs show; history and workflow activity are there already."""
        raise NotImplementedError

    def read(self, record: int, most_changes: int, stop: threading.Event) -> Facts | None:
        """Everything that is shown of a record, read off the GUI thread; None when it is gone."""
        raise NotImplementedError

    def show_own(self, facts: Facts, *, is_same: bool) -> None:
        """Fill what `make_tabs` made; it is the same record as before, or another."""
        raise NotImplementedError

    def head_line(self, facts: Facts) -> Iterable[str]:
        """What stands beside the state, below the name; empty parts are left out."""
        raise NotImplementedError

    def avatar(self) -> QWidget | None:
        """What stands before the name; nothing, unless a kind of record has something."""
        return None

    def build_above_tabs(self, column: Column) -> None:
        """Put what is seen beside every tab between the head and the tabs."""

    def fill_actions(self, menu: QMenu) -> None:
        """Add what else can be done with such a record."""

    def own_commands(self) -> Sequence[Command]:
        """The same by keyboard, and whatever else leads somewhere."""
        return ()

    def ask_further(self, record: int) -> None:
        """Ask for what is shown a moment later than the record."""

    # What the frame asks

    def refresh(self) -> None:
        """Read the record again."""
        self._is_stale = False
        self._show_workflow_runs()
        record, most = self._record, self._most_changes
        if record is not None:
            self._reading.ask("facts", lambda stop: self.read(record, most, stop), self._show, self._show_failure)
            self.ask_further(record)

    def open(self, argument: object) -> None:
        """Show the record of this number, and a tab if one is named."""
        before = self._record
        match argument:
            case int(record):
                self._record = record
            case (int(record), str(tab)):
                self._record = record
                self.tabs.set_current(tab)
            case _:
                pass
        if self._record != before:
            self._most_changes = CHANGES_AT_ONCE
        self.steps.show_record(self._record)
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """The list, the record."""
        words = self._words
        name = self.shown.name if self.shown is not None else words.kind
        return (Crumb(words.list_title, words.list_page, self._record), Crumb(name))

    def commands(self) -> Sequence[Command]:
        """What can be gone to, and done with the record; nobody acts on what was."""
        acting = (
            Command(self.tr("Edit…"), self._on_edit_wanted, "F2", "edit", "Edit"),
            Command(self.tr("Run workflow…"), self._on_run_wanted, "", "workflows", "Run"),
        )
        return (*self.steps.commands(), *(() if self._store.moment else acting), *self.own_commands())

    def panes(self) -> Sequence[QWidget]:
        """What the open tab shows."""
        return (self._stack,)

    def view_state(self) -> object:
        """The open tab."""
        return self.tabs.current

    def restore_view(self, state: object) -> None:
        """Open the same tab again."""
        if isinstance(state, str):
            self.tabs.set_current(state)

    # Building

    def _build(self) -> None:
        theme, words = self._theme, self._words
        self.setObjectName(f"{words.page}-page")
        upper = Column(theme, gap=12, margins=(24, 8, 24, 0))
        upper.addLayout(self._build_head())
        self.build_above_tabs(upper)
        self.tabs = Tabs(theme, words.kind, tuple(self.tab_titles()))
        self.tabs.chosen.connect(self._on_tab_chosen)
        upper.addWidget(self.tabs)
        self.history = HistoryView(theme)
        self.history.opened.connect(self.open_session)
        self.history.earlier_wanted.connect(self._show_earlier_changes)
        self.workflow_runs = RunsView(self._services, self._frame, theme, self._readers)
        self._pages = {**self.make_tabs(), HISTORY: self.history, WORKFLOWS: ScrollArea(self.workflow_runs)}
        self._stack = QStackedWidget()
        for key, _ in self.tab_titles():
            self._stack.addWidget(self._pages[key])
        content = QWidget()
        column = Column(theme, gap=0)
        column.addLayout(upper)
        column.addWidget(self._stack, 1)
        content.setLayout(column)
        self.empty = EmptyState(theme, Emptiness.NOTHING_YET, "", icon=words.icon)
        self._whole = QStackedWidget()
        self._whole.addWidget(content)
        self._whole.addWidget(self.empty)
        outer = Column(theme, gap=0)
        outer.addWidget(self._whole)
        self.setLayout(outer)
        begin_at(self, self.tabs)

    def _build_head(self) -> Row:
        theme, words = self._theme, self._words
        self.name = PlainLabel("", "page-title", elided=True)
        self.state = StatusWord(theme, status("active"))
        self._line = PlainLabel("", "body", "muted", elided=True)
        below = Row(theme, gap=12)
        below.addWidget(self.state)
        below.addWidget(self._line, 1)
        told = Column(theme, gap=0)
        told.addWidget(self.name)
        told.addLayout(below)
        self.actions_button = OutlinedButton(theme, self.tr("Actions"))
        menu = QMenu(self)
        menu.addAction(self.tr("Edit…")).triggered.connect(self._on_edit_wanted)
        self._archive_action = menu.addAction(self.tr("Archive"))
        self._archive_action.triggered.connect(self._on_archive_wanted)
        menu.addSeparator()
        menu.addAction(self.tr("Run workflow…")).triggered.connect(self._on_run_wanted)
        self.fill_actions(menu)
        self.actions_button.setMenu(menu)
        if self._store.moment:
            # Nobody acts on what was.
            self.actions_button.hide()
        self.steps = RecordSteps(theme, words.previous, words.following, self._order, self._open_another)
        head = Row(theme, gap=12)
        avatar = self.avatar()
        if avatar is not None:
            head.addWidget(avatar)
        head.addLayout(told, 1)
        head.addWidget(self.actions_button)
        head.addWidget(self.steps)
        return head

    def build_overview(self, told: QWidget, cards: Sequence[QWidget]) -> ScrollArea:
        """What happened, and beside it the cards; below each other where there is no room for both."""
        theme = self._theme
        side = Column(theme, gap=16)
        for card in cards:
            side.addWidget(card)
        side.addStretch(1)
        self._side = QWidget()
        self._side.setLayout(side)
        self._columns = Row(theme, gap=24, margins=(24, 16, 24, 24))
        self._columns.addWidget(told, 1)
        self._columns.addWidget(self._side)
        content = QWidget()
        content.setLayout(self._columns)
        return ScrollArea(content)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.steps.show_record(self._record)
        if self._is_stale:
            self.refresh()

    def _lay_out(self) -> None:
        theme = self._theme
        # With large letters the tab gives way, for it scrolls, and not what stands above it.
        self._stack.setMinimumHeight(theme.px(80))
        has_room = self.width() >= theme.px(_WIDE_ENOUGH_FOR_TWO)
        direction = QBoxLayout.Direction.LeftToRight if has_room else QBoxLayout.Direction.BottomToTop
        self._columns.setDirection(direction)
        self._side.setMinimumWidth(theme.px(_SIDE_WIDTH) if has_room else 0)
        self._side.setMaximumWidth(theme.px(_SIDE_WIDTH) if has_room else 16_777_215)

    # Showing

    def _show(self, facts: Facts | None) -> None:
        words = self._words
        if facts is None:
            back = OutlinedButton(self._theme, words.to_the_list)
            back.clicked.connect(lambda: self._frame.navigate(words.list_page))
            self._say(Emptiness.NOTHING_YET, self.tr("No longer here"), self.tr("This record was removed."), back)
            return
        is_same = self.shown is not None and self.shown.id == facts.id
        self.shown = facts
        self.name.set_text(facts.name)
        self.setAccessibleDescription(visible_text(facts.name))
        word = "archived" if facts.is_archived else "deactivated" if facts.is_deactivated else "active"
        self.state.set_status(status(word))
        since = moment_within(facts.deactivated_at) if facts.is_deactivated and facts.deactivated_at else ""
        left = " ".join(filter(None, (since, facts.deactivated_reason))) if facts.is_deactivated else ""
        self._line.set_text(" · ".join(filter(None, (left, *self.head_line(facts)))))
        self._archive_action.setText(self.tr("Take out of the archive") if facts.is_archived else self.tr("Archive"))
        self.history.show_changes(facts.changes, self._most_changes)
        self.show_own(facts, is_same=is_same)
        if not is_same:
            for page in self._pages.values():
                if isinstance(page, ScrollArea):
                    page.verticalScrollBar().setValue(0)
        self._whole.setCurrentIndex(0)
        self.steps.show_record(self._record)
        self._lay_out()
        if self.isVisible():
            self._frame.update_trail()

    def _show_earlier_changes(self) -> None:
        self._most_changes += 4 * CHANGES_AT_ONCE
        self.refresh()

    def _show_failure(self, reason: str) -> None:
        retry = OutlinedButton(self._theme, self.tr("Retry"))
        retry.clicked.connect(self.refresh)
        self._say(Emptiness.LOAD_FAILED, self.tr("Could not be read"), reason, retry)

    def _say(self, why: Emptiness, title: str, sentence: str, button: OutlinedButton) -> None:
        self.shown = None
        self.empty.say(why, title, sentence, (button,))
        self._whole.setCurrentWidget(self.empty)
        self._frame.update_trail()

    # What happens

    def open_session(self, session: object) -> None:
        """Go to the run that a change came from."""
        if isinstance(session, int):
            self._frame.navigate("activity", session)

    def open_person(self, person: int) -> None:
        """Go to the page of a person."""
        self._frame.navigate("person", person)

    def _open_another(self, record: int) -> None:
        self._frame.navigate(self._words.page, record)

    def _on_tab_chosen(self, tab: str) -> None:
        self._stack.setCurrentWidget(self._pages[tab])
        self._lay_out()
        self._show_workflow_runs()

    def _show_workflow_runs(self) -> None:
        if self._record is not None and self.tabs.current == WORKFLOWS:
            self.workflow_runs.show_record(self.kind, self._record)

    def _on_edit_wanted(self) -> None:
        if self._record is not None:
            self._editing.edit(self._record)

    def _on_archive_wanted(self) -> None:
        if self.shown is None:
            return
        if self.shown.is_archived:
            self._editing.restore([self.shown.id])
        else:
            self._editing.archive([self.shown.id])

    def _on_run_wanted(self) -> None:
        if self._record is not None:
            self._run_workflow.offer([self._record], self.actions_button)

    def _on_heard(self, message: Message) -> None:
        if may_have_changed_records(message):
            self._is_stale = True
            if self.isVisible():
                self.refresh()

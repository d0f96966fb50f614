"""People who may be one and the same: pairs with the reason, each leading to the plan of its merge."""

import threading
from collections.abc import Sequence

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.jobs import Message, Tell
from saasdesk.records.merging import Duplicate, find_duplicates, set_differ
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.hand_jobs import HandJobs
from saasdesk.ui.moments import counted
from saasdesk.ui.navigation import Command, Crumb, Frame, begin_at
from saasdesk.ui.news import may_have_changed_records
from saasdesk.ui.pages.people.merging import PeopleMerging
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.page_header import PageHeader

# Whether two are the same is no change of a record.
_ABOUT = "duplicates"


class DuplicatesPage(QWidget):
    """A list; Enter or *Merge…* shows what a merge of the pair would do."""

    title = "Duplicates"

    def __init__(self, services: Services, frame: Frame, theme: Theme, bridge: Bridge, readers: TableReaders) -> None:
        super().__init__()
        self._store, self._frame, self._theme = services.store, frame, theme
        self._reading = Reading(readers, self)
        self._jobs = HandJobs(frame, bridge, self)
        self._merging = PeopleMerging(services, frame, theme, bridge, readers, self)
        self._is_stale = False
        self._build()
        bridge.heard.connect(self._on_heard)

    def refresh(self) -> None:
        """Look at everybody again."""
        self._is_stale = False
        store = self._store
        self.header.set_subtitle(self.tr("Looking…"))
        self._reading.ask("pairs", lambda stop: find_duplicates(store, stop), self._show, self._show_failure)

    def open(self, argument: object) -> None:
        """There is one list."""
        del argument
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """People, duplicates."""
        return (Crumb(self.tr("People"), "people"), Crumb(self.tr("Duplicates")))

    def commands(self) -> Sequence[Command]:
        """What can be done with a pair."""
        return (
            Command(self.tr("Merge the pair…"), self._merge, "", "merge", "Edit"),
            Command(self.tr("The pair is not the same"), self._on_differ, "Delete", "close", "Edit"),
            Command(self.tr("Open the first of the pair"), self._open_first, "", "person", "Go"),
            Command(self.tr("Open the second of the pair"), self._open_second, "", "person", "Go"),
        )

    def panes(self) -> Sequence[QWidget]:
        """The pairs."""
        return (self.table,)

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("duplicates-page")
        self.header = PageHeader(theme, self.tr("Duplicates"))
        self.open_first = OutlinedButton(theme, self.tr("Open the first"), "person")
        self.open_first.clicked.connect(self._open_first)
        self.open_second = OutlinedButton(theme, self.tr("Open the second"), "person")
        self.open_second.clicked.connect(self._open_second)
        self.differ = OutlinedButton(theme, self.tr("Not the same"), "close")
        self.differ.clicked.connect(self._on_differ)
        self.merge = PrimaryButton(theme, self.tr("Merge…"), "merge")
        self.merge.clicked.connect(self._merge)
        self.header.add_actions(self.open_first, self.open_second, self.differ, self.merge)
        self.header.let_give_way(self.open_first, self.open_second, self.differ)
        self.table = LineTable(
            theme,
            self.tr("Pairs of people"),
            (
                Heading(self.tr("Person"), share=7),
                Heading(self.tr("Email"), share=5, from_width=760),
                Heading(self.tr("May be the same as"), share=7),
                Heading(self.tr("Email"), share=5, from_width=760),
                Heading(self.tr("Why"), share=7),
            ),
            compact=True,
            keeps_mark=True,
        )
        self.table.opened.connect(lambda _key: self._merge())
        self._nothing = EmptyState(theme, Emptiness.NOTHING_YET, "", icon="check")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nothing)
        head = Column(theme, gap=0, margins=(24, 8, 24, 12))
        head.addWidget(self.header)
        whole = Column(theme, gap=0)
        whole.addLayout(head)
        whole.addWidget(self._stack, 1)
        self.setLayout(whole)
        self._allow(is_allowed=False)
        begin_at(self, self.table)

    def _allow(self, *, is_allowed: bool) -> None:
        self.open_first.setEnabled(is_allowed)
        self.open_second.setEnabled(is_allowed)
        self.differ.setEnabled(is_allowed)
        self.merge.setEnabled(is_allowed)

    @property
    def pair(self) -> Duplicate | None:
        """The pair that is looked at."""
        key = self.table.current_key
        return key if isinstance(key, Duplicate) else None

    def _show(self, pairs: tuple[Duplicate, ...]) -> None:
        self.header.set_subtitle(counted(len(pairs), self.tr("{0} pair"), self.tr("{0} pairs")) if pairs else "")
        self.table.show_lines([_line(pair) for pair in pairs])
        self._allow(is_allowed=bool(pairs))
        if pairs:
            self.table.setCurrentIndex(self.table.model_of_lines.index(0, 0))
            self._stack.setCurrentWidget(self.table)
            return
        sentence = self.tr(
            "No two people share a name and department, and no address of one stands with another. Any two can be "
            "merged from the list of people: select both."
        )
        self._nothing.say(Emptiness.NOTHING_YET, self.tr("No duplicates found"), sentence)
        self._stack.setCurrentWidget(self._nothing)

    def _show_failure(self, sentence: str) -> None:
        retry = OutlinedButton(self._theme, self.tr("Retry"))
        retry.clicked.connect(self.refresh)
        self.header.set_subtitle("")
        self._nothing.say(Emptiness.LOAD_FAILED, self.tr("This could not be read"), sentence, (retry,))
        self._stack.setCurrentWidget(self._nothing)

    def _merge(self) -> None:
        if self.pair is not None:
            self._merging.ask(self.pair.first.id, self.pair.second.id)

    def _on_differ(self) -> None:
        if self.pair is not None:
            self._set_differ(self.pair, differ=True)

    def _set_differ(self, pair: Duplicate, *, differ: bool) -> None:
        store = self._store

        def work(_tell: Tell, _stop: threading.Event) -> None:
            set_differ(store, pair, differ=differ)

        def kept(_none: None) -> None:
            self.refresh()
            if differ:
                text = self.tr("“{0}” and “{1}” are two: they are not listed again.")
                undo = (self.tr("Undo"), lambda: self._set_differ(pair, differ=False))
                self._frame.toast(text.format(pair.first.name, pair.second.name), "ok", undo)

        self._jobs.start(work, self.tr("Not the same"), kept, _ABOUT)

    def _open_first(self) -> None:
        if self.pair is not None:
            self._frame.navigate("person", self.pair.first.id)

    def _open_second(self) -> None:
        if self.pair is not None:
            self._frame.navigate("person", self.pair.second.id)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def _on_heard(self, message: Message) -> None:
        if may_have_changed_records(message):
            self._is_stale = True
            if self.isVisible():
                self.refresh()


def _line(pair: Duplicate) -> Line:
    first, second = pair.first, pair.second
    cells = (
        Cell(first.name, role="name", has_monogram=True),
        Cell(first.email, "muted"),
        Cell(second.name, role="name", has_monogram=True),
        Cell(second.email, "muted"),
        Cell(pair.reason),
    )
    return Line(cells, pair)

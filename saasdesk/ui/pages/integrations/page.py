"""The page of all integrations: as tiles in sections, searched and filtered, with the gallery for a new one."""

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from saasdesk.connectors import Connector
from saasdesk.jobs import Ended, Jobs, Message
from saasdesk.services import Services
from saasdesk.sync.beginning import add_draft, gallery
from saasdesk.sync.events import SyncResult
from saasdesk.sync.integration import Integration, IntegrationState
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.moments import counted
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.overview.narrowing import Narrowing, kept_of
from saasdesk.ui.overview.stack import OverviewStack
from saasdesk.ui.pages.integrations.actions import Actions
from saasdesk.ui.pages.integrations.block_view import BlockView
from saasdesk.ui.pages.integrations.decisions import Decisions
from saasdesk.ui.pages.integrations.files import IntegrationFiles
from saasdesk.ui.pages.integrations.gallery import Gallery
from saasdesk.ui.pages.integrations.list_view import ListView
from saasdesk.ui.pages.integrations.mapping_view import MappingView
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.runs import Runs
from saasdesk.ui.pages.integrations.state_filter import ALL, ATTENTION, StateFilter
from saasdesk.ui.pages.integrations.tile_facts import TileFacts, read_tiles
from saasdesk.ui.reading import Reading
from saasdesk.ui.soon import soon
from saasdesk.ui.tables import ExportRequest, Memory, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.segmented_control import Choice

_SOON_MILLISECONDS = 150
# At 100 %: below this width nothing stands beside the gallery.
_NARROWEST = 400
_MEMORY = "integrations-page"
BLOCKS, LIST, MAPPING = "blocks", "list", "mapping"


class IntegrationsPage(QWidget):
    """Reads in workers, shows tiles, and starts what their buttons say through the frame's jobs."""

    title = "Integrations"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        jobs: Jobs,
        readers: TableReaders,
        watch: RunWatch,
        memory: Memory,
        *,
        connect_vendor: Callable[[], object],
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__()
        self._services, self._frame, self._theme, self._jobs = services, frame, theme, jobs
        self._watch, self._memory, self._readers = watch, memory, readers
        self._connect_vendor, self._export = connect_vendor, export
        self._reading = Reading(readers, self)
        self._runs = Runs(services, frame, watch, self)
        self._decisions = Decisions(services, frame, theme, readers, self)
        self._files = IntegrationFiles(services, frame, theme, readers, self)
        self._actions = Actions(frame, watch, self._runs, self._decisions, self._files)
        self._facts: list[TileFacts] = []
        self._running: set[str] = set()
        # Whoever closes the gallery goes on where they opened it.
        self._opener: QWidget | None = None
        self._gallery: Gallery | None = None
        self._build(kept_of(memory, _MEMORY))
        self._soon = soon(self, _SOON_MILLISECONDS, self.refresh)
        bridge.heard.connect(self._on_heard)
        self._decisions.done.connect(self.refresh)
        self._files.imported.connect(self._on_imported)
        watch.began.connect(self._on_progress)
        watch.changed.connect(self._on_progress)
        watch.ended.connect(self._on_run_ended)

    # What the frame asks

    def refresh(self) -> None:
        """Read every integration again."""
        services = self._services
        self._reading.ask("integrations", lambda stop: read_tiles(services, stop), self._show, self._stack.show_failure)

    def open(self, argument: object) -> None:
        """Show all integrations; "new" opens the gallery too."""
        self._frame.need_width(self.is_gallery_open)
        if argument == "new":
            self.open_gallery()
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """It stands in the rail."""
        return ()

    def commands(self) -> Sequence[Command]:
        """Running each integration, and making another."""
        commands = [
            Command(self.tr("New integration…"), self.open_gallery, "Ctrl+N", "plus", "File"),
            Command(self.tr("Connect a vendor…"), self._connect_vendor, "", "integrations", "File"),
            *self.narrowing.commands(),
            Command(self.tr("Import an integration…"), self._files.ask_what_to_import, "", "import", "File"),
        ]
        for integration in self._runnable():
            text = self.tr("Run now: {0}").format(integration.name)
            commands.append(Command(text, partial(self._runs.start, integration), "", "run", "Run"))
        if len(self._runnable()) > 1:
            commands.append(Command(self.tr("Run all integrations now"), self._run_all, "", "run", "Run"))
        if self._watch.running:
            commands.append(Command(self.tr("Cancel all runs"), self._runs.cancel_all, "", "close", "Run"))
        return commands

    def panes(self) -> Sequence[QWidget]:
        """The integrations, then the gallery."""
        panes: dict[str, QWidget] = {BLOCKS: self.blocks, LIST: self.list.table.view, MAPPING: self.mapping.table}
        shown = panes[self.narrowing.view.current]
        return (shown, self.gallery) if self.is_gallery_open else (shown,)

    @property
    def shown_view(self) -> QWidget:
        """The view that was chosen."""
        views: dict[str, QWidget] = {BLOCKS: self.blocks, LIST: self.list, MAPPING: self.mapping}
        return views[self.narrowing.view.current]

    # Building

    def _build(self, kept: Mapping[str, Any]) -> None:
        theme = self._theme
        self.setObjectName("integrations-page")
        self._left = QWidget()
        left = Column(theme, gap=8, margins=(0, 16, 0, 0))
        left.addLayout(self._build_head(kept))
        left.addWidget(self._build_views(kept), 1)
        self._left.setLayout(left)
        self._whole = Row(theme, gap=0)
        self._whole.addWidget(self._left, 1)
        self.setLayout(self._whole)
        theme.changed.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is little room the gallery takes all of it, and the views are named by their icons."""
        theme, room = self._theme, self.width()
        is_hidden = False
        if self.is_gallery_open:
            room -= self.gallery.usual_width
            is_hidden = room < theme.px(_NARROWEST)
            self.gallery.set_alone(is_alone=is_hidden)
        self._left.setVisible(not is_hidden)
        self.narrowing.fit(room, has_things=bool(self._facts))

    def _build_head(self, kept: Mapping[str, Any]) -> Column:
        theme = self._theme
        self.header = PageHeader(theme, self.tr("Integrations"))
        self.attention = LinkButton(theme, "", inline=True)
        self.attention.clicked.connect(self._on_attention_clicked)
        self.header.add_beside(self.attention)
        self.narrowing: Narrowing[TileFacts] = Narrowing(
            self,
            theme,
            self.header,
            self.tr("Filter integrations"),
            (
                Choice(BLOCKS, self.tr("Block view"), "blocks"),
                Choice(LIST, self.tr("List view"), "list"),
                Choice(MAPPING, self.tr("Mapping view"), "mapping"),
            ),
            StateFilter(theme, self._watch, str(kept.get("state", ALL))),
            TileFacts.matches,
            kept,
        )
        self.narrowing.changed.connect(self._on_narrowed)
        self.run_all = OutlinedButton(theme, self.tr("Run all"), "run")
        self.run_all.setAccessibleName(self.tr("Run all integrations now"))
        self.run_all.clicked.connect(self._run_all)
        self.run_all.hide()
        narrow = Row(theme, gap=8)
        narrow.addWidget(self.narrowing.states, 1, Qt.AlignmentFlag.AlignTop)
        # Block view has one in each section.
        self.new = PrimaryButton(theme, self.tr("NEW INTEGRATION"), "plus")
        self.new.clicked.connect(self._on_new_wanted)
        self.new.hide()
        narrow.addWidget(self.run_all, 0, Qt.AlignmentFlag.AlignTop)
        narrow.addWidget(self.new, 0, Qt.AlignmentFlag.AlignTop)
        self.rest = Banner(theme, "warn")
        self.rest.hide()
        self.unsaved = Banner(theme, "info")
        self.unsaved.hide()
        head = Column(theme, gap=8, margins=(24, 0, 24, 4))
        head.addWidget(self.header)
        head.addLayout(narrow)
        head.addWidget(self.rest)
        head.addWidget(self.unsaved)
        return head

    def _build_views(self, kept: Mapping[str, Any]) -> OverviewStack:
        theme = self._theme
        self.blocks = BlockView(theme, self._watch)
        self.blocks.pressed.connect(self._actions.do)
        self.blocks.new_wanted.connect(self.open_gallery)
        self.list = ListView(theme, self._readers, self._memory, self._watch)
        self.list.pressed.connect(self._actions.do)
        self.list.table.said.connect(self._frame.say)
        self.list.table.export_wanted.connect(self._on_export_wanted)
        of_matrix = kept.get("matrix")
        self.mapping = MappingView(
            self._services,
            self._frame,
            theme,
            self._readers,
            self._watch,
            of_matrix if isinstance(of_matrix, dict) else {},
        )
        self.mapping.pressed.connect(self._actions.do)
        self.mapping.narrowed.connect(self._remember)
        new = PrimaryButton(theme, self.tr("NEW INTEGRATION"), "plus")
        new.clicked.connect(self._on_new_wanted)
        connect = OutlinedButton(theme, self.tr("Connect a vendor…"), "integrations")
        connect.clicked.connect(self._on_connect_wanted)
        nothing_yet = EmptyState(
            theme,
            Emptiness.NOTHING_YET,
            self.tr("No integrations yet"),
            self.tr("An integration reads a vendor's people and accounts, on a schedule or when you say so."),
            (new, connect),
        )
        self._stack = OverviewStack(
            theme,
            (self.blocks, self.list, self.mapping),
            nothing_yet,
            self.tr("{0} integration"),
            self.tr("{0} integrations"),
            clear=self.narrowing.clear,
            retry=self.refresh,
        )
        return self._stack

    # The gallery

    @property
    def is_gallery_open(self) -> bool:
        """Whether the panel of NEW INTEGRATION stands beside the tiles."""
        return self._gallery is not None and not self._gallery.isHidden()

    @property
    def gallery(self) -> Gallery:
        """That panel, made when it is first wanted: the page opens sooner without it."""
        if self._gallery is None:
            made = Gallery(self._theme, gallery(), self)
            made.hide()
            made.add_wanted.connect(self._add)
            made.guide_wanted.connect(self._on_guide_wanted)
            made.import_wanted.connect(self._files.ask_what_to_import)
            made.close_wanted.connect(self.close_gallery)
            self._whole.addWidget(made)
            self._gallery = made
        return self._gallery

    def open_gallery(self, wanted: str = "") -> None:
        """Show everything that can be added, or what loads this object."""
        if not self.is_gallery_open:
            self._opener = QApplication.focusWidget()
        self.gallery.show()
        self._frame.need_width(needed=True)
        self._fit()
        self.gallery.begin(wanted)

    def close_gallery(self) -> None:
        """Put the panel away; the keyboard goes back to where it was."""
        self.gallery.hide()
        self._frame.need_width(needed=False)
        self._fit()
        opener, self._opener = self._opener, None
        if opener is not None and self.isAncestorOf(opener) and opener.isVisible():
            opener.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, connector: Connector) -> None:
        store = self._services.store
        self.gallery.set_busy(is_busy=True)

        def work(_stop: threading.Event) -> Integration:
            return add_draft(store, connector)

        def added(integration: Integration) -> None:
            self.gallery.set_busy(is_busy=False)
            self.close_gallery()
            self._frame.say(self.tr("“{0}” is a draft now.").format(integration.name))
            self._frame.navigate("integration", integration.id)

        def failed(sentence: str) -> None:
            self.gallery.set_busy(is_busy=False)
            self._frame.toast(sentence, "error")

        self._reading.ask("add", work, added, failed)

    def _on_imported(self, number: int) -> None:
        if self.is_gallery_open:
            self.close_gallery()
        self._frame.navigate("integration", number)

    def _on_guide_wanted(self) -> None:
        self.close_gallery()
        self._on_connect_wanted()

    # Showing

    def _show(self, tiles: list[TileFacts]) -> None:
        self._facts = tiles
        self.blocks.show_things(tiles)
        self.narrowing.set_shown(is_shown=bool(tiles))
        self._show_rest(rests=any(facts.schedules_rest for facts in tiles))
        self._show_unsaved([facts.integration for facts in tiles if facts.has_unsaved])
        attention = sum(1 for facts in tiles if facts.needs_attention)
        words = self._stack.counted(len(tiles))
        self.header.set_subtitle(f"{words} ·" if attention else words)
        self._fit()
        self.attention.setText(counted(attention, self.tr("{0} needs attention"), self.tr("{0} need attention")))
        self.attention.setVisible(bool(attention))
        self.run_all.setVisible(len(self._runnable()) > 1)
        self._frame.set_count("integrations", attention, "warn")
        self._arrange()
        self._frame.update_trail()

    def _show_rest(self, *, rests: bool) -> None:
        if rests and self.rest.isHidden():
            resume = OutlinedButton(self._theme, self.tr("Resume schedules"), "play")
            resume.clicked.connect(self._decisions.resume_schedules)
            self.rest.say(
                "warn",
                self.tr("All schedules are paused."),
                self.tr("After a restore nothing runs by itself until you have looked around."),
                (resume,),
            )
        self.rest.setVisible(rests)

    def _show_unsaved(self, edited: Sequence[Integration]) -> None:
        """After a crash: whose mapping has edits that can still be had."""
        self.unsaved.setVisible(bool(edited))
        if not edited:
            return
        first = edited[0].id
        look = OutlinedButton(self._theme, self.tr("Open the mapping"))
        look.clicked.connect(lambda: self._frame.navigate("mapping", first))
        names = ", ".join(integration.name for integration in edited)
        text = self.tr("They can be restored or discarded there: {0}.").format(names)
        self.unsaved.say("info", self.tr("Edits of a mapping were not saved."), text, (look,))

    def _arrange(self) -> None:
        accepts = self.narrowing.accepts
        self.narrowing.states.show_counts(self._facts)
        self.blocks.show_only(accepts)
        accepted = [facts for facts in self._facts if accepts(facts)]
        self.list.show_facts(accepted)
        if self.shown_view is self.mapping:
            self.mapping.show_facts(accepted)
        self._stack.show_view(self.shown_view, len(self._facts), len(accepted))
        self.new.setVisible(self.shown_view is not self.blocks and bool(self._facts))

    # What happens

    def _on_attention_clicked(self) -> None:
        self.narrowing.states.choose(ATTENTION)

    def _on_new_wanted(self) -> None:
        self.open_gallery()

    def _on_export_wanted(self) -> None:
        self._export(self.list.table.export_request())

    def _on_connect_wanted(self) -> None:
        self._connect_vendor()

    def _on_narrowed(self) -> None:
        self._remember()
        self._arrange()

    def _remember(self) -> None:
        self._memory[_MEMORY] = {**self.narrowing.kept, "matrix": self.mapping.kept}

    def _on_heard(self, message: Message) -> None:
        if isinstance(message, Ended) and message.job.about.startswith(("integration:", "plan", "connect")):
            self._soon.start()

    def _on_progress(self, name: str) -> None:
        if not self.blocks.show_progress(name):
            # A run of an integration that is not shown yet.
            self._soon.start()
        # Which of them run is a state, too.
        if self._running != (running := {each.integration for each in self._watch.running}):
            self._running = running
            self._arrange()

    def _on_run_ended(self, name: str, message: object) -> None:
        self._on_progress(name)
        result = message.result if isinstance(message, Ended) else None
        if isinstance(result, SyncResult):
            self._tell(name, result)
        self._soon.start()

    def _tell(self, name: str, result: SyncResult) -> None:
        """Lead on from a run that ended, without pulling anybody away from another page."""
        show_session = (self.tr("Open"), partial(self._frame.navigate, "activity", result.session))
        kind = {0: "ok", 1: "warn", 130: "info"}.get(result.exit_code, "error")
        is_awaited = self._watch.is_awaited(name)
        if result.preview and result.plan is not None:
            if is_awaited:
                self._frame.navigate("plan", result.plan)
            else:
                show_plan = (self.tr("Show the plan"), partial(self._frame.navigate, "plan", result.plan))
                self._frame.toast(self.tr("The plan for {0} is ready.").format(name), "ok", show_plan)
        elif result.message and result.exit_code:
            self._frame.toast(f"{name}: {result.message}", kind, show_session)

    def _runnable(self) -> list[Integration]:
        return [facts.integration for facts in self._facts if facts.integration.state is IntegrationState.ACTIVE]

    def _run_all(self) -> None:
        self._runs.start_all(self._runnable())

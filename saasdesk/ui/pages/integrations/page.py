"""The page of all integrations in block view: each a tile, with Run Now, Cancel and what waits for a decision."""

import threading
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from saasdesk.jobs import Ended, Jobs, Message, Tell
from saasdesk.services import Services
from saasdesk.sync import integrations
from saasdesk.sync.events import SyncResult
from saasdesk.sync.integration import Integration
from saasdesk.sync.run import RunOptions, run_integration
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.integrations.moments import counted
from saasdesk.ui.pages.integrations.reading import Reading
from saasdesk.ui.pages.integrations.run_watch import RunWatch, about
from saasdesk.ui.pages.integrations.tile import Tile
from saasdesk.ui.pages.integrations.tile_facts import TileFacts, read_tiles
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.question import Question
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.ui.widgets.tag import Tag

_TILE_WIDTH = 368
_GAP = 16
_SOON_MILLISECONDS = 150


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
        *,
        connect_vendor: Callable[[], object],
    ) -> None:
        super().__init__()
        self._services, self._frame, self._theme, self._jobs = services, frame, theme, jobs
        self._watch, self._connect_vendor = watch, connect_vendor
        self._reading = Reading(readers, self)
        self._tiles: dict[int, Tile] = {}
        self._shown: list[Tile] = []
        self._columns = 0
        self._question: Question | None = None
        self._build()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MILLISECONDS)
        self._soon.timeout.connect(self.refresh)
        bridge.heard.connect(self._on_heard)
        watch.began.connect(self._on_progress)
        watch.changed.connect(self._on_progress)
        watch.ended.connect(self._on_run_ended)

    # What the frame asks

    def refresh(self) -> None:
        """Read every integration again."""
        services = self._services
        self._reading.ask("integrations", lambda stop: read_tiles(services, stop), self._show, self._show_failure)

    def open(self, argument: object) -> None:
        """The page shows all integrations; there is nothing to choose."""
        del argument
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """It stands in the rail."""
        return ()

    def commands(self) -> Sequence[Command]:
        """Running each integration, and connecting another."""
        commands = [Command(self.tr("New integration…"), self._connect_vendor, "Ctrl+N", "plus", "File")]
        for tile in self._tiles.values():
            integration = tile.facts.integration
            if tile.facts.word in {"active", "errors", "failed", "held"}:
                text = self.tr("Run now: {0}").format(integration.name)
                commands.append(Command(text, partial(self._do, tile, "run"), "", "run", "Run"))
        return commands

    def panes(self) -> Sequence[QWidget]:
        """The tiles."""
        return (self._scroll,)

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("integrations-page")
        self.header = PageHeader(theme, self.tr("Integrations"))
        self.filter = SearchField(theme, self.tr("Filter integrations"), 216)
        self.filter.textChanged.connect(self._arrange)
        self.header.add_actions(self.filter)
        self.new = PrimaryButton(theme, self.tr("NEW INTEGRATION"), "plus")
        self.new.clicked.connect(self._on_connect_wanted)
        section = Row(theme, gap=12)
        section.addWidget(PlainLabel(self.tr("User integrations"), "section"))
        section.addWidget(Tag(theme, self.tr("Extended")))
        section.addStretch(1)
        section.addWidget(self.new)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        content = QWidget()
        column = Column(theme, gap=12, margins=(24, 4, 24, 24))
        column.addLayout(section)
        column.addLayout(self._grid)
        column.addStretch(1)
        content.setLayout(column)
        self._scroll = ScrollArea(content)
        connect = PrimaryButton(theme, self.tr("Connect a vendor…"), "integrations")
        connect.clicked.connect(self._on_connect_wanted)
        self._empty = EmptyState(
            theme,
            Emptiness.NOTHING_YET,
            self.tr("No integrations yet"),
            self.tr("An integration reads a vendor's people and accounts, on a schedule or when you say so."),
            (connect,),
        )
        retry = OutlinedButton(theme, self.tr("Retry"))
        retry.clicked.connect(self.refresh)
        self._failure = EmptyState(theme, Emptiness.LOAD_FAILED, self.tr("This could not be read"), "", (retry,))
        self._none = EmptyState(theme, Emptiness.FILTER_HIDES_ALL, self.tr("No integration matches"))
        self._stack = QStackedWidget()
        for widget in (self._scroll, self._empty, self._failure, self._none):
            self._stack.addWidget(widget)
        whole = Column(theme, gap=8, margins=(0, 16, 0, 0))
        head = Row(theme, margins=(24, 0))
        head.addWidget(self.header)
        whole.addLayout(head)
        whole.addWidget(self._stack, 1)
        self.setLayout(whole)
        theme.changed.connect(self._lay_out)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    # Showing

    def _show(self, tiles: list[TileFacts]) -> None:
        known = {facts.integration.id for facts in tiles}
        for number in [number for number in self._tiles if number not in known]:
            tile = self._tiles.pop(number)
            self._grid.removeWidget(tile)
            tile.deleteLater()
        for facts in tiles:
            number = facts.integration.id
            if number in self._tiles:
                self._tiles[number].show_facts(facts)
            else:
                tile = self._tiles[number] = Tile(self._theme, facts)
                tile.pressed.connect(partial(self._do, tile))
            self._tiles[number].show_progress(self._watch.find(facts.integration.name), self._watch.now())
        attention = sum(1 for facts in tiles if facts.needs_attention)
        words = counted(len(tiles), self.tr("{0} integration"), self.tr("{0} integrations"))
        if attention:
            words += " · " + counted(attention, self.tr("{0} needs attention"), self.tr("{0} need attention"))
        self.header.set_subtitle(words)
        self._frame.set_count("integrations", attention, "warn")
        self._arrange()
        self._frame.update_trail()

    def _show_failure(self, sentence: str) -> None:
        retry = OutlinedButton(self._theme, self.tr("Retry"))
        retry.clicked.connect(self.refresh)
        self._failure.say(Emptiness.LOAD_FAILED, self.tr("This could not be read"), sentence, (retry,))
        self._stack.setCurrentWidget(self._failure)

    def _arrange(self) -> None:
        text = self.filter.text()
        self._shown = [tile for tile in self._tiles.values() if not text or tile.facts.matches(text)]
        for tile in self._tiles.values():
            tile.setVisible(tile in self._shown)
        if not self._tiles:
            self._stack.setCurrentWidget(self._empty)
        else:
            self._stack.setCurrentWidget(self._scroll if self._shown else self._none)
        self._columns = 0
        self._lay_out()

    def _lay_out(self) -> None:
        theme = self._theme
        gap = theme.px(_GAP)
        self._grid.setSpacing(gap)
        room = self.width() - theme.px(48)
        columns = max(1, (room + gap) // (theme.px(_TILE_WIDTH) + gap))
        if columns == self._columns:
            return
        for column in range(max(self._columns, self._grid.columnCount())):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for tile in self._tiles.values():
            self._grid.removeWidget(tile)
        for position, tile in enumerate(self._shown):
            self._grid.addWidget(tile, position // columns, position % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    # What happens

    def _on_connect_wanted(self) -> None:
        self._connect_vendor()

    def _on_heard(self, message: Message) -> None:
        if isinstance(message, Ended) and message.job.about.startswith(("integration:", "demo", "plan", "connect")):
            self._soon.start()

    def _on_progress(self, name: str) -> None:
        for tile in self._tiles.values():
            if tile.facts.integration.name == name:
                tile.show_progress(self._watch.find(name), self._watch.now())
                return
        # A run of an integration that is not shown yet.
        self._soon.start()

    def _on_run_ended(self, name: str, message: object) -> None:
        self._on_progress(name)
        result = message.result if isinstance(message, Ended) else None
        if isinstance(result, SyncResult) and result.preview and result.plan is not None:
            self._frame.navigate("plan", result.plan)
        elif isinstance(result, SyncResult) and result.message and result.exit_code:
            open_session = (self.tr("Open"), lambda: self._frame.navigate("activity", result.session))
            kind = {1: "warn", 130: "info"}.get(result.exit_code, "error")
            self._frame.toast(f"{name}: {result.message}", kind, open_session)
        self._soon.start()

    def _do(self, tile: Tile, wish: str) -> None:
        integration = tile.facts.integration
        match wish:
            case "run":
                self._start(integration, RunOptions())
            case "preview":
                self._start(integration, RunOptions(preview=True))
            case "cancel":
                self._cancel(integration)
            case "launch":
                self._launch(tile)
            case "pause":
                self._change(integration, integrations.pause, self.tr("Pausing"))
            case "resume":
                known = self._services.vault.known
                self._change(
                    integration, lambda store, found: integrations.launch(store, found, known()), self.tr("Resuming")
                )
            case "delete":
                self._ask_to_delete(integration)
            case "review" if tile.facts.standing.held is not None:
                self._frame.navigate("plan", tile.facts.standing.held.id)
            case "details" if tile.facts.standing.last is not None:
                self._frame.navigate("activity", tile.facts.standing.last.id)
            case "open":
                self._frame.navigate("integration", integration.id)
            case _:
                self._frame.navigate("activity", f"integration:{integration.id}")

    def _start(self, integration: Integration, options: RunOptions) -> None:
        services = self._services

        def work(tell: Tell, stop: threading.Event) -> SyncResult:
            newest = integrations.find_integration(services.store, integration.name)
            return run_integration(services.store, services.vault, newest, options, tell, stop)

        job = self._frame.start_job(work, integration.name, about(integration.id))
        if job is not None:
            self._watch.note_started(job, integration.name)

    def _cancel(self, integration: Integration) -> None:
        job = self._jobs.find(about(integration.id))
        progress = self._watch.find(integration.name)
        if progress is not None:
            job = progress.job
        if job is not None:
            self._watch.note_cancelling(integration.name)
            self._frame.cancel_job(job)

    def _launch(self, tile: Tile) -> None:
        if tile.facts.missing:
            lacks = " ".join(tile.facts.missing)
            self._frame.toast(self.tr("Still to do before launching: {0}").format(lacks), "warn", seconds=12)
            return
        known = self._services.vault.known
        self._change(
            tile.facts.integration,
            lambda store, found: integrations.launch(store, found, known()),
            self.tr("Launching"),
        )

    def _change(self, integration: Integration, change: Callable[..., object], name: str) -> None:
        store = self._services.store
        self._reading.ask(
            f"change {integration.id}",
            lambda _stop: change(store, integrations.find_integration(store, integration.name)),
            lambda _result: self.refresh(),
            lambda sentence: self._frame.toast(sentence, "error"),
        )
        self._frame.say(f"{name}: {integration.name}")

    def _ask_to_delete(self, integration: Integration) -> None:
        keep = OutlinedButton(self._theme, self.tr("Keep it"))
        delete = DangerButton(self._theme, self.tr("Delete the integration"))
        delete.clicked.connect(lambda: self._change(integration, integrations.delete_integration, self.tr("Deleting")))
        self._question = Question(
            self._theme,
            self.tr("Delete “{0}”?").format(integration.name),
            self.tr(
                "Its people and SaaS users stay as they are, with their history, but nothing updates them any more. "
                "Its credential stays in the keyring."
            ),
            [keep, delete],
            parent=self,
        )
        self._question.open()

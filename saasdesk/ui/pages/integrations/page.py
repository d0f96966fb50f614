"""The page of all integrations in block view: each a tile, with Run Now, Cancel and what waits for a decision."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from saasdesk.jobs import Ended, Jobs, Message
from saasdesk.services import Services
from saasdesk.sync.events import SyncResult
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.integrations.decisions import Decisions
from saasdesk.ui.pages.integrations.moments import counted
from saasdesk.ui.pages.integrations.reading import Reading
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.runs import PREVIEW, Runs
from saasdesk.ui.pages.integrations.tile import Tile
from saasdesk.ui.pages.integrations.tile_facts import TileFacts, read_tiles
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.chip import Chip
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.ui.widgets.tag import Tag

_TILE_WIDTH = 412
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
        self._runs = Runs(services, frame, watch, self)
        self._decisions = Decisions(services, frame, theme, readers, self)
        self._tiles: dict[int, Tile] = {}
        self._shown: list[Tile] = []
        self._columns = 0
        self._build()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MILLISECONDS)
        self._soon.timeout.connect(self.refresh)
        bridge.heard.connect(self._on_heard)
        self._decisions.done.connect(self.refresh)
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
        for tile in self._runnable():
            text = self.tr("Run now: {0}").format(tile.facts.integration.name)
            commands.append(Command(text, partial(self._do, tile, "run"), "", "run", "Run"))
        if len(self._runnable()) > 1:
            commands.append(Command(self.tr("Run all integrations now"), self._run_all, "", "run", "Run"))
        if self._watch.running:
            commands.append(Command(self.tr("Cancel all runs"), self._runs.cancel_all, "", "close", "Run"))
        return commands

    def panes(self) -> Sequence[QWidget]:
        """The tiles."""
        return (self._scroll,)

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("integrations-page")
        self.header = PageHeader(theme, self.tr("Integrations"))
        self.attention = LinkButton(theme, "", inline=True)
        self.attention.clicked.connect(self._on_attention_clicked)
        self.header.add_beside(self.attention)
        self.only_attention = Chip(theme, self.tr("Needs attention"))
        self.only_attention.hide()
        self.only_attention.removed.connect(self._show_all)
        self.only_attention.clicked.connect(self._show_all)
        self.filter = SearchField(theme, self.tr("Filter integrations"), 216)
        self.filter.textChanged.connect(self._arrange)
        self.header.add_actions(self.only_attention, self.filter)
        self.new = PrimaryButton(theme, self.tr("NEW INTEGRATION"), "plus")
        self.new.clicked.connect(self._on_connect_wanted)
        self.run_all = OutlinedButton(theme, self.tr("Run all"), "run")
        self.run_all.setAccessibleName(self.tr("Run all integrations now"))
        self.run_all.clicked.connect(self._run_all)
        self.run_all.hide()
        section = Row(theme, gap=12)
        section.addWidget(PlainLabel(self.tr("User integrations"), "section"))
        section.addWidget(Tag(theme, self.tr("Extended")))
        section.addStretch(1)
        section.addWidget(self.run_all)
        section.addWidget(self.new)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        # Named only where there is something below it.
        self.asset_section = QWidget()
        assets = Row(theme, gap=12, margins=(0, 12, 0, 0))
        assets.addWidget(PlainLabel(self.tr("Asset integrations"), "section"))
        assets.addWidget(Tag(theme, self.tr("Extended")))
        assets.addStretch(1)
        self.asset_section.setLayout(assets)
        content = QWidget()
        column = self._column = Column(theme, gap=12, margins=(24, 4, 24, 24))
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
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self._make_room())
        theme.changed.connect(self._make_room)
        self._stack = QStackedWidget()
        for widget in (self._scroll, self._empty, self._failure, self._none):
            self._stack.addWidget(widget)
        whole = Column(theme, gap=8, margins=(0, 16, 0, 0))
        head = Row(theme, margins=(24, 0))
        head.addWidget(self.header)
        whole.addLayout(head)
        self.rest = Banner(theme, "warn")
        self.rest.hide()
        below = Row(theme, margins=(24, 0))
        below.addWidget(self.rest)
        whole.addLayout(below)
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
        self._show_rest(rests=any(facts.schedules_rest for facts in tiles))
        attention = sum(1 for facts in tiles if facts.needs_attention)
        words = counted(len(tiles), self.tr("{0} integration"), self.tr("{0} integrations"))
        self.header.set_subtitle(f"{words} ·" if attention else words)
        self.attention.setText(counted(attention, self.tr("{0} needs attention"), self.tr("{0} need attention")))
        self.attention.setVisible(bool(attention))
        self.only_attention.setVisible(self.only_attention.isVisible() and bool(attention))
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

    def _show_failure(self, sentence: str) -> None:
        retry = OutlinedButton(self._theme, self.tr("Retry"))
        retry.clicked.connect(self.refresh)
        self._failure.say(Emptiness.LOAD_FAILED, self.tr("This could not be read"), sentence, (retry,))
        self._stack.setCurrentWidget(self._failure)

    def _arrange(self) -> None:
        text, only_attention = self.filter.text(), not self.only_attention.isHidden()
        self._shown = [
            tile
            for tile in self._tiles.values()
            if tile.facts.matches(text) and (tile.facts.needs_attention or not only_attention)
        ]
        for tile in self._tiles.values():
            tile.setVisible(tile in self._shown)
        if not self._tiles:
            self._stack.setCurrentWidget(self._empty)
        elif not self._shown:
            clear = OutlinedButton(self._theme, self.tr("Clear the filter"))
            clear.clicked.connect(self._show_all)
            title = self.tr("0 of {0} match").format(counted(len(self._tiles), "{0} integration", "{0} integrations"))
            self._none.say(Emptiness.FILTER_HIDES_ALL, title, "", (clear,))
            self._stack.setCurrentWidget(self._none)
        else:
            self._stack.setCurrentWidget(self._scroll)
        self._columns = 0
        self._lay_out()

    def _lay_out(self) -> None:
        theme = self._theme
        self._grid.setSpacing(theme.px(_GAP))
        columns = max(1, (self.width() - theme.px(48)) // theme.px(_TILE_WIDTH))
        if columns == self._columns:
            return
        for column in range(max(self._columns, self._grid.columnCount())):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for widget in (*self._tiles.values(), self.asset_section):
            self._grid.removeWidget(widget)
        users = [tile for tile in self._shown if not tile.facts.integration.document.loads_assets]
        assets = [tile for tile in self._shown if tile not in users]
        first_row = -(-len(users) // columns)
        self._add_tiles(users, 0)
        if assets:
            self._grid.addWidget(self.asset_section, first_row, 0, 1, columns)
            self._add_tiles(assets, first_row + 1)
        self.asset_section.setVisible(bool(assets))
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def _add_tiles(self, tiles: list[Tile], row: int) -> None:
        for position, tile in enumerate(tiles):
            self._grid.addWidget(tile, row + position // self._columns, position % self._columns)

    def _make_room(self) -> None:
        # Beside a scroll bar the tiles still end where the head of the page does.
        theme = self._theme
        is_long = self._scroll.verticalScrollBar().maximum() > 0
        side = theme.px(24) - (theme.measure("scroll-bar") if is_long else 0)
        self._column.setContentsMargins(theme.px(24), theme.px(4), side, theme.px(24))

    # What happens

    def _on_attention_clicked(self) -> None:
        self.only_attention.show()
        self._arrange()

    def _show_all(self) -> None:
        self.only_attention.hide()
        self.filter.clear()
        self._arrange()

    def _on_connect_wanted(self) -> None:
        self._connect_vendor()

    def _on_heard(self, message: Message) -> None:
        if isinstance(message, Ended) and message.job.about.startswith(("integration:", "plan", "connect")):
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

    def _runnable(self) -> list[Tile]:
        return [tile for tile in self._tiles.values() if tile.facts.word in {"active", "errors", "failed", "held"}]

    def _run_all(self) -> None:
        self._runs.start_all([tile.facts.integration for tile in self._runnable()])

    def _do(self, tile: Tile, wish: str) -> None:
        integration = tile.facts.integration
        match wish:
            case "run":
                self._runs.start(integration)
            case "preview":
                self._runs.start(integration, PREVIEW)
            case "cancel":
                self._runs.cancel(integration.name)
            case "launch":
                self._decisions.plan_launch(integration, lambda: self._runs.start(integration, PREVIEW))
            case "resume":
                self._decisions.launch(integration)
            case "pause":
                self._decisions.pause(integration)
            case "delete":
                self._decisions.ask_to_delete(integration)
            case "review" if tile.facts.standing.held is not None:
                self._frame.navigate("plan", tile.facts.standing.held.id)
            case "details" if tile.facts.standing.last is not None:
                self._frame.navigate("activity", tile.facts.standing.last.id)
            case "session" if tile.session is not None:
                self._frame.navigate("activity", tile.session)
            case "open":
                self._frame.navigate("integration", integration.id)
            case "mapping":
                self._frame.navigate("mapping", integration.id)
            case _:
                self._frame.navigate("activity", f"integration:{integration.id}")

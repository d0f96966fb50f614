"""One integration as a tile: how it stands, how far its run is, and the one thing to do next."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from saasdesk.sync.integration import IntegrationState
from saasdesk.ui.overview.menu import pop_up_below
from saasdesk.ui.overview.tile import OverviewTile, TileFoot, TileHead, TileLines
from saasdesk.ui.pages.integrations.actions import fill_menu
from saasdesk.ui.pages.integrations.clamped_text import ClampedText
from saasdesk.ui.pages.integrations.progress_panel import ProgressPanel
from saasdesk.ui.pages.integrations.run_progress import RunProgress
from saasdesk.ui.pages.integrations.tile_facts import TileFacts, lines, sentence, state_in_words, subtitle
from saasdesk.ui.soon import soon
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton, PaintedButton, PrimaryButton
from saasdesk.ui.widgets.card import CardEdge
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.status_word import status

_LINES_OF_SENTENCE = 2
_HESITATION_SECONDS = 0.5


class Tile(OverviewTile):
    """Shows facts and progress, and says what was pressed; it decides nothing.

    Its widgets are made once and news touch their texts only: keyboard focus and screen readers stay where they are.
    """

    def __init__(self, theme: Theme, facts: TileFacts) -> None:
        super().__init__(theme)
        self._facts = facts
        self._progress: RunProgress | None = None
        # The state of its run in a word; empty when none is under way.
        self._running = ""
        self._heir: PaintedButton | None = None
        self._hesitation = soon(self, int(_HESITATION_SECONDS * 1_000), self._on_hesitated)
        self.setObjectName(f"tile-{facts.integration.id}")
        self._build_head()
        self._build_middle()
        self._build_foot()
        self.show_facts(facts)

    @property
    def facts(self) -> TileFacts:
        """What the tile shows while nothing runs."""
        return self._facts

    def show_facts(self, facts: TileFacts) -> None:
        """Show how the integration stands now."""
        self._facts = facts
        name = facts.integration.name
        self._head.say(name, subtitle(facts))
        self._foot.name_after(name)
        problem = sentence(facts)
        self._sentence.setVisible(bool(problem))
        self._sentence.setText(problem)
        self._lines.show_lines(lines(facts))
        self._show_state()

    def show_progress(self, progress: RunProgress | None, clock: float) -> None:
        """Show how far a run is; None when none is going on."""
        before, self._progress, self._running = self._running, progress, progress.word(clock) if progress else ""
        self.may_be_renamed = progress is None
        if progress is not None:
            self._panel.show_progress(progress, self._facts.integration.connector.title, clock)
            # Cancel appears where Run Now was: the second click of a double click is not meant for it.
            hesitates = clock - progress.began <= _HESITATION_SECONDS
            self._enable(self.cancel, is_enabled=not progress.is_cancelling and not hesitates)
            self.open_run.setEnabled(progress.session is not None)
        if before != self._running:
            if progress is None:
                # And Run Now where Cancel was, perhaps just before somebody pressed that.
                self._hesitate()
            self._show_state()

    def _show_state(self) -> None:
        running = self._running
        is_running = bool(running)
        self.state.set_status(status(running) if running else state_in_words(self._facts))
        self.setAccessibleName(f"{self._facts.integration.name}, {self.state.status.word}")
        self.set_edge(CardEdge.BUSY if is_running else CardEdge.PLAIN)
        self._middle.setCurrentIndex(1 if is_running else 0)
        word = "running" if is_running else self._facts.word
        state = self._facts.integration.state
        is_paused = word == "paused"
        heir = self._foot.show_only(
            {
                self.cancel: is_running,
                self.run: word in {"active", "errors", "overdue"},
                self.retry: word == "failed",
                self.review: word == "held",
                self.go_on: word == "draft" and bool(self._facts.missing),
                self.launch: word == "draft" and not self._facts.missing,
                self.resume: is_paused,
                self.open_run: is_running,
                self.preview: not is_running and state is not IntegrationState.DRAFT,
                self.mapping: word in {"active", "draft", "paused"},
                self.details: word == "failed",
                self.problems: word == "errors",
                self.sessions: word in {"active", "held", "overdue", "paused"},
            }
        )
        if heir is not None:
            # The keyboard stays at the foot of this tile instead of going somewhere else.
            self._give_focus(heir)

    def _hesitate(self) -> None:
        for button in self._main_buttons:
            self._enable(button, is_enabled=False)
        self._hesitation.start()

    def _on_hesitated(self) -> None:
        for button in self._main_buttons:
            self._enable(button, is_enabled=True)

    def _enable(self, button: PaintedButton, *, is_enabled: bool) -> None:
        """Let a button be pressed or not; the keyboard waits for it at the head of the tile."""
        if not is_enabled and button.hasFocus():
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        button.setEnabled(is_enabled)
        if is_enabled and button is self._heir:
            self._heir = None
            if self.name.hasFocus():
                button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give_focus(self, heir: PaintedButton) -> None:
        self._heir = None if heir.isEnabled() else heir
        (heir if heir.isEnabled() else self.name).setFocus(Qt.FocusReason.OtherFocusReason)

    # Building

    def _build_head(self) -> None:
        theme = self._theme
        connector = self._facts.integration.connector
        mark = Monogram(theme, connector.title, letters=mark_of(connector.title), size=32, tile=True)
        self._head = TileHead(theme, mark, self.tr("Open this integration"))
        self.name, self.state, self.more = self._head.name, self._head.state, self._head.more
        self.name.clicked.connect(lambda: self.say("open"))
        self.more.clicked.connect(lambda: pop_up_below(self.more, self.menu()))
        self.body.addLayout(self._head)

    def _build_middle(self) -> None:
        theme = self._theme
        idle = QWidget()
        column = Column(theme, gap=4)
        self._sentence = ClampedText(theme, _LINES_OF_SENTENCE)
        column.addWidget(self._sentence)
        self._lines = TileLines(theme)
        column.addLayout(self._lines)
        column.addStretch(1)
        idle.setLayout(column)
        self._panel = ProgressPanel(theme)
        self.phase = self._panel.phase
        self._middle = QStackedWidget()
        self._middle.addWidget(idle)
        self._middle.addWidget(self._panel)
        self.body.addWidget(self._middle, 1)

    def _build_foot(self) -> None:
        theme = self._theme
        self.run = OutlinedButton(theme, self.tr("Run Now"), "run")
        self.retry = OutlinedButton(theme, self.tr("Retry"), "run")
        self.review = PrimaryButton(theme, self.tr("Review"), "shield")
        self.launch = OutlinedButton(theme, self.tr("Launch"), "play")
        self.go_on = OutlinedButton(theme, self.tr("Continue"), "arrow-right")
        self.resume = OutlinedButton(theme, self.tr("Resume"), "run")
        self.cancel = OutlinedButton(theme, self.tr("Cancel"), "close")
        self.open_run = LinkButton(theme, self.tr("Open run"))
        self.preview = LinkButton(theme, self.tr("Preview"))
        self.mapping = LinkButton(theme, self.tr("Mapping"))
        self.problems = LinkButton(theme, self.tr("Show problems"))
        self.details = LinkButton(theme, self.tr("Details"))
        self.sessions = LinkButton(theme, self.tr("Sync Sessions"))
        buttons: tuple[tuple[PaintedButton, str], ...] = (
            (self.run, "run"),
            (self.retry, "run"),
            (self.review, "review"),
            (self.go_on, "open"),
            (self.launch, "launch"),
            (self.resume, "resume"),
            (self.cancel, "cancel"),
        )
        links: tuple[tuple[PaintedButton, str], ...] = (
            (self.open_run, "session"),
            (self.preview, "preview"),
            (self.mapping, "mapping"),
            (self.details, "details"),
            (self.problems, "details"),
            (self.sessions, "sessions"),
        )
        self._foot = TileFoot(theme, buttons, links, self.say)
        self.body.addLayout(self._foot)
        self._main_buttons = tuple(button for button, _ in buttons if button is not self.cancel)

    def menu(self) -> QMenu:
        """What else can be done with the integration."""
        menu = QMenu(self)
        fill_menu(menu, self._facts, self.say, is_running=self._progress is not None)
        return menu

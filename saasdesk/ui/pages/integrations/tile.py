"""One integration as a tile: how it stands, how far its run is, and the one thing to do next."""

from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from saasdesk.clock import now
from saasdesk.sync.integration import IntegrationState
from saasdesk.ui.pages.integrations.moments import number
from saasdesk.ui.pages.integrations.run_progress import RunProgress
from saasdesk.ui.pages.integrations.tile_facts import TileFacts, lines, sentence, state_in_words, subtitle
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_ampersands
from saasdesk.ui.widgets.buttons import IconButton, LinkButton, OutlinedButton, PaintedButton, PrimaryButton
from saasdesk.ui.widgets.card import Card, CardEdge
from saasdesk.ui.widgets.counter import Counter
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar
from saasdesk.ui.widgets.status_word import StatusWord, status

HEIGHT = 184
_LABEL_WIDTH = 68
_LINES = 3
_COUNTERS = ("read", "new", "changed", "same", "failed")


class Tile(Card):
    """Shows facts and progress, and says what was pressed; it decides nothing.

    Its widgets are made once and news touch their texts only: keyboard focus and screen readers stay where they are.
    """

    pressed = Signal(str)

    def __init__(self, theme: Theme, facts: TileFacts) -> None:
        super().__init__(theme, gap=8, margins=(16, 12))
        self._facts = facts
        self._progress: RunProgress | None = None
        self.setObjectName(f"tile-{facts.integration.id}")
        self._build_head()
        self._build_middle()
        self._build_foot()
        theme.changed.connect(self._rescale)
        self._rescale()
        self.show_facts(facts)

    @property
    def facts(self) -> TileFacts:
        """What the tile shows while nothing runs."""
        return self._facts

    def show_facts(self, facts: TileFacts) -> None:
        """Show how the integration stands now."""
        self._facts = facts
        name = facts.integration.name
        self.setAccessibleName(name)
        self.name.setText(name)
        self._subtitle.set_text(subtitle(facts.integration))
        problem = sentence(facts)
        self._sentence.setVisible(bool(problem))
        self._sentence.setText(problem)
        shown = lines(facts)
        for position, (label, text) in enumerate(self._lines):
            is_used = position < len(shown)
            label.setVisible(is_used)
            text.setVisible(is_used)
            if is_used:
                label.set_text(shown[position][0])
                text.set_text(shown[position][1])
        self._show_state()

    def show_progress(self, progress: RunProgress | None, clock: float) -> None:
        """Show how far a run is; None when none is going on."""
        was_running, self._progress = self._progress is not None, progress
        if progress is not None:
            vendor = self._facts.integration.connector.title
            self.phase.set_text(progress.phase_in_words(vendor, clock, now()))
            self._time.set_text(progress.time_in_words(clock))
            self._bar.set_share(progress.share)
            for counter, value in zip(self._counters, progress.numbers, strict=True):
                counter.set_number(number(value))
            self.cancel.setEnabled(not progress.is_cancelling)
        if was_running != (progress is not None):
            self._show_state()

    def _show_state(self) -> None:
        is_running = self._progress is not None
        self.state.set_status(status("running") if is_running else state_in_words(self._facts))
        self.set_edge(CardEdge.BUSY if is_running else CardEdge.PLAIN)
        self._middle.setCurrentIndex(1 if is_running else 0)
        word = "running" if is_running else self._facts.word
        state = self._facts.integration.state
        is_paused = word == "paused"
        self.cancel.setVisible(is_running)
        self.run.setVisible(word in {"active", "errors"})
        self.retry.setVisible(word == "failed")
        self.review.setVisible(word == "held")
        self.launch.setVisible(word == "draft")
        self.resume.setVisible(is_paused)
        self.preview.setVisible(not is_running and state is not IntegrationState.DRAFT)
        self.details.setVisible(word == "failed")
        self.sessions.setVisible(not is_running and word != "failed")

    # Building

    def _build_head(self) -> None:
        theme = self._theme
        connector = self._facts.integration.connector
        self.name = LinkButton(theme, "", inline=True, role="card-title")
        self.name.setAccessibleDescription(self.tr("Open this integration"))
        self.name.clicked.connect(lambda: self.pressed.emit("open"))
        self._subtitle = PlainLabel("", "secondary", "muted", elided=True)
        self.state = StatusWord(theme, status("active"))
        self.more = IconButton(theme, "more", self.tr("More actions"), size=24)
        self.more.clicked.connect(self._show_menu)
        words = Column(theme, gap=0)
        upper = Row(theme, gap=4)
        upper.addWidget(self.name)
        upper.addStretch(1)
        words.addLayout(upper)
        words.addWidget(self._subtitle)
        row = Row(theme, gap=12)
        row.addWidget(Monogram(theme, connector.title, letters=connector.monogram, size=32, tile=True))
        row.addLayout(words, 1)
        row.addWidget(self.state)
        row.addWidget(self.more)
        self.body.addLayout(row)

    def _build_middle(self) -> None:
        theme = self._theme
        idle = QWidget()
        column = Column(theme, gap=4)
        self._sentence = Paragraph(theme, "")
        column.addWidget(self._sentence)
        self._lines: list[tuple[PlainLabel, PlainLabel]] = []
        for _ in range(_LINES):
            label, text = PlainLabel("", "secondary", "muted"), PlainLabel("", "secondary", elided=True)
            row = Row(theme, gap=4)
            row.addWidget(label)
            row.addWidget(text, 1)
            column.addLayout(row)
            self._lines.append((label, text))
        column.addStretch(1)
        idle.setLayout(column)
        self._middle = QStackedWidget()
        self._middle.addWidget(idle)
        self._middle.addWidget(self._running_panel())
        self.body.addWidget(self._middle, 1)

    def _running_panel(self) -> QWidget:
        theme = self._theme
        self.phase = PlainLabel("", "secondary", elided=True)
        self._time = PlainLabel("", "secondary", "muted", digits=True)
        self._bar = ProgressBar(theme, self.tr("Progress of the run"))
        upper = Row(theme, gap=8)
        upper.addWidget(self.phase, 1)
        upper.addWidget(self._time)
        words = {
            "read": self.tr("read"),
            "new": self.tr("new"),
            "changed": self.tr("changed"),
            "same": self.tr("same"),
            "failed": self.tr("failed"),
        }
        self._counters = [Counter(theme, "0", words[name]) for name in _COUNTERS]
        numbers = Row(theme, gap=0)
        for counter in self._counters:
            numbers.addWidget(counter, 1)
        column = Column(theme, gap=6)
        column.addLayout(upper)
        column.addWidget(self._bar)
        column.addLayout(numbers)
        column.addStretch(1)
        panel = QWidget()
        panel.setLayout(column)
        return panel

    def _build_foot(self) -> None:
        theme = self._theme
        self.run = OutlinedButton(theme, self.tr("Run Now"), "run")
        self.retry = OutlinedButton(theme, self.tr("Retry"), "run")
        self.review = PrimaryButton(theme, self.tr("Review"), "shield")
        self.launch = OutlinedButton(theme, self.tr("Launch"), "play")
        self.resume = OutlinedButton(theme, self.tr("Resume"), "run")
        self.cancel = OutlinedButton(theme, self.tr("Cancel"), "close")
        self.preview = LinkButton(theme, self.tr("Preview"))
        self.details = LinkButton(theme, self.tr("Details"))
        self.sessions = LinkButton(theme, self.tr("Sync Sessions"))
        wishes: tuple[tuple[PaintedButton, str], ...] = (
            (self.run, "run"),
            (self.retry, "run"),
            (self.review, "review"),
            (self.launch, "launch"),
            (self.resume, "resume"),
            (self.cancel, "cancel"),
        )
        links = ((self.preview, "preview"), (self.details, "details"), (self.sessions, "sessions"))
        row = Row(theme, gap=8)
        for button, wish in wishes:
            row.addWidget(button)
            button.clicked.connect(partial(self._say, wish))
        row.addStretch(1)
        for link, wish in links:
            row.addWidget(link)
            link.clicked.connect(partial(self._say, wish))
        self.body.addLayout(row)

    def menu(self) -> QMenu:
        """What else can be done with the integration."""
        menu = QMenu(self)
        state, is_running = self._facts.integration.state, self._progress is not None
        entries = [(self.tr("Open"), "open"), (self.tr("Sync Sessions"), "sessions")]
        if not is_running:
            entries.append((self.tr("Preview"), "preview"))
            if state is IntegrationState.ACTIVE:
                entries.append((self.tr("Pause"), "pause"))
            if state is IntegrationState.PAUSED:
                entries.append((self.tr("Resume"), "resume"))
            entries.append((self.tr("Delete…"), "delete"))
        for text, wish in entries:
            action = menu.addAction(escaped_ampersands(text))
            action.triggered.connect(partial(self._say, wish))
        return menu

    def _say(self, wish: str, _checked: bool = False) -> None:
        self.pressed.emit(wish)

    def _show_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _rescale(self) -> None:
        self.setFixedHeight(self._theme.px(HEIGHT))
        # The name is a link with room for its focus ring: what stands under it begins where its letters do.
        self._subtitle.setContentsMargins(self._theme.px(3), 0, 0, 0)
        for label, _ in self._lines:
            label.setFixedWidth(self._theme.px(_LABEL_WIDTH))

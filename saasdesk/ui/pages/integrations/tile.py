"""One integration as a tile: how it stands, how far its run is, and the one thing to do next."""

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QStackedWidget, QWidget

from saasdesk.sync.integration import IntegrationState
from saasdesk.ui.pages.integrations.actions import fill_menu
from saasdesk.ui.pages.integrations.clamped_text import ClampedText
from saasdesk.ui.pages.integrations.progress_panel import ProgressPanel
from saasdesk.ui.pages.integrations.run_progress import RunProgress
from saasdesk.ui.pages.integrations.tile_facts import TileFacts, lines, sentence, state_in_words, subtitle
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, LinkButton, OutlinedButton, PaintedButton, PrimaryButton
from saasdesk.ui.widgets.card import Card, CardEdge
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.status_word import StatusWord, status

HEIGHT = 184
_LABEL_WIDTH = 72
_LINES = 3
_LINES_OF_SENTENCE = 2
_HESITATION_SECONDS = 0.5


class NameButton(LinkButton):
    """The name of an integration, which leads to its page; a long one ends in an ellipsis."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", inline=True, role="card-title")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(self._theme.px(64), hint.width()), hint.height())

    def _colors(self) -> tuple[str, str, str]:
        return "", "", "text"


class Tile(Card):
    """Shows facts and progress, and says what was pressed; it decides nothing.

    Its widgets are made once and news touch their texts only: keyboard focus and screen readers stay where they are.
    """

    pressed = Signal(str)

    def __init__(self, theme: Theme, facts: TileFacts) -> None:
        super().__init__(theme, gap=8, margins=(16, 12))
        self._facts = facts
        self._progress: RunProgress | None = None
        # The state of its run in a word; empty when none is under way.
        self._running = ""
        self._heir: PaintedButton | None = None
        self._hesitation = QTimer(self)
        self._hesitation.setSingleShot(True)
        self._hesitation.setInterval(int(_HESITATION_SECONDS * 1_000))
        self._hesitation.timeout.connect(self._on_hesitated)
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
        self.name.setText(name)
        self._name_buttons(name)
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
        before, self._progress, self._running = self._running, progress, progress.word(clock) if progress else ""
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
        focus = QApplication.focusWidget()
        has_focus = focus is not None and self.isAncestorOf(focus)
        shown = {
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
        for button, is_shown in shown.items():
            button.setVisible(is_shown)
        if has_focus and focus in shown and not shown[focus]:
            # The keyboard stays at the foot of this tile instead of going somewhere else.
            heir = next(button for button, is_shown in shown.items() if is_shown)
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
        self.name = NameButton(theme)
        self.name.setAccessibleDescription(self.tr("Open this integration"))
        self.name.clicked.connect(partial(self._say, "open"))
        self._subtitle = PlainLabel("", "secondary", "muted", elided=True)
        self.state = StatusWord(theme, status("active"))
        self.more = IconButton(theme, "more", self.tr("More actions"), size=24)
        self.more.clicked.connect(self._show_menu)
        upper = Row(theme, gap=4)
        upper.addWidget(self.name)
        upper.addStretch(1)
        upper.addWidget(self.state)
        upper.addWidget(self.more)
        words = Column(theme, gap=0)
        words.addLayout(upper)
        words.addWidget(self._subtitle)
        row = Row(theme, gap=9)
        row.addWidget(Monogram(theme, connector.title, letters=mark_of(connector.title), size=32, tile=True))
        row.addLayout(words, 1)
        self.body.addLayout(row)

    def _build_middle(self) -> None:
        theme = self._theme
        idle = QWidget()
        column = Column(theme, gap=4)
        self._sentence = ClampedText(theme, _LINES_OF_SENTENCE)
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
        wishes: tuple[tuple[PaintedButton, str], ...] = (
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
        # The last link ends where the card's edge of text is.
        row = Row(theme, gap=8, margins=(0, 0, -8, 0))
        for button, wish in wishes:
            row.addWidget(button)
            button.clicked.connect(partial(self._say, wish))
        row.addStretch(1)
        for link, wish in links:
            row.addWidget(link)
            link.clicked.connect(partial(self._say, wish))
        self.body.addLayout(row)
        self._main_buttons = tuple(button for button, _ in wishes if button is not self.cancel)
        self._buttons = tuple(button for button, _ in (*wishes, *links))

    def _name_buttons(self, name: str) -> None:
        """Out of their tile, in a list of buttons, they must still say what they are about."""
        for button in (*self._buttons, self.more):
            text = button.label or self.tr("More actions")
            button.setAccessibleName(f"{text}: {name}")

    def menu(self) -> QMenu:
        """What else can be done with the integration."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, self._facts.integration.state, self._say, is_running=self._progress is not None)
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2 and self._progress is None:
            self._say("rename")
            return
        super().keyPressEvent(event)

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

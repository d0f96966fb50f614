"""One workflow as a tile: how it stands, what begins it, and the one thing to do next."""

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu

from saasdesk.ui.moments import counted
from saasdesk.ui.pages.integrations.tile import HEIGHT, NameButton
from saasdesk.ui.pages.workflows.actions import fill_menu
from saasdesk.ui.pages.workflows.words import (
    began_by,
    last_run_in_words,
    next_run_in_words,
    object_word,
    state_of_workflow,
)
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, LinkButton, OutlinedButton, PaintedButton, PrimaryButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.status_word import StatusWord, status
from saasdesk.workflows.overview import Standing

_LABEL_WIDTH = 72


class WorkflowTile(Card):
    """Shows a standing, and says what was pressed; it decides nothing."""

    pressed = Signal(str)

    def __init__(self, theme: Theme, standing: Standing) -> None:
        super().__init__(theme, gap=8, margins=(16, 12))
        self._standing = standing
        self.setObjectName(f"workflow-{standing.workflow.id}")
        self._build_head()
        self._build_middle()
        self._build_foot()
        theme.changed.connect(self._rescale)
        self._rescale()
        self.show_standing(standing)

    @property
    def standing(self) -> Standing:
        """What the tile shows."""
        return self._standing

    def show_standing(self, standing: Standing) -> None:
        """Show how the workflow stands now; its widgets stay, so the keyboard does too."""
        self._standing = standing
        workflow = standing.workflow
        self.name.setText(workflow.name)
        count = len(workflow.document.blocks)
        blocks = counted(count, self.tr("{0} block"), self.tr("{0} blocks"))
        self._subtitle.set_text(f"{object_word(workflow.document.object)} · {blocks}")
        self.state.set_status(state_of_workflow(standing))
        self.setAccessibleName(f"{workflow.name}, {self.state.status.word}")
        lines = [(self.tr("Begins"), began_by(standing.began_by, standing.schedule))]
        if standing.problems:
            first = standing.problems[0].message
            first = first[:1].upper() + first[1:]
            lines.append((self.tr("Still to do"), first))
        lines += [
            (self.tr("Last run"), last_run_in_words(standing)),
            (self.tr("Next run"), next_run_in_words(standing)),
        ]
        for (label, text), (word, said) in zip(self._lines, lines, strict=False):
            label.set_text(word)
            text.set_text(said)
        self._show_buttons()
        for button in (*self._buttons, self.more):
            button.setAccessibleName(f"{button.label or self.tr('More actions')}: {workflow.name}")

    def menu(self) -> QMenu:
        """What else can be done with the workflow."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, self._standing, self._say)
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self._say("rename")
            return
        super().keyPressEvent(event)

    # Building

    def _build_head(self) -> None:
        theme = self._theme
        self.name = NameButton(theme)
        self.name.setAccessibleDescription(self.tr("Open this workflow"))
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
        row.addWidget(IconLabel(theme, "workflows", "muted", size=24))
        row.addLayout(words, 1)
        self.body.addLayout(row)

    def _build_middle(self) -> None:
        theme = self._theme
        self._lines: list[tuple[PlainLabel, PlainLabel]] = []
        for _ in range(3):
            label, text = PlainLabel("", "secondary", "muted"), PlainLabel("", "secondary", elided=True)
            row = Row(theme, gap=4)
            row.addWidget(label)
            row.addWidget(text, 1)
            self.body.addLayout(row)
            self._lines.append((label, text))
        self.body.addStretch(1)

    def _build_foot(self) -> None:
        theme = self._theme
        self.run = OutlinedButton(theme, self.tr("Run…"), "run")
        self.go_on = OutlinedButton(theme, self.tr("Continue"), "arrow-right")
        self.launch = OutlinedButton(theme, self.tr("Launch"), "play")
        self.resume = OutlinedButton(theme, self.tr("Resume"), "play")
        self.review = PrimaryButton(theme, self.tr("Review"), "shield")
        self.plan = LinkButton(theme, self.tr("Plan"))
        self.runs = LinkButton(theme, self.tr("Runs"))
        wishes: tuple[tuple[PaintedButton, str], ...] = (
            (self.run, "plan"),
            (self.go_on, "open"),
            (self.launch, "launch"),
            (self.resume, "resume"),
            (self.review, "runs"),
        )
        links: tuple[tuple[PaintedButton, str], ...] = ((self.plan, "plan"), (self.runs, "runs"))
        row = Row(theme, gap=8, margins=(0, 0, -8, 0))
        for button, wish in wishes:
            row.addWidget(button)
            button.clicked.connect(partial(self._say, wish))
        row.addStretch(1)
        for link, wish in links:
            row.addWidget(link)
            link.clicked.connect(partial(self._say, wish))
        self.body.addLayout(row)
        self._buttons = tuple(button for button, _ in (*wishes, *links))

    def _show_buttons(self) -> None:
        standing = self._standing
        word = standing.word
        is_draft, is_whole = word == "draft", not standing.problems
        focus = QApplication.focusWidget()
        shown = {
            self.run: word in {"active", "failed"},
            self.go_on: is_draft and not is_whole,
            self.launch: is_draft and is_whole,
            self.resume: word == "paused",
            self.review: word == "review",
            self.plan: is_whole and word != "active",
            self.runs: standing.last is not None and word != "review",
        }
        had_focus = focus in shown
        for button, is_shown in shown.items():
            button.setVisible(is_shown)
        if had_focus and not any(button is focus and is_shown for button, is_shown in shown.items()):
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, wish: str, _checked: bool = False) -> None:
        self.pressed.emit(wish)

    def _show_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _rescale(self) -> None:
        self.setFixedHeight(self._theme.px(HEIGHT))
        self._subtitle.setContentsMargins(self._theme.px(3), 0, 0, 0)
        for label, _ in self._lines:
            label.setFixedWidth(self._theme.px(_LABEL_WIDTH))

"""One workflow as a tile: how it stands, what begins it, and the one thing to do next."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from saasdesk.ui.moments import counted
from saasdesk.ui.overview.menu import pop_up_below
from saasdesk.ui.overview.tile import OverviewTile, TileFoot, TileHead, TileLines
from saasdesk.ui.pages.workflows.actions import fill_menu
from saasdesk.ui.pages.workflows.words import (
    began_by,
    last_run_in_words,
    next_run_in_words,
    object_word,
    state_of_workflow,
)
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.workflows.overview import Standing


class WorkflowTile(OverviewTile):
    """Shows a standing, and says what was pressed; it decides nothing."""

    def __init__(self, theme: Theme, standing: Standing) -> None:
        super().__init__(theme)
        self._standing = standing
        self.setObjectName(f"workflow-{standing.workflow.id}")
        self._head = TileHead(theme, IconLabel(theme, "workflows", "muted", size=24), self.tr("Open this workflow"))
        self.name, self.state, self.more = self._head.name, self._head.state, self._head.more
        self.name.clicked.connect(lambda: self.say("open"))
        self.more.clicked.connect(lambda: pop_up_below(self.more, self.menu()))
        self._lines = TileLines(theme)
        self.body.addLayout(self._head)
        self.body.addLayout(self._lines, 1)
        self.body.addLayout(self._build_foot())
        self.show_standing(standing)

    @property
    def standing(self) -> Standing:
        """What the tile shows."""
        return self._standing

    def show_standing(self, standing: Standing) -> None:
        """Show how the workflow stands now; its widgets stay, so the keyboard does too."""
        self._standing = standing
        workflow = standing.workflow
        count = len(workflow.document.steps)
        blocks = counted(count, self.tr("{0} block"), self.tr("{0} blocks"))
        self._head.say(workflow.name, f"{object_word(workflow.document.object)} · {blocks}")
        self._foot.name_after(workflow.name)
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
        self._lines.show_lines(lines)
        self._show_buttons()

    def menu(self) -> QMenu:
        """What else can be done with the workflow."""
        menu = QMenu(self)
        fill_menu(menu, self._standing, self.say)
        return menu

    def _build_foot(self) -> TileFoot:
        theme = self._theme
        self.run = OutlinedButton(theme, self.tr("Run…"), "run")
        self.go_on = OutlinedButton(theme, self.tr("Continue"), "arrow-right")
        self.launch = OutlinedButton(theme, self.tr("Launch"), "play")
        self.resume = OutlinedButton(theme, self.tr("Resume"), "play")
        self.review = PrimaryButton(theme, self.tr("Review"), "shield")
        self.plan = LinkButton(theme, self.tr("Plan"))
        self.runs = LinkButton(theme, self.tr("Runs"))
        buttons = (
            (self.run, "plan"),
            (self.go_on, "open"),
            (self.launch, "launch"),
            (self.resume, "resume"),
            (self.review, "runs"),
        )
        self._foot = TileFoot(theme, buttons, ((self.plan, "plan"), (self.runs, "runs")), self.say)
        return self._foot

    def _show_buttons(self) -> None:
        standing = self._standing
        word = standing.word
        is_draft, is_whole = word == "draft", not standing.problems
        heir = self._foot.show_only(
            {
                self.run: word in {"active", "failed"},
                self.go_on: is_draft and not is_whole,
                self.launch: is_draft and is_whole,
                self.resume: word == "paused",
                self.review: word == "review",
                self.plan: is_whole and word != "active",
                self.runs: standing.last is not None and word != "review",
            }
        )
        if heir is not None:
            heir.setFocus(Qt.FocusReason.OtherFocusReason)

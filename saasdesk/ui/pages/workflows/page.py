"""The page of all workflows: as tiles or in a list, searched and filtered; where new ones begin."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from saasdesk.jobs import Ended, Message
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.overview.narrowing import Narrowing, kept_of
from saasdesk.ui.overview.stack import OverviewStack
from saasdesk.ui.pages.workflows.actions import Actions
from saasdesk.ui.pages.workflows.block_view import WorkflowBlocks
from saasdesk.ui.pages.workflows.decisions import Decisions
from saasdesk.ui.pages.workflows.files import WorkflowFiles
from saasdesk.ui.pages.workflows.list_view import WorkflowList
from saasdesk.ui.pages.workflows.new_dialog import NewWorkflowDialog
from saasdesk.ui.pages.workflows.words import object_word, state_of_workflow
from saasdesk.ui.reading import Reading
from saasdesk.ui.soon import soon
from saasdesk.ui.state_chips import ALL, StateChips
from saasdesk.ui.tables import ExportRequest, Memory, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.segmented_control import Choice
from saasdesk.workflows import keeping
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.overview import Standing, standings
from saasdesk.workflows.starters import Starter, list_starters, with_credentials
from saasdesk.workflows.workflow import Workflow

_SOON_MILLISECONDS = 150
_MEMORY = "workflows-page"
BLOCKS, LIST = "blocks", "list"
# The word of a state, in the order in which their chips stand.
_STATES = ("active", "failed", "review", "paused", "draft")


class WorkflowsPage(QWidget):
    """Reads in workers, shows what there is, and does what is pressed."""

    title = "Workflows"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        memory: Memory,
        *,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__()
        self._services, self._frame, self._theme, self._memory = services, frame, theme, memory
        self._readers, self._export = readers, export
        self._reading = Reading(readers, self)
        self.decisions = Decisions(services, frame, theme, readers, self)
        self.files = WorkflowFiles(services, frame, theme, readers, self)
        self._actions = Actions(frame, self.decisions, self.files)
        self._standings: list[Standing] = []
        self._is_paused = False
        self._build(kept_of(memory, _MEMORY))
        self._soon = soon(self, _SOON_MILLISECONDS, self.refresh)
        bridge.heard.connect(self._on_heard)
        self.decisions.done.connect(self.refresh)
        self.files.imported.connect(lambda number: frame.navigate("workflow", number))

    # What the frame asks

    def refresh(self) -> None:
        """Read every workflow again."""
        services = self._services

        def read(stop: threading.Event) -> tuple[list[Standing], bool]:
            return standings(services.store, services.vault, stop), services.store.settings().workflows_paused

        self._reading.ask("workflows", read, self._show, self._stack.show_failure)

    def open(self, argument: object) -> None:
        """Show all workflows; "new" asks for another one too."""
        if argument == "new":
            self.ask_for_new()
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """It stands in the rail."""
        return ()

    def commands(self) -> Sequence[Command]:
        """Making another one, looking at those there are in another way, and the switch for all of them."""
        pause = self.tr("Let workflows run again") if self._is_paused else self.tr("Pause all workflows")
        return (
            Command(self.tr("New workflow…"), self.ask_for_new, "Ctrl+N", "plus", "File"),
            Command(self.tr("Import a workflow…"), self.files.ask_what_to_import, "", "import", "File"),
            *self.narrowing.commands(),
            Command(pause, self._on_pause_all, "", "play" if self._is_paused else "stop", "Run"),
        )

    def panes(self) -> Sequence[QWidget]:
        """The workflows."""
        return (self.blocks,) if self.narrowing.view.current == BLOCKS else (self.list.table.view,)

    # Building

    def _build(self, kept: Mapping[str, Any]) -> None:
        theme = self._theme
        self.setObjectName("workflows-page")
        whole = Column(theme, gap=8, margins=(0, 16, 0, 0))
        whole.addLayout(self._build_head(kept))
        whole.addWidget(self._build_views(), 1)
        self.setLayout(whole)
        theme.changed.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.narrowing.fit(self.width(), has_things=bool(self._standings))

    def _build_head(self, kept: Mapping[str, Any]) -> Column:
        theme = self._theme
        self.header = PageHeader(theme, self.tr("Workflows"))
        self.narrowing: Narrowing[Standing] = Narrowing(
            self,
            theme,
            self.header,
            self.tr("Filter workflows"),
            (Choice(BLOCKS, self.tr("Block view"), "blocks"), Choice(LIST, self.tr("List view"), "list")),
            StateChips(theme, self.tr("Workflows in this state"), _STATES, _word_of, str(kept.get("state", ALL))),
            _matches,
            kept,
        )
        self.narrowing.changed.connect(self._on_narrowed)
        self.pause_all = OutlinedButton(theme, self.tr("Pause all"), "stop")
        self.pause_all.setAccessibleName(self.tr("Pause all workflows"))
        self.pause_all.setToolTip(self.tr("No workflow begins, and none sends anything more, until you say so"))
        self.pause_all.clicked.connect(self._on_pause_all)
        self.from_file = OutlinedButton(theme, self.tr("Import…"), "import")
        self.from_file.clicked.connect(self.files.ask_what_to_import)
        self.new = PrimaryButton(theme, self.tr("NEW WORKFLOW"), "plus")
        self.new.clicked.connect(self._on_new_wanted)
        narrow = Row(theme, gap=8)
        narrow.addWidget(self.narrowing.states, 1, Qt.AlignmentFlag.AlignTop)
        for button in (self.pause_all, self.from_file, self.new):
            narrow.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.banner = Banner(theme, "warn", icon="paused")
        self.banner.hide()
        head = Column(theme, gap=8, margins=(24, 0, 24, 4))
        head.addWidget(self.header)
        head.addLayout(narrow)
        head.addWidget(self.banner)
        return head

    def _build_views(self) -> OverviewStack:
        theme = self._theme
        self.blocks = WorkflowBlocks(theme)
        self.blocks.pressed.connect(self._on_pressed)
        self.list = WorkflowList(theme, self._readers, self._memory)
        self.list.pressed.connect(self._on_pressed)
        self.list.table.said.connect(self._frame.say)
        self.list.table.export_wanted.connect(self._on_export_wanted)
        new = PrimaryButton(theme, self.tr("NEW WORKFLOW"), "plus")
        new.clicked.connect(self._on_new_wanted)
        file = OutlinedButton(theme, self.tr("Import…"), "import")
        file.clicked.connect(self.files.ask_what_to_import)
        nothing_yet = EmptyState(
            theme,
            Emptiness.NOTHING_YET,
            self.tr("No workflows yet"),
            self.tr(
                "A workflow sends records along its blocks: on a schedule, when something happens to them, or when you "
                "say so. It can change records here and act at a vendor; its plan shows what it would do first."
            ),
            (new, file),
            icon="workflows",
        )
        self._stack = OverviewStack(
            theme,
            (self.blocks, self.list),
            nothing_yet,
            self.tr("{0} workflow"),
            self.tr("{0} workflows"),
            clear=self.narrowing.clear,
            retry=self.refresh,
        )
        return self._stack

    # Showing

    def _show(self, answer: tuple[list[Standing], bool]) -> None:
        self._standings, self._is_paused = answer
        self._frame.note_workflows_paused(self._is_paused)
        self.blocks.show_things(self._standings)
        self.narrowing.set_shown(is_shown=bool(self._standings))
        for button in (self.from_file, self.new):
            button.setVisible(bool(self._standings))
        self._show_pause()
        self.header.set_subtitle(self._stack.counted(len(self._standings)) if self._standings else "")
        self._fit()
        self._frame.set_count("workflows", sum(each.needs_attention for each in self._standings), "warn")
        self._arrange()
        self._frame.update_trail()

    def _show_pause(self) -> None:
        self.pause_all.setVisible(bool(self._standings) and not self._is_paused)
        if self._is_paused and self.banner.isHidden():
            again = OutlinedButton(self._theme, self.tr("Let them run again"), "play")
            again.clicked.connect(self._on_pause_all)
            self.banner.say(
                "warn",
                self.tr("All workflows are paused."),
                self.tr("Nothing begins and nothing is sent. Look at the open calls first, if there are any."),
                (again,),
            )
        self.banner.setVisible(self._is_paused)

    def _arrange(self) -> None:
        accepts = self.narrowing.accepts
        self.narrowing.states.show_counts(self._standings)
        self.blocks.show_only(accepts)
        accepted = [each for each in self._standings if accepts(each)]
        self.list.show_standings(accepted)
        view = self.blocks if self.narrowing.view.current == BLOCKS else self.list
        self._stack.show_view(view, len(self._standings), len(accepted))

    # What happens

    def ask_for_new(self) -> None:
        """Ask what to begin with, and what it is called."""
        self._reading.ask("starters", lambda _stop: list_starters(), self._offer_new, self._complain)

    def _offer_new(self, starters: tuple[Starter, ...]) -> None:
        dialog = NewWorkflowDialog(self._theme, starters, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        services = self._services

        def added(workflow: Workflow) -> None:
            dialog.accept()
            self._frame.say(self.tr("“{0}” is a draft now.").format(workflow.name))
            self._frame.navigate("workflow", workflow.id)

        def add(document: WorkflowDocument) -> None:
            def work(_stop: threading.Event) -> Workflow:
                return keeping.add_workflow(services.store, with_credentials(document, services.vault.list()))

            self._reading.ask("add", work, added, dialog.show_problem)

        dialog.wanted.connect(add)
        dialog.open()

    def _on_new_wanted(self) -> None:
        self.ask_for_new()

    def _on_pause_all(self) -> None:
        self.decisions.set_all_paused(not self._is_paused)

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")

    def _on_export_wanted(self) -> None:
        self._export(self.list.table.export_request())

    def _on_narrowed(self) -> None:
        self._memory[_MEMORY] = self.narrowing.kept
        self._arrange()

    def _on_pressed(self, standing: Standing, wish: str) -> None:
        self._actions.do(standing.workflow, wish)

    def _on_heard(self, message: Message) -> None:
        if isinstance(message, Ended) and message.job.about.startswith(("workflow:", "workflow-run:", "due")):
            self._soon.start()


def _word_of(standing: Standing) -> str:
    return standing.word


def _matches(standing: Standing, text: str) -> bool:
    """Whether it is meant by what was typed into the filter."""
    workflow = standing.workflow
    shown = (
        workflow.name,
        workflow.document.description,
        object_word(workflow.document.object),
        state_of_workflow(standing).word,
    )
    return all(word in " ".join(shown).casefold() for word in text.casefold().split())

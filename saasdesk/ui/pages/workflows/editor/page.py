"""One workflow: its blocks on the canvas, what it did, and its versions."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QStackedWidget, QWidget

from saasdesk.jobs import Ended, Message
from saasdesk.services import Services
from saasdesk.store.unsaved import UnsavedCopies
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.canvas.keys import keys_of_canvas
from saasdesk.ui.moments import counted
from saasdesk.ui.navigation import Command, Crumb, Frame, Keys, begin_at
from saasdesk.ui.pages.workflows.actions import Actions, fill_menu
from saasdesk.ui.pages.workflows.decisions import Decisions
from saasdesk.ui.pages.workflows.editor.contents import EditorContents, read_workflow
from saasdesk.ui.pages.workflows.editor.design import Design
from saasdesk.ui.pages.workflows.editor.versions_view import VersionsView
from saasdesk.ui.pages.workflows.files import WorkflowFiles
from saasdesk.ui.pages.workflows.runs_view import RunsView
from saasdesk.ui.pages.workflows.words import about, state_of_workflow
from saasdesk.ui.reading import Reading
from saasdesk.ui.soon import soon
from saasdesk.ui.tables import ExportRequest, Memory, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.unsaved_edits import Edited, UnsavedEdits, Words
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.content_stack import ContentStack
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.status_word import StatusWord, status
from saasdesk.ui.widgets.tabs import Tabs
from saasdesk.workflows import workflows
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.history import Passage
from saasdesk.workflows.workflow import Workflow, WorkflowState

DESIGN, RUNS, VERSIONS = "design", "runs", "versions"
_SOON_MILLISECONDS = 150
# At 100 %: below the first width undo and Validate are keys and menu entries only, below the second Save and Plan too.
_ROOM_FOR_ALL, _ROOM_FOR_MOST = 860, 740


class WorkflowPage(QWidget):
    """`open(3)` shows workflow 3, `open((3, "runs"))` what it did; leaving edits that are not saved asks."""

    title = "Workflow"

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
        self._services, self._frame, self._theme, self._readers = services, frame, theme, readers
        self._memory, self._export = memory, export
        self._copies = UnsavedCopies(services.profile.folder, "workflow", WorkflowDocument)
        self._reading = Reading(readers, self)
        self.decisions = Decisions(services, frame, theme, readers, self)
        self._files = WorkflowFiles(services, frame, theme, readers, self)
        self._actions = Actions(frame, self.decisions, self._files)
        self._number: int | None = None
        self._contents: EditorContents | None = None
        # What the design began with: somebody may have kept another document since.
        self._began_with: WorkflowDocument | None = None
        self.design: Design | None = None
        self._is_pausable = self._is_plannable = False
        self._build()
        words = Words(
            question=self.tr("The workflow has changes that are not saved"),
            explanation=self.tr("Save keeps them in the draft; nothing runs by them before Launch."),
            save=self.tr("Save"),
            changed_since=self.tr("Somebody has changed the workflow since."),
        )
        self.unsaved = UnsavedEdits(self, theme, frame, readers, self._copies, self._edited, words)
        self._again = soon(self, _SOON_MILLISECONDS, self.refresh)
        bridge.heard.connect(self._on_heard)
        self.decisions.done.connect(self.refresh)

    # What the frame asks

    def refresh(self) -> None:
        """Read the workflow again; edits that are not saved stay."""
        wanted, services, copies = self._number, self._services, self._copies
        if wanted is not None:
            self._reading.ask(
                "workflow",
                lambda stop: read_workflow(services, wanted, copies, stop),
                self._show,
                self._stack.show_nothing,
            )

    def open(self, argument: object) -> None:
        """Show the workflow of this number, one of its tabs if it is named."""
        self._frame.need_width(needed=True)
        number, tab = argument if isinstance(argument, tuple) else (argument, "")
        if not isinstance(number, int):
            return
        if number != self._number:
            self._number, self._contents = number, None
            self._drop_design()
            self.tabs.set_current(DESIGN)
        if tab in (DESIGN, RUNS, VERSIONS):
            self.tabs.set_current(tab)
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """Workflows, the workflow."""
        name = self._contents.workflow.name if self._contents is not None else self.tr("Workflow")
        return (Crumb(self.tr("Workflows"), "workflows"), Crumb(name))

    def commands(self) -> Sequence[Command]:
        """What can be done with it."""
        if self.design is None:
            return ()
        undo_stack = self.design.model.undo_stack
        return (
            Command(self.tr("Save the workflow"), self.save, "Ctrl+S", "save", "File"),
            Command(self.tr("Export…"), partial(self._do, "export"), "Ctrl+E", "export", "File"),
            Command(self.tr("Undo"), undo_stack.undo, "", "undo", "Edit"),
            Command(self.tr("Redo"), undo_stack.redo, "", "redo", "Edit"),
            Command(self.tr("Rename…"), partial(self._do, "rename"), "", "edit", "Edit"),
            Command(self.tr("Validate"), self.validate, "", "check", "Run"),
            Command(self.tr("Plan"), self._plan, "Ctrl+R", "eye", "Run"),
            *self.design.commands(),
        )

    def keys(self) -> Sequence[Keys]:
        """Those of canvas and outline."""
        return keys_of_canvas() if self.design is not None and self.tabs.current == DESIGN else ()

    def panes(self) -> Sequence[QWidget]:
        """The parts of the open tab, for F6."""
        match self.tabs.current:
            case "runs":
                return (self.runs.table, self.runs.trace)
            case "versions":
                return self.versions.panes()
            case _:
                return self.design.panes() if self.design is not None else ()

    def may_leave(self) -> bool:
        """Save, discard or stay; asked only where there is something to lose."""
        return not self.is_dirty or self.unsaved.ask_before_leaving(self._save, self.discard)

    @property
    def shown(self) -> int | None:
        """The number of the workflow that has been read."""
        return self._contents.workflow.id if self._contents is not None else None

    @property
    def is_dirty(self) -> bool:
        """Whether there are edits that are not saved."""
        return self.design is not None and not self.design.model.undo_stack.isClean()

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("workflow-page")
        self.runs = RunsView(self._services, self._frame, theme, self._readers, beside_canvas=True)
        self.runs.trace_wanted.connect(self._show_trace)
        self.runs.changed.connect(self.refresh)
        self.versions = VersionsView(self._services, self._frame, theme, self._readers)
        self.versions.restored.connect(self._on_restored)
        self._holder = Column(theme, gap=0)
        self._design_page = QWidget()
        self._design_page.setLayout(self._holder)
        self._views = QStackedWidget()
        for view in (self._design_page, self.runs, self.versions):
            self._views.addWidget(view)
        self.banner = Banner(theme, "info")
        self._above = QWidget()
        above = Row(theme, margins=(24, 8))
        above.addWidget(self.banner)
        self._above.setLayout(above)
        self._above.hide()
        content = QWidget()
        column = Column(theme, gap=0)
        column.addLayout(self._build_head())
        column.addWidget(Line(theme))
        column.addWidget(self._above)
        column.addWidget(self._views, 1)
        content.setLayout(column)
        self._stack = ContentStack(theme, content, self.tr("All workflows"), lambda: self._frame.navigate("workflows"))
        whole = Column(theme, gap=0)
        whole.addWidget(self._stack)
        self.setLayout(whole)
        begin_at(self, self.tabs)

    def _build_head(self) -> Row:
        theme = self._theme
        names = ((DESIGN, self.tr("Design")), (RUNS, self.tr("Runs")), (VERSIONS, self.tr("Versions")))
        self.tabs = Tabs(theme, self.tr("Parts of the workflow"), names)
        self.tabs.chosen.connect(self._show_tab)
        self.header = PageHeader(theme, "")
        self.header.title.hide()
        self.state = StatusWord(theme, status("draft"))
        self._hint = PlainLabel("", "body", "muted", elided=True)
        self.header.add_beside(self.state, self._hint)
        self.undo = IconButton(theme, "undo", self.tr("Undo"), shortcut="Ctrl+Z")
        self.undo.clicked.connect(lambda: self._with_stack("undo"))
        self.redo = IconButton(theme, "redo", self.tr("Redo"), shortcut="Ctrl+Y")
        self.redo.clicked.connect(lambda: self._with_stack("redo"))
        self.validate_button = OutlinedButton(theme, self.tr("Validate"), "check")
        self.validate_button.clicked.connect(self.validate)
        self.save_button = OutlinedButton(theme, self.tr("Save"), "save")
        self.save_button.clicked.connect(self.save)
        self.plan = OutlinedButton(theme, self.tr("Plan"), "eye")
        self.plan.clicked.connect(self._plan)
        self.pause = OutlinedButton(theme, self.tr("Pause"), "pause")
        self.pause.clicked.connect(partial(self._do, "pause"))
        self.launch = PrimaryButton(theme, self.tr("Launch"), "play")
        self.launch.clicked.connect(self._on_launch)
        self.resume = PrimaryButton(theme, self.tr("Resume"), "play")
        self.resume.clicked.connect(partial(self._do, "resume"))
        self.run = PrimaryButton(theme, self.tr("Run…"), "run")
        self.run.clicked.connect(self._plan)
        self.more = IconButton(theme, "more", self.tr("More actions"), outlined=True)
        self.more.clicked.connect(self._show_menu)
        edits = (self.undo, self.redo, self.validate_button, self.save_button)
        self.header.add_actions(*edits, self.plan, self.pause, self.launch, self.resume, self.run, self.more)
        row = Row(theme, gap=24, margins=(24, 4, 24, 0))
        self.tabs.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.header, 1, Qt.AlignmentFlag.AlignVCenter)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is little room, what is a key or a menu away gives way."""
        is_design = self.tabs.current == DESIGN
        has_room = self.width() >= self._theme.px(_ROOM_FOR_ALL)
        has_some = self.width() >= self._theme.px(_ROOM_FOR_MOST)
        for button in (self.undo, self.redo, self.validate_button):
            button.setVisible(is_design and has_room)
        self.save_button.setVisible(is_design and has_some)
        self.plan.setVisible(self._is_plannable and has_some)
        self._hint.setVisible(has_room)
        self.pause.setVisible(self._is_pausable and has_room)

    # Showing

    def _show(self, contents: EditorContents | None) -> None:
        if contents is None:
            self._contents = None
            self._drop_design()
            self._stack.show_nothing(self.tr("This workflow was deleted. What it did is still in Activity."))
            return
        self._contents = contents
        self._stack.show_content()
        if self.design is not None and contents.workflow.document != self._began_with and not self.is_dirty:
            # Kept elsewhere meanwhile: by the command line, by a restored version, under another name.
            self._drop_design()
        if self.design is None:
            self._make_design(contents)
        else:
            self.design.take_world(contents.world)
            self._warn_of_others(contents)
        self._show_state()
        self._show_tab(self.tabs.current)
        self._frame.update_trail()

    def _warn_of_others(self, contents: EditorContents) -> None:
        """Say that somebody kept another document while this one is edited."""
        if contents.workflow.document == self._began_with or not self._above.isHidden():
            return
        theirs = OutlinedButton(self._theme, self.tr("Take theirs"))
        theirs.clicked.connect(self._on_restored)
        lead = self.tr("This workflow was changed elsewhere meanwhile.")
        self.banner.say("warn", lead, self.tr("Save keeps yours instead; nothing of theirs is merged."), (theirs,))
        self._above.show()

    def _make_design(self, contents: EditorContents) -> None:
        document = contents.workflow.document
        self._began_with = document
        self.design = Design(
            self._services,
            self._frame,
            self._theme,
            self._readers,
            self._memory,
            document,
            contents.world,
            export=self._export,
        )
        self._holder.addWidget(self.design)
        self.design.model.changed.connect(self._on_edited)
        self.design.model.problems_changed.connect(self._show_state)
        self.design.model.undo_stack.cleanChanged.connect(self._on_clean_changed)
        self._offer_copy(contents)

    def _drop_design(self) -> None:
        design, self.design = self.design, None
        self.unsaved.rest()
        if design is not None:
            design.model.undo_stack.cleanChanged.disconnect(self._on_clean_changed)
            self._holder.removeWidget(design)
            design.hide()
            design.deleteLater()
        self._above.hide()

    def _show_state(self) -> None:
        contents, design = self._contents, self.design
        if contents is None or design is None:
            return
        workflow = contents.workflow
        is_dirty = self.is_dirty
        errors = sum(problem.is_error for problem in design.model.problems)
        self.state.set_status(state_of_workflow(contents.standing))
        words = ""
        if is_dirty:
            words = self.tr("not saved yet")
        elif errors:
            words = counted(errors, self.tr("{0} thing to do"), self.tr("{0} things to do"))
        self._hint.set_text(words)
        self.save_button.setEnabled(is_dirty)
        self.undo.setEnabled(design.model.undo_stack.canUndo())
        self.redo.setEnabled(design.model.undo_stack.canRedo())
        # What was changed is a draft as soon as it is saved; what was only moved, or commented, is what it was.
        is_changed = is_dirty and not design.model.document.does_as(workflow.document)
        state = WorkflowState.DRAFT if is_changed else workflow.state
        self.launch.setVisible(state is WorkflowState.DRAFT)
        self.resume.setVisible(state is WorkflowState.PAUSED)
        self.run.setVisible(state is WorkflowState.ACTIVE)
        self._is_pausable = state is WorkflowState.ACTIVE
        self._is_plannable = state is not WorkflowState.ACTIVE
        self._fit()

    def _show_tab(self, tab: str) -> None:
        self._views.setCurrentIndex((DESIGN, RUNS, VERSIONS).index(tab))
        self._fit()
        contents = self._contents
        if contents is None:
            return
        if tab == RUNS:
            self.runs.show_workflow(contents.workflow)
        elif tab == VERSIONS:
            self.versions.show_workflow(contents.workflow, contents.world)

    def _show_trace(self, passage: Passage) -> None:
        if self.design is not None:
            self.tabs.set_current(DESIGN)
            self.design.show_passage(passage)

    def _show_menu(self) -> None:
        if self._contents is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.tabs.current == DESIGN:
            # What there is no room for beside the tabs. Plan and Pause are in the menu anyway.
            for button in (self.save_button, self.validate_button, self.undo, self.redo):
                if button.isHidden():
                    action = menu.addAction(button.label or button.accessibleName())
                    action.setEnabled(button.isEnabled())
                    action.triggered.connect(button.click)
            menu.addSeparator()
        fill_menu(menu, self._contents.standing, self._do)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    # Saving

    def save(self) -> None:
        """Keep the draft."""
        self._save(lambda _problem: None)

    def _save(self, then: Callable[[str], object]) -> None:
        """Write in a worker what the design holds; `then` hears why it was not kept, or nothing."""
        contents, design = self._contents, self.design
        if contents is None or design is None or not self.is_dirty:
            then("")
            return
        store, number, document = self._services.store, contents.workflow.id, design.model.document

        def write() -> Workflow:
            newest = next(each for each in workflows.list_workflows(store) if each.id == number)
            return workflows.save_workflow(store, document, replaces=newest.name)

        def kept(saved: Workflow) -> None:
            self._began_with = saved.document
            if design.model.document == document:
                design.model.undo_stack.setClean()
            self._above.hide()
            is_draft = saved.state is WorkflowState.DRAFT
            self._frame.say(self.tr("Saved as draft {0}.").format(saved.version) if is_draft else self.tr("Saved."))
            self.refresh()

        self.unsaved.save(number, write, kept, then)

    def discard(self) -> None:
        """Let go of what is not saved."""
        if self._contents is not None:
            self.unsaved.discard(self._contents.workflow.id)
        self._drop_design()
        self._number = None

    def _on_restored(self) -> None:
        self._drop_design()
        self.tabs.set_current(DESIGN)
        self.refresh()

    # Recovery

    def _on_edited(self) -> None:
        self._show_state()
        self.unsaved.note_edit()

    def _on_clean_changed(self, _is_clean: bool) -> None:
        self._show_state()

    def _edited(self) -> Edited[WorkflowDocument] | None:
        contents, design = self._contents, self.design
        if contents is None or design is None:
            return None
        return Edited(contents.workflow.id, contents.workflow.version, design.model.document, self.is_dirty)

    def _offer_copy(self, contents: EditorContents) -> None:
        if contents.unsaved is not None:
            version = contents.workflow.version
            self.unsaved.offer(contents.unsaved, version, self.banner, self._restore_copy, self._forget_copy)
            self._above.show()

    def _restore_copy(self, document: WorkflowDocument) -> None:
        """Go on with what a crash has left behind; it can be undone."""
        if self.design is not None:
            self.design.model.edit(self.tr("Restore what was not saved"), document)
        self._above.hide()

    def _forget_copy(self) -> None:
        if self._contents is not None:
            self.unsaved.discard(self._contents.workflow.id)
        self._above.hide()

    # What happens

    def validate(self) -> None:
        """Say how it stands, and show what is wrong."""
        design = self.design
        if design is None:
            return
        design.model.validate()
        errors = sum(problem.is_error for problem in design.model.problems)
        warnings = len(design.model.problems) - errors
        if not errors and not warnings:
            self._frame.toast(self.tr("Nothing is wrong: it can be launched."), "ok")
            return
        self.tabs.set_current(DESIGN)
        design.show_problems()
        wrong = counted(errors, self.tr("{0} thing to do"), self.tr("{0} things to do"))
        look = counted(warnings, self.tr("{0} thing to look at"), self.tr("{0} things to look at"))
        self._frame.say(" · ".join(part for count, part in ((errors, wrong), (warnings, look)) if count))

    def _on_launch(self) -> None:
        """Keep it first; what is missing is shown, else the plan comes, on which Launch stands."""
        self._when_whole(self.decisions.plan_launch)

    def _plan(self) -> None:
        self._when_whole(lambda workflow: self._frame.navigate("workflow_plan", workflow.id))

    def _when_whole(self, then: Callable[[Workflow], object]) -> None:
        design = self.design
        if design is None:
            return
        design.model.validate()
        if any(problem.is_error for problem in design.model.problems):
            self.validate()
            return

        def saved(problem: str) -> None:
            if not problem and self._contents is not None:
                then(self._contents.workflow)

        self._save(saved)

    def _do(self, wish: str, _checked: bool = False) -> None:
        """What the menu says; the document that is kept is what it is about."""
        if self._contents is None:
            return
        if wish in {"runs", "versions"}:
            self.tabs.set_current(wish)
        elif wish in {"export", "duplicate", "rename", "launch", "plan"}:
            workflow_wish = partial(self._after_saving, wish)
            self._save(workflow_wish)
        elif wish != "open":
            self._actions.do(self._contents.workflow, wish)

    def _after_saving(self, wish: str, problem: str) -> None:
        if problem or self._number is None:
            return
        number, store = self._number, self._services.store

        def go_on(workflow: Workflow | None) -> None:
            if workflow is not None:
                self._actions.do(workflow, wish)

        self._reading.ask(
            "newest",
            lambda _stop: next((each for each in workflows.list_workflows(store) if each.id == number), None),
            go_on,
            lambda text: self._frame.toast(text, "error"),
        )

    def _with_stack(self, what: str) -> None:
        if self.design is not None:
            stack = self.design.model.undo_stack
            (stack.undo if what == "undo" else stack.redo)()

    def _on_heard(self, message: Message) -> None:
        contents = self._contents
        if contents is None or not isinstance(message, Ended) or not self.isVisible():
            return
        if message.job.about in (about(contents.workflow), "due"):
            self._again.start()

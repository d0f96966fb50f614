"""The page of a workflow's plan: with which records it would do what; from here it is launched and run."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from saasdesk.clock import now
from saasdesk.connectors import Danger
from saasdesk.jobs import Ended, Job, Jobs, Message, Said, Tell
from saasdesk.reports.csv_export import safe_file_name
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.dialogs.confirmation import ConfirmationDialog
from saasdesk.ui.moments import counted, moment_within, number
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.plan.frame import PlanSide, plan_layout
from saasdesk.ui.pages.plan.kind_list import KindList
from saasdesk.ui.pages.workflows.plan.banner import PlanBanner
from saasdesk.ui.pages.workflows.plan.contents import (
    Again,
    PlanContents,
    chosen,
    read_plan,
    read_retry,
)
from saasdesk.ui.pages.workflows.plan.details import WayDetails
from saasdesk.ui.pages.workflows.plan.export import export_work
from saasdesk.ui.pages.workflows.plan.foot import PlanFoot
from saasdesk.ui.pages.workflows.plan.lines import RecordTicks, kinds, line_of, matches, waits
from saasdesk.ui.pages.workflows.plan.question import question_of
from saasdesk.ui.pages.workflows.words import about, counted_records, outcome_of
from saasdesk.ui.reading import Reading
from saasdesk.ui.record_places import open_record
from saasdesk.ui.soon import soon
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.lines import TICK_WIDTH, Heading, LazyLines, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.save_dialog import ask_where_to_save
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.ui.widgets.status_word import Status, status
from saasdesk.ui.widgets.tag import Tag
from saasdesk.workflows import history, workflows
from saasdesk.workflows.editing import title_of
from saasdesk.workflows.held import reject_held
from saasdesk.workflows.planning import Way, WorkflowPlan
from saasdesk.workflows.retrying import retry
from saasdesk.workflows.runner import Ended as RecordEnded
from saasdesk.workflows.runner import Progress, RunState, WorkflowResult, run_workflow

# The longest word of a tag fits in.
_TAG_WIDTH = 152
_OUTCOMES_MILLISECONDS = 200


@dataclass(slots=True)
class _Run:
    """What is known of the run that was begun here."""

    job: Job
    wanted: frozenset[int]
    outcomes: dict[int, Status] = field(default_factory=dict)
    messages: dict[int, str] = field(default_factory=dict)
    progress: Progress | None = None
    result: WorkflowResult | None = None


class WorkflowPlanPage(QWidget):
    """`open(3)` shows the plan of workflow 3, `open((3, (7, 8)))` that of two records alone, `open(Again(5))` that of
    trying run 5 again."""

    title = "Plan"

    def __init__(
        self, services: Services, frame: Frame, theme: Theme, bridge: Bridge, jobs: Jobs, readers: TableReaders
    ) -> None:
        super().__init__()
        self._services, self._frame, self._theme, self._jobs = services, frame, theme, jobs
        self._reading = Reading(readers, self)
        self._number: int | None = None
        self._only: tuple[int, ...] | Again | None = None
        self._opened: tuple[int, object] | None = None
        # What is shown; None until the plan is made.
        self.contents: PlanContents | None = None
        self._run: _Run | None = None
        self._export_job: Job | None = None
        self._ways: Sequence[Way] = ()
        self.ticks = RecordTicks(self)
        self.ticks.changed.connect(self._show_ticks)
        self._build()
        bridge.heard.connect(self._on_heard)
        # Many records end at once; nobody reads faster than this.
        self._outcomes_soon = soon(self, _OUTCOMES_MILLISECONDS, self._show_outcomes)
        stop = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        stop.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        stop.activated.connect(self._stop)

    # What the frame asks

    def refresh(self) -> None:
        """Make the plan again; what is running or was run here stays to be seen."""
        wanted, only, services = self._number, self._only, self._services
        if wanted is None or self._run is not None:
            return

        def read(stop: threading.Event) -> PlanContents:
            if isinstance(only, Again):
                return read_retry(services, only)
            return read_plan(services, wanted, only, stop)

        self._reading.ask("plan", read, self._show, self._show_failure)

    def open(self, argument: object) -> None:
        """Show the plan of this workflow, of all its records or of some."""
        wanted: int
        only: tuple[int, ...] | Again | None
        match argument:
            case Again():
                wanted, only = 0, argument
            case (int(number_of_it), tuple(records)):
                wanted, only = number_of_it, tuple(int(record) for record in records)
            case int(number_of_it):
                wanted, only = number_of_it, None
            case _:
                return
        if (wanted, only) != self._opened and not self._is_running:
            self._opened = wanted, only
            self._number, self._only, self._run, self.contents = wanted, only, None, None
            self.kinds.choose("")
            self.filter.clear()
            self.foot.show_waiting()
        elif not self._is_running:
            self._run = None
        self._frame.need_width(needed=True)
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """Workflows, the workflow, its plan."""
        first = Crumb(self.tr("Workflows"), "workflows")
        if self.contents is None:
            return (first, Crumb(self.tr("Plan")))
        workflow = self.contents.workflow
        return (first, Crumb(workflow.name, "workflow", workflow.id), Crumb(self.tr("Plan")))

    def commands(self) -> Sequence[Command]:
        """What the buttons do."""
        commands = [
            Command(self.tr("Make the plan again"), self._again, "", "refresh", "Run"),
            Command(self.tr("Export the plan…"), self._ask_where_to_export, "Ctrl+E", "export", "File"),
        ]
        if self._is_running:
            commands.append(Command(self.tr("Stop the run"), self._stop, "", "stop", "Run"))
        return commands

    def panes(self) -> Sequence[QWidget]:
        """The kinds, the records, the record that is looked at."""
        return (self._side, self.table, self.details)

    def foot_height(self) -> int:
        """Where the next step is pressed."""
        return self.foot.sizeHint().height()

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("workflow-plan-page")
        self.header = PageHeader(theme, self.tr("Plan"))
        self._tag = Tag(theme, self.tr("Nothing is sent yet"), "accent")
        self.header.add_beside(self._tag)
        self._made = PlainLabel("", "body", "muted", elided=True)
        self.again = OutlinedButton(theme, self.tr("Make it again"), "refresh")
        self.again.clicked.connect(self._again)
        self.header.add_actions(self._made, self.again)
        self._banner = PlanBanner(theme)
        self._banner.allowed.connect(self._on_go_wanted)
        self._banner.rejected.connect(self._reject)
        self.filter = SearchField(theme, self.tr("Filter records"), 200)
        self.filter.searched.connect(self._show_lines)
        self._ticked = PlainLabel("", "body", "muted", digits=True)
        self._export = OutlinedButton(theme, self.tr("Export plan…"), "export")
        self._export.clicked.connect(self._ask_where_to_export)
        tools = Row(theme, gap=8)
        tools.addWidget(self.filter)
        tools.addStretch(1)
        tools.addWidget(self._ticked)
        tools.addWidget(self._export)
        upper = Column(theme, gap=12, margins=(24, 12, 24, 0))
        upper.addWidget(self._banner)
        upper.addLayout(tools)
        right = Column(theme, gap=12)
        right.addLayout(upper)
        right.addWidget(self._build_records(), 1)
        self._right = QWidget()
        self._right.setLayout(right)
        self.foot = PlanFoot(theme)
        self.foot.go.connect(self._on_go_wanted)
        self.foot.stop_wanted.connect(self._stop)
        self.foot.runs_wanted.connect(self._show_runs)
        self.setLayout(plan_layout(theme, self.header, self._build_side(), self._right, self.foot))

    def _build_records(self) -> QSplitter:
        theme = self._theme
        self.table = LineTable(
            theme,
            self.tr("Records"),
            (
                Heading("", TICK_WIDTH),
                Heading(self.tr("Record"), share=8),
                Heading(self.tr("Way"), share=9, from_width=900),
                Heading(self.tr("Comes to"), _TAG_WIDTH, from_width=640),
                Heading(self.tr("What would be sent and changed"), share=14),
                Heading(self.tr("Outcome"), 176),
            ),
            ticks=self.ticks,
            keeps_mark=True,
        )
        self.table.current.connect(self._on_current)
        self.table.opened.connect(self._open_record)
        self.nothing = EmptyState(theme, Emptiness.FILTER_HIDES_ALL, self.tr("No record matches"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.nothing)
        self.details = WayDetails(theme)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self._stack)
        split.addWidget(self.details)
        split.setSizes([theme.px(300), theme.px(240)])
        return split

    def _build_side(self) -> PlanSide:
        theme = self._theme
        shown = {"": (self.tr("All records"), "list", "muted")}
        shown |= {
            key: (words.title, words.icon, "muted" if words.tone == "neutral" else words.tone)
            for key, words in kinds().items()
        }
        self.kinds = KindList(theme, self.tr("What the records come to"), shown)
        self.kinds.chosen.connect(self._show_lines)
        self._note = Paragraph(theme, "", role="secondary", tone="muted")
        self._side = PlanSide(theme)
        self._side.add_part(self.tr("RECORDS"), self.kinds)
        self._side.add_space()
        self._side.add_small_print(self._note)
        return self._side

    # Showing

    def _show(self, contents: PlanContents) -> None:
        self.contents = contents
        workflow = contents.workflow
        self._number = workflow.id if isinstance(self._only, Again) else self._number
        self.header.title.set_text(self.tr("Plan for {0}").format(workflow.name))
        self._tag.set_text(self.tr("Nothing is sent yet"), "accent")
        made = self.tr("Made {0}").format(moment_within(now().isoformat()))
        version = workflow.version if contents.is_draft or contents.retry else workflow.launched_version
        self._made.set_text(f"{made} · {self.tr('version {0}').format(version)}")
        count = len(contents.plan.ways)
        one, many = (
            self.tr("{0} matches what Begin says, as it is here now."),
            self.tr("{0} match what Begin says, as they are here now."),
        )
        note = [(one if count == 1 else many).format(counted_records(count, contents.document.object))]
        if contents.retry is not None:
            block = contents.document.block(contents.retry.block)
            name = title_of(block) if block is not None else contents.retry.block
            note = [self.tr("Run {0} is tried again, from “{1}” on.").format(contents.retry.run, name)]
        if contents.plan.unknown_sentence:
            note.append(contents.plan.unknown_sentence)
        self._note.setText(" ".join(note))
        self._banner.show_plan(contents)
        counts = Counter(contents.counts)
        counts[""] = len(contents.plan.ways)
        self.kinds.set_counts(counts, hide_empty=frozenset(kinds()))
        self.ticks.begin(way.record for way in contents.goes)
        self._show_lines()
        self._frame.update_trail()

    def _reject(self) -> None:
        contents = self.contents
        if contents is None:
            return
        store, workflow = self._services.store, contents.workflow

        def done(_none: None) -> None:
            self._frame.toast(self.tr("Rejected. Nothing was sent; the next time it is looked at anew."), "ok")
            self.refresh()

        self._reading.ask(
            "reject",
            lambda _stop: reject_held(store, workflow),
            done,
            lambda sentence: self._frame.toast(sentence, "error", seconds=12),
        )

    def _show_lines(self) -> None:
        contents = self.contents
        if contents is None:
            return
        kind, text = self.kinds.current, self.filter.text()
        ways = [way for way in contents.plan.ways if not kind or contents.kind_of(way) == kind]
        self._ways = ways = [way for way in ways if not text or matches(way, text)]
        current = self.table.current_key
        self.table.show_lines(self._lines())
        self._stack.setCurrentWidget(self.table if ways else self.nothing)
        if not ways:
            self._say_nothing(contents)
            self.details.show_nothing()
        else:
            kept = next((row for row, way in enumerate(ways) if way.record == current), 0)
            self.table.setCurrentIndex(self.table.model_of_lines.index(kept, 0))

    def _lines(self) -> Sequence[Line]:
        """The shown records as lines; each is made when somebody looks at it."""
        contents, ways = self.contents, self._ways
        if contents is None:
            return ()
        outcomes = self._run.outcomes if self._run is not None else {}
        return LazyLines(ways, lambda place: line_of(contents, ways[place], outcomes))

    def _show_outcomes(self) -> None:
        """Show how the records came out so far, without moving anything under somebody's eyes."""
        run = self._run
        if run is not None and run.progress is not None and self._is_running:
            self.foot.show_running(run.progress.done, run.progress.of, run.progress.label)
        self.table.model_of_lines.lines = self._lines()
        self.table.viewport().update()
        self._on_current(self.table.current_key)

    def _say_nothing(self, contents: PlanContents) -> None:
        if not contents.plan.ways:
            text = self.tr("Nobody fits what Begin says, so nothing would happen.")
            if self._only is not None:
                text = self.tr("What was chosen does not fit what Begin says, so nothing would happen to it.")
            self.nothing.say(Emptiness.NOTHING_YET, self.tr("No record matches"), text)
            return
        clear = OutlinedButton(self._theme, self.tr("Clear the filter"))
        clear.clicked.connect(self._clear_filter)
        self.nothing.say(Emptiness.FILTER_HIDES_ALL, self.tr("No record matches"), "", (clear,))

    def _show_failure(self, sentence: str) -> None:
        self.contents = None
        way_on = OutlinedButton(self._theme, self.tr("Open the workflow"))
        way_on.clicked.connect(lambda: self._frame.navigate("workflow", self._number))
        if isinstance(self._only, Again):
            way_on = OutlinedButton(self._theme, self.tr("Workflow activity"))
            way_on.clicked.connect(lambda: self._frame.navigate("activity", "runs"))
        self.nothing.say(Emptiness.LOAD_FAILED, self.tr("There is no plan"), sentence, (way_on,))
        self._stack.setCurrentWidget(self.nothing)
        self.details.show_nothing()
        self.kinds.set_counts({})
        self.foot.show_waiting()

    def _show_ticks(self) -> None:
        contents = self.contents
        if contents is None:
            return
        ticked, total = len(self.ticks.ticked), self.ticks.total
        words = self.tr("{0} of {1} ticked").format(number(ticked), number(total))
        self._ticked.set_text(words if total else "")
        if self._run is None:
            self.foot.show_plan(contents, self._wanted_plan(contents))
        self.table.viewport().update()

    def _wanted_plan(self, contents: PlanContents) -> WorkflowPlan:
        return chosen(contents.plan, self.ticks.ticked)

    def _on_current(self, key: object) -> None:
        way = self._way_of(key)
        if way is None:
            self.details.show_nothing()
        else:
            message = self._run.messages.get(way.record, "") if self._run is not None else ""
            self.details.show_way(way, message)

    def _way_of(self, key: object) -> Way | None:
        ways = self.contents.plan.ways if self.contents is not None else ()
        return next((way for way in ways if way.record == key), None)

    def _open_record(self, key: object) -> None:
        """Go to the record of a line, and come back with Alt+Left."""
        if self.contents is None or not isinstance(key, int):
            return
        kind = self.contents.workflow.document.record_kind
        open_record(self._reading, self._frame, self._services.store, kind, key)

    def _clear_filter(self) -> None:
        self.kinds.choose("")
        self.filter.clear()
        self._show_lines()

    # Launching and running

    def _on_go_wanted(self) -> None:
        """Ask what has to be asked, then launch or run."""
        contents = self.contents
        if contents is None or self._run is not None:
            return
        # What a launch allows does not depend on what is ticked today.
        plan = chosen(contents.plan, frozenset(way.record for way in contents.goes))
        if not contents.is_draft:
            plan = self._wanted_plan(contents)
        asked = question_of(contents, plan, launches=contents.is_draft)
        if asked is None:
            self._go_on(contents, plan, 0)
            return
        dialog = ConfirmationDialog(self._theme, asked, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.approved.connect(lambda count: self._go_on(contents, plan, count))
        dialog.open()

    def _go_on(self, contents: PlanContents, plan: WorkflowPlan, approved: int) -> None:
        if contents.is_draft:
            self._launch(contents)
        else:
            self._begin(contents, plan, approved)

    def _launch(self, contents: PlanContents) -> None:
        services, workflow = self._services, contents.workflow

        def work(_stop: threading.Event) -> object:
            return workflows.launch(services.store, services.vault, workflow)

        def launched(_workflow: object) -> None:
            self._frame.toast(self.tr("“{0}” is launched.").format(workflow.name), "ok")
            self.refresh()

        self._reading.ask("launch", work, launched, lambda text: self._frame.toast(text, "error", seconds=12))

    def _begin(self, contents: PlanContents, plan: WorkflowPlan, approved: int) -> None:
        services, workflow = self._services, contents.workflow
        event = f"by hand {now().isoformat(timespec='microseconds')}"

        again = contents.retry

        def work(tell: Tell, stop: threading.Event) -> WorkflowResult:
            if again is not None:
                return retry(services.store, services.vault, again, approved=approved, tell=tell, stop=stop)
            newest = workflows.find_workflow(services.store, workflow.name)
            return run_workflow(
                services.store, services.vault, newest, plan, approved=approved, event=event, tell=tell, stop=stop
            )

        job = self._frame.start_job(work, workflow.name, about(workflow))
        if job is None:
            return
        self._run = _Run(job, frozenset(way.record for way in plan.ways))
        self._run.outcomes = dict.fromkeys(self._run.wanted, waits())
        self.ticks.begin(())
        self._tag.set_text(self.tr("Running"), "accent")
        self.foot.show_running(0, len(plan.ways))
        self._banner.hide()
        self.again.setEnabled(False)
        self._show_lines()
        self._frame.update_trail()

    @property
    def _is_running(self) -> bool:
        return self._run is not None and self._run.result is None

    def _stop(self) -> None:
        if self._run is not None and self._is_running:
            self._frame.cancel_job(self._run.job)
            self.foot.show_stopping()

    def _again(self) -> None:
        if not self._is_running:
            self._run = None
            self.refresh()

    def _show_runs(self) -> None:
        if self._number is not None:
            self._frame.navigate("workflow", (self._number, "runs"))

    def _on_heard(self, message: Message) -> None:
        if isinstance(message, Ended) and self._export_job is not None and message.job == self._export_job:
            self._export_job = None
            done = message.error is None
            self._frame.toast(self.tr("The plan is saved.") if done else str(message.error), "ok" if done else "error")
        run = self._run
        if run is None or message.job != run.job:
            return
        match message:
            case Said(news=RecordEnded() as ended):
                run.outcomes[ended.record] = outcome_of(ended.state.value)
                run.messages[ended.record] = ended.message
                if not self._outcomes_soon.isActive():
                    self._outcomes_soon.start()
            case Said(news=Progress() as progress):
                run.progress = progress
                if not self._outcomes_soon.isActive():
                    self._outcomes_soon.start()
            case Ended(result=WorkflowResult() as result):
                self._end(run, result)
            case Ended(error=error):
                self._run = None
                self.again.setEnabled(True)
                self._frame.toast(str(error), "error", seconds=12)
                self.refresh()
            case _:
                pass

    def _end(self, run: _Run, result: WorkflowResult) -> None:
        run.result = result
        alone = status("skipped", self.tr("Left alone"))
        for record in run.wanted - {each.record for each in result.ended}:
            run.outcomes[record] = alone
        # Of a single record nothing was told on the way.
        run.outcomes |= {each.record: outcome_of(each.state.value) for each in result.ended}
        run.messages |= {each.record: each.message for each in result.ended}
        self.again.setEnabled(True)
        done, failed = result.count(RunState.COMPLETED), result.count(RunState.FAILED)
        waiting = result.count(RunState.WAITING)
        is_whole = not failed and not result.note and not result.held
        words = self.tr("{0} of {1} came through").format(number(done), number(len(run.wanted)))
        note = result.note
        if waiting:
            words += ", " + counted(waiting, self.tr("{0} waits on its way"), self.tr("{0} wait on their way"))
            note = note or self.tr("Questions stand in Activity, Approvals; whoever is answered goes on at once.")
        self._tag.set_text(words, ("accent" if waiting else "ok") if is_whole else "warn")
        contents = self.contents
        has_acted = contents is not None and bool(sum(contents.plan.calls.values()) - contents.plan.calls[Danger.READS])
        self.foot.show_result(words, note, has_acted=has_acted)
        self._show_outcomes()
        self._frame.update_trail()
        self._frame.say(words)
        self._read_back(run, result)

    def _read_back(self, run: _Run, result: WorkflowResult) -> None:
        """Show beside each record what the vendor said of it afterwards."""
        store, ended = self._services.store, {each.run: each for each in result.ended}

        def show(verified: dict[int, str]) -> None:
            if self._run is run:
                for number_of_run, said in verified.items():
                    each = ended[number_of_run]
                    run.outcomes[each.record] = outcome_of(each.state.value, said)
                self._show_outcomes()

        self._reading.ask(
            "verified", lambda _stop: history.verified_by_run(store, list(ended)), show, lambda _sentence: None
        )

    # Exporting

    def _ask_where_to_export(self) -> None:
        contents = self.contents
        if contents is None or self._export_job is not None:
            return
        suggested = self._services.profile.exports / safe_file_name(f"plan of {contents.workflow.name}")
        chosen = ask_where_to_save(self, self.tr("Export the plan"), suggested)
        if chosen is not None:
            run = self._run
            ticked = self.ticks.ticked if run is None else run.wanted
            outcomes = {} if run is None else {record: known.word for record, known in run.outcomes.items()}
            work = export_work(contents, ticked, outcomes, chosen)
            self._export_job = self._frame.start_job(work, self.tr("Export the plan"))

"""The page of one plan: what a run would change, or what waits for a decision; nothing here is written by looking."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.jobs import Ended, Job, Jobs, Message
from saasdesk.reports.csv_export import safe_file_name
from saasdesk.services import Services
from saasdesk.sync import plans
from saasdesk.sync.events import SyncResult
from saasdesk.sync.integration import IntegrationState
from saasdesk.sync.kept_plans.rows import PlanRow
from saasdesk.sync.plan_index import HELD
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.moments import (
    counted,
    duration_in_words,
    moment_within,
    number,
    seconds_between,
)
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.integrations.decisions import Decisions
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.runs import PREVIEW, Runs
from saasdesk.ui.pages.integrations.session_words import completeness, preference, reading
from saasdesk.ui.pages.plan.approval import ApprovalDialog
from saasdesk.ui.pages.plan.contents import (
    FIELD,
    REASON,
    RECORD,
    TAGS,
    Narrowing,
    PlanContents,
    PlanKey,
    PlanLines,
    make_lines,
    place_of_line,
    read_plan,
    title_of,
)
from saasdesk.ui.pages.plan.export import export_work
from saasdesk.ui.pages.plan.foot import PlanFoot
from saasdesk.ui.pages.plan.frame import PlanSide, plan_layout
from saasdesk.ui.pages.plan.kind_list import KindButton, KindList
from saasdesk.ui.pages.plan.ticks import Ticks
from saasdesk.ui.reading import Reading
from saasdesk.ui.record_places import Place
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.lines import TICK_WIDTH, Heading, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton
from saasdesk.ui.widgets.chip import ToggleChip
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.save_dialog import ask_where_to_save
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.ui.widgets.status_word import StatusWord, status
from saasdesk.ui.widgets.tag import Tag

_NARROW = 1000


class PlanPage(QWidget):
    """`open(7)` shows plan 7."""

    title = "Plan"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        jobs: Jobs,
        readers: TableReaders,
        watch: RunWatch,
    ) -> None:
        super().__init__()
        self._services, self._frame, self._theme, self._jobs = services, frame, theme, jobs
        self._runs = Runs(services, frame, watch, self)
        self._decisions = Decisions(services, frame, theme, readers, self)
        self._decisions.done.connect(self.refresh)
        self._reading = Reading(readers, self)
        self._number: int | None = None
        self._contents: PlanContents | None = None
        self._export_job: Job | None = None
        self._decision_job: Job | None = None
        self._is_applying = False
        self.ticks = Ticks(self)
        self.ticks.changed.connect(self._show_ticks)
        self._build()
        bridge.heard.connect(self._on_heard)

    # What the frame asks

    def refresh(self) -> None:
        """Read the plan again."""
        wanted = self._number
        if wanted is None:
            return
        store = self._services.store
        self._reading.ask("plan", lambda stop: read_plan(store, wanted, stop), self._show, self._show_failure)

    def open(self, argument: object) -> None:
        """Show the plan of this number."""
        if isinstance(argument, int):
            if argument != self._number:
                self.kinds.choose("")
                self.filter.clear()
            self._number = argument
            self._frame.need_width(needed=True)
            self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """Integrations, the integration, the plan."""
        contents = self._contents
        if contents is None:
            return (Crumb(self.tr("Integrations"), "integrations"), Crumb(self.tr("Plan")))
        if contents.plan.is_import:
            people, assets = Crumb(self.tr("People"), "people"), Crumb(self.tr("Hardware"), "hardware")
            of_assets = contents.is_about_assets
            return (assets if of_assets else people, Crumb(self.tr("Import"), "import"), Crumb(self.tr("Plan")))
        return (
            Crumb(self.tr("Integrations"), "integrations"),
            Crumb(contents.plan.integration_name, "integration", contents.plan.integration),
            Crumb(self.tr("Plan")),
        )

    def commands(self) -> Sequence[Command]:
        """Exporting the plan, and what its buttons do."""
        commands = [Command(self.tr("Export the plan…"), self._ask_where_to_export, "Ctrl+E", "export", "File")]
        contents = self._contents
        if contents is not None and contents.plan.kind == "preview" and contents.integration is not None:
            commands.append(Command(self.tr("Preview again"), self._preview, "", "eye", "Run"))
            if contents.integration.state is IntegrationState.DRAFT:
                commands.append(Command(self.tr("Launch"), self._launch, "", "play", "Run"))
            else:
                commands.append(Command(self.tr("Run Now"), self._run, "Ctrl+R", "run", "Run"))
        return commands

    def panes(self) -> Sequence[QWidget]:
        """The counts and the lines."""
        return (self._side, self._right)

    def foot_height(self) -> int:
        """Where the next step is pressed."""
        return self._foot.sizeHint().height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Where letters are large or the window is small, what can be done without gives way."""
        is_narrow = self.width() < self._theme.px(_NARROW)
        for chip in self.columns.values():
            chip.setVisible(not is_narrow or chip.isChecked())
        self._ticked.setVisible(self.ticks.is_open and not is_narrow)
        self._foot.set_narrow(is_narrow)

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("plan-page")
        self.header = PageHeader(theme, self.tr("Plan"))
        self._tag = Tag(theme, self.tr("Nothing is written yet"), "accent")
        self.header.add_beside(self._tag)
        self._made = PlainLabel("", "body", "muted")
        self.header.add_actions(self._made)
        self._banner = Banner(theme, "warn", icon="shield")
        self.filter = SearchField(theme, self.tr("Filter rows"), 200)
        self.filter.searched.connect(self._show_lines)
        self._export = OutlinedButton(theme, self.tr("Export plan…"), "export")
        self._export.clicked.connect(self._ask_where_to_export)
        tools = Row(theme, gap=8)
        tools.addWidget(self.filter)
        for chip in self._make_chips():
            tools.addWidget(chip)
        tools.addStretch(1)
        self._ticked = PlainLabel("", "body", "muted", digits=True)
        tools.addWidget(self._ticked)
        tools.addWidget(self._export)
        self.table = LineTable(
            theme,
            self.tr("Changes"),
            (
                Heading("", TICK_WIDTH),
                Heading(self.tr("Change"), 112),
                Heading(self.tr("Record"), share=10),
                Heading(self.tr("Kind"), 92),
                Heading(self.tr("Field"), share=8),
                Heading(self.tr("Before"), share=8),
                Heading(self.tr("After"), share=12),
                Heading(self.tr("Reason"), share=9),
            ),
            ticks=self.ticks,
        )
        self.table.opened.connect(self._open_record)
        self._nothing = EmptyState(theme, Emptiness.FILTER_HIDES_ALL, self.tr("No line matches"))
        self._same_everywhere = EmptyState(
            theme,
            Emptiness.NOTHING_YET,
            self.tr("Nothing would change"),
            self.tr("What the vendor has is what is stored here."),
            icon="check",
        )
        self._stack = QStackedWidget()
        for widget in (self.table, self._nothing, self._same_everywhere):
            self._stack.addWidget(widget)
        right = Column(theme, gap=12, margins=(0, 12, 0, 0))
        upper = Column(theme, gap=12, margins=(24, 0))
        upper.addWidget(self._banner)
        upper.addLayout(tools)
        right.addLayout(upper)
        right.addWidget(self._stack, 1)
        self._right = QWidget()
        self._right.setLayout(right)
        self._foot = self._build_foot()
        self.setLayout(plan_layout(theme, self.header, self._build_side(), self._right, self._foot))

    def _build_side(self) -> PlanSide:
        theme = self._theme
        kinds = {"": (title_of(""), "list", "muted"), HELD: (self.tr("Held"), "shield", "warn")}
        for kind, (tag, icon) in TAGS.items():
            kinds[kind] = (title_of(kind), icon, "muted" if tag == "neutral" else tag)
        self.kinds = KindList(theme, self.tr("Kinds of changes"), kinds)
        self.kinds.chosen.connect(self._show_lines)
        self._same = KindButton(theme, self.tr("Same as stored"), "check", "muted")
        self._same.setCheckable(False)
        self._same.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._same.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._read = Paragraph(theme, "", role="secondary", tone="muted")
        self._proof = StatusWord(theme, status("completed"), small=True)
        self._evidence = Paragraph(theme, "", role="secondary", tone="muted")
        self.session = LinkButton(theme, self.tr("Show the session"), "activity", role="secondary")
        self.session.clicked.connect(self._show_session)
        self._side = PlanSide(theme)
        self._side.add_part(self.tr("CHANGES"), self.kinds)
        self._side.add_part(self.tr("UNCHANGED"), self._same)
        self._side.add_part(self.tr("READ"))
        self._side.add_small_print(self._read, self._proof, self._evidence)
        self._side.add_below(self.session)
        return self._side

    def _build_foot(self) -> PlanFoot:
        foot = PlanFoot(self._theme, self.ticks)
        self.preview, self.run, self.apply, self.launch = foot.preview, foot.run, foot.apply, foot.launch
        self.preview.clicked.connect(self._preview)
        self.run.clicked.connect(self._run)
        self.apply.clicked.connect(self._apply)
        self.launch.clicked.connect(self._launch)
        return foot

    def _make_chips(self) -> tuple[ToggleChip, ...]:
        """What the lines are narrowed by beside words: new records in one line, and where the words are looked for."""
        theme = self._theme
        self.changed_only = ToggleChip(theme, self.tr("Changed fields only"))
        self.changed_only.setChecked(True)
        self.changed_only.setToolTip(self.tr("Off: new records show all their values"))
        self.columns = {
            RECORD: ToggleChip(theme, self.tr("Record")),
            FIELD: ToggleChip(theme, self.tr("Field")),
            REASON: ToggleChip(theme, self.tr("Reason")),
        }
        for chip in self.columns.values():
            chip.setToolTip(self.tr("Look for the words in this column; with none chosen in all"))
        chips = (self.changed_only, *self.columns.values())
        for chip in chips:
            chip.toggled.connect(self._show_lines)
        return chips

    def _make_answers(self) -> tuple[OutlinedButton, ...]:
        """The buttons of the banner, which lets go of those it had."""
        theme = self._theme
        self.review = OutlinedButton(theme, self.tr("Review"))
        self.review.clicked.connect(self._review)
        self.approve = OutlinedButton(theme, self.tr("Approve…"))
        self.approve.clicked.connect(self._ask_to_approve)
        self.reject = OutlinedButton(theme, self.tr("Reject"))
        self.reject.clicked.connect(self._reject)
        return self.review, self.approve, self.reject

    # Showing

    def _show(self, contents: PlanContents) -> None:
        is_same = self._contents is not None and self._contents.plan.session == contents.plan.session
        self._contents = contents
        is_open = contents.plan.kind == "preview" and not contents.obstacle and not self._is_draft(contents)
        if not is_same or self.ticks.is_open != is_open:
            self.ticks.begin(contents.sums, is_open=is_open)
        plan, session = contents.plan, contents.session
        title = self.tr("Import of {0}") if plan.is_import else self.tr("Plan for {0}")
        self.header.title.set_text(title.format(plan.integration_name))
        self._show_tag(contents)
        made = [self.tr("Made {0}").format(moment_within(session.started_at))]
        if contents.integration is not None:
            made.append(preference(contents.integration.document))
        seconds = seconds_between(session.started_at, session.finished_at)
        if seconds is not None:
            made.append(self.tr("took {0}").format(duration_in_words(seconds)))
        self._made.set_text(" · ".join(made))
        self._show_hold(contents)
        self._show_counts(contents)
        self._show_evidence(contents)
        self._foot.show_contents(contents)
        self._show_lines()
        self._frame.update_trail()

    def _show_tag(self, contents: PlanContents) -> None:
        plan = contents.plan
        match plan.kind, plan.state:
            case "preview", "applied":
                self._tag.set_text(self._decided(self.tr("Applied {0} by {1}"), plan), "ok")
            case "preview", _:
                self._tag.set_text(self.tr("Nothing is written yet"), "accent")
            case _, "held":
                since = moment_within(plan.first_held_at or plan.created_at)
                self._tag.set_text(self.tr("Held since {0}").format(since), "warn")
            case _, "approved":
                self._tag.set_text(self._decided(self.tr("Approved {0} by {1}"), plan), "ok")
            case _:
                self._tag.set_text(self._decided(self.tr("Rejected {0} by {1}"), plan), "neutral")

    def _decided(self, words: str, plan: PlanRow) -> str:
        return words.format(moment_within(plan.decided_at or plan.created_at), plan.decided_by or "")

    def _show_hold(self, contents: PlanContents) -> None:
        plan = contents.plan
        answers = self._make_answers()
        held = contents.counts[HELD]
        is_open = plan.kind == HELD and plan.state == "held"
        is_told = bool(plan.reason) and (is_open or plan.state == "preview")
        if is_told:
            one, many = self.tr("{0} deactivation is held."), self.tr("{0} deactivations are held.")
            if plan.kind == "preview":
                one, many = self.tr("{0} deactivation would be held."), self.tr("{0} deactivations would be held.")
            lead = counted(plan.deactivations, one, many) if plan.deactivations else self.tr("The safeguard objects.")
            is_free = self._jobs.find(_about(plan.id)) is None
            self.approve.setEnabled(is_free)
            self.reject.setEnabled(is_free)
            chosen = answers if is_open else answers[:1]
            self._banner.say("warn", lead, plan.reason, chosen if held else ())
        self._banner.setVisible(is_told)

    def _show_counts(self, contents: PlanContents) -> None:
        counts = {"": sum(contents.counts.values()), **contents.counts}
        hidden = {HELD}
        if contents.plan.kind == HELD:
            # Everything in it is held: the other kinds would be a list of noughts.
            hidden |= TAGS.keys()
        self.kinds.set_counts(counts, hide_empty=frozenset(hidden))
        self._same.set_count(int(contents.session.counts.get("unchanged", 0)))

    def _show_evidence(self, contents: PlanContents) -> None:
        session = contents.session
        self._read.setText(f"{reading(session)}, {moment_within(session.started_at)}.")
        proof = completeness(session)
        self._proof.setVisible(proof is not None)
        self._evidence.setVisible(proof is not None)
        if proof is not None:
            self._proof.set_status(proof[0])
            self._evidence.setText(proof[1])

    def _show_ticks(self) -> None:
        ticks = self.ticks
        self._make_room()
        text = self.tr("{0} of {1} changes ticked").format(number(ticks.count), number(ticks.total))
        self._ticked.set_text(text)
        self.table.viewport().update()

    def _show_lines(self) -> None:
        contents = self._contents
        if contents is None:
            return
        columns = frozenset(name for name, chip in self.columns.items() if chip.isChecked())
        wanted = Narrowing(
            self.kinds.current, self.filter.text(), columns, all_values=not self.changed_only.isChecked()
        )
        store = self._services.store
        self._reading.ask(
            "lines", lambda stop: make_lines(store, contents, wanted, stop), self._on_lines_made, self._show_failure
        )

    def _on_lines_made(self, lines: PlanLines) -> None:
        self.ticks.lines = lines
        self.table.show_lines(lines)
        self._stack.setCurrentWidget(self.table if lines else self._nothing)
        if lines:
            return
        if self._contents is not None and not self._contents.sums.records:
            whose = self.tr("What the vendor has is what is stored here.")
            if self._contents.plan.is_import:
                whose = self.tr("What stands in the file is what is stored here.")
            self._same_everywhere.say(Emptiness.NOTHING_YET, self.tr("Nothing would change"), whose)
            self._stack.setCurrentWidget(self._same_everywhere)
        else:
            clear = OutlinedButton(self._theme, self.tr("Clear the filter"))
            clear.clicked.connect(self._clear_filter)
            self._nothing.say(Emptiness.FILTER_HIDES_ALL, self.tr("No line matches"), "", (clear,))

    def _clear_filter(self) -> None:
        self.kinds.choose("")
        self.filter.clear()
        for chip in self.columns.values():
            chip.setChecked(False)
        self._show_lines()

    def _show_failure(self, sentence: str) -> None:
        retry = OutlinedButton(self._theme, self.tr("Retry"))
        retry.clicked.connect(self.refresh)
        self._nothing.say(Emptiness.LOAD_FAILED, self.tr("This could not be read"), sentence, (retry,))
        self._stack.setCurrentWidget(self._nothing)

    # What happens

    def _on_heard(self, message: Message) -> None:
        if not isinstance(message, Ended):
            return
        if isinstance(message.result, SyncResult):
            self._on_run_ended(message.result)
        if self._export_job is not None and message.job == self._export_job:
            self._export_job = None
            self._tell(message, self.tr("The plan is saved."))
        if self._decision_job is not None and message.job == self._decision_job:
            self._decision_job = None
            done = message.result if isinstance(message.result, int) else 0
            text = counted(done, self.tr("{0} record was deactivated."), self.tr("{0} records were deactivated."))
            self._tell(message, text if done else self.tr("Nobody was deactivated."))
            self.refresh()

    def _on_run_ended(self, result: SyncResult) -> None:
        contents = self._contents
        if contents is None or result.preview or result.integration != contents.plan.integration_name:
            return
        if self._is_applying and self.isVisible():
            self._frame.navigate("activity", result.session)
        else:
            # It may have made this plan out of date.
            self.refresh()
        self._is_applying = False

    def _tell(self, ended: Ended, text: str) -> None:
        if ended.error is None:
            self._frame.toast(text, "ok")
        else:
            self._frame.toast(str(ended.error), "error")

    def _run(self) -> None:
        integration = self._contents.integration if self._contents is not None else None
        if integration is not None and self._runs.start(integration):
            self._frame.navigate("integrations")

    def _apply(self) -> None:
        contents = self._contents
        if contents is None or not self.ticks.is_open:
            return
        if contents.plan.is_import:
            self._is_applying = self._runs.apply_import(
                contents.plan.integration_name, contents.plan.id, self.ticks.unticked
            )
        elif contents.integration is not None:
            self._is_applying = self._runs.apply(contents.integration, contents.plan.id, self.ticks.unticked)

    def _is_draft(self, contents: PlanContents) -> bool:
        return contents.integration is not None and contents.integration.state is IntegrationState.DRAFT

    def _launch(self) -> None:
        if self._contents is not None and self._contents.integration is not None:
            self._decisions.launch(self._contents.integration)

    def _preview(self) -> None:
        if self._contents is not None and self._contents.integration is not None:
            self._runs.start(self._contents.integration, PREVIEW)

    def _show_session(self) -> None:
        if self._contents is not None:
            self._frame.navigate("activity", self._contents.session.id)

    def _review(self) -> None:
        self.filter.clear()
        self.kinds.choose(HELD)
        self._show_lines()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_to_approve(self) -> None:
        if self._contents is None:
            return
        plan = self._contents.plan
        dialog = ApprovalDialog(self._theme, self._contents, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.approved.connect(lambda typed: self._decide(lambda: plans.approve(self._services.store, plan.id, typed)))
        dialog.open()

    def _reject(self) -> None:
        if self._contents is not None:
            plan = self._contents.plan
            self._decide(lambda: plans.reject(self._services.store, plan.id))

    def _decide(self, decide: Callable[[], int | None]) -> None:
        contents = self._contents
        if contents is None or self._decision_job is not None:
            return
        for button in (self.approve, self.reject):
            button.setEnabled(False)
        name = self.tr("Deciding about {0}").format(contents.plan.integration_name)
        self._decision_job = self._frame.start_job(lambda _tell, _stop: decide(), name, _about(contents.plan.id))

    def _open_record(self, key: object) -> None:
        """Go to the record of a line, and come back with Alt+Left."""
        store, contents = self._services.store, self._contents
        if contents is None or not isinstance(key, PlanKey) or key.record < 0:
            return
        plan, line = contents.plan.id, key.record
        self._reading.ask(
            "record",
            lambda _stop: place_of_line(store, plan, line),
            self._go_to_record,
            lambda sentence: self._frame.toast(sentence, "error"),
        )

    def _go_to_record(self, place: Place | None) -> None:
        if place is None:
            self._frame.toast(self.tr("It is not here yet: applying the plan makes it."), "info")
        else:
            self._frame.navigate(*place)

    def _ask_where_to_export(self) -> None:
        contents = self._contents
        if contents is None or self._export_job is not None:
            return
        name = safe_file_name(f"plan {contents.plan.id} {contents.plan.integration_name}")
        chosen = ask_where_to_save(self, self.tr("Export the plan"), self._services.profile.exports / name)
        if chosen is not None:
            work = export_work(self._services.store, contents, self.ticks.unticked, chosen)
            self._export_job = self._frame.start_job(work, self.tr("Export the plan"))


def _about(plan: int) -> str:
    """What a decision is about, so that it is not made twice."""
    return f"plan:{plan}"

"""The page of one plan: what a run would change, or what waits for a decision; nothing here is written by looking."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QFileDialog, QStackedWidget, QWidget

from saasdesk.fields import FieldType
from saasdesk.jobs import Ended, Job, Jobs, Message, Tell
from saasdesk.records.listing import Column as ListColumn
from saasdesk.reports.csv_export import Manifest, export_csv, safe_file_name
from saasdesk.services import Services
from saasdesk.sync import integrations, plans
from saasdesk.sync.events import SyncResult
from saasdesk.sync.run import RunOptions, run_integration
from saasdesk.sync.safeguard import Limits
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.integrations.moments import duration_in_words, moment_in_words, number, seconds_between
from saasdesk.ui.pages.integrations.reading import Reading
from saasdesk.ui.pages.integrations.run_watch import RunWatch, about
from saasdesk.ui.pages.integrations.session_words import preference
from saasdesk.ui.pages.plan.approval import ApprovalDialog
from saasdesk.ui.pages.plan.contents import (
    HELD,
    KINDS,
    PlanContents,
    after_of,
    before_of,
    label_of,
    make_lines,
    read_plan,
    title_of,
)
from saasdesk.ui.pages.plan.lines import Heading, Line, LineTable
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.line import Line as Hairline
from saasdesk.ui.widgets.meter import Meter
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.ui.widgets.tag import Tag

_SIDE_WIDTH = 216
_FILTER_PAUSE = 150


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
        self._watch = watch
        self._reading = Reading(readers, self)
        self._number: int | None = None
        self._contents: PlanContents | None = None
        self._kind = ""
        self._dialog: QDialog | None = None
        self._export_job: Job | None = None
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
            self._number, self._kind = argument, ""
            self._frame.need_width(needed=True)
            self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """Integrations, the integration, the plan."""
        contents = self._contents
        if contents is None:
            return (Crumb(self.tr("Integrations"), "integrations"), Crumb(self.tr("Plan")))
        return (
            Crumb(self.tr("Integrations"), "integrations"),
            Crumb(contents.plan.integration_name, "integration", contents.plan.integration),
            Crumb(self.tr("Plan")),
        )

    def commands(self) -> Sequence[Command]:
        """Exporting the plan."""
        return (Command(self.tr("Export the plan…"), self._ask_where_to_export, "Ctrl+E", "export", "File"),)

    def panes(self) -> Sequence[QWidget]:
        """The counts and the lines."""
        return (self._side, self.table)

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
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_FILTER_PAUSE)
        self._pause.timeout.connect(self._show_lines)
        self.filter.textChanged.connect(self._on_typed)
        self._export = OutlinedButton(theme, self.tr("Export plan…"), "export")
        self._export.clicked.connect(self._ask_where_to_export)
        tools = Row(theme, gap=8)
        tools.addWidget(self.filter)
        tools.addStretch(1)
        tools.addWidget(self._export)
        self.table = LineTable(
            theme,
            self.tr("Changes"),
            (
                Heading(self.tr("Change"), 116),
                Heading(self.tr("Record"), share=4),
                Heading(self.tr("Kind"), 88),
                Heading(self.tr("Field"), share=3),
                Heading(self.tr("Before"), share=3),
                Heading(self.tr("After"), share=4),
                Heading(self.tr("Reason"), share=4),
            ),
        )
        self._nothing = EmptyState(theme, Emptiness.FILTER_HIDES_ALL, self.tr("No line matches"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nothing)
        right = Column(theme, gap=8, margins=(16, 12, 0, 0))
        upper = Column(theme, gap=8, margins=(0, 0, 24, 0))
        upper.addWidget(self._banner)
        upper.addLayout(tools)
        right.addLayout(upper)
        right.addWidget(self._stack, 1)
        middle = Row(theme, gap=0)
        middle.addWidget(self._build_side())
        middle.addWidget(Hairline(theme, upright=True))
        middle.addLayout(right, 1)
        head = Row(theme, margins=(24, 8, 24, 12))
        head.addWidget(self.header)
        whole = Column(theme, gap=0)
        whole.addLayout(head)
        whole.addWidget(Hairline(theme))
        whole.addLayout(middle, 1)
        whole.addWidget(Hairline(theme))
        whole.addLayout(self._build_foot())
        self.setLayout(whole)

    def _build_side(self) -> QWidget:
        theme = self._theme
        self._side = QWidget()
        self._side.setFixedWidth(theme.px(_SIDE_WIDTH))
        column = Column(theme, gap=4, margins=(16, 12))
        column.addWidget(PlainLabel(self.tr("CHANGES"), "caption-strong", "muted"))
        self._counts = Column(theme, gap=2)
        column.addLayout(self._counts)
        column.addSpacing(theme.px(12))
        column.addWidget(PlainLabel(self.tr("UNCHANGED"), "caption-strong", "muted"))
        self._same = PlainLabel("", "body", digits=True)
        column.addWidget(self._same)
        column.addSpacing(theme.px(12))
        column.addWidget(PlainLabel(self.tr("READ"), "caption-strong", "muted"))
        self._evidence = Paragraph(theme, "", role="secondary", tone="muted")
        column.addWidget(self._evidence)
        column.addStretch(1)
        self._side.setLayout(column)
        return self._side

    def _build_foot(self) -> Row:
        theme = self._theme
        foot = Row(theme, gap=12, margins=(24, 10))
        self._budget = PlainLabel("", "secondary", digits=True)
        self.meter = Meter(theme, self.tr("Deactivations"))
        foot.addWidget(PlainLabel(self.tr("Deactivations"), "strong"))
        foot.addWidget(self.meter)
        foot.addWidget(self._budget)
        foot.addStretch(1)
        self.reject = OutlinedButton(theme, self.tr("Reject"))
        self.reject.clicked.connect(self._reject)
        self.approve = PrimaryButton(theme, self.tr("Approve…"), "shield")
        self.approve.clicked.connect(self._ask_to_approve)
        self.run = PrimaryButton(theme, self.tr("Run Now"), "run")
        self.run.clicked.connect(self._run)
        for button in (self.reject, self.approve, self.run):
            foot.addWidget(button)
        return foot

    # Showing

    def _show(self, contents: PlanContents) -> None:
        self._contents = contents
        plan, session = contents.plan, contents.session
        self.header.title.set_text(self.tr("Plan for {0}").format(plan.integration_name))
        is_waiting = plan.kind == HELD and plan.state == "held"
        is_preview = plan.kind == "preview"
        tag = self.tr("Nothing is written yet") if is_preview else self.tr("Held since {0}")
        held_since = moment_in_words(plan.first_held_at or plan.created_at)
        if not is_preview and not is_waiting:
            tag = self.tr("Approved") if plan.state == "approved" else self.tr("Rejected")
        self._tag.set_text(tag.format(held_since), "accent" if is_preview else "warn")
        seconds = seconds_between(session.started_at, session.finished_at)
        made = [self.tr("Made {0}").format(moment_in_words(session.started_at))]
        if contents.integration is not None:
            made.append(preference(contents.integration.document))
        if seconds is not None:
            made.append(self.tr("read in {0}").format(duration_in_words(seconds)))
        self._made.set_text(" · ".join(made))
        self._banner.setVisible(bool(plan.reason))
        lead = self.tr("{0} deactivations are held.").format(number(plan.deactivations)) if plan.deactivations else ""
        self._banner.say("warn", lead or self.tr("Look closer."), plan.reason)
        self.approve.setVisible(is_waiting)
        self.reject.setVisible(is_waiting)
        self.run.setVisible(is_preview)
        self._show_counts(contents)
        self._show_evidence(contents)
        self._show_budget(contents)
        self._show_lines()
        self._frame.update_trail()

    def _show_counts(self, contents: PlanContents) -> None:
        clear_layout(self._counts)
        everything = len({line.seq for line in contents.lines})
        for kind in ("", *KINDS):
            count = contents.count(kind) if kind else everything
            if kind == HELD and not count:
                continue
            button = LinkButton(self._theme, title_of(kind), inline=True)
            button.setEnabled(bool(count))
            button.setAccessibleName(f"{title_of(kind)}: {number(count)}")
            button.clicked.connect(self._make_chooser(kind))
            row = Row(self._theme, gap=8)
            row.addWidget(button)
            row.addStretch(1)
            row.addWidget(PlainLabel(number(count), "strong", "text" if count else "muted", digits=True))
            self._counts.addLayout(row)
        unchanged = int(contents.session.counts.get("unchanged", 0))
        self._same.set_text(self.tr("{0} same as stored").format(number(unchanged)))

    def _make_chooser(self, kind: str) -> Callable[[], None]:
        def choose() -> None:
            self._kind = kind
            self._show_lines()

        return choose

    def _show_evidence(self, contents: PlanContents) -> None:
        counts, evidence = contents.session.counts, contents.session.evidence
        read = self.tr("{0} records in {1} pages.").format(
            number(int(counts.get("fetched", 0))), number(int(evidence.get("pages", 0)))
        )
        if evidence.get("unproven_because"):
            self._evidence.setText(f"{read} {evidence['unproven_because']}")
        elif evidence.get("stated_end"):
            self._evidence.setText(f"{read} " + self.tr("Complete: the last page said there is no more."))
        else:
            self._evidence.setText(f"{read} " + self.tr("Not proven complete: nobody is deactivated."))

    def _show_budget(self, contents: PlanContents) -> None:
        if contents.integration is None:
            return
        document, counts = contents.integration.document, contents.session.counts
        part = counts.get("saas_users" if document.with_saas_users else "people", {})
        leaving = contents.plan.deactivations or int(part.get("deactivated", 0))
        active = int(part.get("unchanged", 0)) + int(part.get("updated", 0)) + leaving
        allowed = Limits(document.deactivate_limit_percent, document.deactivate_limit_count).allowed(active)
        self.meter.set_use(leaving, max(allowed, 1))
        self._budget.set_text(self.tr("{0} planned · {1} allowed").format(number(leaving), number(allowed)))

    def _show_lines(self) -> None:
        contents = self._contents
        if contents is None:
            return
        kind, text = self._kind, self.filter.text()
        self._reading.ask(
            "lines", lambda stop: make_lines(contents, kind, text, stop), self._on_lines_made, self._show_failure
        )

    def _on_lines_made(self, lines: list[Line]) -> None:
        self.table.show_lines(lines)
        self._stack.setCurrentWidget(self.table if lines else self._nothing)
        if not lines and not self.filter.text() and not self._kind:
            self._nothing.say(
                Emptiness.NOTHING_YET,
                self.tr("Nothing would change"),
                self.tr("What the vendor has is what is stored here."),
            )
        elif not lines:
            self._nothing.say(Emptiness.FILTER_HIDES_ALL, self.tr("No line matches"))

    def _show_failure(self, sentence: str) -> None:
        self._nothing.say(Emptiness.LOAD_FAILED, self.tr("This could not be read"), sentence)
        self._stack.setCurrentWidget(self._nothing)

    # What happens

    def _on_typed(self) -> None:
        self._pause.start()

    def _on_heard(self, message: Message) -> None:
        if not isinstance(message, Ended):
            return
        if self._export_job is not None and message.job == self._export_job:
            self._export_job = None
            if message.error is None:
                self._frame.toast(self.tr("The plan is saved."), "ok")
            else:
                self._frame.toast(str(message.error), "error")

    def _run(self) -> None:
        contents, services = self._contents, self._services
        if contents is None or contents.integration is None:
            return
        name = contents.plan.integration_name

        def work(tell: Tell, stop: threading.Event) -> SyncResult:
            newest = integrations.find_integration(services.store, name)
            return run_integration(services.store, services.vault, newest, RunOptions(), tell, stop)

        job = self._frame.start_job(work, name, about(contents.plan.integration))
        if job is not None:
            self._watch.note_started(job, name)
            self._frame.navigate("integrations")

    def _ask_to_approve(self) -> None:
        if self._contents is None:
            return
        dialog = ApprovalDialog(self._theme, self._contents.plan, parent=self)
        dialog.accepted.connect(lambda: self._decide(approve=True))
        self._dialog = dialog
        dialog.open()

    def _reject(self) -> None:
        self._decide(approve=False)

    def _decide(self, *, approve: bool) -> None:
        contents, store = self._contents, self._services.store
        if contents is None:
            return
        plan = contents.plan

        def work(_stop: threading.Event) -> int:
            if approve:
                return plans.approve(store, plan.id, plan.deactivations)
            plans.reject(store, plan.id)
            return 0

        self._reading.ask("decide", work, self._on_decided, lambda sentence: self._frame.toast(sentence, "error"))

    def _on_decided(self, done: int) -> None:
        text = self.tr("{0} deactivated.").format(number(done)) if done else self.tr("Nobody was deactivated.")
        self._frame.toast(text, "ok")
        self.refresh()

    def _ask_where_to_export(self) -> None:
        contents = self._contents
        if contents is None or self._export_job is not None:
            return
        name = safe_file_name(f"plan {contents.plan.id} {contents.plan.integration_name}")
        suggested = str(self._services.profile.exports / name)
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Export the plan"), suggested, "CSV (*.csv)")
        if chosen:
            self._export_job = self._frame.start_job(export_work(contents, Path(chosen)), self.tr("Export the plan"))


def export_work(contents: PlanContents, target: Path) -> Callable[[Tell, threading.Event], object]:
    """Write a plan as CSV: one row a changed field."""
    names = ("change", "held", "object", "record", "field", "before", "after", "reason")
    columns = tuple(ListColumn(name, name.capitalize(), FieldType.SHORT_TEXT) for name in names)
    rows = [
        (
            line.kind,
            "yes" if line.held else "no",
            line.object,
            line.label,
            label_of(contents, line),
            before_of(line),
            after_of(line),
            line.reason,
        )
        for line in contents.lines
    ]

    def work(tell: Tell, stop: threading.Event) -> object:
        manifest = Manifest(what=f"plan {contents.plan.id}", filter="all lines", run=str(contents.session.id))
        return export_csv(columns, rows, target, manifest=manifest, tell=tell, stop=stop)

    return work

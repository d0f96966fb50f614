"""One integration: how it stands, what it is set up to do, and its latest sync sessions."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QMenu, QWidget

from saasdesk.jobs import Jobs
from saasdesk.services import Services
from saasdesk.sync.gate import GateLine
from saasdesk.sync.integration import Integration, IntegrationState
from saasdesk.sync.rows import SessionRow
from saasdesk.sync.run import RunOptions
from saasdesk.ui.moments import (
    counted,
    duration_in_words,
    moment_in_words,
    moment_within,
    number,
    seconds_between,
)
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.integrations.cards import credential_card, details_card, mapping_card, schedule_card
from saasdesk.ui.pages.integrations.contents import IntegrationContents, read_integration
from saasdesk.ui.pages.integrations.decisions import Decisions
from saasdesk.ui.pages.integrations.editing import Sections
from saasdesk.ui.pages.integrations.files import IntegrationFiles
from saasdesk.ui.pages.integrations.gate_list import SECTIONS, GateList, go_to, still_to_do
from saasdesk.ui.pages.integrations.muting import add_muting, hours_of, mute_entries
from saasdesk.ui.pages.integrations.progress_panel import ProgressPanel
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.runs import PREVIEW, Runs
from saasdesk.ui.pages.integrations.session_words import kind_of_session, started_by, status_of_session
from saasdesk.ui.pages.integrations.tile_facts import TileFacts, sentence, state_in_words
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_ampersands
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.card import Card, CardEdge
from saasdesk.ui.widgets.content_stack import ContentStack
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.status_word import StatusWord, status

_WIDE_ENOUGH_FOR_TWO = 760
_COUNTS = ("fetched", "created", "updated", "unchanged", "skipped", "deactivated", "failed")


class IntegrationPage(QWidget):
    """`open(3)` shows integration 3, `open((3, "schedule"))` opens the form of that section too."""

    title = "Integration"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        jobs: Jobs,
        readers: TableReaders,
        watch: RunWatch,
    ) -> None:
        super().__init__()
        self._services, self._frame, self._theme, self._jobs, self._watch = services, frame, theme, jobs, watch
        self._reading = Reading(readers, self)
        self._runs = Runs(services, frame, watch, self)
        self._decisions = Decisions(services, frame, theme, readers, self)
        self._files = IntegrationFiles(services, frame, theme, readers, self)
        self._sections = Sections(services, frame, theme, readers, self)
        self._number: int | None = None
        self._wanted_section = ""
        self._contents: IntegrationContents | None = None
        self._columns = 0
        self._build()
        self._decisions.done.connect(self.refresh)
        self._sections.done.connect(self.refresh)
        watch.began.connect(self._on_run_changed)
        watch.changed.connect(self._on_run_changed)
        watch.ended.connect(self._on_run_ended)

    # What the frame asks

    def refresh(self) -> None:
        """Read the integration again."""
        wanted, services = self._number, self._services
        if wanted is not None:
            self._reading.ask(
                "integration",
                lambda stop: read_integration(services, wanted, stop),
                self._show,
                self._stack.show_nothing,
            )

    def open(self, argument: object) -> None:
        """Show the integration of this number."""
        match argument:
            case int(number):
                self._number, self._wanted_section = number, ""
            case (int(number), str(section)):
                self._number, self._wanted_section = number, section
            case _:
                return
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """Integrations, the integration."""
        name = self._contents.facts.integration.name if self._contents is not None else self.tr("Integration")
        return (Crumb(self.tr("Integrations"), "integrations"), Crumb(name))

    def commands(self) -> Sequence[Command]:
        """What can be done with it."""
        commands = [
            Command(self.tr("Preview"), self._preview, "", "eye", "Run"),
            *(
                Command(self.tr("Test Run: {0}").format(words), partial(self._test, limit), "", "flask", "Run")
                for limit, words in self._test_runs()
            ),
            Command(self.tr("Rename…"), self._rename, "F2", "edit", "Edit"),
            Command(self.tr("Duplicate"), self._duplicate, "", "copy", "Edit"),
            Command(self.tr("Export…"), self._export, "Ctrl+E", "export", "File"),
        ]
        if self._contents is not None and self._contents.facts.muted:
            commands.append(Command(self.tr("Unmute"), self._unmute, "", "bell", "Edit"))
        elif self._contents is not None:
            commands += [
                Command(self.tr("Mute notices: {0}").format(text), partial(self._mute, wish), "", "bell-off", "Edit")
                for text, wish in mute_entries()
            ]
        if self._integration is not None and self._integration.state is IntegrationState.ACTIVE:
            commands.insert(0, Command(self.tr("Run Now"), self._run, "Ctrl+R", "run", "Run"))
        return commands

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("integration-page")
        self._banner = Banner(theme, "warn")
        self._cards = QGridLayout()
        self._cards.setContentsMargins(0, 0, 0, 0)
        content = QWidget()
        column = Column(theme, gap=16, margins=(24, 8, 24, 24))
        column.addLayout(self._build_head())
        column.addWidget(self._build_progress())
        column.addWidget(self._banner)
        column.addWidget(self._build_gate())
        column.addLayout(self._cards)
        column.addLayout(self._build_sessions())
        column.addStretch(1)
        content.setLayout(column)
        self._stack = ContentStack(
            theme, ScrollArea(content), self.tr("All integrations"), lambda: self._frame.navigate("integrations")
        )
        whole = Column(theme, gap=0)
        whole.addWidget(self._stack)
        self.setLayout(whole)

    def _build_head(self) -> Row:
        theme = self._theme
        self._monogram = Monogram(theme, "", size=32, tile=True)
        self.header = PageHeader(theme, "")
        self.state = StatusWord(theme, status("draft"))
        self.muted = StatusWord(theme, status("muted"))
        self.muted.hide()
        self.header.add_beside(self.state, self.muted)
        self.preview = OutlinedButton(theme, self.tr("Preview"), "eye")
        self.preview.clicked.connect(self._preview)
        self.test = OutlinedButton(theme, self.tr("Test Run"), "flask")
        self.test.setMenu(self._build_tests())
        self.pause = OutlinedButton(theme, self.tr("Pause"), "pause")
        self.pause.clicked.connect(self._pause)
        self.launch = PrimaryButton(theme, self.tr("Launch"), "play")
        self.launch.clicked.connect(self._launch)
        self.run = PrimaryButton(theme, self.tr("Run Now"), "run")
        self.run.clicked.connect(self._run)
        self.more = IconButton(theme, "more", self.tr("More actions"), outlined=True)
        self.more.clicked.connect(self._show_menu)
        self.header.add_actions(self.test, self.preview, self.pause, self.launch, self.run, self.more)
        self.header.let_give_way(self.preview, self.test)
        row = Row(theme, gap=12)
        row.addWidget(self._monogram)
        row.addWidget(self.header, 1)
        return row

    def _build_tests(self) -> QMenu:
        """A dry run of the first few, or of all: a sync session marked as a test, and no record is written."""
        menu = QMenu(self)
        for limit, words in self._test_runs():
            menu.addAction(words).triggered.connect(partial(self._test, limit))
        return menu

    def _test_runs(self) -> Sequence[tuple[int | None, str]]:
        return (
            (10, self.tr("The first 10 records")),
            (100, self.tr("The first 100 records")),
            (None, self.tr("All records")),
        )

    def _build_progress(self) -> Card:
        theme = self._theme
        self.progress = Card(theme, edge=CardEdge.BUSY)
        self._panel = ProgressPanel(theme)
        self.cancel = OutlinedButton(theme, self.tr("Cancel"), "close")
        self.cancel.clicked.connect(self._cancel)
        row = Row(theme, gap=24)
        row.addWidget(self._panel, 1)
        row.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignVCenter)
        self.progress.body.addLayout(row)
        self.progress.hide()
        return self.progress

    def _build_gate(self) -> Card:
        """What a draft still needs, point by point."""
        theme = self._theme
        self.gate_card = Card(theme, gap=6)
        self.gate_count = PlainLabel("", "secondary", "muted")
        self.gate_card.add_title(self.tr("Before Launch"), self.gate_count)
        self.gate = GateList(theme)
        self.gate.chosen.connect(self._on_gate_chosen)
        self.gate_card.body.addWidget(self.gate)
        self.gate_card.hide()
        return self.gate_card

    def _build_sessions(self) -> Column:
        theme = self._theme
        self._note = PlainLabel("", "secondary", "muted", elided=True)
        self.all_sessions = OutlinedButton(theme, self.tr("All sync sessions"), "list")
        self.all_sessions.clicked.connect(self._show_sessions)
        head = Row(theme, gap=12)
        head.addWidget(PlainLabel(self.tr("Sync Sessions"), "section"))
        head.addWidget(self._note, 1)
        head.addWidget(self.all_sessions)
        self.table = LineTable(
            theme,
            self.tr("Sync sessions"),
            (
                Heading(self.tr("Started"), share=4),
                Heading(self.tr("Took"), 96),
                Heading(self.tr("Trigger"), 112),
                Heading(self.tr("Status"), 200),
                Heading(self.tr("Read"), 68, at_right=True),
                Heading(self.tr("Created"), 78, at_right=True),
                Heading(self.tr("Updated"), 82, at_right=True),
                Heading(self.tr("Unchanged"), 100, at_right=True),
                Heading(self.tr("Skipped"), 80, at_right=True, from_width=1200),
                Heading(self.tr("Deact."), 72, at_right=True),
                Heading(self.tr("Failed"), 68, at_right=True),
                Heading(self.tr("Message"), share=6, from_width=1320),
            ),
            compact=True,
        )
        self.table.opened.connect(self._open_session)
        column = Column(theme, gap=8)
        column.addLayout(head)
        column.addWidget(self.table)
        return column

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    # Showing

    def _show(self, contents: IntegrationContents | None) -> None:
        if contents is None:
            self._contents = None
            self._stack.show_nothing(self.tr("This integration was deleted. Its records are still here."))
            return
        self._contents = contents
        facts = contents.facts
        integration = facts.integration
        connector = integration.connector
        self._monogram.set_name(connector.title, letters=mark_of(connector.title))
        self.header.title.set_text(integration.name)
        self._show_banner(facts)
        self._show_gate(contents)
        self._show_cards(contents)
        good = facts.standing.last_good
        self._note.set_text(self.tr("last success {0}").format(moment_within(good.started_at)) if good else "")
        self.table.show_lines([_line(session) for session in contents.latest])
        self.table.setFixedHeight(self.table.height_of_all())
        self.table.setVisible(bool(contents.latest))
        if not contents.latest:
            self._note.set_text(self.tr("None yet: Preview shows what a run would do."))
        self._stack.show_content()
        self._show_state()
        self._frame.update_trail()
        if section := self._wanted_section:
            self._wanted_section = ""
            self._sections.edit(section, integration)

    def _show_gate(self, contents: IntegrationContents) -> None:
        self.gate_card.setVisible(bool(contents.gate))
        self.gate.show_lines(contents.gate)
        left = len(still_to_do(contents.gate))
        words = counted(left, self.tr("{0} thing still to do"), self.tr("{0} things still to do"))
        self.gate_count.set_text(words if left else self.tr("Nothing is missing: Launch shows the first plan."))

    def _on_gate_chosen(self, line: GateLine) -> None:
        if self._integration is None:
            return
        if line.point in SECTIONS:
            self._sections.edit(SECTIONS[line.point], self._integration)
        else:
            go_to(self._frame, self._integration, line)

    def _show_state(self) -> None:
        contents = self._contents
        if contents is None:
            return
        integration = contents.facts.integration
        progress = self._watch.find(integration.name)
        if progress is not None:
            self._panel.show_progress(progress, integration.connector.title, self._watch.now())
            self.cancel.setEnabled(not progress.is_cancelling)
        self.progress.setVisible(progress is not None)
        running = None if progress is None else status(progress.word(self._watch.now()))
        self.state.set_status(running or state_in_words(contents.facts))
        muted = contents.facts.muted
        self.muted.set_status(status("muted", muted))
        self.muted.setVisible(bool(muted))
        state = integration.state
        self.launch.setVisible(state is not IntegrationState.ACTIVE)
        self.launch.setText(self.tr("Resume") if state is IntegrationState.PAUSED else self.tr("Launch"))
        self.run.setVisible(state is IntegrationState.ACTIVE)
        self.pause.setVisible(state is IntegrationState.ACTIVE)
        for button in (self.run, self.test, self.preview, self.pause, self.launch):
            button.setEnabled(progress is None)

    def _show_banner(self, facts: TileFacts) -> None:
        self._banner.setVisible(facts.word in {"failed", "held", "overdue"} or bool(facts.expiry))
        if facts.word == "held":
            review = OutlinedButton(self._theme, self.tr("Review"), "shield")
            review.clicked.connect(self._review)
            self._banner.say("warn", self.tr("Deactivations wait for a decision."), sentence(facts), (review,))
        elif facts.word == "failed" and facts.standing.last is not None:
            details = OutlinedButton(self._theme, self.tr("Details"))
            details.clicked.connect(partial(self._open_session, facts.standing.last.id))
            self._banner.say("error", self.tr("The last run failed."), sentence(facts), (details,))
        elif facts.word == "overdue":
            self._banner.say("warn", self.tr("Overdue."), sentence(facts))
        elif facts.expiry:
            self._banner.say("warn", facts.expiry)

    def _show_cards(self, contents: IntegrationContents) -> None:
        clear_layout(self._cards)
        theme, integration = self._theme, contents.facts.integration
        self._made_cards = (
            details_card(
                theme,
                integration,
                contents.application,
                partial(self._sections.edit_details, integration),
                partial(self._frame.navigate, "software"),
            ),
            credential_card(
                theme,
                integration,
                contents.credential,
                partial(self._sections.edit_credential, integration),
                lambda name: self._frame.navigate("configuration", f"credentials:{name}"),
            ),
            schedule_card(theme, integration, partial(self._sections.edit_schedule, integration)),
            mapping_card(
                theme,
                integration,
                contents.words,
                edit=partial(self._frame.navigate, "mapping", integration.id),
                edit_rules=partial(self._sections.edit_rules, integration),
            ),
        )
        self._columns = 0
        self._lay_out()

    def _lay_out(self) -> None:
        theme = self._theme
        columns = 2 if self.width() >= theme.px(_WIDE_ENOUGH_FOR_TWO) else 1
        if columns == self._columns or self._contents is None:
            return
        self._columns = columns
        self._cards.setSpacing(theme.px(16))
        for place, card in enumerate(self._made_cards):
            self._cards.addWidget(card, place // columns, place % columns)
        for column in range(2):
            self._cards.setColumnStretch(column, 1 if column < columns else 0)

    # What happens

    @property
    def _integration(self) -> Integration | None:
        return None if self._contents is None else self._contents.facts.integration

    def _on_run_changed(self, name: str) -> None:
        if self._integration is not None and self._integration.name == name:
            self._show_state()

    def _on_run_ended(self, name: str, _message: object) -> None:
        if self._integration is not None and self._integration.name == name:
            self._show_state()
            self.refresh()

    def _run(self) -> None:
        if self._integration is not None:
            self._runs.start(self._integration)

    def _test(self, limit: int | None, _checked: bool = False) -> None:
        self._try_out(RunOptions(preview=True, limit=limit, started_by="test", is_test=True))

    def _preview(self) -> None:
        self._try_out(PREVIEW)

    def _try_out(self, options: RunOptions) -> None:
        integration = self._integration
        if integration is None:
            return
        if integration.state is IntegrationState.DRAFT:
            self._decisions.try_out(integration, lambda: self._runs.start(integration, options))
        else:
            self._runs.start(integration, options)

    def _cancel(self) -> None:
        if self._integration is not None:
            self._runs.cancel(self._integration.name)

    def _launch(self) -> None:
        integration = self._integration
        if integration is None:
            return
        if integration.state is IntegrationState.DRAFT:
            self._decisions.plan_launch(integration, lambda: self._runs.start(integration, PREVIEW))
        else:
            self._decisions.launch(integration)

    def _pause(self) -> None:
        if self._integration is not None:
            self._decisions.pause(self._integration)

    def _delete(self) -> None:
        if self._integration is not None:
            self._decisions.ask_to_delete(self._integration)

    def _review(self) -> None:
        if self._contents is not None and self._contents.facts.standing.held is not None:
            self._frame.navigate("plan", self._contents.facts.standing.held.id)

    def _open_session(self, session: object) -> None:
        self._frame.navigate("activity", session)

    def _show_sessions(self) -> None:
        if self._integration is not None:
            self._frame.navigate("activity", f"integration:{self._integration.id}")

    def menu(self) -> QMenu:
        """What else can be done."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_running = self.progress.isVisibleTo(self)
        for text, run in (
            (self.tr("Rename…"), self._rename),
            (self.tr("Duplicate"), self._duplicate),
            (self.tr("Export…"), self._export),
            (self.tr("Delete…"), self._delete),
        ):
            action = menu.addAction(escaped_ampersands(text))
            action.triggered.connect(run)
            action.setEnabled(run == self._export or not is_running)
        if self._contents is not None:
            add_muting(menu, self._contents.facts, self._mute)
        return menu

    def _show_menu(self) -> None:
        menu = self.menu()
        menu.popup(self.more.mapToGlobal(QPoint(self.more.width() - menu.sizeHint().width(), self.more.height())))

    def _mute(self, wish: str) -> None:
        hours = hours_of(wish)
        if self._integration is not None and hours is not None:
            self._decisions.mute(self._integration, hours)
        else:
            self._unmute()

    def _unmute(self) -> None:
        if self._integration is not None:
            self._decisions.unmute(self._integration)

    def _rename(self) -> None:
        if self._integration is not None and not self.progress.isVisibleTo(self):
            self._decisions.rename(self._integration)

    def _duplicate(self) -> None:
        if self._integration is not None:
            self._decisions.duplicate(self._integration)

    def _export(self) -> None:
        if self._integration is not None:
            self._files.ask_where_to_export(self._integration)


def _line(session: SessionRow) -> Line:
    counts = [int(session.counts.get(name, 0)) for name in _COUNTS]
    seconds = seconds_between(session.started_at, session.finished_at)
    return Line(
        (
            Cell(moment_in_words(session.started_at)),
            Cell("" if seconds is None else duration_in_words(seconds), "muted"),
            Cell(started_by(session) if session.kind == "run" else kind_of_session(session), "muted"),
            Cell(status=status_of_session(session)),
            *(Cell(number(count), "text" if count else "muted", at_right=True) for count in counts),
            Cell(session.message, "muted"),
        ),
        session.id,
    )

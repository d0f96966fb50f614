"""One integration: how it stands, what it is set up to do, and its latest sync sessions."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QGridLayout, QStackedWidget, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.jobs import Jobs, Tell
from saasdesk.services import Services
from saasdesk.sync import integrations, sessions
from saasdesk.sync.events import SyncResult
from saasdesk.sync.integration import IntegrationState, to_toml
from saasdesk.sync.rows import SessionRow
from saasdesk.sync.run import RunOptions, run_integration
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.integrations.moments import moment_in_words
from saasdesk.ui.pages.integrations.reading import Reading
from saasdesk.ui.pages.integrations.run_watch import RunWatch, about
from saasdesk.ui.pages.integrations.session_words import (
    changes_in_words,
    kind_of_session,
    preference,
    saas_mode,
    status_of_run,
)
from saasdesk.ui.pages.integrations.tile_facts import TileFacts, read_tiles, state_in_words
from saasdesk.ui.pages.plan.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.status_word import StatusWord, status
from saasdesk.ui.widgets.tag import Tag

_LATEST = 20
_LABEL_WIDTH = 136


@dataclass(frozen=True, slots=True)
class IntegrationContents:
    """One integration with everything that the page shows."""

    facts: TileFacts
    labels: dict[tuple[str, str], str]
    latest: tuple[SessionRow, ...]


def read_integration(services: Services, number: int, stop: threading.Event) -> IntegrationContents | None:
    """Read one integration; None when it was deleted."""
    facts = next((tile for tile in read_tiles(services, stop) if tile.integration.id == number), None)
    if facts is None:
        return None
    with services.store.reading() as db:
        labels = {
            (kind.value, field.external_id): field.label
            for kind in (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS)
            for field in list_fields(db, kind)
        }
    return IntegrationContents(facts, labels, tuple(sessions.list_sessions(services.store, number, _LATEST)))


class IntegrationPage(QWidget):
    """`open(3)` shows integration 3."""

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
        self._number: int | None = None
        self._contents: IntegrationContents | None = None
        self._build()
        watch.ended.connect(lambda _name, _message: self.refresh())
        watch.began.connect(lambda _name: self._show_buttons())

    # What the frame asks

    def refresh(self) -> None:
        """Read the integration again."""
        wanted, services = self._number, self._services
        if wanted is not None:
            self._reading.ask(
                "integration", lambda stop: read_integration(services, wanted, stop), self._show, self._show_failure
            )

    def open(self, argument: object) -> None:
        """Show the integration of this number."""
        if isinstance(argument, int):
            self._number = argument
            self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """Integrations, the integration."""
        name = self._contents.facts.integration.name if self._contents is not None else self.tr("Integration")
        return (Crumb(self.tr("Integrations"), "integrations"), Crumb(name))

    def commands(self) -> Sequence[Command]:
        """What can be done with it."""
        return (
            Command(self.tr("Run Now"), self._run, "Ctrl+R", "run", "Run"),
            Command(self.tr("Preview"), self._preview, "", "eye", "Run"),
            Command(self.tr("Save as a file…"), self._ask_where_to_save, "Ctrl+E", "export", "File"),
        )

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("integration-page")
        self.header = PageHeader(theme, "")
        self.state = StatusWord(theme, status("draft"))
        self.header.add_beside(self.state)
        self.save = LinkButton(theme, self.tr("Save as a file…"))
        self.save.clicked.connect(self._ask_where_to_save)
        self.pause = OutlinedButton(theme, self.tr("Pause"))
        self.pause.clicked.connect(self._pause)
        self.preview = OutlinedButton(theme, self.tr("Preview"))
        self.preview.clicked.connect(self._preview)
        self.launch = PrimaryButton(theme, self.tr("Launch"), "play")
        self.launch.clicked.connect(self._launch)
        self.run = PrimaryButton(theme, self.tr("Run Now"), "run")
        self.run.clicked.connect(self._run)
        self.header.add_actions(self.save, self.pause, self.preview, self.launch, self.run)
        self._banner = Banner(theme, "warn")
        self._cards = QGridLayout()
        self._cards.setContentsMargins(0, 0, 0, 0)
        self.table = LineTable(
            theme,
            self.tr("Sync sessions"),
            (
                Heading(self.tr("Started"), 136),
                Heading(self.tr("Kind"), 120),
                Heading(self.tr("Status"), 184),
                Heading(self.tr("Changed"), share=3),
                Heading(self.tr("Message"), share=4),
            ),
            compact=True,
        )
        self.table.opened.connect(lambda session: self._frame.navigate("activity", session))
        content = QWidget()
        column = Column(theme, gap=16, margins=(24, 8, 24, 24))
        column.addWidget(self.header)
        column.addWidget(self._banner)
        column.addLayout(self._cards)
        column.addWidget(PlainLabel(self.tr("Sync sessions"), "section"))
        column.addWidget(self.table)
        column.addStretch(1)
        content.setLayout(column)
        self._nothing = EmptyState(theme, Emptiness.LOAD_FAILED, self.tr("This could not be read"))
        self._stack = QStackedWidget()
        self._stack.addWidget(ScrollArea(content))
        self._stack.addWidget(self._nothing)
        whole = Column(theme, gap=0)
        whole.addWidget(self._stack)
        self.setLayout(whole)

    # Showing

    def _show(self, contents: IntegrationContents | None) -> None:
        if contents is None:
            self._show_failure(self.tr("This integration was deleted. Its people and SaaS users are still here."))
            return
        self._contents = contents
        facts = contents.facts
        integration = facts.integration
        self.header.title.set_text(integration.name)
        self.state.set_status(state_in_words(facts))
        self._banner.setVisible(bool(facts.missing))
        self._banner.say("warn", self.tr("Still to do before launching."), " ".join(facts.missing))
        self._show_cards(contents)
        self.table.show_lines([_line(session) for session in contents.latest])
        self.table.setFixedHeight(self.table.height_of_all())
        self._stack.setCurrentIndex(0)
        self._show_buttons()
        self._frame.update_trail()

    def _show_buttons(self) -> None:
        if self._contents is None:
            return
        state = self._contents.facts.integration.state
        is_running = self._watch.find(self._contents.facts.integration.name) is not None
        self.launch.setVisible(state is not IntegrationState.ACTIVE)
        self.launch.setText(self.tr("Resume") if state is IntegrationState.PAUSED else self.tr("Launch"))
        self.run.setVisible(state is IntegrationState.ACTIVE)
        self.pause.setVisible(state is IntegrationState.ACTIVE)
        for button in (self.run, self.preview, self.pause):
            button.setEnabled(not is_running)

    def _show_cards(self, contents: IntegrationContents) -> None:
        clear_layout(self._cards)
        theme = self._theme
        self._cards.setSpacing(theme.px(16))
        for position, card in enumerate(self._make_cards(contents)):
            self._cards.addWidget(card, position // 2, position % 2)
        for column in range(2):
            self._cards.setColumnStretch(column, 1)

    def _make_cards(self, contents: IntegrationContents) -> list[Card]:
        facts = contents.facts
        document, connector = facts.integration.document, facts.integration.connector
        yes, no = self.tr("On"), self.tr("Off")
        limits = self.tr("at most {0} %, {1} records").format(
            document.deactivate_limit_percent, document.deactivate_limit_count
        )
        details = (
            (self.tr("Vendor"), connector.title),
            (self.tr("Records"), saas_mode(document)),
            (self.tr("SaaS application"), document.application_name if document.with_saas_users else "—"),
            (self.tr("Preference"), preference(document)),
            (self.tr("Deactivate"), f"{yes} · {limits}" if document.deactivate else no),
            (self.tr("Installation type"), self.tr("Local: keys in this computer's keyring")),
        )
        tested = moment_in_words(facts.tested_at) if facts.tested_at else self.tr("never")
        credential = (
            (self.tr("Credential"), document.credential or self.tr("None chosen")),
            (self.tr("Last tested"), tested),
            *((i.label, document.inputs.get(i.key, "") or "—") for i in connector.inputs),
        )
        following = facts.standing.next_run
        schedule = (
            (self.tr("Runs"), document.schedule.in_words()),
            (self.tr("Next run"), moment_in_words(following) if following else self.tr("None before Launch")),
        )
        return [
            self._card(self.tr("Details"), details),
            self._card(self.tr("Credential"), credential),
            self._card(self.tr("Schedule"), schedule),
            self._mapping_card(contents),
        ]

    def _card(self, title: str, facts: Sequence[tuple[str, str]]) -> Card:
        card = Card(self._theme)
        card.add_title(title)
        for label, text in facts:
            row = Row(self._theme, gap=8)
            name = PlainLabel(label, "body", "muted")
            name.setFixedWidth(self._theme.px(_LABEL_WIDTH))
            row.addWidget(name)
            row.addWidget(PlainLabel(text, elided=True), 1)
            card.body.addLayout(row)
        card.body.addStretch(1)
        return card

    def _mapping_card(self, contents: IntegrationContents) -> Card:
        document, connector = contents.facts.integration.document, contents.facts.integration.connector
        card = Card(self._theme)
        card.add_title(self.tr("Mapping"))
        for line in document.mapping:
            field = connector.find_field(line.source) if line.source else None
            source = f"“{line.value}”" if line.source is None else (field.label if field is not None else line.source)
            target = contents.labels.get((line.object.value, line.target), line.target)
            row = Row(self._theme, gap=8)
            name = PlainLabel(source, "body", "muted", elided=True)
            name.setFixedWidth(self._theme.px(_LABEL_WIDTH))
            row.addWidget(name)
            row.addWidget(PlainLabel(f"→  {target}", elided=True), 1)
            if line.sync_key is not None:
                row.addWidget(Tag(self._theme, self.tr("Sync key {0}").format(line.sync_key), "accent", "key"))
            card.body.addLayout(row)
        card.body.addStretch(1)
        return card

    def _show_failure(self, sentence: str) -> None:
        self._nothing.say(Emptiness.LOAD_FAILED, self.tr("This could not be read"), sentence)
        self._stack.setCurrentWidget(self._nothing)

    # What happens

    def _run(self) -> None:
        self._start(RunOptions())

    def _preview(self) -> None:
        self._start(RunOptions(preview=True))

    def _start(self, options: RunOptions) -> None:
        contents, services = self._contents, self._services
        if contents is None:
            return
        integration = contents.facts.integration

        def work(tell: Tell, stop: threading.Event) -> SyncResult:
            newest = integrations.find_integration(services.store, integration.name)
            return run_integration(services.store, services.vault, newest, options, tell, stop)

        job = self._frame.start_job(work, integration.name, about(integration.id))
        if job is not None:
            self._watch.note_started(job, integration.name)

    def _launch(self) -> None:
        contents, services = self._contents, self._services
        if contents is None:
            return
        if contents.facts.missing:
            self._frame.toast(" ".join(contents.facts.missing), "warn", seconds=12)
            return
        name = contents.facts.integration.name
        self._reading.ask(
            "launch",
            lambda _stop: integrations.launch(
                services.store, integrations.find_integration(services.store, name), services.vault.known()
            ),
            lambda _launched: self.refresh(),
            self._complain,
        )

    def _pause(self) -> None:
        contents, store = self._contents, self._services.store
        if contents is not None:
            name = contents.facts.integration.name
            self._reading.ask(
                "pause",
                lambda _stop: integrations.pause(store, integrations.find_integration(store, name)),
                lambda _paused: self.refresh(),
                self._complain,
            )

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")

    def _ask_where_to_save(self) -> None:
        if self._contents is None:
            return
        from saasdesk.reports.csv_export import safe_file_name

        document = self._contents.facts.integration.document
        suggested = str(self._services.profile.exports / safe_file_name(document.name, ".toml"))
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save the integration"), suggested, "TOML (*.toml)")
        if chosen:
            self._reading.ask(
                "save",
                lambda _stop: Path(chosen).write_text(to_toml(document), encoding="utf-8"),
                lambda _written: self._frame.toast(self.tr("Saved; no key is in the file."), "ok"),
                self._complain,
            )


def _line(session: SessionRow) -> Line:
    return Line(
        (
            Cell(moment_in_words(session.started_at)),
            Cell(kind_of_session(session), "muted"),
            Cell(status=status_of_run(session.status)),
            Cell(changes_in_words(session.counts)),
            Cell(session.message, "muted"),
        ),
        session.id,
    )

"""The mapping of one integration, edited by drag or by keyboard, and saved with UPDATE."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.connectors import CONNECTOR_SYNC_TIME
from saasdesk.fields import FieldType, ObjectKind
from saasdesk.fields.custom_objects.objects import list_lookups
from saasdesk.fields.rows import list_fields
from saasdesk.mapping.editing import Place
from saasdesk.mapping.preview import MappingPreview, MappingReport
from saasdesk.mapping.smart import Choice
from saasdesk.services import Services
from saasdesk.store.variables import list_variables
from saasdesk.sync import integrations
from saasdesk.sync.drafts import FOLDER, Draft, Drafts
from saasdesk.sync.integration import CustomSource, Integration, IntegrationDocument, IntegrationState, NewFieldRow
from saasdesk.sync.mapping_matrix import WRITTEN_BY_RUNS
from saasdesk.sync.preparation import filled_inputs
from saasdesk.sync.samples import MANY, read_records, stored_records
from saasdesk.ui.mapping_editor.board import BoardState, MappingBoard, SourceItem, Surroundings
from saasdesk.ui.mapping_editor.editor import MappingEditor
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.integrations.decisions import Decisions
from saasdesk.ui.pages.integrations.moments import moment_within
from saasdesk.ui.pages.integrations.reading import Reading
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.runs import PREVIEW, Runs
from saasdesk.ui.pages.integrations.tile_facts import TileFacts, read_tiles, state_in_words
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, clear_layout
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.question import Question
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.status_word import StatusWord, status
from saasdesk.ui.window_memory import Memory

# A copy is kept soon after the last edit: a crash costs a breath, not an hour.
_RECOVERY_MILLISECONDS = 2_000


@dataclass(frozen=True, slots=True)
class MappingContents:
    """One integration's mapping with everything around it."""

    facts: TileFacts
    surroundings: Surroundings
    state: BoardState
    records: tuple[dict[str, Any], ...]
    past: tuple[Choice, ...]
    draft: Draft | None


def read_mapping(services: Services, number: int, drafts: Drafts, stop: threading.Event) -> MappingContents | None:
    """Read what the editor needs; None when the integration was deleted."""
    facts = next((tile for tile in read_tiles(services, stop) if tile.integration.id == number), None)
    if facts is None:
        return None
    store, integration = services.store, facts.integration
    document = integration.document
    credential = next((c for c in services.vault.list() if c.name.casefold() == document.credential.casefold()), None)
    inputs = filled_inputs(store, document, credential.inputs if credential is not None else {})
    context = {f"connect:{key}": value for key, value in inputs.items()}
    context["connect:credentials"] = document.credential
    if facts.standing.last is not None:
        context[CONNECTOR_SYNC_TIME] = facts.standing.last.started_at
    with store.reading() as db:
        kinds = (ObjectKind.ASSETS,) if document.loads_assets else (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS)
        targets = [field for kind in kinds for field in list_fields(db, kind)]
    around = Surroundings(
        connector=integration.connector,
        targets=tuple(
            t for t in targets if not (t.object is not ObjectKind.PEOPLE and t.external_id in WRITTEN_BY_RUNS)
        ),
        variables={variable.key: variable.value for variable in list_variables(store) if not variable.is_secret},
        context=context,
        with_saas_users=document.with_saas_users,
        main_kind=document.main_kind,
        lookups=tuple(list_lookups(store)),
    )
    return MappingContents(
        facts,
        around,
        state_of(document),
        tuple(stored_records(store, integration)),
        tuple(_past(integrations.list_integrations(store), integration)),
        drafts.find(integration),
    )


def state_of(document: IntegrationDocument) -> BoardState:
    """A document's mapping as the editor holds it."""
    custom = tuple(
        SourceItem(source.source, source.label, FieldType.SHORT_TEXT, is_custom=True)
        for source in document.custom_sources
    )
    return BoardState(tuple(document.mapping), (), custom)


def with_state(document: IntegrationDocument, state: BoardState) -> IntegrationDocument:
    """The document with what the editor holds."""
    asked = {(row.object, row.label.casefold()) for row in document.fields}
    new = tuple(
        NewFieldRow(
            object=field.object.value,  # type: ignore[arg-type]  # people or SaaS users, by the form
            label=field.label,
            type=field.type,
            unique=field.unique,
            custom_object=field.lookup.custom_object if field.type is FieldType.CUSTOM_OBJECT and field.lookup else "",
        )
        for field in state.new_fields
        if (field.object.value, field.label.casefold()) not in asked
    )
    custom = tuple(CustomSource(label=item.label, source=item.id) for item in state.custom)
    return document.model_copy(
        update={"mapping": state.rows, "fields": (*document.fields, *new), "custom_sources": custom}
    )


def _past(known: Sequence[Integration], this: Integration) -> Sequence[Choice]:
    """What was chosen for this vendor elsewhere, and what its article suggests."""
    of_others = [
        Choice(row.source, row.object, row.target)
        for other in known
        if other.id != this.id and other.document.connector == this.document.connector
        for row in other.document.mapping
        if row.source is not None
    ]
    of_article = [
        Choice(row.source, ObjectKind(row.object), row.target)
        for row in this.connector.default_mapping
        if row.source is not None
    ]
    return list(dict.fromkeys([*of_others, *of_article]))


class MappingPage(QWidget):
    """`open(3)` shows the mapping of integration 3, `open((3, place))` goes to that field; leaving changes asks."""

    title = "Mapping"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        readers: TableReaders,
        watch: RunWatch,
        memory: Memory,
    ) -> None:
        super().__init__()
        self._services, self._frame, self._theme, self._readers = services, frame, theme, readers
        self._memory = memory
        self._drafts = Drafts(services.profile.folder / FOLDER)
        self._reading = Reading(readers, self)
        self._decisions = Decisions(services, frame, theme, readers, self)
        self._runs = Runs(services, frame, watch, self)
        self._number: int | None = None
        self._wanted_place: Place | None = None
        self._contents: MappingContents | None = None
        self._recovered: Draft | None = None
        self.editor: MappingEditor | None = None
        self._question: Question | None = None
        self._build()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_RECOVERY_MILLISECONDS)
        self._soon.timeout.connect(self._keep_draft)
        self._decisions.done.connect(self.refresh)

    # What the frame asks

    def refresh(self) -> None:
        """Read the integration again; edits that are not saved stay."""
        wanted, services, drafts = self._number, self._services, self._drafts
        if wanted is not None:
            self._reading.ask(
                "mapping", lambda stop: read_mapping(services, wanted, drafts, stop), self._show, self._show_failure
            )

    def open(self, argument: object) -> None:
        """Show the mapping of the integration of this number; (number, place) stands at that field."""
        self._frame.need_width(needed=True)
        number, self._wanted_place = argument if isinstance(argument, tuple) else (argument, None)
        if isinstance(number, int) and number != self._number:
            self._number = number
            self._drop_editor()
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """Integrations, the integration, its mapping."""
        name = self._contents.facts.integration.name if self._contents is not None else self.tr("Integration")
        return (
            Crumb(self.tr("Integrations"), "integrations"),
            Crumb(name, "integration", self._number),
            Crumb(self.tr("Mapping")),
        )

    def commands(self) -> Sequence[Command]:
        """What can be done with the mapping."""
        if self.editor is None:
            return ()
        return (
            Command(self.tr("Update the mapping"), self.save, "Ctrl+S", "save", "File"),
            Command(self.tr("Smart Mapping"), self.editor.find_matches, "", "smart", "Edit"),
            Command(self.tr("Add new field…"), lambda: self._with_editor("field"), "", "plus", "Edit"),
            Command(self.tr("Add custom field…"), lambda: self._with_editor("source"), "", "code", "Edit"),
        )

    def panes(self) -> Sequence[QWidget]:
        """The two tables, for F6."""
        return self.editor.panes() if self.editor is not None else ()

    def may_leave(self) -> bool:
        """Save, discard or stay; asked only where there is something to lose."""
        if self.editor is None or not self.editor.board.is_dirty:
            return True
        stay = OutlinedButton(self._theme, self.tr("Stay"))
        discard = OutlinedButton(self._theme, self.tr("Discard the changes"))
        save = PrimaryButton(self._theme, self.tr("Update"))
        answers: list[str] = []
        discard.clicked.connect(lambda: answers.append("discard"))
        save.clicked.connect(lambda: answers.append("save"))
        title = self.tr("The mapping has changes that are not saved")
        text = self.tr("Update keeps them, and the next run uses them. Discard goes back to what was saved.")
        self._question = Question(self._theme, title, text, [stay, discard, save], parent=self)
        self._question.exec()
        self._question.deleteLater()
        if answers == ["save"]:
            return self._save_and_wait()
        if answers == ["discard"]:
            self._discard()
            return True
        return False

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("mapping-page")
        self.header = PageHeader(theme, self.tr("Mapping"))
        self.state = StatusWord(theme, status("draft"))
        self.header.add_beside(self.state)
        self.discard = OutlinedButton(theme, self.tr("Discard"))
        self.discard.clicked.connect(self._on_discard)
        self.launch = OutlinedButton(theme, self.tr("Launch"), "play")
        self.launch.clicked.connect(self._on_launch)
        self.update_button = PrimaryButton(theme, self.tr("UPDATE"), "save")
        self.update_button.clicked.connect(self.save)
        self.header.add_actions(self.discard, self.launch, self.update_button)
        self._banner = Banner(theme, "info")
        self._banner.hide()
        self._holder = Column(theme, gap=0)
        content = QWidget()
        column = Column(theme, gap=0)
        head = Column(theme, gap=8, margins=(24, 8, 24, 0))
        head.addWidget(self.header)
        head.addWidget(self._banner)
        column.addLayout(head)
        column.addLayout(self._holder, 1)
        content.setLayout(column)
        self._nothing = EmptyState(theme, Emptiness.LOAD_FAILED, self.tr("This could not be read"))
        self._stack = QStackedWidget()
        self._stack.addWidget(content)
        self._stack.addWidget(self._nothing)
        whole = Column(theme, gap=0)
        whole.addWidget(self._stack)
        self.setLayout(whole)

    # Showing

    def _show(self, contents: MappingContents | None) -> None:
        if contents is None:
            self._contents = None
            self._drop_editor()
            self._show_failure(self.tr("This integration was deleted."))
            return
        self._contents = contents
        self._stack.setCurrentIndex(0)
        if self.editor is None:
            self._make_editor(contents)
        elif not self.editor.board.records and contents.records:
            self.editor.board.set_records(contents.records)
        self._show_state()
        self._frame.update_trail()
        if self._wanted_place is not None and self.editor is not None:
            self.editor.go_to(self._wanted_place)
            self._wanted_place = None

    def _make_editor(self, contents: MappingContents) -> None:
        board = MappingBoard(contents.surroundings, contents.state, self)
        self.editor = MappingEditor(self._theme, board, self._rejections(), contents.past)
        board.set_records(contents.records)
        board.changed.connect(self._on_edited)
        self.editor.said.connect(self._frame.say)
        self.editor.records_wanted.connect(self._read_records)
        self.editor.check_wanted.connect(self._check_all)
        self.editor.learned.connect(self._remember)
        self._holder.addWidget(ScrollArea(self.editor))
        self._offer_draft(contents)

    def _drop_editor(self) -> None:
        if self.editor is not None:
            self.editor.board.deleteLater()
            clear_layout(self._holder)
            self.editor = None
        self._banner.hide()

    def _show_state(self) -> None:
        contents, editor = self._contents, self.editor
        if contents is None or editor is None:
            return
        integration = contents.facts.integration
        is_dirty = editor.board.is_dirty
        self.header.title.set_text(self.tr("Mapping of {0}").format(integration.name))
        self.state.set_status(state_in_words(contents.facts))
        blockers = editor.board.blockers
        words = ""
        if is_dirty:
            words = self.tr("not saved yet")
        elif blockers:
            words = self.tr("{0} items remain").format(blockers) if blockers > 1 else self.tr("1 item remains")
        self.header.set_subtitle(words)
        self.update_button.setEnabled(is_dirty)
        self.discard.setEnabled(is_dirty)
        self.launch.setVisible(integration.state is IntegrationState.DRAFT)

    def _show_failure(self, sentence: str) -> None:
        back = OutlinedButton(self._theme, self.tr("All integrations"))
        back.clicked.connect(lambda: self._frame.navigate("integrations"))
        self._nothing.say(Emptiness.LOAD_FAILED, self.tr("There is nothing to show"), sentence, (back,))
        self._stack.setCurrentWidget(self._nothing)

    # Saving

    def save(self) -> None:
        """Keep the mapping; the next run uses it."""
        self._save(lambda _problem: None)

    def _save(self, then: Callable[[str], object]) -> None:
        """Write in a worker what the editor holds; `then` hears why it was not kept, or nothing."""
        contents, editor = self._contents, self.editor
        if contents is None or editor is None or not editor.board.is_dirty:
            then("")
            return
        integration, store, drafts, state = (
            contents.facts.integration,
            self._services.store,
            self._drafts,
            editor.board.state,
        )

        def work(_stop: threading.Event) -> None:
            newest = integrations.find_integration(store, integration.name)
            integrations.save_integration(store, with_state(newest.document, state), replaces=integration.name)
            drafts.discard(integration)

        def kept(_none: None) -> None:
            self._soon.stop()
            editor.board.note_saved(state)
            self._banner.hide()
            self._frame.toast(self.tr("The mapping of “{0}” is updated.").format(integration.name), "ok")
            self.refresh()
            then("")

        def refused(sentence: str) -> None:
            self._frame.toast(sentence, "error", seconds=12)
            then(sentence)

        self._reading.ask("save", work, kept, refused)

    def _save_and_wait(self) -> bool:
        """The same for somebody who leaves: the window works on, but the page stays until it is known."""
        loop = QEventLoop()
        answers: list[str] = []

        def heard(problem: str) -> None:
            answers.append(problem)
            loop.quit()

        self._save(heard)
        if not answers:
            loop.exec()
        return answers == [""]

    def _on_launch(self) -> None:
        """What keeps it from being launched comes first; then the plan of its first run, on which Launch stands."""
        contents, editor = self._contents, self.editor
        if contents is None or editor is None:
            return
        if editor.board.blockers:
            editor.problems.walk(1)
            return
        integration = contents.facts.integration

        def look_at_plan() -> None:
            self._runs.start(integration, PREVIEW)

        self._save(lambda problem: None if problem else self._decisions.plan_launch(integration, look_at_plan))

    def _on_discard(self) -> None:
        self._discard()

    def _discard(self) -> None:
        contents, editor = self._contents, self.editor
        if contents is None or editor is None:
            return
        self._soon.stop()
        self._drafts.discard(contents.facts.integration)
        while editor.board.is_dirty and editor.board.undo_stack.canUndo():
            editor.board.undo_stack.undo()
        self._show_state()

    # Recovery

    def _on_edited(self) -> None:
        self._show_state()
        self._soon.start()

    def _keep_draft(self) -> None:
        contents, editor = self._contents, self.editor
        if contents is None or editor is None:
            return
        integration, drafts = contents.facts.integration, self._drafts
        if not editor.board.is_dirty:
            drafts.discard(integration)
            return
        document = with_state(integration.document, editor.board.state)
        self._readers.start(lambda _tell, _stop: drafts.keep(integration, document), "draft")

    def _offer_draft(self, contents: MappingContents) -> None:
        self._recovered = contents.draft
        if contents.draft is None:
            return
        restore = OutlinedButton(self._theme, self.tr("Restore"))
        restore.clicked.connect(self._restore_draft)
        forget = OutlinedButton(self._theme, self.tr("Discard"))
        forget.clicked.connect(self._forget_draft)
        when = moment_within(contents.draft.edited_at)
        lead = self.tr("Edits of {0} were not saved.").format(when)
        changed = contents.draft.version != contents.facts.integration.version
        text = self.tr("Somebody has changed the integration since.") if changed else ""
        self._banner.say("info", lead, text, (forget, restore))
        self._banner.show()

    def _restore_draft(self) -> None:
        if self._recovered is not None and self.editor is not None:
            state = state_of(self._recovered.document)
            self.editor.board.replace_all(self.tr("Restore what was not saved"), state)
        self._banner.hide()

    def _forget_draft(self) -> None:
        if self._contents is not None:
            self._drafts.discard(self._contents.facts.integration)
        self._banner.hide()

    # Records

    def _read_records(self) -> None:
        contents, services = self._contents, self._services
        if contents is None:
            return
        integration = contents.facts.integration
        self._frame.say(self.tr("Reading up to 50 records of {0}…").format(integration.name))
        self._reading.ask(
            "records",
            lambda stop: read_records(services.store, services.vault, integration, lambda _news: None, stop),
            self._take_records,
            lambda sentence: self._frame.toast(sentence, "error", seconds=12),
        )

    def _take_records(self, records: list[dict[str, Any]]) -> None:
        if self.editor is not None:
            self.editor.board.set_records(records)
            self._frame.say(self.tr("{0} records read; none of them is kept.").format(len(records)))

    def _check_all(self) -> None:
        """Try every line on every record that the last run kept, or on those read just now; or end that."""
        contents, editor, services = self._contents, self.editor, self._services
        if contents is None or editor is None:
            return
        if self._reading.is_waiting("check"):
            self._reading.forget("check")
            editor.note_checking(is_checking=False)
            self._frame.say(self.tr("The check was cancelled."))
            return
        integration, board = contents.facts.integration, editor.board
        preview, context, at_hand = board.preview(), board.around.context, board.records

        def work(stop: threading.Event) -> tuple[MappingPreview, MappingReport]:
            records = stored_records(services.store, integration, MANY) or list(at_hand)
            return preview, preview.check(records, context, stop)

        def failed(sentence: str) -> None:
            editor.note_checking(is_checking=False)
            self._frame.toast(sentence, "error")

        self._frame.say(self.tr("Checking all records…"))
        editor.note_checking(is_checking=True)
        self._reading.ask("check", work, self._take_report, failed)

    def _take_report(self, answer: tuple[MappingPreview, MappingReport]) -> None:
        if self.editor is not None:
            self.editor.note_checking(is_checking=False)
            self.editor.board.take_report(*answer)
            self._frame.say("")

    # What was rejected is remembered for the vendor

    def _rejections(self) -> list[Choice]:
        kept = self._memory.load().get(self._memory_key(), [])
        return [Choice(source, ObjectKind(kind), target) for source, kind, target in kept]

    def _remember(self, choices: list[Choice]) -> None:
        kept = self._memory.load()
        known = {tuple(each) for each in kept.get(self._memory_key(), [])}
        known |= {(choice.source, choice.object.value, choice.target) for choice in choices}
        self._memory.save({**kept, self._memory_key(): sorted(list(each) for each in known)})

    def _memory_key(self) -> str:
        return self._contents.facts.integration.connector.key if self._contents is not None else ""

    def _with_editor(self, what: str) -> None:
        if self.editor is not None:
            if what == "field":
                self.editor.ask_for_field("")
            else:
                self.editor.ask_for_source()

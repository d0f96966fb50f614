"""The mapping of one integration, edited by drag or by keyboard, and saved with UPDATE."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from saasdesk.fields import ObjectKind
from saasdesk.mapping.editing import Place
from saasdesk.mapping.preview import MappingPreview, MappingReport
from saasdesk.mapping.smart import Choice
from saasdesk.services import Services
from saasdesk.sync import integrations
from saasdesk.sync.integration import IntegrationDocument, IntegrationState
from saasdesk.sync.samples import MANY, read_records, stored_records
from saasdesk.sync.unsaved import unsaved_mappings
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.mapping_editor.editor import MappingEditor
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.integrations.decisions import Decisions
from saasdesk.ui.pages.integrations.mapping_contents import MappingContents, read_mapping, state_of, with_state
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.runs import PREVIEW, Runs
from saasdesk.ui.pages.integrations.tile_facts import state_in_words
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.unsaved_edits import Edited, UnsavedEdits, Words
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.content_stack import ContentStack
from saasdesk.ui.widgets.layouts import Column, clear_layout
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.status_word import StatusWord, status
from saasdesk.ui.window_memory import Memory


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
        self._copies = unsaved_mappings(services.profile.folder)
        self._reading = Reading(readers, self)
        self._decisions = Decisions(services, frame, theme, readers, self)
        self._runs = Runs(services, frame, watch, self)
        self._number: int | None = None
        self._wanted_place: Place | None = None
        self._contents: MappingContents | None = None
        self.editor: MappingEditor | None = None
        self._build()
        words = Words(
            question=self.tr("The mapping has changes that are not saved"),
            explanation=self.tr("Update keeps them, and the next run uses them. Discard goes back to what was saved."),
            save=self.tr("Update"),
            changed_since=self.tr("Somebody has changed the integration since."),
        )
        self.unsaved = UnsavedEdits(self, theme, frame, readers, self._copies, self._edited, words)
        self._decisions.done.connect(self.refresh)

    # What the frame asks

    def refresh(self) -> None:
        """Read the integration again; edits that are not saved stay."""
        wanted, services, copies = self._number, self._services, self._copies
        if wanted is not None:
            self._reading.ask(
                "mapping",
                lambda stop: read_mapping(services, wanted, copies, stop),
                self._show,
                self._stack.show_nothing,
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
        return self.unsaved.ask_before_leaving(self._save, self.discard_edits)

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("mapping-page")
        self.header = PageHeader(theme, self.tr("Mapping"))
        self.state = StatusWord(theme, status("draft"))
        self.header.add_beside(self.state)
        self.discard = OutlinedButton(theme, self.tr("Discard"))
        self.discard.clicked.connect(self.discard_edits)
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
        self._stack = ContentStack(
            theme, content, self.tr("All integrations"), lambda: self._frame.navigate("integrations")
        )
        whole = Column(theme, gap=0)
        whole.addWidget(self._stack)
        self.setLayout(whole)

    # Showing

    def _show(self, contents: MappingContents | None) -> None:
        if contents is None:
            self._contents = None
            self._drop_editor()
            self._stack.show_nothing(self.tr("This integration was deleted."))
            return
        self._contents = contents
        self._stack.show_content()
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
        self._offer_copy(contents)

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
        integration, store, state = contents.facts.integration, self._services.store, editor.board.state

        def write() -> None:
            newest = integrations.find_integration(store, integration.name)
            integrations.save_integration(store, with_state(newest.document, state), replaces=integration.name)

        def kept(_none: None) -> None:
            editor.board.note_saved(state)
            self._banner.hide()
            self._frame.toast(self.tr("The mapping of “{0}” is updated.").format(integration.name), "ok")
            self.refresh()

        self.unsaved.save(integration.id, write, kept, then)

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

    def discard_edits(self) -> None:
        """Go back to what was saved."""
        contents, editor = self._contents, self.editor
        if contents is None or editor is None:
            return
        self.unsaved.discard(contents.facts.integration.id)
        while editor.board.is_dirty and editor.board.undo_stack.canUndo():
            editor.board.undo_stack.undo()
        self._show_state()

    # Recovery

    def _on_edited(self) -> None:
        self._show_state()
        self.unsaved.note_edit()

    def _edited(self) -> Edited[IntegrationDocument] | None:
        contents, editor = self._contents, self.editor
        if contents is None or editor is None:
            return None
        integration = contents.facts.integration
        document = with_state(integration.document, editor.board.state)
        return Edited(integration.id, integration.version, document, editor.board.is_dirty)

    def _offer_copy(self, contents: MappingContents) -> None:
        if contents.unsaved is not None:
            version = contents.facts.integration.version
            self.unsaved.offer(contents.unsaved, version, self._banner, self._restore_copy, self._forget_copy)
            self._banner.show()

    def _restore_copy(self, document: IntegrationDocument) -> None:
        if self.editor is not None:
            self.editor.board.replace_all(self.tr("Restore what was not saved"), state_of(document))
        self._banner.hide()

    def _forget_copy(self) -> None:
        if self._contents is not None:
            self.unsaved.discard(self._contents.facts.integration.id)
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

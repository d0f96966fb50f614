"""A CSV file whose lines become people or assets: how it is read, what its columns fill, and then its plan."""

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.jobs import Ended, Job, Message, Tell
from saasdesk.mapping.preview import MappingPreview, MappingReport
from saasdesk.services import Services
from saasdesk.sync.events import SyncResult
from saasdesk.sync.imports.csv_file import ENCODINGS, Encoding, FileFormat
from saasdesk.sync.imports.importing import FileImport, plan_import
from saasdesk.sync.imports.source import lines_until
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.mapping_editor.board import BoardState, MappingBoard
from saasdesk.ui.mapping_editor.editor import MappingEditor
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.imports.contents import ImportContents, read_import
from saasdesk.ui.pages.integrations.mapping_contents import new_fields_of
from saasdesk.ui.pages.record_list.csv_files import ask_for_csv
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.flow import Flow
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.content_stack import ContentStack
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea

# A plan is about records, but is no reason to read lists again.
_ABOUT = "import"
_DELIMITERS = (",", ";", "\t", "|")


class ImportPage(QWidget):
    """`open((kind, path))` begins the import of a file; without an argument the one that was begun is still there."""

    title = "Import"

    def __init__(self, services: Services, frame: Frame, theme: Theme, bridge: Bridge, readers: TableReaders) -> None:
        super().__init__()
        self._services, self._frame, self._theme = services, frame, theme
        self._reading = Reading(readers, self)
        self._kind = ObjectKind.PEOPLE
        self._path: Path | None = None
        self._contents: ImportContents | None = None
        self._job: Job | None = None
        self.editor: MappingEditor | None = None
        self._build()
        bridge.heard.connect(self._on_heard)

    # What the frame asks

    def refresh(self) -> None:
        """What was begun stays as it is; before anything was, there is a way to begin."""
        if self._path is None:
            self._stack.show_nothing(self.tr("Choose a CSV file from the list of people or of assets."))

    def open(self, argument: object) -> None:
        """Begin with another file."""
        self._frame.need_width(needed=True)
        match argument:
            case (ObjectKind() as kind, Path() as path) if (kind, path) != (self._kind, self._path):
                self._kind, self._path = kind, path
                self._drop_editor()
                self._read(None, None)
            case _:
                self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """The list that the lines go to, and the import."""
        return (self._list_crumb, Crumb(self.tr("Import")))

    @property
    def _list_crumb(self) -> Crumb:
        if self._kind is ObjectKind.ASSETS:
            return Crumb(self.tr("Hardware"), "hardware")
        return Crumb(self.tr("People"), "people")

    def commands(self) -> Sequence[Command]:
        """What can be done with the file."""
        if self.editor is None:
            return ()
        return (
            Command(self.tr("Preview the import"), self.plan, "Ctrl+Return", "eye", "Run"),
            Command(self.tr("Choose another file…"), self._choose, "", "folder", "File"),
            Command(self.tr("Smart Mapping"), self.editor.find_matches, "", "smart", "Edit"),
        )

    def panes(self) -> Sequence[QWidget]:
        """How the file is read, then the two tables."""
        return (self._settings, *self.editor.panes()) if self.editor is not None else ()

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("import-page")
        self.header = PageHeader(theme, self.tr("Import"))
        self.cancel = OutlinedButton(theme, self.tr("Cancel"))
        self.cancel.clicked.connect(self._on_cancel)
        self.preview = PrimaryButton(theme, self.tr("PREVIEW"), "eye")
        self.preview.clicked.connect(self.plan)
        self.header.add_actions(self.cancel, self.preview)
        self._banner = Banner(theme, "error")
        self._banner.hide()
        self._holder = Column(theme, gap=0)
        content = QWidget()
        column = Column(theme, gap=0)
        head = Column(theme, gap=8, margins=(24, 8, 24, 0))
        head.addWidget(self.header)
        head.addWidget(self._build_settings())
        head.addWidget(self._banner)
        column.addLayout(head)
        column.addLayout(self._holder, 1)
        content.setLayout(column)
        self._stack = ContentStack(theme, content, self.tr("Choose a file…"), self._choose)
        whole = Column(theme, gap=0)
        whole.addWidget(self._stack)
        self.setLayout(whole)

    def _build_settings(self) -> QWidget:
        """How the file is read, and what may come of its lines."""
        self.encoding, self.delimiter, self.preference = QComboBox(), QComboBox(), QComboBox()
        for encoding, name in ENCODINGS.items():
            self.encoding.addItem(name, encoding)
        names = (self.tr("Comma ,"), self.tr("Semicolon ;"), self.tr("Tab"), self.tr("Bar |"))
        for sign, name in zip(_DELIMITERS, names, strict=True):
            self.delimiter.addItem(name, sign)
        for key, name in (
            ("create_and_update", self.tr("Create & Update")),
            ("create_only", self.tr("Create only")),
            ("update_only", self.tr("Update only")),
        ):
            self.preference.addItem(name, key)
        self.restores = QCheckBox(self.tr("Restore archived records"))
        self.another = OutlinedButton(self._theme, self.tr("Choose another file…"), "folder")
        self.another.clicked.connect(self._choose)
        self.encoding.activated.connect(self._read_otherwise)
        self.delimiter.activated.connect(self._read_otherwise)
        # Side by side as far as there is room; with large letters one below the other.
        self._settings = Flow(self._theme, gap=12)
        parts = [
            self._labelled(self.tr("Encoding"), self.encoding),
            self._labelled(self.tr("Cells are parted by"), self.delimiter),
            self._labelled(self.tr("Preference"), self.preference),
            self.restores,
            self.another,
        ]
        for place, part in enumerate(parts):
            self._settings.insert(place, part)
        return self._settings

    def _labelled(self, label: str, field: QWidget) -> QWidget:
        caption = PlainLabel(label, "body", "muted")
        caption.setBuddy(field)
        field.setAccessibleName(label)
        row = Row(self._theme, gap=8)
        row.addWidget(caption)
        row.addWidget(field)
        both = QWidget()
        both.setLayout(row)
        return both

    # Reading the file

    def _choose(self) -> None:
        chosen = ask_for_csv(self, self._kind, self._services.profile.exports)
        if chosen is not None:
            self._frame.navigate("import", (self._kind, chosen))

    def _read(self, wanted: FileFormat | None, kept: BoardState | None) -> None:
        store, kind, path = self._services.store, self._kind, self._path
        if path is not None:
            self._reading.ask(
                "file", lambda _stop: read_import(store, kind, path, wanted, kept), self._show, self._refuse
            )

    def _read_otherwise(self) -> None:
        wanted = FileFormat(Encoding(self.encoding.currentData()), self.delimiter.currentData())
        self._read(wanted, self.editor.board.state if self.editor is not None else None)

    def _refuse(self, sentence: str) -> None:
        if self._contents is None:
            self._path = None
            self._stack.show_nothing(sentence, self.tr("This file cannot be imported"))
            return
        # It was readable before: what was mapped stays, and so does how it was read.
        self._show_format(self._contents.file.format)
        self._complain(sentence)

    def _show(self, contents: ImportContents) -> None:
        self._drop_editor()
        self._contents = contents
        is_people = contents.kind is ObjectKind.PEOPLE
        self.header.title.set_text(self.tr("Import people") if is_people else self.tr("Import assets"))
        self.header.set_subtitle(contents.file.name)
        self._show_format(contents.file.format)
        board = MappingBoard(contents.surroundings, contents.state, self)
        self.editor = MappingEditor(self._theme, board, held_up=self.tr("PREVIEW"))
        board.set_records(contents.records)
        self.editor.said.connect(self._frame.say)
        self.editor.check_wanted.connect(self._check_all)
        self._holder.addWidget(ScrollArea(self.editor))
        self._stack.show_content()
        self._frame.update_trail()

    def _show_format(self, kind: FileFormat) -> None:
        self.encoding.setCurrentIndex(self.encoding.findData(kind.encoding))
        if self.delimiter.findData(kind.delimiter) < 0:
            self.delimiter.addItem(kind.delimiter, kind.delimiter)
        self.delimiter.setCurrentIndex(self.delimiter.findData(kind.delimiter))

    def _drop_editor(self) -> None:
        self._banner.hide()
        self._contents = None
        if self.editor is not None:
            self.editor.board.deleteLater()
            clear_layout(self._holder)
            self.editor = None

    def _complain(self, sentence: str) -> None:
        self._banner.say("error", "", sentence)
        self._banner.show()

    # Trying the mapping on all lines

    def _check_all(self) -> None:
        contents, editor = self._contents, self.editor
        if contents is None or editor is None:
            return
        if self._reading.is_waiting("check"):
            self._reading.forget("check")
            editor.note_checking(is_checking=False)
            return
        preview, file = editor.board.preview(), contents.file

        def work(stop: threading.Event) -> tuple[MappingPreview, MappingReport]:
            lines = (line.values for line in lines_until(file, stop) if not line.problem)
            return preview, preview.check(lines, {}, stop)

        editor.note_checking(is_checking=True)
        self._reading.ask("check", work, self._take_report, partial(self._end_check, editor))

    def _take_report(self, answer: tuple[MappingPreview, MappingReport]) -> None:
        if self.editor is not None:
            self.editor.note_checking(is_checking=False)
            self.editor.board.take_report(*answer)

    def _end_check(self, editor: MappingEditor, sentence: str) -> None:
        editor.note_checking(is_checking=False)
        self._complain(sentence)

    # What comes of it

    def plan(self) -> None:
        """Work out what the file would change, and show it; what the mapping lacks comes first."""
        contents, editor, store = self._contents, self.editor, self._services.store
        if contents is None or editor is None or self._job is not None:
            return
        self._banner.hide()
        if editor.board.blockers:
            editor.problems.walk(1)
            return
        state = editor.board.state
        wanted = FileImport(
            contents.file,
            contents.kind,
            state.rows,
            self.preference.currentData(),
            self.restores.isChecked(),
            new_fields_of(state),
        )

        def work(tell: Tell, stop: threading.Event) -> SyncResult:
            return plan_import(store, wanted, tell, stop)

        name = self.tr("Reading {0}").format(contents.file.name)
        self._job = self._frame.start_job(work, name, _ABOUT)
        self.preview.setEnabled(self._job is None)

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._frame.cancel_job(self._job)
            return
        self._path = None
        self._drop_editor()
        self._frame.navigate(self._list_crumb.key)

    def _on_heard(self, message: Message) -> None:
        if not isinstance(message, Ended) or self._job is None or message.job != self._job:
            return
        self._job = None
        self.preview.setEnabled(True)
        if message.error is not None:
            self._complain(str(message.error))
        elif isinstance(message.result, SyncResult):
            self._take_result(message.result)

    def _take_result(self, result: SyncResult) -> None:
        if result.plan is None:
            self._complain(result.message)
        elif self.isVisible():
            self._frame.navigate("plan", result.plan)
        else:
            show = (self.tr("Show the plan"), partial(self._frame.navigate, "plan", result.plan))
            self._frame.toast(self.tr("The plan for {0} is ready.").format(result.integration), "ok", show)

"""The builder of one report: edited at the left, looked at on the right, and kept with Save."""

from collections.abc import Callable, Sequence
from time import monotonic

from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from saasdesk.reports.report.draft import ReportDraft, draft_of
from saasdesk.reports.report.reports import ReportRow, save_report
from saasdesk.services import Services
from saasdesk.store.unsaved import UnsavedCopies
from saasdesk.ui.edit_step import EditStep
from saasdesk.ui.navigation import Command, Crumb, Frame, begin_at
from saasdesk.ui.pages.reports.builder.contents import BuilderContents, read_builder
from saasdesk.ui.pages.reports.builder.form import ReportForm
from saasdesk.ui.pages.reports.builder.preview import ReportPreview
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.unsaved_edits import Edited, UnsavedEdits, Words
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.content_stack import ContentStack
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.scroll_area import ScrollArea

_FORM = 420
_UNDO_DEPTH = 500


class ReportPage(QWidget):
    """`open(3)` edits the admin's own report 3; leaving edits that are not saved asks."""

    title = "Report"

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders) -> None:
        super().__init__()
        self._services, self._frame, self._theme, self._readers = services, frame, theme, readers
        self._copies = UnsavedCopies(services.profile.folder, "report", ReportDraft)
        self._reading = Reading(readers, self)
        self._number: int | None = None
        self._contents: BuilderContents | None = None
        self._draft: ReportDraft | None = None
        self.form: ReportForm | None = None
        self.preview: ReportPreview | None = None
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(_UNDO_DEPTH)
        self._build()
        words = Words(
            question=self.tr("The report has changes that are not saved"),
            explanation=self.tr(
                "Save keeps them, and the next run asks like that. Discard goes back to what was saved."
            ),
            save=self.tr("Save"),
            changed_since=self.tr("Somebody has changed the report since."),
        )
        self.unsaved = UnsavedEdits(self, theme, frame, readers, self._copies, self._edited, words)

    # What the frame asks

    def refresh(self) -> None:
        """Read the report again; edits that are not saved stay."""
        wanted, store, copies = self._number, self._services.store, self._copies
        if wanted is not None:
            self._reading.ask(
                "builder", lambda _stop: read_builder(store, wanted, copies), self._show, self._stack.show_nothing
            )

    def open(self, argument: object) -> None:
        """Edit the report of this number."""
        self._frame.need_width(needed=True)
        if isinstance(argument, int) and argument != self._number:
            self._number, self._contents = argument, None
            self._drop()
        self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """Reports, the report."""
        name = self._contents.report.document.name if self._contents is not None else self.tr("Report")
        return (Crumb(self.tr("Reports"), "reports", name), Crumb(self.tr("Edit {0}").format(name)))

    def commands(self) -> Sequence[Command]:
        """What can be done with it."""
        if self.form is None:
            return ()
        return (
            Command(self.tr("Save the report"), self.save, "Ctrl+S", "save", "File"),
            Command(self.tr("Undo"), self.undo_stack.undo, "Ctrl+Z", "undo", "Edit"),
            Command(self.tr("Redo"), self.undo_stack.redo, "Ctrl+Y", "redo", "Edit"),
            Command(self.tr("Show the report"), self._go_back, "", "reports", "Go"),
        )

    def panes(self) -> Sequence[QWidget]:
        """What is asked, and the lines."""
        if self.form is None or self.preview is None or self.preview.table is None:
            return ()
        return (self.form, self.preview.table)

    def may_leave(self) -> bool:
        """Save, discard or stay; asked only where there is something to lose."""
        return not self.is_dirty or self.unsaved.ask_before_leaving(self._save, self.discard_edits)

    @property
    def is_dirty(self) -> bool:
        """Whether there is something to save."""
        contents = self._contents
        return contents is not None and self._draft is not None and self._draft != draft_of(contents.report.document)

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("report-page")
        self.header = PageHeader(theme, self.tr("Report"))
        self.undo = IconButton(theme, "undo", self.tr("Undo"), shortcut="Ctrl+Z", outlined=True, tone="text")
        self.undo.clicked.connect(self.undo_stack.undo)
        self.redo = IconButton(theme, "redo", self.tr("Redo"), shortcut="Ctrl+Y", outlined=True, tone="text")
        self.redo.clicked.connect(self.undo_stack.redo)
        self.discard = OutlinedButton(theme, self.tr("Discard"))
        self.discard.clicked.connect(self.discard_edits)
        self.done = OutlinedButton(theme, self.tr("Show the report"), "reports")
        self.done.clicked.connect(self._go_back)
        self.save_button = PrimaryButton(theme, self.tr("Save"), "save")
        self.save_button.clicked.connect(self.save)
        self.header.add_actions(self.undo, self.redo, self.discard, self.done, self.save_button)
        self.header.let_give_way(self.undo, self.redo)
        self.banner = Banner(theme, "info")
        self.banner.hide()
        head = Column(theme, gap=8, margins=(24, 8, 24, 12))
        head.addWidget(self.header)
        head.addWidget(self.banner)
        self._left, self._right = Column(theme, gap=0), Column(theme, gap=0)
        self._side = QWidget()
        self._side.setLayout(self._left)
        row = Row(theme, gap=0)
        row.addWidget(self._side)
        row.addWidget(Line(theme, upright=True))
        row.addLayout(self._right, 1)
        column = Column(theme, gap=0)
        column.addLayout(head)
        column.addWidget(Line(theme))
        column.addLayout(row, 1)
        content = QWidget()
        content.setLayout(column)
        self._stack = ContentStack(theme, content, self.tr("All reports"), lambda: self._frame.navigate("reports"))
        whole = Column(theme, gap=0)
        whole.addWidget(self._stack)
        self.setLayout(whole)
        self._fit()
        theme.changed.connect(self._fit)

    def _fit(self) -> None:
        self._side.setFixedWidth(self._theme.px(_FORM))

    # Showing

    def _show(self, contents: BuilderContents | None) -> None:
        if contents is None:
            self._contents = None
            self._drop()
            self._stack.show_nothing(self.tr("This report was deleted."))
            return
        before = self._contents
        is_dirty = self.is_dirty
        self._contents = contents
        self._stack.show_content()
        is_other = before is not None and before.report.document != contents.report.document
        if self.form is not None and is_other and not is_dirty:
            # Kept elsewhere meanwhile, for example by the command line.
            self._drop()
        if self.form is None:
            self._make(contents)
        elif is_other:
            lead = self.tr("This report was changed elsewhere meanwhile.")
            self.banner.say("warn", lead, self.tr("Save keeps yours instead; nothing of theirs is merged."))
            self.banner.show()
        if self.preview is not None and self.preview.document is not None:
            self.preview.refresh()
        self._show_state()
        self._frame.update_trail()

    def _make(self, contents: BuilderContents) -> None:
        draft = self._draft = draft_of(contents.report.document)
        self.form = ReportForm(self._theme, contents.columns, draft)
        self.form.edited.connect(self._on_edited)
        self._left.addWidget(ScrollArea(self.form))
        self.preview = ReportPreview(self._services.store, self._frame, self._theme, self._readers, draft)
        self._right.addWidget(self.preview)
        begin_at(self, self.form.name)
        if contents.unsaved is not None:
            self.unsaved.offer(
                contents.unsaved, contents.report.version, self.banner, self._restore_copy, self._forget_copy
            )
            self.banner.show()

    def _drop(self) -> None:
        self.unsaved.rest()
        self.undo_stack.clear()
        self.form = self.preview = self._draft = None
        clear_layout(self._left)
        clear_layout(self._right)
        self.banner.hide()

    def _show_state(self) -> None:
        contents, is_dirty = self._contents, self.is_dirty
        if contents is not None:
            self.header.title.set_text(contents.report.document.name)
        self.header.set_subtitle(self.tr("not saved yet") if is_dirty else "")
        self.save_button.setEnabled(is_dirty)
        self.discard.setEnabled(is_dirty)
        self.undo.setEnabled(self.undo_stack.canUndo())
        self.redo.setEnabled(self.undo_stack.canRedo())

    def _go_back(self) -> None:
        if self._contents is not None:
            self._frame.navigate("reports", self._contents.report.document.name)

    # Editing

    def _on_edited(self, draft: ReportDraft, step: str, merge: str) -> None:
        if self._draft is not None:
            self.undo_stack.push(EditStep(step, self._take_over, self._draft, draft, merge, monotonic()))

    def _take_over(self, draft: ReportDraft) -> None:
        self._draft = draft
        if self.form is not None and self.preview is not None:
            self.form.show_draft(draft)
            self.preview.show_draft(draft)
        self._show_state()
        self.unsaved.note_edit()

    def discard_edits(self) -> None:
        """Go back to what was saved; that can be undone like any edit."""
        contents = self._contents
        if contents is None or self._draft is None:
            return
        self.unsaved.discard(contents.report.id)
        self._on_edited(draft_of(contents.report.document), self.tr("Discard"), "")

    # Saving

    def save(self) -> None:
        """Keep the report; the next run asks like that."""
        self._save(lambda _problem: None)

    def _save(self, then: Callable[[str], object]) -> None:
        contents, draft, store = self._contents, self._draft, self._services.store
        if contents is None or draft is None or not self.is_dirty:
            then("")
            return

        def write() -> ReportRow:
            return save_report(store, contents.report.id, draft.document())

        def kept(saved: ReportRow) -> None:
            self._contents = BuilderContents(saved, contents.columns, None)
            self.banner.hide()
            if self._draft == draft:
                self._take_over(draft_of(saved.document))
            self._frame.say(self.tr("Saved."))
            self._show_state()
            self._frame.update_trail()

        self.unsaved.save(contents.report.id, write, kept, then)

    def _edited(self) -> Edited[ReportDraft] | None:
        contents, draft = self._contents, self._draft
        if contents is None or draft is None:
            return None
        return Edited(contents.report.id, contents.report.version, draft, self.is_dirty)

    def _restore_copy(self, draft: ReportDraft) -> None:
        """Go on with what a crash has left behind; it can be undone."""
        self._on_edited(draft, self.tr("Restore what was not saved"), "")
        self.banner.hide()

    def _forget_copy(self) -> None:
        if self._contents is not None:
            self.unsaved.discard(self._contents.report.id)
        self.banner.hide()

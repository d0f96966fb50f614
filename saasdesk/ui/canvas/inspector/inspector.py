"""The pane at the right: title, help, settings and outlets of the selected block, or the workflow's own details."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from saasdesk.errors import UserError
from saasdesk.ui.canvas.faces import face_of
from saasdesk.ui.canvas.inspector.around import Around
from saasdesk.ui.canvas.inspector.block_form import BlockForm
from saasdesk.ui.canvas.inspector.details import DetailsForm
from saasdesk.ui.canvas.inspector.extra import Extra
from saasdesk.ui.canvas.inspector.extras import make_extra
from saasdesk.ui.canvas.inspector.names import Names, names_of
from saasdesk.ui.canvas.inspector.outlets import Outlets
from saasdesk.ui.canvas.inspector.tab_order import put_in_order, stops_in
from saasdesk.ui.canvas.inspector.trial import Bench
from saasdesk.ui.canvas.inspector.vendor_fields import title_with_preset
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.harm import Harm
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.workflows.blocks import KINDS
from saasdesk.workflows.editing import rename_outlets, retitle, title_of, with_settings
from saasdesk.workflows.graph import LONGEST_NAME, Block
from saasdesk.workflows.scope import form_of, seen_from
from saasdesk.workflows.validation import Problem

_NARROWEST = 220
_UNDO, _REDO = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo


class Inspector(QWidget):
    """A view of the model: every field edits the document, and shows what the document has after undo and redo."""

    def __init__(self, theme: Theme, model: WorkflowModel, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._model, self._around = theme, model, around
        self._shown = ""
        self._extra: Extra | None = None
        self._bench = Bench()
        self._stops: tuple[QWidget, ...] = ()
        self.setObjectName("inspector")
        theme.changed.connect(self._rescale)
        self._rescale()
        self.setAccessibleName(self.tr("Settings of the selected block"))
        self._build()
        self._connect()
        self.refresh()

    @property
    def extra(self) -> Extra | None:
        """What the kind of block has besides its form: the records that match, a request to test."""
        return self._extra

    def refresh(self) -> None:
        """Show the document and the world as they are now."""
        block = self._model.current
        if block is None:
            self._show_workflow()
        else:
            self._show_block(block)

    def focus_field(self, key: str = "") -> None:
        """Take the keyboard to a setting of the selected block: by key, else the first with a fault, else its name."""
        current = self._model.current
        first = self.form.first_fault or ("text" if current is not None and current.is_comment else "")
        if not self.form.focus_field(key or first):
            (self.title if self.title.isVisibleTo(self) else self.details).setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, edge = QPainter(self), self._theme.edge
        painter.fillRect(self.rect(), self._theme.color("surface"))
        left = self.width() - edge if self.isRightToLeft() else 0
        painter.fillRect(left, 0, edge, self.height(), self._theme.color("line-strong"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Undo and redo are the workflow's, wherever the keyboard is; the wheel scrolls and changes no setting."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QComboBox | QAbstractSpinBox):
            if not watched.hasFocus():
                event.ignore()
                return True
            return super().eventFilter(watched, event)
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            is_undo, is_redo = event.matches(_UNDO), event.matches(_REDO)
            if is_undo or is_redo:
                if event.type() == QEvent.Type.KeyPress:
                    (self._model.undo_stack.undo if is_undo else self._model.undo_stack.redo)()
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _rescale(self) -> None:
        self.setMinimumWidth(self._theme.px(_NARROWEST))

    def _build(self) -> None:
        theme = self._theme
        self._icon = IconLabel(theme, "workflows", size=20)
        self._heading = PlainLabel("", "section", elided=True)
        self._kind = PlainLabel("", "secondary", "muted", elided=True)
        words = Column(theme, gap=0)
        words.addWidget(self._heading)
        words.addWidget(self._kind)
        head = Row(theme, gap=12, margins=(16, 12))
        head.addWidget(self._icon)
        head.addLayout(words, 1)
        self._banner = Banner(theme, "error")
        self._help = Paragraph(theme, role="secondary", tone="muted")
        self.title = QLineEdit()
        self.title.setMaxLength(LONGEST_NAME)
        self._title_label = PlainLabel(self.tr("Block name"), "heading")
        self._title_label.setBuddy(self.title)
        self.title.setAccessibleName(self.tr("Name of the block"))
        self.form = BlockForm(theme, self._around)
        self._problems = Paragraph(theme, role="secondary", tone="error")
        self.outlets = Outlets(theme, self._model)
        self.details = DetailsForm(theme, self._model)
        self._body = Column(theme, gap=16, margins=(16, 12, 16, 16))
        name = Column(theme, gap=4)
        name.addWidget(self._title_label)
        name.addWidget(self.title)
        self._title_error = InlineError(theme, self.title)
        name.addWidget(self._title_error)
        self._body.addWidget(self._banner)
        self._body.addWidget(self._help)
        self._body.addWidget(self._problems)
        self._body.addLayout(name)
        self._body.addWidget(self.form)
        self._body.addWidget(self.details)
        self._place_of_extra = self._body.count()
        self._body.addWidget(self.outlets)
        self._body.addStretch(1)
        content = QWidget()
        content.setLayout(self._body)
        self._scroll = ScrollArea(content)
        content.setAutoFillBackground(False)
        whole = Column(theme, gap=0)
        whole.addLayout(head)
        whole.addWidget(Line(theme))
        whole.addWidget(self._scroll, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self._model.changed.connect(self.refresh)
        self._model.selected.connect(self.refresh)
        self._model.problems_changed.connect(self._show_problems)
        self.title.textChanged.connect(self._on_title)
        self.form.edited.connect(self._on_edited)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and self.isAncestorOf(old):
            self._model.end_merge()
        if new is not None and self.isAncestorOf(new):
            if isinstance(new, QLineEdit | QPlainTextEdit):
                new.installEventFilter(self)
            # What is pressed with the mouse stays under it: a button that moved away would not notice the press end.
            if QApplication.mouseButtons() == Qt.MouseButton.NoButton:
                self._scroll.ensureWidgetVisible(new, 0, self._theme.px(24))

    def _show_workflow(self) -> None:
        count = len(self._model.selection)
        is_alone = count == 0
        self._heading.set_text(self._model.document.name if is_alone else self.tr("{0} blocks").format(count))
        self._kind.set_text(self.tr("Workflow") if is_alone else self.tr("selected"))
        self._icon.set_icon("workflows", "muted")
        words = (
            self.tr("Select a block to see its settings.")
            if is_alone
            else self.tr("Settings are shown for one block at a time.")
        )
        self._help.set_runs(words)
        self._shown = ""
        self._set_extra(None)
        self._title_error.clear()
        for widget in (self._banner, self._problems, self._title_label, self.title, self.form, self.outlets):
            widget.hide()
        self._help.show()
        self.details.setVisible(is_alone)
        self.details.refresh()

    def _show_block(self, block: Block) -> None:
        kind, document, world = KINDS.get(block.kind), self._model.document, self._model.world
        self.details.hide()
        self._heading.set_text(title_of(block))
        self._kind.set_text(block.kind if kind is None else kind.title if block.title else kind.group.value)
        face = face_of(block, world)
        self._icon.set_icon(face.icon, "error" if face.harm.tone == "error" else "accent")
        self._help.set_runs(
            self.tr("Nothing here knows blocks of this kind: it came with the file. Remove it to launch the workflow.")
            if kind is None
            else kind.help
        )
        self._help.show()
        self.form.show()
        for widget in (self._title_label, self.title):
            # A comment has no name but what is written on it.
            widget.setVisible(not block.is_comment)
        self.title.setPlaceholderText(block.kind if kind is None else kind.title)
        if self.title.text().strip() != block.title:
            with QSignalBlocker(self.title):
                self.title.setText(block.title)
        fields = form_of(document, block, world)

        def names() -> Names:
            return names_of(document, block, world, self._bench.answers.get(block.id))

        _, seen = seen_from(document, block, world)
        if self._shown != block.id:
            # Another block's fields are other fields, even where they look the same.
            self.form.show_fields((), {}, seen, names)
            self._title_error.clear()
            self._scroll.verticalScrollBar().setValue(0)
            self._set_extra(make_extra(self._theme, self._model, self._around, self._bench, block))
            self._shown = block.id
        self.form.show_fields(fields, block.settings, seen, names)
        self.form.setVisible(bool(fields))
        self._show_harm(face.harm)
        self.outlets.show_block(block.id)
        if self._extra is not None:
            self._extra.show_block(block)
        self._show_problems()
        self._order_stops()

    def _order_stops(self) -> None:
        stops = tuple(stops_in(self))
        if stops != self._stops:
            self._stops = stops
            put_in_order(self)
            for stop in stops:
                if isinstance(stop, QComboBox | QAbstractSpinBox):
                    stop.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                    stop.installEventFilter(self)

    def _set_extra(self, extra: Extra | None) -> None:
        if self._extra is not None:
            self._extra.hide()
            self._body.removeWidget(self._extra)
            self._extra.deleteLater()
        self._extra = extra
        if extra is not None:
            self._body.insertWidget(self._place_of_extra, extra)

    def _show_harm(self, harm: Harm) -> None:
        self._banner.setVisible(harm.is_any)
        if harm.is_any:
            self._banner.say(harm.tone, f"{harm.word}.", harm.consequence)

    def _show_problems(self) -> None:
        block = self._model.current
        if block is None:
            return
        mine = [problem for problem in self._model.problems if problem.block == block.id]
        others = [problem for problem in self.form.show_problems(mine) if not self._is_of_outlets(problem)]
        self._problems.set_runs("\n".join(problem.message for problem in others))
        self._problems.setVisible(bool(others))

    def _is_of_outlets(self, problem: Problem) -> bool:
        # A new block leads nowhere yet: the outlets below say so, and the list of problems.
        return problem.fix in {"connect_outlet", "connect_from"}

    def _on_title(self, text: str) -> None:
        block = self._model.current
        if block is None:
            return
        try:
            document = retitle(self._model.document, block.id, text)
        except UserError as problem:
            self._title_error.show_error(str(problem))
            return
        self._title_error.clear()
        self._model.edit(self.tr("Rename a block"), document, merge=f"{block.id} title")

    def _on_edited(self, key: str, value: Any, is_typed: bool) -> None:
        block = self._model.current
        if block is None:
            return
        settings = {name: known for name, known in block.settings.items() if name != key}
        if value is not None:
            settings[key] = value
        kind = KINDS.get(block.kind)
        if kind is not None:
            settings = dict(kind.taken_over(settings, key, self._model.world))
        document = rename_outlets(self._model.document, block.id, settings)
        if key == "preset":
            document = retitle(document, block.id, title_with_preset(block, settings, self._model.world))
        name = self.tr("Change {0}").format(title_of(block))
        merge = f"{block.id} {key}" if is_typed else ""
        self._model.edit(name, with_settings(document, block.id, settings), merge=merge)
        # A line that was only begun is in no document yet.
        self._order_stops()

"""A text in which `{{ names }}` can stand: they are coloured, offered behind `{}`, and checked while one types."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontDatabase,
    QKeyEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from saasdesk.mapping import TemplateProblem, compile_template
from saasdesk.ui.canvas.inspector.json_text import Piece, PieceKind, pieces_of
from saasdesk.ui.canvas.inspector.names import Names
from saasdesk.ui.canvas.inspector.picker import Entry, Picker, open_picker
from saasdesk.ui.canvas.inspector.setting import Setting, SettingField, text_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column, Row

_LINES = 5
_TONES = {
    PieceKind.NAME: "accent",
    PieceKind.KEY: "text",
    PieceKind.TEXT: "ok",
    PieceKind.NUMBER: "warn",
    PieceKind.WORD: "warn",
}


class TemplateEdit(QPlainTextEdit):
    """One line or several of them, with what stands in braces in a colour. Tab leaves the field."""

    def __init__(
        self, theme: Theme, name: str, lines: int = 1, *, is_json: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._lines, self._is_json = theme, lines, is_json
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        # Undo is the workflow's, one for all fields.
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._colours = _Colours(theme, self.document(), is_json=is_json)
        if lines == 1:
            self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._fit)
        self._fit()

    def text(self) -> str:
        """What stands in it."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Show another text; the cursor stays where it is if it is the same."""
        if text != self.toPlainText():
            self.blockSignals(True)  # noqa: FBT003 - Qt's signature
            self.setPlainText(text)
            self.blockSignals(False)  # noqa: FBT003 - as above

    def insert(self, text: str) -> None:
        """Put a text where the cursor stands, in the place of what is marked."""
        self.insertPlainText(text)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(160), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(80), self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._lines == 1 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def insertFromMimeData(self, source: object) -> None:
        """One line stays one, whatever is pasted into it."""
        text = source.text() if hasattr(source, "text") else ""
        self.insertPlainText(" ".join(text.split("\n")) if self._lines == 1 else text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._lines == 1 and event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def _fit(self) -> None:
        if self._is_json:
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            font.setPointSizeF(self._theme.font("secondary").pointSizeF())
            self.setFont(font)
        if self._lines == 1:
            self.document().setDocumentMargin(self._theme.px(1))
            self.setFixedHeight(self._theme.measure("control"))
        else:
            self.setFixedHeight(self._theme.px(20 * self._lines + 12))
        self._colours.rehighlight()


class _Colours(QSyntaxHighlighter):
    """Names in braces, and the parts of JSON."""

    def __init__(self, theme: Theme, document: QTextDocument, *, is_json: bool) -> None:
        super().__init__(document)
        self._theme, self._is_json = theme, is_json

    def highlightBlock(self, text: str) -> None:
        for piece in pieces_of(text, is_json=self._is_json):
            self.setFormat(piece.begin, piece.length, self._look(piece))

    def _look(self, piece: Piece) -> QTextCharFormat:
        look = QTextCharFormat()
        look.setForeground(self._theme.color(_TONES[piece.kind]))
        if piece.kind is PieceKind.NAME:
            look.setBackground(self._theme.color("accent-tint"))
        return look


class TemplateLine(QWidget):
    """The text with the button that inserts a name beside it, and what is wrong with it below."""

    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        name: str,
        names: Callable[[], Names],
        lines: int = 1,
        *,
        check: Callable[[str], str] | None = None,
        is_json: bool = False,
    ) -> None:
        super().__init__()
        self._theme, self._names = theme, names
        self._check = check or problem_of_template
        self.edit = TemplateEdit(theme, name, lines, is_json=is_json)
        self.insert = IconButton(
            theme, "code", self.tr("Insert a field or variable into {0}").format(name), outlined=True
        )
        self.insert.clicked.connect(self.ask_for_name)
        self.error = InlineError(theme, self.edit)
        row = Row(theme, gap=4)
        row.addWidget(self.edit, 1)
        row.addWidget(self.insert, 0, Qt.AlignmentFlag.AlignTop)
        column = Column(theme, gap=4)
        column.addLayout(row)
        column.addWidget(self.error)
        self.setLayout(column)
        self.edit.textChanged.connect(self._on_text)

    def text(self) -> str:
        """What stands in it."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Show another text, without saying so."""
        self.edit.set_text(text)
        self._show_problem()

    def ask_for_name(self) -> Picker:
        """Open the list of everything that can stand between braces."""
        names = {name.inserted: name for name in self._names().all}
        entries = [Entry(key, name.label, name.inserted, name.group) for key, name in names.items()]
        return open_picker(self._theme, self, self.tr("Find a field or variable"), entries, self.edit.insert)

    def _on_text(self) -> None:
        self._show_problem()
        self.changed.emit()

    def _show_problem(self) -> None:
        problem = self._check(self.text())
        if problem != self.error.message:
            self.error.show_error(problem)


class TemplateField(SettingField):
    """A setting that is a template, in one line."""

    is_typed = True
    lines = 1
    is_json = False

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.line = TemplateLine(
            theme,
            setting.field.label,
            self.names,
            self.lines,
            check=self.check,
            is_json=self.is_json,
        )
        self.body = Column(theme, gap=0)
        self.body.addWidget(self.line)
        self.setLayout(self.body)
        self.line.changed.connect(self.changed)

    def names(self) -> Names:
        """What can be inserted just now."""
        return self.setting.names()

    def check(self, text: str) -> str:
        """What is wrong with the text, in a sentence."""
        return problem_of_template(text)

    def value(self) -> str:
        return self.line.text()

    def show_value(self, value: object) -> None:
        self.line.set_text(text_of(value))

    @property
    def own_problem(self) -> str:
        return self.line.error.message


class LongTemplateField(TemplateField):
    """A template in several lines."""

    lines = _LINES


def problem_of_template(text: str) -> str:
    """What is wrong with a template, in a sentence; empty where nothing is."""
    try:
        compile_template(text)
    except TemplateProblem as problem:
        return str(problem)
    return ""

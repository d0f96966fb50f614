"""Labels at the left, fields or values at the right."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QSizePolicy, QTextEdit, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_BESIDE = 8


class FormGrid(QGridLayout):
    """Two columns; each label names its field for screen readers and for its shortcut. Room left over goes below."""

    def __init__(
        self, theme: Theme, *, label_width: int = 136, gap: int = 8, role: str = "body", row_height: int = 0
    ) -> None:
        super().__init__()
        self._theme = theme
        self._label_width = label_width
        self._gap = gap
        self._role = role
        self._row_height = row_height
        self._rows = 0
        self._captions: list[PlainLabel] = []
        self._plain_captions: list[PlainLabel] = []
        self._beside: dict[QWidget, tuple[QWidget, ...]] = {}
        self.errors: dict[str, InlineError] = {}
        self.setColumnStretch(1, 1)
        theme.changed.connect(self._rescale)
        self._rescale()

    def add_field(self, label: str, field: QWidget, help_text: str = "") -> InlineError:
        """A field with its label, its help and a place for what is wrong with it."""
        caption = PlainLabel(label, self._role, "muted")
        caption.setBuddy(field.focusProxy() or field)
        self._captions.append(caption)
        if not field.accessibleName():
            field.setAccessibleName(label)
        column = Column(self._theme, gap=4)
        fills = field.sizePolicy().horizontalPolicy() != QSizePolicy.Policy.Fixed
        column.addWidget(field, 0, Qt.AlignmentFlag(0) if fills else Qt.AlignmentFlag.AlignLeft)
        self._beside[field] = (caption,)
        if help_text:
            help_line = Paragraph(self._theme, help_text, role="secondary", tone="muted")
            column.addWidget(help_line)
            self._beside[field] = (caption, help_line)
        error = InlineError(self._theme, field)
        column.addWidget(error)
        row = self._next_row(stretches=isinstance(field, QPlainTextEdit | QTextEdit))
        self.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
        self.addLayout(column, row, 1)
        self.errors[label] = error
        self._rescale()
        return error

    def set_shown(self, field: QWidget, *, shown: bool) -> None:
        """Show a field with its label and help, or none of them: what does not apply is not there."""
        for widget in (field, *self._beside[field]):
            widget.setVisible(shown)

    def add_value(self, label: str, value: str | QWidget, tone: str = "text", *, is_tall: bool = False) -> QWidget:
        """A label and what it says, to read only; what has no label takes no room while it is hidden.

        What `is_tall` has several lines, and the label stands beside the first.
        """
        shown = PlainLabel(value, self._role, tone, elided=True) if isinstance(value, str) else value
        row = self._next_row()
        if label:
            caption = PlainLabel(label, self._role, "muted")
            self._plain_captions.append(caption)
            if isinstance(shown, QLabel):
                caption.setBuddy(shown)
            is_tall = is_tall or isinstance(shown, Paragraph)
            self.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop if is_tall else Qt.AlignmentFlag.AlignVCenter)
        fills = shown.sizePolicy().horizontalPolicy() != QSizePolicy.Policy.Fixed
        side = Qt.AlignmentFlag(0) if fills else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.addWidget(shown, row, 1, side)
        self._rescale()
        return shown

    def add_whole_row(self, widget: QWidget) -> None:
        """Something that takes both columns, below what is here so far."""
        self.addWidget(widget, self._next_row(), 0, 1, 2)

    def _next_row(self, *, stretches: bool = False) -> int:
        row = self._rows
        self._rows += 1
        # An empty row at the end takes what is left over, so that the others keep together.
        self.setRowStretch(row, 1 if stretches else 0)
        self.setRowStretch(self._rows, 1)
        return row

    def _rescale(self) -> None:
        self.setColumnMinimumWidth(0, self._theme.px(self._label_width))
        self.setHorizontalSpacing(0)
        self.setVerticalSpacing(self._theme.px(self._gap))
        # Labels stand in line with the text of the field beside them.
        text_height = QFontMetrics(self._theme.font(self._role)).height()
        gap = (self._theme.measure("control") - text_height) // 2
        # A label that is longer than its column keeps away from its field all the same.
        beside = self._theme.px(_BESIDE)
        for caption in self._captions:
            caption.setContentsMargins(0, gap, beside, gap)
        for caption in self._plain_captions:
            caption.setContentsMargins(0, 0, beside, 0)
        for row in range(self._rows if self._row_height else 0):
            self.setRowMinimumHeight(row, self._theme.px(self._row_height))

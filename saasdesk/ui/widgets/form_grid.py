"""Labels at the left, fields or values at the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel


class FormGrid(QGridLayout):
    """Two columns; each label names its field for screen readers and for its shortcut."""

    def __init__(
        self, theme: Theme, *, label_width: int = 136, gap: int = 8, role: str = "body", row_height: int = 0
    ) -> None:
        super().__init__()
        self._theme = theme
        self._label_width = label_width
        self._gap = gap
        self._role = role
        self._row_height = row_height
        self.errors: dict[str, InlineError] = {}
        self.setColumnStretch(1, 1)
        theme.changed.connect(self._rescale)
        self._rescale()

    def add_field(self, label: str, field: QWidget, help_text: str = "") -> InlineError:
        """A field with its label, its help and a place for what is wrong with it."""
        caption = PlainLabel(label, self._role, "muted")
        caption.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(label)
        column = Column(self._theme, gap=4)
        column.addWidget(field)
        if help_text:
            column.addWidget(Paragraph(self._theme, help_text, role="secondary", tone="muted"))
        error = InlineError(self._theme, field)
        column.addWidget(error)
        row = self.rowCount()
        self.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
        caption.setMinimumHeight(field.sizeHint().height())
        self.addLayout(column, row, 1)
        self.errors[label] = error
        return error

    def add_value(self, label: str, value: str | QWidget, tone: str = "text") -> QWidget:
        """A label and what it says, to read only."""
        caption = PlainLabel(label, self._role, "muted")
        if isinstance(value, str):
            shown: QWidget = PlainLabel(value, self._role, tone, elided=True)
        else:
            shown = value
        if isinstance(shown, QLabel):
            caption.setBuddy(shown)
        row = self.rowCount()
        self.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignVCenter)
        fills = shown.sizePolicy().horizontalPolicy() != QSizePolicy.Policy.Fixed
        side = Qt.AlignmentFlag.AlignVCenter if fills else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.addWidget(shown, row, 1, side)
        if self._row_height:
            self.setRowMinimumHeight(row, self._theme.px(self._row_height))
        return shown

    def _rescale(self) -> None:
        self.setColumnMinimumWidth(0, self._theme.px(self._label_width))
        self.setHorizontalSpacing(0)
        self.setVerticalSpacing(self._theme.px(self._gap))
        if self._row_height:
            for row in range(self.rowCount()):
                self.setRowMinimumHeight(row, self._theme.px(self._row_height))

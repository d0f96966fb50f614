"""The table of the step that maps values: what the vendor says at the left, what is to be written at the right."""

from collections.abc import Sequence

from PySide6.QtGui import QFocusEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableWidget, QTableWidgetItem

from saasdesk.mapping.transforms import TransformProblem
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.box import draw_frame

# Lines for values that the sample does not have.
_SPARE = 3


class ValuesTable(QTableWidget):
    """Letters begin to edit a cell, Tab leaves the table; lines without a right side count for nothing."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(0, 2)
        self._theme = theme
        self.setAccessibleName(self.tr("Values: what the vendor says, and what is written instead"))
        self.setHorizontalHeaderLabels([self.tr("When it is"), self.tr("Write")])
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().setVisible(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        theme.changed.connect(self._fit)
        self._fit()

    def show_pairs(self, known: Sequence[str], pairs: Sequence[tuple[str, str]] = ()) -> None:
        """Offer these values of the vendor's, with what is written for some of them already."""
        written = {old.casefold(): new for old, new in pairs}
        seen = {value.casefold() for value in known}
        lines = [(value, written.get(value.casefold(), "")) for value in known]
        lines += [(old, new) for old, new in pairs if old.casefold() not in seen]
        lines += [("", "")] * _SPARE
        self.setRowCount(len(lines))
        for row, (old, new) in enumerate(lines):
            for column, text in enumerate((old, new)):
                self.setItem(row, column, QTableWidgetItem(visible_text(text)))
        if lines:
            self.setCurrentCell(0, 1 if lines[0][0] else 0)

    def step(self) -> str:
        """The step that the table says; a TransformProblem where it says none."""
        pairs = [(old, new) for old, new in map(self._line, range(self.rowCount())) if old and new]
        if not pairs:
            raise TransformProblem("Enter at the right what is to be written for one of the values.")
        for text in (text for pair in pairs for text in pair):
            if "," in text or "=" in text:
                raise TransformProblem(f"“{text}” has a comma or an equals sign: neither can stand here.")
        return "values:" + ",".join(f"{old}={new}" for old, new in pairs).replace(":", "::")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            draw_frame(self, self._theme, self.visualRect(self.currentIndex()).adjusted(0, 0, -1, -1))

    def _line(self, row: int) -> tuple[str, str]:
        texts = [item.text().strip() if (item := self.item(row, column)) is not None else "" for column in (0, 1)]
        return texts[0], texts[1]

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(28))
        self.setFixedHeight(self._theme.px(28) * 6)


def pairs_of(step: str) -> list[tuple[str, str]]:
    """What a step of this kind says, line by line."""
    said = step.removeprefix("values:").replace("::", ":")
    return [(old.strip(), new.strip()) for old, _, new in (pair.partition("=") for pair in said.split(","))]

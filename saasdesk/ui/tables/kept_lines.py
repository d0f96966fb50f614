"""A short table of what an admin entered, with what can be done about it below: add, change, delete."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from saasdesk.ui.tables.lines import Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel


class KeptLines(QWidget):
    """Enter changes a line, where lines can be changed; the signals carry its key."""

    add_wanted = Signal()
    change_wanted = Signal(object)
    delete_wanted = Signal(object)

    def __init__(
        self,
        theme: Theme,
        title: str,
        headings: Sequence[Heading],
        *,
        add: str = "",
        delete: str,
        can_change: bool = True,
        empty: str,
    ) -> None:
        super().__init__()
        self._empty = empty
        self.table = LineTable(theme, title, headings, compact=True, keeps_mark=True)
        self.note = PlainLabel("", "secondary", "muted", elided=True)
        self.add = OutlinedButton(theme, add, "plus")
        self.change = OutlinedButton(theme, self.tr("Change…"), "edit")
        self.delete = OutlinedButton(theme, delete, "trash")
        head = Row(theme, gap=8)
        head.addWidget(PlainLabel(title, "section"))
        head.addWidget(self.note, 1)
        for button in (self.add, self.change, self.delete):
            head.addWidget(button)
        column = Column(theme, gap=8)
        column.addLayout(head)
        column.addWidget(self.table)
        self.setLayout(column)
        # Not before they lie in here: a widget that lies nowhere would be a window of its own.
        self.add.setVisible(bool(add))
        self.change.setVisible(can_change)
        self.add.clicked.connect(self.add_wanted)
        self.change.clicked.connect(lambda: self.change_wanted.emit(self.table.current_key))
        self.delete.clicked.connect(lambda: self.delete_wanted.emit(self.table.current_key))
        if can_change:
            self.table.opened.connect(self._on_opened)
        self.table.current.connect(lambda _key: self._show_buttons())
        theme.changed.connect(self._fit)
        self.show_lines(())

    def only_show(self) -> None:
        """Nothing can be entered, changed or deleted here: what was cannot be changed."""
        for button in (self.add, self.change, self.delete):
            button.hide()

    def _on_opened(self, key: object) -> None:
        if not self.change.isHidden():
            self.change_wanted.emit(key)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these, the first one chosen."""
        self.table.show_lines(lines)
        self.table.setVisible(bool(lines))
        if lines:
            self.table.setCurrentIndex(self.table.model_of_lines.index(0, 0))
        self.note.set_text("" if lines else self._empty)
        self._fit()
        self._show_buttons()

    def _fit(self) -> None:
        # The page around it scrolls, not the table.
        self.table.setFixedHeight(self.table.height_of_all())

    def _show_buttons(self) -> None:
        is_chosen = self.table.current_key is not None and bool(self.table.model_of_lines.lines)
        self.change.setEnabled(is_chosen)
        self.delete.setEnabled(is_chosen)

"""Which groups of a grouped list are closed, and what stays selected and seen when one is opened or closed."""

from collections.abc import Collection

from PySide6.QtCore import QObject, Signal

from saasdesk.ui.tables.grouping import GroupKey
from saasdesk.ui.tables.model import RecordModel
from saasdesk.ui.tables.view import RecordView


class Folding(QObject):
    """Opens and closes groups; nothing is read for it, since the list has the records of closed groups as well.

    `folded` says that other rows are seen. Until then `is_folding` is true, and what the view says of its selection
    and of its current row is on the way only.
    """

    folded = Signal()

    def __init__(self, view: RecordView, model: RecordModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self._closed: frozenset[GroupKey] = frozenset()
        self.is_folding = False
        view.group_turned.connect(self.turn)
        view.groups_turned.connect(self._on_groups_turned)

    @property
    def closed(self) -> frozenset[GroupKey]:
        """The groups that somebody closed."""
        return self._closed

    def forget(self) -> None:
        """Other groups are coming, none of them closed."""
        self._closed = frozenset()

    def open_all(self) -> None:
        """Show the records of every group."""
        self._set_closed(())

    def close_all(self) -> None:
        """Show the heads of the groups only."""
        if (lines := self._model.lines) is not None:
            self._set_closed([head.key for head in lines.grouping.heads])

    def turn(self, row: int, is_open: object = None) -> None:
        """Open or close the group whose head stands in this row; None means: the other way."""
        head = self._model.head_at(row)
        if head is not None:
            opens = is_open if isinstance(is_open, bool) else head.key in self._closed
            self._set_closed(self._closed - {head.key} if opens else self._closed | {head.key})

    def open_group_of(self, record: int) -> None:
        """Show a record; a ValueError where the list does not have it."""
        if (lines := self._model.lines) is not None:
            self._set_closed(self._closed - {lines.grouping.group_of(record)})

    def select_group(self, row: int) -> None:
        """Select the records of the group whose head stands in this row."""
        head = self._model.head_at(row)
        if head is not None:
            self.turn(row, is_open=True)
            self._view.select_rows(list(range(row + 1, row + 1 + head.count)))

    def _set_closed(self, groups: Collection[GroupKey]) -> None:
        lines, closed = self._model.lines, frozenset(groups)
        if lines is None or closed == self._closed:
            return
        view, model = self._view, self._model
        row, position = view.currentIndex().row(), view.verticalScrollBar().value()
        current = model.ids[row] if row >= 0 else None
        above = model.ids[lines.row_above(row)] if row >= 0 else None
        chosen = set(model.ids_of(view.selected_ranges()))
        self._closed = closed
        lines = lines.grouping.lines(closed)
        self.is_folding = True
        model.set_ids(lines.ids, lines)
        if chosen:
            view.select_rows([place for place, number in enumerate(lines.ids) if number in chosen])
        # Whoever stood in a group that is closed now stands on its head.
        stands = next((number for number in (current, above) if number is not None and number in lines.ids), None)
        if stands is not None:
            view.make_current(lines.ids.index(stands))
        view.scroll_to(position)
        self.is_folding = False
        self.folded.emit()

    def _on_groups_turned(self, is_open: bool) -> None:
        if is_open:
            self.open_all()
        else:
            self.close_all()

"""The layout of a table from one start to the next: read once, written a little after each change."""

from PySide6.QtCore import QObject, Signal

from saasdesk.ui.soon import soon
from saasdesk.ui.tables.layout import Memory, TableLayout, as_remembered, from_memory

_KEEP_AFTER = 300


class KeptLayout(QObject):
    """One table's place in the memory of the window. `due` says that its layout is to be written now."""

    due = Signal()

    def __init__(self, memory: Memory, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._memory = memory
        self._name = name
        self._soon = soon(self, _KEEP_AFTER, self._on_rest)

    def read(self) -> TableLayout:
        """As the table was left."""
        return from_memory(self._memory.get(self._name))

    def write(self, layout: TableLayout) -> None:
        """Find the table like this the next time."""
        self._memory[self._name] = as_remembered(layout)

    def note_change(self) -> None:
        """Somebody changed something: it is due when they have come to rest."""
        self._soon.start()

    def hurry(self) -> None:
        """The table goes out of sight: what was changed and not written yet is due at once."""
        if self._soon.isActive():
            self._soon.stop()
            self.due.emit()

    def _on_rest(self) -> None:
        self.due.emit()

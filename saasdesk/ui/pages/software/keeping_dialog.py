"""A form whose entries are checked at their fields, and then kept in a thread."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

from saasdesk.store import Store
from saasdesk.ui.reading import Reading
from saasdesk.ui.widgets.form_dialog import FormDialog


class KeepingDialog(FormDialog):
    """Whoever opens it asks `check`, then lets the `keeper` work: `open_to_keep` does that."""

    def open_to_keep(self, store: Store, reading: Reading, then: Callable[[Any], object]) -> None:
        """Open it; what was entered is kept in a thread, and what came of that is handed on when it is closed."""

        def kept(result: Any) -> None:
            self.accept()
            then(result)

        def write() -> None:
            if self.check():
                keep = self.keeper(store)
                self.set_busy(self.tr("Saving…"))
                reading.ask("write", lambda _stop: keep(), kept, self.show_problem)

        self.keep.clicked.connect(write)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.open()

    def check(self) -> bool:
        """Whether everything can be kept; what is wrong stands at its field, and the first of them has the keyboard."""
        raise NotImplementedError

    def keeper(self, store: Store) -> Callable[[], object]:
        """What keeps everything as it is entered now, in whatever thread."""
        raise NotImplementedError

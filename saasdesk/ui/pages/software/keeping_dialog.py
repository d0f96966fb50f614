"""A form whose entries are checked at their fields, and then kept in a thread."""

from collections.abc import Callable

from saasdesk.store import Store
from saasdesk.ui.widgets.form_dialog import FormDialog


class KeepingDialog(FormDialog):
    """Whoever opens it asks `check`, then lets the `keeper` work."""

    def check(self) -> bool:
        """Whether everything can be kept; what is wrong stands at its field, and the first of them has the keyboard."""
        raise NotImplementedError

    def keeper(self, store: Store) -> Callable[[], object]:
        """What keeps everything as it is entered now, in whatever thread."""
        raise NotImplementedError

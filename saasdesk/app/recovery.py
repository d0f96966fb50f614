"""What a start sees to first: whatever was going on when the program ended."""

from saasdesk.store import Store
from saasdesk.sync import sessions
from saasdesk.workflows import history


def recover(store: Store) -> None:
    """End the runs that nobody ended, and tell of vendor calls of which nobody knows whether they arrived."""
    sessions.recover(store)
    history.recover(store)

"""Integrations of which nobody wants to be told for a while: their notices are kept, and nobody is called by them."""

from datetime import datetime

from saasdesk.clock import as_text, from_text, now_text
from saasdesk.errors import UserError
from saasdesk.notices import rows
from saasdesk.store import Connection, Store
from saasdesk.store.audit import record
from saasdesk.sync.integration import Integration

FOR_GOOD = "for good"


def mute(store: Store, integration: Integration, until: datetime | None) -> None:
    """Tell neither the bell, nor the desktop, nor the contacts of this integration until then; None is for good.

    A UserError where that moment is over.
    """
    end = None if until is None else as_text(until)
    if end is not None and end <= now_text():
        raise UserError("That moment is over already. Mute until one that is still to come, or for good.")

    def work(db: Connection) -> None:
        rows.mute(db, integration.id, end)
        record(db, "integration.muted", integration.name, {"until": end or FOR_GOOD})

    store.write(work)


def unmute(store: Store, integration: Integration) -> None:
    """Tell of it again."""

    def work(db: Connection) -> None:
        rows.unmute(db, integration.id)
        record(db, "integration.unmuted", integration.name, {})

    store.write(work)


def muted_integrations(store: Store) -> dict[int, str | None]:
    """Integration number → until when nobody is told of it; None is for good."""
    with store.reading() as db:
        return rows.muted(db, now_text())


def mute_in_words(until: str | None) -> str:
    """ "until 2026-11-30 08:00" here, or "for good", as a sentence ends."""
    return FOR_GOOD if until is None else f"until {from_text(until).astimezone():%Y-%m-%d %H:%M}"

"""Looks for what did not happen: runs that never began or never ended, keys and contracts that are about to end.

Nobody is there to tell of these when they go wrong, so they are looked for at every start and every half minute.
"""

from datetime import date, datetime

from saasdesk.clock import as_text, from_text, now
from saasdesk.credentials import Credential
from saasdesk.credentials.rows import list_credentials
from saasdesk.licences.reminders import remind
from saasdesk.notices import News, NoticeKind, open_causes, settle, tell
from saasdesk.notices.rows import muted
from saasdesk.schedule import rows as slots
from saasdesk.schedule import slot_key
from saasdesk.store import Connection, Store
from saasdesk.sync import rows
from saasdesk.sync.due import PATIENCE, overdue_slots
from saasdesk.sync.integration import Integration
from saasdesk.sync.telling import tell_missed, tell_unfinished


def watch(store: Store, moment: datetime | None = None) -> None:
    """Tell of whatever is overdue at this moment; what was told before is not told again."""
    moment = moment or now()
    remind(store, moment)
    with store.reading() as db:
        overdue = [] if store.settings().scheduling_paused else overdue_slots(db, moment)
        endless = rows.under_way_since(db, as_text(moment - PATIENCE))
        keys = list_credentials(db)
        clock = _clock_to_mention(db, moment)
        settled = not clock and open_causes(db, "clock")
        if not (overdue or endless or clock or settled or any(_is_news(db, key, moment) for key in keys)):
            return

    def work(db: Connection) -> None:
        for integration, slot in overdue:
            _tell_missed(db, integration, slot, moment)
        for session in endless:
            owner = rows.integration_by_id(db, session.integration) if session.integration else None
            if owner is not None:
                tell_unfinished(db, owner, session.id, session.started_at, as_text(moment))
        for key in keys:
            _tell_of_key(db, key, moment)
        _tell_of_clock(db, clock, moment)

    store.write(work)


def _tell_missed(db: Connection, integration: Integration, slot: datetime, moment: datetime) -> None:
    schedule = integration.document.schedule
    wall = slot.astimezone(schedule.zone)
    tell_missed(db, integration, slot_key(schedule, slot), f"{wall:%Y-%m-%d at %H:%M}", as_text(moment))


def _clock_to_mention(db: Connection, moment: datetime) -> str:
    """A time that this clock has shown before and that is more than a day ahead of it; empty while all is well."""
    taken = slots.latest_slot_taken_at(db)
    return taken if taken is not None and from_text(taken) - moment > PATIENCE else ""


def _tell_of_clock(db: Connection, before: str, moment: datetime) -> None:
    if not before:
        settle(db, "clock", as_text(moment))
        return
    body = (
        f"It says {as_text(moment)[:10]}, and schedules ran on {before[:10]} already. Whatever ran then does not run "
        "again. Set the clock of this computer."
    )
    title = "The clock of this computer was set back by more than a day"
    tell(db, News("clock:back", NoticeKind.CLOCK, title, body, "integrations", once=True), as_text(moment))


def _cause(key: Credential, step: int | None) -> str:
    return "" if step is None else f"key:{key.uuid}:{key.expires}:{step}"


def _is_news(db: Connection, key: Credential, moment: datetime) -> bool:
    """Whether a warning is due that was not given, or one was given that is no longer true."""
    cause = _cause(key, key.expiry_step(_today(moment)))
    told = open_causes(db, f"key:{key.uuid}")
    return told != ([cause] if cause else [])


def _tell_of_key(db: Connection, key: Credential, moment: datetime) -> None:
    """A warning for each of the steps, in the place of the one before."""
    today, at = _today(moment), as_text(moment)
    cause, sentence = _cause(key, key.expiry_step(today)), key.expiry_warning(today)
    settle(db, f"key:{key.uuid}", at, but=cause)
    if sentence is None:
        return
    wanted = key.name.casefold()
    users = [
        integration
        for integration in rows.integrations(db)
        if wanted in (integration.document.credential.casefold(), integration.document.directory_credential.casefold())
    ]
    silent = muted(db, at)
    names = ", ".join(f"“{integration.name}”" for integration in users)
    title = f"The key “{key.name}” {'has expired' if key.has_expired(today) else 'is about to expire'}"
    news = News(
        cause=cause,
        kind=NoticeKind.KEY_EXPIRES,
        title=title,
        body=f"{sentence} It is used by {names}." if names else sentence,
        link=f"configuration:credentials:{key.name}",
        contacts=tuple(contact for each in users if each.id not in silent for contact in each.document.contacts),
        once=True,
    )
    tell(db, news, at)


def _today(moment: datetime) -> date:
    """A day ends when it ends here."""
    return moment.astimezone().date()

"""What the admin and an integration's contacts are told of its runs."""

from saasdesk.notices import News, NoticeKind, settle, tell
from saasdesk.store import Connection
from saasdesk.sync.events import Status
from saasdesk.sync.integration import Integration

_TROUBLE = frozenset({Status.FAILED, Status.INTERRUPTED})


def tell_of_ending(
    db: Connection, integration: Integration, session: int, status: Status, message: str, at: str
) -> None:
    """A run failed, or went through; then what was told of earlier ones has been seen to."""
    settle_stalled(db, integration, at)
    if status is Status.CANCELLED:
        return
    if status not in _TROUBLE:
        for cause in ("failed", "unfinished", "missed"):
            settle(db, f"{cause}:{integration.id}", at)
        return
    news = News(
        cause=f"failed:{integration.id}",
        kind=NoticeKind.RUN_FAILED,
        title=f"“{integration.name}” {'failed' if status is Status.FAILED else 'was interrupted'}",
        body=message,
        link=f"activity:{session}",
        contacts=integration.document.contacts,
        integration=integration.id,
    )
    tell(db, news, at)


def tell_unfinished(db: Connection, integration: Integration, session: int, since: str, at: str) -> None:
    """A run has been going on for a day."""
    news = News(
        cause=f"unfinished:{integration.id}:{session}",
        kind=NoticeKind.NOT_FINISHED,
        title=f"“{integration.name}” has not finished within 24 hours",
        body=f"Its run began on {since[:10]} at {since[11:16]} UTC. Look at what it waits for, and run it again.",
        link=f"activity:{session}",
        contacts=integration.document.contacts,
        once=True,
        integration=integration.id,
    )
    tell(db, news, at)


def tell_stalled(db: Connection, integration: Integration, session: int | None, minutes: int, at: str) -> None:
    """Nothing was heard of a run for some time."""
    news = News(
        cause=f"stalled:{integration.id}",
        kind=NoticeKind.STALLED,
        title=f"The run of “{integration.name}” has stalled",
        body=f"Nothing was heard of it for {minutes} minutes. It goes on if the vendor answers; otherwise cancel it, "
        "and run it again.",
        link="activity" if session is None else f"activity:{session}",
        integration=integration.id,
    )
    tell(db, news, at)


def settle_stalled(db: Connection, integration: Integration, at: str) -> None:
    """The run goes on, or is over."""
    settle(db, f"stalled:{integration.id}", at)


def tell_missed(db: Connection, integration: Integration, slot: str, when: str, at: str) -> None:
    """A run that was due did not begin, and a day later it still has not."""
    news = News(
        cause=f"missed:{integration.id}:{slot}",
        kind=NoticeKind.SLOT_MISSED,
        title=f"The scheduled run of “{integration.name}” did not start",
        body=f"It was due on {when}, and neither the window nor the system's timer was there to start it within a day. "
        "It is caught up as soon as one of them is.",
        link=f"integration:{integration.id}",
        contacts=integration.document.contacts,
        once=True,
        integration=integration.id,
    )
    tell(db, news, at)


def tell_held(db: Connection, integration: Integration, plan: int, reason: str, at: str) -> None:
    """A safeguard keeps deactivations back until a person decides."""
    news = News(
        cause=f"held:{integration.id}",
        kind=NoticeKind.PLAN_HELD,
        title=f"A plan of “{integration.name}” waits for you",
        body=reason,
        link=f"plan:{plan}",
        contacts=integration.document.contacts,
        integration=integration.id,
    )
    tell(db, news, at)


def settle_held(db: Connection, integration: int, at: str) -> None:
    """Nothing of this integration waits for a person any more."""
    settle(db, f"held:{integration}", at)


def forget_integration(db: Connection, integration: int, at: str) -> None:
    """It was deleted: whatever was told of it needs nobody any more."""
    for cause in ("failed", "unfinished", "missed", "held", "stalled"):
        settle(db, f"{cause}:{integration}", at)

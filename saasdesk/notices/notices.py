"""Telling the admin: each cause is one notice, counted, and mail goes to the contacts at most once a day for it."""

from datetime import timedelta

from saasdesk.clock import as_text, from_text, now_text
from saasdesk.notices import rows
from saasdesk.notices.notice import News, Notice
from saasdesk.store import Connection, Store

_MOST_LISTED = 200
_MAIL_AGAIN_AFTER = timedelta(hours=24)
_KEEP_SOLVED_FOR = timedelta(days=90)


def tell(db: Connection, news: News, at: str) -> None:
    """Tell of something inside the transaction in which it happens: neither is ever kept without the other."""
    rows.forget_solved_before(db, as_text(from_text(at) - _KEEP_SOLVED_FOR))
    is_muted = rows.is_muted(db, news.integration, at)
    known = rows.notice_of(db, news.cause)
    if known is None:
        rows.insert_notice(db, news, at)
    elif known.solved_at is not None:
        rows.begin_notice_anew(db, news, at)
    elif news.once:
        rows.reword_notice(db, news)
        return
    else:
        rows.repeat_notice(db, news, at)
    if is_muted:
        # It stands on the list, on Home and in Activity all the same.
        rows.mark_cause_read(db, news.cause, at)
        return
    mailed = rows.mailed_at(db, news.cause)
    if news.contacts and (mailed is None or from_text(at) - from_text(mailed) >= _MAIL_AGAIN_AFTER):
        for contact in dict.fromkeys(news.contacts):
            rows.queue_mail(db, contact, news, at)
        rows.note_mailed(db, news.cause, at)


def settle(db: Connection, cause: str, at: str, *, but: str = "") -> int:
    """The cause is gone, and so are those below it (`failed` has `failed:7` below it), except `but`."""
    return rows.solve(db, cause, at, but=but)


def open_causes(db: Connection, cause: str) -> list[str]:
    """The causes below this one that were told of and are not gone."""
    return rows.open_causes(db, cause)


def list_notices(store: Store, limit: int = _MOST_LISTED) -> list[Notice]:
    """The latest notices, newest first."""
    with store.reading() as db:
        return rows.notices(db, limit)


def unread_count(store: Store) -> int:
    """How many notices nobody has read."""
    with store.reading() as db:
        return rows.unread_count(db)


def mark_read(store: Store, *numbers: int) -> None:
    """Note that these were read; without numbers, all of them."""
    wanted = numbers or tuple(notice.id for notice in list_notices(store) if notice.is_unread)
    store.write(lambda db: rows.mark_read(db, wanted, now_text()))


def mark_unread(store: Store, number: int) -> None:
    """Keep one for later."""
    store.write(lambda db: rows.mark_unread(db, number))

"""SQL for notices and for the mail that waits to be sent."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from saasdesk.notices.notice import News, Notice, NoticeKind
from saasdesk.store import Connection

_NOTICE = """
    SELECT id, cause, kind, title, body, link, count, first_at, last_at, read_at, solved_at FROM notice
"""


def _notice(row: Sequence[Any]) -> Notice:
    number, cause, kind, *rest = row
    return Notice(number, cause, NoticeKind(kind), *rest)


def notice_of(db: Connection, cause: str) -> Notice | None:
    """What was told of this cause."""
    row = db.execute_sql(f"{_NOTICE} WHERE cause = ?", (cause,)).fetchone()
    return None if row is None else _notice(row)


def notices(db: Connection, limit: int) -> list[Notice]:
    """The latest notices, newest first."""
    return [_notice(row) for row in db.execute_sql(f"{_NOTICE} ORDER BY last_at DESC, id DESC LIMIT ?", (limit,))]


def insert_notice(db: Connection, news: News, at: str) -> None:
    """Tell of a cause for the first time."""
    db.execute_sql(
        "INSERT INTO notice (cause, kind, title, body, link, first_at, last_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (news.cause, news.kind.value, news.title, news.body, news.link, at, at),
    )


def repeat_notice(db: Connection, news: News, at: str) -> None:
    """The same happened again: nobody has read of this time yet."""
    db.execute_sql(
        """UPDATE notice SET count = count + 1, title = ?, body = ?, link = ?, last_at = ?, read_at = NULL
            WHERE cause = ?""",
        (news.title, news.body, news.link, at, news.cause),
    )


def begin_notice_anew(db: Connection, news: News, at: str) -> None:
    """The cause was gone, and is back."""
    db.execute_sql(
        """UPDATE notice SET count = 1, title = ?, body = ?, link = ?, first_at = ?, last_at = ?, read_at = NULL,
            solved_at = NULL, mailed_at = NULL WHERE cause = ?""",
        (news.title, news.body, news.link, at, at, news.cause),
    )


def reword_notice(db: Connection, news: News) -> None:
    """Say it as it is now; whoever read it need not read it again."""
    db.execute_sql(
        "UPDATE notice SET title = ?, body = ?, link = ? WHERE cause = ?",
        (news.title, news.body, news.link, news.cause),
    )


def solve(db: Connection, cause: str, at: str, *, but: str = "") -> int:
    """Note that a cause is gone, and with it those whose names begin with it and a colon; returns how many were."""
    cursor = db.execute_sql(
        """UPDATE notice SET solved_at = ?1, read_at = coalesce(read_at, ?1)
            WHERE (cause = ?2 OR substr(cause, 1, length(?2) + 1) = ?2 || ':') AND cause != ?3 AND solved_at IS NULL""",
        (at, cause, but),
    )
    return int(cursor.rowcount)


def forget_solved_before(db: Connection, at: str) -> None:
    """Take away what was seen to so long ago."""
    db.execute_sql("DELETE FROM notice WHERE solved_at < ?", (at,))


def open_causes(db: Connection, cause: str) -> list[str]:
    """The causes below this one that are not gone."""
    rows = db.execute_sql(
        "SELECT cause FROM notice WHERE substr(cause, 1, length(?1) + 1) = ?1 || ':' AND solved_at IS NULL", (cause,)
    )
    return [name for (name,) in rows]


def mark_read(db: Connection, numbers: Sequence[int], at: str) -> None:
    """Note that these were read."""
    marks = ", ".join("?" * len(numbers))
    db.execute_sql(f"UPDATE notice SET read_at = ? WHERE read_at IS NULL AND id IN ({marks})", (at, *numbers))


def mark_cause_read(db: Connection, cause: str, at: str) -> None:
    """Note that nobody need read of this cause as it is now."""
    db.execute_sql("UPDATE notice SET read_at = ? WHERE cause = ?", (at, cause))


def mark_unread(db: Connection, number: int) -> None:
    """Keep one for later."""
    db.execute_sql("UPDATE notice SET read_at = NULL WHERE id = ?", (number,))


def unread_count(db: Connection) -> int:
    """How many were not read yet."""
    return int(db.execute_sql("SELECT count(*) FROM notice WHERE read_at IS NULL").fetchone()[0])


def mailed_at(db: Connection, cause: str) -> str | None:
    """When mail of this cause was last put into the outbox."""
    row = db.execute_sql("SELECT mailed_at FROM notice WHERE cause = ?", (cause,)).fetchone()
    return None if row is None else row[0]


def note_mailed(db: Connection, cause: str, at: str) -> None:
    """Note that mail of this cause was put into the outbox."""
    db.execute_sql("UPDATE notice SET mailed_at = ? WHERE cause = ?", (at, cause))


# ----- integrations that are muted


def is_muted(db: Connection, integration: int, at: str) -> bool:
    """Whether nobody is told of this integration at that moment."""
    return bool(integration) and integration in muted(db, at)


def muted(db: Connection, at: str) -> dict[int, str | None]:
    """Integration → until when nobody is told of it; None is for good."""
    found = db.execute_sql("SELECT integration, until FROM muted_integration WHERE until IS NULL OR until > ?", (at,))
    return dict(found.fetchall())


def mute(db: Connection, integration: int, until: str | None) -> None:
    """Tell nobody of this integration until then, or for good."""
    db.execute_sql("INSERT OR REPLACE INTO muted_integration (integration, until) VALUES (?, ?)", (integration, until))


def unmute(db: Connection, integration: int) -> None:
    """Tell of this integration again."""
    db.execute_sql("DELETE FROM muted_integration WHERE integration = ?", (integration,))


# ----- the outbox


class MailRow(NamedTuple):
    """One piece of news for one person, on its way."""

    id: int
    recipient: str
    cause: str
    title: str
    body: str
    queued_at: str
    tries: int
    next_try_at: str
    message_id: str | None
    sent_at: str | None
    given_up_at: str | None
    problem: str
    attachment: str


_MAIL = """
    SELECT id, recipient, cause, title, body, queued_at, tries, next_try_at, message_id, sent_at, given_up_at, problem,
        attachment
    FROM mail
"""
_WAITS = "sent_at IS NULL AND given_up_at IS NULL"


def queue_mail(db: Connection, recipient: str, news: News, at: str, attachment: str = "") -> None:
    """Put news into the outbox, with a file of the profile's folder of reports if it brings one along."""
    db.execute_sql(
        """INSERT INTO mail (recipient, cause, title, body, queued_at, next_try_at, attachment)
            VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (recipient, news.cause, news.title, news.body, at, at, attachment),
    )


def waiting_mail(db: Connection) -> list[MailRow]:
    """What no server has taken yet, oldest first."""
    return [MailRow._make(row) for row in db.execute_sql(f"{_MAIL} WHERE {_WAITS} ORDER BY id")]


def latest_mail(db: Connection, limit: int) -> list[MailRow]:
    """The outbox with what was sent, newest first."""
    return [MailRow._make(row) for row in db.execute_sql(f"{_MAIL} ORDER BY id DESC LIMIT ?", (limit,))]


def last_sent(db: Connection) -> dict[str, str]:
    """Recipient, in lower case → when a server last took mail for them."""
    rows = db.execute_sql("SELECT lower(recipient), max(sent_at) FROM mail WHERE sent_at NOT NULL GROUP BY 1")
    return dict(rows)


def begin_sending(db: Connection, numbers: Sequence[int], message_id: str) -> None:
    """Note under which id these go out, before they do."""
    _update(db, numbers, "message_id = ?", message_id)


def forget_message_id(db: Connection, numbers: Sequence[int]) -> None:
    """The server certainly did not take these: next time they go out as they are then."""
    db.connection().executemany("UPDATE mail SET message_id = NULL WHERE id = ?", [(number,) for number in numbers])


def note_sent(db: Connection, numbers: Sequence[int], at: str) -> None:
    """A server has taken these."""
    _update(db, numbers, "tries = tries + 1, problem = '', sent_at = ?", at)


def note_failed(db: Connection, numbers: Sequence[int], next_try_at: str, problem: str) -> None:
    """These wait for another try."""
    _update(db, numbers, "tries = tries + 1, next_try_at = ?, problem = ?", next_try_at, problem)


def give_up(db: Connection, numbers: Sequence[int], at: str, problem: str) -> None:
    """These are not tried again."""
    _update(db, numbers, "tries = tries + 1, given_up_at = ?, problem = ?", at, problem)


def try_all_now(db: Connection, at: str) -> None:
    """Whatever waits for another try may be tried at once."""
    db.execute_sql(f"UPDATE mail SET next_try_at = ? WHERE {_WAITS} AND next_try_at > ?", (at, at))


def forget_sent_before(db: Connection, at: str) -> None:
    """Take away what was sent or given up so long ago."""
    db.execute_sql("DELETE FROM mail WHERE coalesce(sent_at, given_up_at) < ?", (at,))


def _update(db: Connection, numbers: Sequence[int], change: str, *values: str) -> None:
    db.connection().executemany(f"UPDATE mail SET {change} WHERE id = ?", [(*values, number) for number in numbers])

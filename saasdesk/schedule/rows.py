"""SQL of the slots: a moment at which something was due is taken once, whichever process sees it first."""

from saasdesk.store import Connection


def take_slot(db: Connection, kind: str, subject: int, key: str, at: str) -> bool:
    """Claim a slot of what is scheduled; False when somebody had it already."""
    cursor = db.execute_sql(
        """INSERT INTO slot (kind, subject, slot_key, taken_at) VALUES (?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET taken_at = excluded.taken_at, tries = tries + 1, is_free = 0
               WHERE is_free""",
        (kind, subject, key, at),
    )
    return bool(cursor.rowcount)


def is_slot_taken(db: Connection, kind: str, subject: int, key: str) -> bool:
    """Whether this slot has been begun already."""
    sql = "SELECT 1 FROM slot WHERE kind = ? AND subject = ? AND slot_key = ? AND NOT is_free"
    return db.execute_sql(sql, (kind, subject, key)).fetchone() is not None


def give_slot_back(db: Connection, kind: str, subject: int, began_at: str) -> bool:
    """Let the slot of what began then and was cut off be taken once more; False where it had its second try already."""
    cursor = db.execute_sql(
        """UPDATE slot SET is_free = 1
           WHERE kind = ?1 AND subject = ?2 AND tries = 1 AND NOT is_free AND taken_at = (
               SELECT max(taken_at) FROM slot WHERE kind = ?1 AND subject = ?2 AND taken_at <= ?3)""",
        (kind, subject, began_at),
    )
    return bool(cursor.rowcount)


def latest_slot_taken_at(db: Connection) -> str | None:
    """When a slot was last taken, by the clock of that time."""
    row = db.execute_sql("SELECT max(taken_at) FROM slot").fetchone()
    return None if row is None else row[0]

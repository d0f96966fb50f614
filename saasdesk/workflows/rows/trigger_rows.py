"""SQL of what happened to records, and of how far each workflow has seen it."""

from collections.abc import Sequence
from typing import NamedTuple

import orjson

from saasdesk.store import Connection


class TriggerRow(NamedTuple):
    """Something that happened to a record; `fields` is JSON, of an edited one."""

    id: int
    record: int
    event: str
    cause: str
    fields: str | None
    at: str

    def touches(self, wanted: Sequence[str]) -> bool:
        """Whether one of these fields was changed; without any, each one counts."""
        return not wanted or not set(wanted).isdisjoint(orjson.loads(self.fields or "[]"))


def triggers_since(db: Connection, workflow: int, kind: str) -> tuple[int, list[TriggerRow]]:
    """What happened to records of this kind since the workflow last looked, and how far that is."""
    (seen,) = db.execute_sql("SELECT trigger_seen FROM workflow WHERE id = ?", (workflow,)).fetchone()
    found = db.execute_sql(
        "SELECT id, record, event, cause, fields, at FROM trigger WHERE id > ? AND object = ? ORDER BY id", (seen, kind)
    ).fetchall()
    triggers = [TriggerRow(*row) for row in found]
    return (triggers[-1].id if triggers else int(seen)), triggers


def edits_of(db: Connection, kind: str, trigger: TriggerRow) -> list[tuple[str, object, object]]:
    """What an edit changed: each field with what it had before and after."""
    found = db.execute_sql(
        """
        SELECT field, before, after FROM change
        WHERE object = ? AND record = ? AND at = ? AND cause = ? AND kind = 'update' AND field IS NOT NULL ORDER BY id
        """,
        (kind, trigger.record, trigger.at, trigger.cause),
    ).fetchall()
    return [(str(field), before, after) for field, before, after in found]


def rounds_since(db: Connection, workflow: int, record: int, at: str) -> int:
    """How often what happened to a record has sent it through a workflow since then."""
    row = db.execute_sql(
        """
        SELECT count(*) FROM workflow_run
        WHERE workflow = ? AND record = ? AND parent IS NULL AND event LIKE 'trigger %' AND started_at >= ?
        """,
        (workflow, record, at),
    ).fetchone()
    return int(row[0])


def note_seen(db: Connection, workflow: int, trigger: int) -> None:
    """The workflow has seen everything up to here."""
    db.execute_sql("UPDATE workflow SET trigger_seen = max(trigger_seen, ?) WHERE id = ?", (trigger, workflow))

"""The SQL behind the list of the audit log."""

from saasdesk.fields import FieldType, ObjectKind
from saasdesk.records.listing.rows import Expression, Searched, Shape
from saasdesk.store import Connection

# "credential.removed" → "Credential" and "Credential removed".
_WORDS = "upper(substr({x}, 1, 1)) || replace(replace(substr({x}, 2), '.', ' '), '_', ' ')"
_AREA = "substr(action, 1, instr(action || '.', '.') - 1)"
_TABLE = f"""(
    SELECT id, at, who, subject, detail, {_WORDS.format(x=_AREA)} AS area, {_WORDS.format(x="action")} AS did FROM audit
)"""

_EXPRESSIONS = {
    "number": Expression("r.id", FieldType.NUMBER),
    "at": Expression("r.at", FieldType.DATETIME),
    **{key: Expression(f"r.{key}", FieldType.SHORT_TEXT) for key in ("who", "area", "did", "subject", "detail")},
}


def shape() -> Shape:
    """The audit log as lists of records see it."""
    searched = tuple(Searched(f"r.{key}") for key in ("who", "did", "subject", "detail"))
    return Shape(ObjectKind.PEOPLE, _TABLE, (), _EXPRESSIONS, searched, ())


def areas(db: Connection) -> tuple[str, ...]:
    """What there is anything about, in order."""
    rows = db.execute_sql(f"SELECT DISTINCT {_WORDS.format(x=_AREA)} FROM audit ORDER BY 1")
    return tuple(area for (area,) in rows)


def entry(db: Connection, number: int) -> tuple[str, str, str] | None:
    """Action, subject and detail of one row, as they were written."""
    row = db.execute_sql("SELECT action, subject, detail FROM audit WHERE id = ?", (number,)).fetchone()
    return None if row is None else (str(row[0]), str(row[1]), str(row[2]))

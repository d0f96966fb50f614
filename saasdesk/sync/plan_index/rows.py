"""SQL for reading a kept plan piece by piece."""

from collections.abc import Iterator, Sequence

from saasdesk.store import Connection
from saasdesk.sync.rows import PlanLine

# What is shown of a new record when not all of its values are.
_NAMING_FIELDS = "('email', 'product', 'serial_number')"

_GROUP = "CASE WHEN r.held THEN 'held' ELSE r.kind END"


def _fields(*, all_values: bool) -> str:
    chosen = "" if all_values else f"AND (r.kind <> 'create' OR f.field IN {_NAMING_FIELDS})"
    return f"LEFT JOIN plan_field f ON f.plan = r.plan AND f.seq = r.seq {chosen}"


def sums(db: Connection, plan: int) -> Iterator[tuple[str, str, int, int]]:
    """(group, object, how many records, how many changed fields) of everything in the plan."""
    yield from db.execute_sql(
        f"""
        SELECT {_GROUP} AS word, r.object, count(*), coalesce(sum(
            CASE WHEN r.kind = 'update'
            THEN (SELECT count(*) FROM plan_field f WHERE f.plan = r.plan AND f.seq = r.seq) END), 0)
        FROM plan_record r WHERE r.plan = ? GROUP BY word, r.object
        """,
        (plan,),
    )


def places(db: Connection, plan: int, *, all_values: bool) -> Iterator[tuple[str, int, str]]:
    """(group, number of the record, field) of every line, in the order of the plan."""
    yield from db.execute_sql(
        f"""
        SELECT {_GROUP}, r.seq, coalesce(f.field, '')
        FROM plan_record r {_fields(all_values=all_values)} WHERE r.plan = ? ORDER BY r.seq, f.field
        """,
        (plan,),
    )


def lines(db: Connection, plan: int, *, all_values: bool = True) -> Iterator[PlanLine]:
    """Every line, in the order of the plan."""
    yield from _lines(db, plan, "", (), all_values=all_values)


def lines_of_records(db: Connection, plan: int, records: Sequence[int]) -> Iterator[PlanLine]:
    """Every line of some records, by their numbers in the plan."""
    marks = ", ".join("?" * len(records))
    yield from _lines(db, plan, f"AND r.seq IN ({marks})", records, all_values=True)


def _lines(db: Connection, plan: int, condition: str, values: Sequence[int], *, all_values: bool) -> Iterator[PlanLine]:
    found = db.execute_sql(
        f"""
        SELECT r.seq, r.kind, r.object, r.record, r.vendor_id, r.label, r.reason, r.held,
            coalesce(f.field, ''), f.before, f.after
        FROM plan_record r {_fields(all_values=all_values)} WHERE r.plan = ? {condition} ORDER BY r.seq, f.field
        """,
        (plan, *values),
    )
    for row in found:
        yield PlanLine._make((*row[:7], bool(row[7]), *row[8:]))

"""SQL for reading a kept plan piece by piece."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saasdesk.store import Connection
from saasdesk.sync.kept_plans.rows import PlanLine

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


@dataclass(frozen=True, slots=True)
class Word:
    """One word that a line must contain: in its own texts, or because something known by name contains it.

    `texts` are the columns looked into; a line matches as well by its (object, field), its object or its kind.
    """

    text: str
    texts: tuple[str, ...]
    fields: frozenset[tuple[str, str]] = frozenset()
    objects: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def condition(self) -> tuple[str, list[str]]:
        """The SQL of it with its values."""
        if self.text.isascii():
            # SQLite's own way is many times as quick, and knows the capitals of these letters.
            plain = re.sub("[%_~]", lambda sign: f"~{sign[0]}", self.text)
            form, sought = "{0} LIKE ? ESCAPE '~'", f"%{plain}%"
        else:
            form, sought = "instr(fold(CAST({0} AS TEXT)), ?)", self.text
        parts = [form.format(_TEXTS[name]) for name in self.texts]
        values = [sought] * len(parts)
        for column, known in (
            ("r.object || '.' || f.field", [f"{kind}.{field}" for kind, field in self.fields]),
            ("r.object", list(self.objects)),
            ("r.kind", list(self.kinds)),
        ):
            if known:
                parts.append(f"{column} IN ({', '.join('?' * len(known))})")
                values += known
        return (f"({' OR '.join(parts)})" if parts else "0"), values


_TEXTS = {"record": "r.label", "reason": "r.reason", "before": "f.before", "after": "f.after"}


def places(
    db: Connection, plan: int, words: Sequence[Word] = (), *, all_values: bool
) -> Iterator[tuple[str, int, str]]:
    """(group, number of the record, field) of every line that has all the words, in the order of the plan."""
    conditions = ""
    values: list[object] = [plan]
    for word in words:
        condition, more = word.condition()
        conditions += f" AND {condition}"
        values += more
    yield from db.execute_sql(
        f"""
        SELECT {_GROUP}, r.seq, coalesce(f.field, '')
        FROM plan_record r {_fields(all_values=all_values)} WHERE r.plan = ? {conditions} ORDER BY r.seq, f.field
        """,
        values,
    )


def lines(db: Connection, plan: int) -> Iterator[PlanLine]:
    """Every line, in the order of the plan."""
    yield from _lines(db, plan, "", ())


def lines_of_records(db: Connection, plan: int, records: Sequence[int]) -> Iterator[PlanLine]:
    """Every line of some records, by their numbers in the plan."""
    marks = ", ".join("?" * len(records))
    yield from _lines(db, plan, f"AND r.seq IN ({marks})", records)


def _lines(db: Connection, plan: int, condition: str, values: Sequence[int]) -> Iterator[PlanLine]:
    found = db.execute_sql(
        f"""
        SELECT r.seq, r.kind, r.object, r.record, r.vendor_id, r.label, r.reason, r.held,
            coalesce(f.field, ''), f.before, f.after
        FROM plan_record r {_fields(all_values=True)} WHERE r.plan = ? {condition} ORDER BY r.seq, f.field
        """,
        (plan, *values),
    )
    for row in found:
        yield PlanLine._make((*row[:7], bool(row[7]), *row[8:]))

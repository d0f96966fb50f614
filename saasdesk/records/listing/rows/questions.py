"""The questions that a list asks the database."""

import re
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from saasdesk.errors import Cancelled
from saasdesk.records.listing.columns import Account, Group, account_state, summarise_accounts
from saasdesk.records.listing.query import Counting
from saasdesk.records.listing.rows.conditions import among_candidates, conditions_of, json_array
from saasdesk.records.listing.rows.expressions import ACCOUNTS
from saasdesk.records.listing.rows.order import group_direction, group_of, group_shown, passes
from saasdesk.records.listing.rows.readable import teach
from saasdesk.records.listing.rows.shape import Shape, Wanted
from saasdesk.store import Connection

_TEXT_AT_ONCE = 50_000
# Where more may contain a word, the first of them are found sooner by looking at one record after the other.
_MOST_FOR_FIRST, _MOST_FOR_ALL = 20_000, 200_000
_ROWS_AT_ONCE = 500
_STRIPS_KEPT = 4096
# Characters that no text of a vendor may hold keep the parts of a summary apart.
_UNIT, _RECORD = "\x1f", "\x1e"


def select_ids(
    db: Connection, shape: Shape, wanted: Wanted, limit: int | None, stop: threading.Event | None
) -> "array[int]":
    """The ids of the matching records in their order, all of them or the first few.

    SQLite joins them to one text: a million rows handed over one by one would be a million fights over Python's lock.
    """
    teach(db)
    ids = array("q")
    wanted = among_candidates(db, shape, wanted, _MOST_FOR_ALL if limit is None else _MOST_FOR_FIRST)
    for where, order, parameters in passes(shape, wanted, all_ids=limit is None):
        left = -1 if limit is None else limit - len(ids)
        (text,) = db.execute_sql(
            f"""
            SELECT group_concat(id) FROM (
                SELECT r.id FROM {shape.table} r WHERE {where} ORDER BY {order} LIMIT ?
            )
            """,
            (*parameters, left),
        ).fetchone()
        for numbers in _numbers(text or ""):
            _look_at(stop)
            ids.extend(numbers)
    return ids


def _numbers(text: str) -> Iterator[Iterable[int]]:
    """The numbers of a long text with commas, piece by piece, so that other threads come to their turn."""
    start = 0
    while start < len(text):
        comma = text.find(",", start + _TEXT_AT_ONCE)
        end = len(text) if comma < 0 else comma
        yield map(int, text[start:end].split(","))
        start = end + 1


def is_first_page_quick(shape: Shape, wanted: Wanted) -> bool:
    """Whether the first ids come from an index or as the table lies, without sorting everything first."""
    if wanted.group_by:
        return False
    return not wanted.sort or shape.expressions[wanted.sort[0][0]].walked is not None


def count_records(db: Connection, shape: Shape, wanted: Wanted) -> int:
    """How many records match."""
    teach(db)
    where, parameters = conditions_of(shape, among_candidates(db, shape, wanted, _MOST_FOR_ALL))
    cursor = db.execute_sql(f"SELECT count(*) FROM {shape.table} r WHERE {where}", parameters)
    return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records are in a group; `count`, `total`, `least` and `most` are of the values that there are."""

    group: tuple[Any, ...]
    records: int
    count: int
    total: float | None
    least: Any
    most: Any
    value: Any = None


def select_tallies(db: Connection, shape: Shape, asked: Sequence[tuple[Wanted, Counting]]) -> list[list[Tally]]:
    """For each question the matching records put together, with sum, least and most of one column.

    A table that is a query itself is computed once for all of them.
    """
    if not asked:
        return []
    teach(db)
    narrowed = [(among_candidates(db, shape, wanted, _MOST_FOR_ALL), counting) for wanted, counting in asked]
    if not shape.parameters:
        selects = [_tallying(shape, shape.table, *each) for each in narrowed]
        return [
            _tallies(db.execute_sql(sql, parameters).fetchall(), counting)
            for (sql, parameters), (_, counting) in zip(selects, narrowed, strict=True)
        ]
    width = max((len(counting.groups) for _, counting in narrowed), default=0)
    selects = [_tallying(shape, "listed", *each, place, width) for place, each in enumerate(narrowed)]
    # Only what the questions look at: with millions of lines each column is felt.
    columns = sorted({name for sql, _ in selects for name in re.findall(r"\br\.(\w+)", sql)})
    found = db.execute_sql(
        f"""
        WITH listed AS (SELECT {", ".join(columns) or "1"} FROM {shape.table})
        {" UNION ALL ".join(sql for sql, _ in selects)}
        """,
        [*shape.parameters, *(value for _, parameters in selects for value in parameters[len(shape.parameters) :])],
    ).fetchall()
    return [
        _tallies([row for row in found if row[0] == place], counting) for place, (_, counting) in enumerate(narrowed)
    ]


def _tallying(
    shape: Shape, table: str, wanted: Wanted, counting: Counting, place: int = 0, width: int = 0
) -> tuple[str, list[Any]]:
    """One question, and its parameters: those of the table, of the groups, of the conditions."""
    where, parameters = conditions_of(shape, wanted)
    known = shape.expressions.get(counting.of)
    x = "NULL" if known is None else known.compared or known.shown
    groups, of_table = counting.groups, len(shape.parameters)
    told = [str(place), *(group.text for group in groups), *["NULL"] * (width - len(groups))]
    grouped_by = ", ".join([*map(str, range(2, len(groups) + 2)), *([x] if counting.each_value else [])])
    sql = f"""
        SELECT {", ".join(told)},
            count(*), count({x}), sum({x}), min({x}), max({x}), {x if counting.each_value else "NULL"}
        FROM {table} r WHERE {where} {f"GROUP BY {grouped_by}" if grouped_by else ""}
    """
    of_groups = [value for group in groups for value in group.params]
    return sql, [*parameters[:of_table], *of_groups, *parameters[of_table:]]


def _tallies(rows: Sequence[tuple[Any, ...]], counting: Counting) -> list[Tally]:
    end = len(counting.groups) + 1
    return [Tally(tuple(row[1:end]), *row[-6:]) for row in rows]


def select_groups(db: Connection, shape: Shape, wanted: Wanted, sums: Sequence[str]) -> list[Group]:
    """The groups of the matching records in the order in which `select_ids` lists them, with sums of these columns."""
    teach(db)
    where, parameters = conditions_of(shape, among_candidates(db, shape, wanted, _MOST_FOR_ALL))
    numbers = [f"n{place}" for place in range(len(sums))]
    told = "".join(f", {shape.expressions[key].shown} AS {name}" for key, name in zip(sums, numbers, strict=True))
    # By what they are grouped is worked out once for each record, not once for each time that it is looked at.
    cursor = db.execute_sql(
        f"""
        WITH line AS MATERIALIZED (
            SELECT {group_of(shape, wanted.group_by)} AS g, {group_shown(shape, wanted.group_by)} AS shown{told}
            FROM {shape.table} r WHERE {where}
        )
        SELECT min(shown), count(*){"".join(f", sum({name})" for name in numbers)}
        FROM line GROUP BY g ORDER BY g {group_direction(wanted)}
        """,
        parameters,
    )
    return [
        Group(
            value,
            count,
            # Thirds of a cent that adding made are nobody's.
            tuple((key, round(total, 6)) for key, total in zip(sums, totals, strict=True) if total is not None),
        )
        for value, count, *totals in cursor.fetchall()
    ]


def select_rows(db: Connection, shape: Shape, ids: Sequence[int], keys: Sequence[str]) -> dict[int, tuple[Any, ...]]:
    """The values of these records for these columns, in one query."""
    teach(db)
    decode = _decoder(shape, keys)
    cursor = db.execute_sql(
        f"""
        SELECT r.id, {_shown(shape, keys)} FROM {shape.table} r
        WHERE r.id IN (SELECT value FROM json_each(?))
        """,
        (*shape.parameters, json_array(ids)),
    )
    return {row[0]: decode(row[1:]) for row in cursor.fetchall()}


def stream_rows(
    db: Connection, shape: Shape, wanted: Wanted, keys: Sequence[str], stop: threading.Event | None
) -> Iterator[tuple[Any, ...]]:
    """All matching records in their order, read piece by piece."""
    teach(db)
    decode = _decoder(shape, keys)
    wanted = among_candidates(db, shape, wanted, _MOST_FOR_ALL)
    for where, order, parameters in passes(shape, wanted):
        cursor = db.execute_sql(
            f"SELECT {_shown(shape, keys)} FROM {shape.table} r WHERE {where} ORDER BY {order}",
            parameters,
        )
        while piece := cursor.fetchmany(_ROWS_AT_ONCE):
            _look_at(stop)
            yield from piece if decode is _as_it_is else map(decode, piece)


def application_name(db: Connection, application: int) -> str | None:
    """What an application is called."""
    row = db.execute_sql("SELECT name FROM saas_application WHERE id = ?", (application,)).fetchone()
    return None if row is None else str(row[0])


def integration_name(db: Connection, integration: int) -> str | None:
    """What an integration is called."""
    row = db.execute_sql("SELECT name FROM integration WHERE id = ?", (integration,)).fetchone()
    return None if row is None else str(row[0])


def _shown(shape: Shape, keys: Sequence[str]) -> str:
    return ", ".join(shape.expressions[key].shown for key in keys) or "NULL"


def _as_it_is(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row


def _decoder(shape: Shape, keys: Sequence[str]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    places = [place for place, key in enumerate(keys) if shape.expressions[key] is ACCOUNTS]
    if not places:
        return _as_it_is

    def decode(row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place in places:
            values[place] = _accounts(values[place])
        return tuple(values)

    return decode


# Most people have the same few accounts in the same few states: each such strip is made once.
@lru_cache(maxsize=_STRIPS_KEPT)
def _accounts(summary: str | None) -> tuple[Account, ...]:
    if not summary:
        return ()
    parts = (part.split(_UNIT) for part in summary.split(_RECORD))
    return summarise_accounts(Account(name, account_state(status, gone == "1")) for name, gone, status in parts)


def _look_at(stop: threading.Event | None) -> None:
    if stop is not None and stop.is_set():
        raise Cancelled

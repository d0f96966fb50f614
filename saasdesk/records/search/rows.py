"""The SQL of the search index. Every value is a parameter; the names come from `fields` and from here.

The index is a table of trigrams without positions and without the texts themselves. So nothing is ever taken out of it:
a record that was changed is put in once more, and what it no longer contains is a find too many.
"""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain

from saasdesk.fields import Field, FieldType, ObjectKind, quote
from saasdesk.fields.rows import list_fields
from saasdesk.records.search.plain import plain
from saasdesk.store import Connection

INDEXED = (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS)

# Fields whose columns hold the numbers of other records.
_REFERENCES = frozenset({"person", "saas_application"})
_TEXTS = tuple(sorted(kind.value for kind in FieldType if kind.is_text or kind is FieldType.LIST))

# The first SQLite that knows trigrams.
_NEEDED = (3, 34, 0)
_LENGTH = 3
# A word of one or two letters is sought by what begins with it; where that is more, it is in nearly every record.
_MOST_TRIGRAMS = 64
# Two more letters at the end, so that the last letters of a text begin a trigram too.
_END = "\n\n"


@dataclass(frozen=True, slots=True)
class State:
    """What the index knows: the columns it was made from, and the last record that it looked at."""

    columns: frozenset[str]
    filled: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """A condition for a WHERE over the record table `r`: whatever contains the words is among them."""

    text: str
    params: tuple[object, ...]


def can_index(db: Connection) -> bool:
    """Whether this SQLite knows trigrams; without them every record is looked at."""
    found = db.execute_sql("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone()
    return sqlite3.sqlite_version_info >= _NEEDED and found is not None


def index_table(kind: ObjectKind) -> str:
    """The name of the index over one kind of record."""
    return f"search_{kind.table}"


def read_state(db: Connection, kind: ObjectKind) -> State | None:
    """What the index knows of one kind of record; None while there is none."""
    row = db.execute_sql("SELECT columns, filled FROM search_state WHERE object = ?", (kind.value,)).fetchone()
    return None if row is None else State(frozenset(row[0].split()), int(row[1]))


def find_candidates(
    db: Connection, kind: ObjectKind, columns: Collection[str], words: Sequence[str], most: int
) -> Candidates | None:
    """What may contain all of the words in these columns, or None where looking at the records is as good.

    That is so where there would be more than `most`, and where the index lacks a column or too many records.
    """
    state = read_state(db, kind) if words and can_index(db) else None
    if state is None or not state.columns.issuperset(columns) or _waiting(db, kind, state) > most:
        return None
    sought = _sought(db, kind, [plain(word) for word in words])
    if sought is None:
        return None
    table = index_table(kind)
    if sought:
        probe = f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT ?)"
        if db.execute_sql(probe, (sought, most + 1)).fetchone()[0] > most:
            return None
    found = f"SELECT rowid FROM {table} WHERE {table} MATCH ? UNION ALL" if sought else ""
    return Candidates(
        f"""r.id IN (
            {found} SELECT record FROM search_pending WHERE object = ?
            UNION ALL SELECT id FROM {quote(kind.table)} WHERE id > ?
        )""",
        (*([sought] if sought else []), kind.value, state.filled),
    )


def _sought(db: Connection, kind: ObjectKind, words: Sequence[str]) -> str | None:
    """The words as the index is asked for them; None if it can say nothing of them, "" if nothing has them all."""
    parts = []
    for word in words:
        if len(word) >= _LENGTH:
            parts.append(" AND ".join(map(_quoted, _trigrams(word))))
        elif word:
            trigrams = _beginning_with(db, kind, word)
            if not trigrams:
                return ""
            if len(trigrams) <= _MOST_TRIGRAMS:
                parts.append(f"({' OR '.join(map(_quoted, trigrams))})")
    return " AND ".join(parts) or None


def _trigrams(word: str) -> list[str]:
    """Trigrams that cover the word; every second one tells nearly as much as all."""
    last = len(word) - _LENGTH
    return list(dict.fromkeys(word[start : start + _LENGTH] for start in (*range(0, last, 2), last)))


def _quoted(trigram: str) -> str:
    return '"' + trigram.replace('"', '""') + '"'


def _beginning_with(db: Connection, kind: ObjectKind, letters: str) -> list[str]:
    """The trigrams of the index that begin with one or two letters; one too many says that there are many."""
    table = index_table(kind)
    terms = f"temp.{table}_terms"
    db.execute_sql(f"CREATE VIRTUAL TABLE IF NOT EXISTS {terms} USING fts5vocab(main, {table}, instance)")
    # One at a time, each found at once: asked for all of them, SQLite would read every record that has one.
    following = f"SELECT term FROM {terms} WHERE term >= ? AND term <= ? LIMIT 1"
    found: list[str] = []
    start = letters
    while len(found) <= _MOST_TRIGRAMS:
        row = db.execute_sql(following, (start, letters + "\U0010ffff")).fetchone()
        if row is None:
            break
        found.append(row[0])
        start = row[0] + "\0"
    return found


def _waiting(db: Connection, kind: ObjectKind, state: State) -> int:
    """How many records the index does not know as they are now; numbers that nobody has count too."""
    (changed,) = db.execute_sql("SELECT count(*) FROM search_pending WHERE object = ?", (kind.value,)).fetchone()
    (last,) = db.execute_sql(f"SELECT coalesce(max(id), 0) FROM {quote(kind.table)}").fetchone()
    return int(changed) + int(last) - state.filled


# ----- what writes


def note_changes(db: Connection, schema: str, kind: ObjectKind) -> None:
    """Remember, with the change itself, whose text the change tables of `schema` change."""
    if kind not in INDEXED:
        return
    db.execute_sql(
        f"""
        INSERT OR IGNORE INTO main.search_pending (object, record)
        SELECT r.object, r.record FROM {schema}.plan_record r
        WHERE r.object = ?1 AND NOT r.held AND (
            (r.kind = 'update' AND EXISTS (
                SELECT 1 FROM {schema}.plan_field f
                JOIN main.field d ON d.object = ?1 AND d.external_id = f.field AND d.type IN {_TEXTS}
                WHERE f.seq = r.seq
            ))
            OR (r.kind = 'create' AND r.record <= (SELECT filled FROM main.search_state WHERE object = ?1))
        )
        """,
        (kind.value,),
    )


def note_records(db: Connection, kind: ObjectKind, select: str, params: Sequence[object]) -> None:
    """Remember the records that a SELECT names, before their texts are written without a plan."""
    if kind in INDEXED:
        db.execute_sql(
            f"INSERT OR IGNORE INTO main.search_pending (object, record) SELECT '{kind.value}', id FROM ({select})",
            params,
        )


def agree_on_columns(db: Connection, kind: ObjectKind) -> None:
    """Make the index where there is none, and let what has a value in a new column be looked at again."""
    table = index_table(kind)
    wanted = searched_columns(db, kind)
    state = read_state(db, kind)
    if state is None:
        db.execute_sql(
            f"""
            CREATE VIRTUAL TABLE {table} USING fts5(
                text, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
            )
            """
        )
    else:
        for name in (each for each in wanted if each not in state.columns):
            select = f"SELECT id FROM main.{quote(kind.table)} WHERE {quote(name)} IS NOT NULL AND id <= ?"
            note_records(db, kind, select, (state.filled,))
    if state is None or state.columns != frozenset(wanted):
        db.execute_sql(
            """
            INSERT INTO search_state (object, columns, filled, again) VALUES (?, ?, 0, 0)
            ON CONFLICT (object) DO UPDATE SET columns = excluded.columns
            """,
            (kind.value, " ".join(wanted)),
        )


def searched_columns(db: Connection, kind: ObjectKind) -> list[str]:
    """The columns whose texts people look for, in their order."""
    present = {name for (name,) in db.execute_sql("SELECT name FROM pragma_table_info(?)", (kind.table,))}
    return [
        field.external_id for field in list_fields(db, kind) if _is_searched(field) and field.external_id in present
    ]


def _is_searched(field: Field) -> bool:
    return field.type.value in _TEXTS and not (field.builtin and field.external_id in _REFERENCES)


def index_some(db: Connection, kind: ObjectKind, at_once: int) -> bool:
    """Put the next records into the index, those that were changed first; whether there were any."""
    state = read_state(db, kind)
    if state is None:
        return False
    pending = "SELECT record FROM search_pending WHERE object = ? ORDER BY record LIMIT ?"
    changed = [record for (record,) in db.execute_sql(pending, (kind.value, at_once)).fetchall()]
    columns = (f"coalesce({quote(name)}, '')" for name in searched_columns(db, kind))
    select = f"SELECT id, {' || char(10) || '.join(columns)} FROM main.{quote(kind.table)}"
    marks = ", ".join("?" * len(changed))
    again = db.execute_sql(f"{select} WHERE id IN ({marks}) AND id <= ? ORDER BY id", (*changed, state.filled))
    new = db.execute_sql(f"{select} WHERE id > ? ORDER BY id LIMIT ?", (state.filled, at_once - len(changed)))
    # In the order of their numbers: each step back would begin another piece of the index.
    rows = [(record, plain(text) + _END) for record, text in chain(again.fetchall(), new.fetchall())]
    table = index_table(kind)
    db.connection().executemany(f"INSERT INTO {table} (rowid, text) VALUES (?, ?)", rows)
    db.execute_sql(f"DELETE FROM search_pending WHERE object = ? AND record IN ({marks})", (kind.value, *changed))
    db.execute_sql(
        "UPDATE search_state SET filled = max(filled, ?), again = again + ? WHERE object = ?",
        (max((record for record, _ in rows), default=0), len(changed), kind.value),
    )
    return bool(changed or rows)


def waiting(db: Connection, kind: ObjectKind) -> int:
    """About how many records wait to be put into the index."""
    state = read_state(db, kind)
    return 0 if state is None else _waiting(db, kind, state)


def begin_anew(db: Connection, kind: ObjectKind) -> None:
    """Empty the index: so many records were put in again that most of what it knows is out of date."""
    table = index_table(kind)
    db.execute_sql(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    db.execute_sql("DELETE FROM search_pending WHERE object = ?", (kind.value,))
    db.execute_sql("UPDATE search_state SET filled = 0, again = 0 WHERE object = ?", (kind.value,))


def is_worn(db: Connection, kind: ObjectKind, least: int) -> bool:
    """Whether more records were put in again than there are, and more than `least`."""
    row = db.execute_sql("SELECT again FROM search_state WHERE object = ?", (kind.value,)).fetchone()
    if row is None or row[0] <= least:
        return False
    (records,) = db.execute_sql(f"SELECT count(*) FROM {quote(kind.table)}").fetchone()
    return bool(row[0] > records)

"""The SQL behind lists of records; every value is a parameter, every name comes from `fields` or from here."""

import re
import threading
import unicodedata
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

import orjson

from saasdesk.errors import Cancelled
from saasdesk.fields import Field, FieldType, ObjectKind, fold_key, quote
from saasdesk.fields.rows import list_fields
from saasdesk.records.listing.columns import Account, Group, account_state, summarise_accounts
from saasdesk.records.search import INDEXED, Candidates, find_candidates
from saasdesk.rules import Operator, Rule, SqlColumn, SqlFragment, to_sql
from saasdesk.store import Connection

_TEXT_AT_ONCE = 50_000
# A record that fits such a condition has its value somewhere in its texts.
_HAVE_IT = frozenset({Operator.CONTAINS, Operator.BEGINS_WITH, Operator.ENDS_WITH, Operator.EQUALS})
# Where more may contain a word, the first of them are found sooner by looking at one record after the other.
_MOST_FOR_FIRST, _MOST_FOR_ALL = 20_000, 200_000
_ROWS_AT_ONCE = 500
# Characters that no text of a vendor may hold keep the parts of a summary apart.
_UNIT, _RECORD = "\x1f", "\x1e"

_STATE = "CASE WHEN r.archived THEN 'archived' WHEN r.deactivated THEN 'deactivated' ELSE 'active' END"
_OWNER = "(SELECT i.name FROM integration i WHERE i.id = r.owner_integration)"
_APPLICATION = "(SELECT a.name FROM saas_application a WHERE a.id = r.saas_application)"


@dataclass(frozen=True, slots=True)
class Expression:
    """How SQL answers for one column: what is shown, what is sorted by, what rules compare."""

    shown: str
    type: FieldType
    sorted_by: str | None = None
    compared: str | None = None
    # The kept, folded copy of a unique field has an index that leaves out empty values.
    key_column: str | None = None


@dataclass(frozen=True, slots=True)
class Searched:
    """A text that the quick filter looks through, either as it is or already folded."""

    expression: str
    is_folded: bool = False
    # The column of the record that it stands in, if it stands in one.
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """All columns of one kind of record as SQL sees them, and the text that the quick filter looks through."""

    kind: ObjectKind
    table: str
    fields: tuple[Field, ...]
    expressions: Mapping[str, Expression]
    searched: tuple[Searched, ...]
    applications: tuple[str, ...]
    # Of a table that is a query itself: the values of its numbered question marks.
    parameters: tuple[Any, ...] = ()
    # Whether the search index knows these very records; it knows nothing of the past.
    is_indexed: bool = False


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which records a list is about, before anybody filters: those of one application, or of one integration."""

    application: int | None = None
    integration: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to a list in the terms of SQL."""

    narrowing: Narrowing
    rule: Rule | None
    words: tuple[str, ...]
    sort: tuple[tuple[str, bool], ...]
    active: bool | None
    now: datetime
    only: Sequence[int] | None = None
    group_by: str = ""
    # Among these are all that contain the words, as the search index knows.
    among: Candidates | None = None

    @property
    def is_everything_active(self) -> bool:
        """Whether nothing but the usual "active ones only" narrows the list."""
        return (
            self.active is True
            and self.only is None
            and self.rule is None
            and not self.words
            and self.narrowing == Narrowing()
        )


_GROUPED_AS_THEY_ARE = frozenset(
    {FieldType.DATE, FieldType.DATETIME, FieldType.NUMBER, FieldType.DECIMAL, FieldType.FLAG}
)

_EVERY_RECORD = {
    "record_state": Expression(_STATE, FieldType.SHORT_TEXT),
    "fed_by": Expression(_OWNER, FieldType.SHORT_TEXT),
    "created_by": Expression("r.created_by", FieldType.SHORT_TEXT),
    "created_at": Expression("r.created_at", FieldType.DATETIME),
    "updated_at": Expression("r.updated_at", FieldType.DATETIME),
    "deactivated": Expression("r.deactivated", FieldType.FLAG),
    "deactivated_at": Expression("r.deactivated_at", FieldType.DATETIME),
    "deactivated_reason": Expression("r.deactivated_reason", FieldType.SHORT_TEXT),
    "archived": Expression("r.archived", FieldType.FLAG),
}

_ACCOUNTS = Expression(
    shown="""(
        SELECT group_concat(
            a.name || char(31) || (u.deactivated OR u.archived) || char(31) || coalesce(u.status, ''), char(30))
        FROM saas_user u JOIN saas_application a ON a.id = u.saas_application
        WHERE u.person = r.id
    )""",
    type=FieldType.LIST,
    sorted_by="(SELECT count(*) FROM saas_user u WHERE u.person = r.id AND u.deactivated = 0)",
    compared="""(
        SELECT group_concat(a.name, ', ')
        FROM saas_user u JOIN saas_application a ON a.id = u.saas_application
        WHERE u.person = r.id AND u.deactivated = 0 AND u.archived = 0
    )""",
)

_COMPUTED: Mapping[ObjectKind, Mapping[str, Expression]] = {
    ObjectKind.PEOPLE: {
        "accounts": _ACCOUNTS,
        "last_activity": Expression(
            "(SELECT max(u.last_activity) FROM saas_user u WHERE u.person = r.id)", FieldType.DATETIME
        ),
        "active_accounts": Expression(
            """(
                SELECT count(*) FROM saas_user u WHERE u.person = r.id AND u.deactivated = 0 AND u.archived = 0
            )""",
            FieldType.NUMBER,
        ),
        # An account that is suspended opens nothing, though its vendor still lists it.
        "working_accounts": Expression(
            """(
                SELECT count(*) FROM saas_user u
                WHERE u.person = r.id AND u.deactivated = 0 AND u.archived = 0
                  AND (u.status IS NULL OR u.status < 'suspended' OR u.status >= 'suspendee')
            )""",
            FieldType.NUMBER,
        ),
        "suspended_in": Expression(
            """(
                SELECT group_concat(a.name, ', ')
                FROM saas_user u JOIN saas_application a ON a.id = u.saas_application
                WHERE u.person = r.id AND u.status >= 'suspended' AND u.status < 'suspendee'
            )""",
            FieldType.SHORT_TEXT,
        ),
        "active_licences": Expression(
            """(
                SELECT count(*) FROM saas_user u JOIN licence l ON l.saas_user = u.id
                WHERE u.person = r.id AND l.deactivated = 0 AND l.archived = 0
            )""",
            FieldType.NUMBER,
        ),
        # From the index alone, and the names from memory: a join for each of a million people takes twice the time.
        "fed_by": Expression(
            """feeder_names((
                SELECT group_concat(l.integration) FROM source_link l WHERE l.person = r.id AND l.gone <> 1
            ))""",
            FieldType.LIST,
        ),
    },
    ObjectKind.SAAS_USERS: {
        "saas_application": Expression(_APPLICATION, FieldType.SHORT_TEXT),
        "person": Expression("(SELECT p.username FROM person p WHERE p.id = r.person)", FieldType.SHORT_TEXT),
    },
    ObjectKind.LICENCES: {
        "saas_application": Expression(_APPLICATION, FieldType.SHORT_TEXT),
        "saas_user_id": Expression(
            "(SELECT u.saas_user_id FROM saas_user u WHERE u.id = r.saas_user)", FieldType.SHORT_TEXT
        ),
        "assigned_to": Expression(
            """coalesce((
                SELECT coalesce(p.username, u.email, u.name, u.saas_user_id)
                FROM saas_user u LEFT JOIN person p ON p.id = u.person
                WHERE u.id = r.saas_user
            ), nullif(r.held_by, 'unassigned'))""",
            FieldType.SHORT_TEXT,
        ),
    },
    ObjectKind.ASSETS: {
        "person": Expression("(SELECT p.username FROM person p WHERE p.id = r.person)", FieldType.SHORT_TEXT),
    },
    ObjectKind.SAAS_APPLICATIONS: {
        "active_users": Expression(
            "(SELECT count(*) FROM saas_user u WHERE u.saas_application = r.id AND u.deactivated = 0)", FieldType.NUMBER
        ),
        "all_users": Expression("(SELECT count(*) FROM saas_user u WHERE u.saas_application = r.id)", FieldType.NUMBER),
        "licences": Expression(
            "(SELECT count(*) FROM licence l WHERE l.saas_application = r.id AND l.deactivated = 0)", FieldType.NUMBER
        ),
        "free_licences": Expression(
            """(
                SELECT count(*) FROM licence l
                WHERE l.saas_application = r.id AND l.deactivated = 0 AND l.saas_user IS NULL
                  AND coalesce(l.held_by, 'unassigned') = 'unassigned'
            )""",
            FieldType.NUMBER,
        ),
        "last_activity": Expression(
            "(SELECT max(u.last_activity) FROM saas_user u WHERE u.saas_application = r.id)", FieldType.DATETIME
        ),
        "fed_by": Expression(
            """(
                SELECT group_concat(i.name, ', ') FROM integration i
                WHERE i.id = r.owner_integration OR EXISTS (
                    SELECT 1 FROM saas_user u WHERE u.owner_integration = i.id AND u.saas_application = r.id)
            )""",
            FieldType.LIST,
        ),
    },
}


def read_shape(db: Connection, kind: ObjectKind, *, is_present: bool = True) -> Shape:
    """What can be shown, sorted and compared of this kind of record just now, or at a moment of the past."""
    table = kind.table
    present = {str(name) for (name,) in db.execute_sql("SELECT name FROM pragma_table_info(?)", (table,))}
    fields = tuple(list_fields(db, kind))
    expressions = {**_EVERY_RECORD, **_COMPUTED[kind]}
    searched = []
    for field in fields:
        # The columns of these hold numbers of other records, or are not there at all.
        if field.builtin and field.external_id in _COMPUTED[kind]:
            continue
        column = f"r.{quote(field.external_id)}"
        key = f"r.{quote(field.external_id + '__key')}" if f"{field.external_id}__key" in present else None
        is_text = field.type.is_text or field.type is FieldType.LIST
        expressions[field.external_id] = Expression(
            column, field.type, sorted_by=readable_order(column) if is_text else None, key_column=key
        )
        if is_text:
            searched.append(
                Searched(column, column=field.external_id)
                if key is None
                else Searched(key, is_folded=True, column=field.external_id)
            )
    if "saas_application" in expressions:
        searched.append(Searched(_APPLICATION))
    names = db.execute_sql("SELECT name FROM saas_application WHERE archived = 0 ORDER BY name COLLATE NOCASE")
    applications = tuple(name for (name,) in names)
    is_indexed = is_present and kind in INDEXED
    return Shape(kind, table, fields, expressions, tuple(searched), applications, is_indexed=is_indexed)


def select_ids(
    db: Connection, shape: Shape, wanted: Wanted, limit: int | None, stop: threading.Event | None
) -> "array[int]":
    """The ids of the matching records in their order, all of them or the first few.

    SQLite joins them to one text: a million rows handed over one by one would be a million fights over Python's lock.
    """
    teach(db)
    ids = array("q")
    wanted = _among_candidates(db, shape, wanted, _MOST_FOR_ALL if limit is None else _MOST_FOR_FIRST)
    for where, order, parameters in _passes(shape, wanted, all_ids=limit is None):
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
    return not wanted.sort or shape.expressions[wanted.sort[0][0]].key_column is not None


def count_records(db: Connection, shape: Shape, wanted: Wanted) -> int:
    """How many records match."""
    teach(db)
    where, parameters = _conditions(shape, _among_candidates(db, shape, wanted, _MOST_FOR_ALL))
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


def select_tallies(
    db: Connection, shape: Shape, wanted: Wanted, groups: Sequence[SqlFragment], of: str, *, each_value: bool
) -> list[Tally]:
    """The matching records put together by these expressions, with sum, least and most of one column."""
    teach(db)
    where, parameters = _conditions(shape, _among_candidates(db, shape, wanted, _MOST_FOR_ALL))
    known = shape.expressions.get(of)
    x = "NULL" if known is None else known.compared or known.shown
    places = range(1, len(groups) + 1)
    grouped_by = ", ".join([*map(str, places), *([x] if each_value else [])])
    cursor = db.execute_sql(
        f"""
        SELECT {"".join(f"{group.text}, " for group in groups)}
            count(*), count({x}), sum({x}), min({x}), max({x}), {x if each_value else "NULL"}
        FROM {shape.table} r WHERE {where} {f"GROUP BY {grouped_by}" if grouped_by else ""}
        """,
        [*(value for group in groups for value in group.params), *parameters],
    )
    return [Tally(tuple(row[: len(groups)]), *row[len(groups) :]) for row in cursor.fetchall()]


def select_groups(db: Connection, shape: Shape, wanted: Wanted, sums: Sequence[str]) -> list[Group]:
    """The groups of the matching records in the order in which `select_ids` lists them, with sums of these columns."""
    teach(db)
    where, parameters = _conditions(shape, _among_candidates(db, shape, wanted, _MOST_FOR_ALL))
    numbers = [f"n{place}" for place in range(len(sums))]
    told = "".join(f", {shape.expressions[key].shown} AS {name}" for key, name in zip(sums, numbers, strict=True))
    # By what they are grouped is worked out once for each record, not once for each time that it is looked at.
    cursor = db.execute_sql(
        f"""
        WITH line AS MATERIALIZED (
            SELECT {_group_of(shape, wanted.group_by)} AS g, {_group_shown(shape, wanted.group_by)} AS shown{told}
            FROM {shape.table} r WHERE {where}
        )
        SELECT min(shown), count(*){"".join(f", sum({name})" for name in numbers)}
        FROM line GROUP BY g ORDER BY g {_group_direction(wanted)}
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
        (*shape.parameters, _json_array(ids)),
    )
    return {row[0]: decode(row[1:]) for row in cursor.fetchall()}


def stream_rows(
    db: Connection, shape: Shape, wanted: Wanted, keys: Sequence[str], stop: threading.Event | None
) -> Iterator[tuple[Any, ...]]:
    """All matching records in their order, read piece by piece."""
    teach(db)
    decode = _decoder(shape, keys)
    wanted = _among_candidates(db, shape, wanted, _MOST_FOR_ALL)
    for where, order, parameters in _passes(shape, wanted):
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


def comparable_columns(shape: Shape) -> dict[str, SqlColumn]:
    """What rules may speak of."""
    return {
        key: SqlColumn(known.compared or known.shown, known.type, known.key_column)
        for key, known in shape.expressions.items()
    }


_MARKS = re.compile("[\u0300-\u036f]+")


def sort_key(text: str | None) -> str | None:
    """Where a reader would look for a word: Å beside A, whatever its case."""
    if text is None:
        return None
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return plain.replace("ł", "l").replace("ø", "o").replace("đ", "d")


def teach(db: Connection) -> None:
    """Give the connection the functions that the expressions use."""
    names = dict(db.execute_sql("SELECT id, name FROM integration").fetchall())

    @cache
    def feeder_names(numbers: str | None) -> str | None:
        known = {names[number] for number in map(int, numbers.split(",")) if number in names} if numbers else set()
        return ", ".join(sorted(known, key=str.casefold)) or None

    connection = db.connection()
    connection.create_function("sort_key", 1, sort_key, deterministic=True)
    connection.create_function("feeder_names", 1, feeder_names, deterministic=True)


def _among_candidates(db: Connection, shape: Shape, wanted: Wanted, most: int) -> Wanted:
    """The same question, asked only to the records that may contain the words, where the index knows them."""
    if not shape.is_indexed:
        return wanted
    columns = {text.column for text in shape.searched if text.column is not None}
    words = [word for word in wanted.words if not _names_application(db, shape, word)]
    if wanted.rule is not None:
        words += _needed(wanted.rule, columns)
    return replace(wanted, among=find_candidates(db, shape.kind, columns, words, most))


def _needed(rule: Rule, columns: Collection[str | None]) -> Iterator[str]:
    """What every record that fits a rule has somewhere in these columns."""
    for part in rule.all or ():
        yield from _needed(part, columns)
    if rule.field in columns and rule.operator in _HAVE_IT and isinstance(rule.value, str):
        yield rule.value


def _names_application(db: Connection, shape: Shape, word: str) -> bool:
    """Whether a word may be found in the name of an application, which the index of accounts does not know."""
    if all(text.column is not None for text in shape.searched):
        return False
    condition, values = _contains([Searched("name")], word)
    return db.execute_sql(f"SELECT 1 FROM saas_application WHERE {condition} LIMIT 1", values).fetchone() is not None


def _passes(shape: Shape, wanted: Wanted, *, all_ids: bool = False) -> Iterator[tuple[str, str, list[Any]]]:
    """The statements that together give the order: two where the index of a unique field leaves out empty values."""
    where, parameters = _conditions(shape, wanted)
    order = [_order_by(shape, key, descending) for key, descending in wanted.sort]
    tie_break = "r.id"
    if wanted.group_by:
        yield where, ", ".join([_group_order(shape, wanted), *order, tie_break]), parameters
        return
    first_key = shape.expressions[wanted.sort[0][0]].key_column if wanted.sort else None
    if wanted.among is not None:
        # A few are soon sorted; the plus keeps SQLite from walking along the index of everybody instead.
        order = [f"+{level}" for level in order]
    if first_key is None or wanted.among is not None:
        yield where, ", ".join([*order, tie_break]), parameters
        return
    in_order_of_key = [f"{first_key} {'DESC' if wanted.sort[0][1] else 'ASC'}", *order[1:], tie_break]
    matching = _matching_by_index(shape, wanted, where) if all_ids else where
    yield f"{matching} AND {first_key} IS NOT NULL", ", ".join(in_order_of_key), parameters
    yield f"{where} AND {first_key} IS NULL", ", ".join([*order[1:], tie_break]), parameters


def _matching_by_index(shape: Shape, wanted: Wanted, where: str) -> str:
    """The same condition, so put that a list of all ids walks along the index and never looks at a row.

    With a million people: 1.3 s where following the index to every row takes 3.3 s. The plus keeps SQLite from
    starting at the list of ids, and sorting.
    """
    if wanted.is_everything_active:
        return f"r.id NOT IN (SELECT x.id FROM {shape.table} x WHERE x.deactivated OR x.archived)"
    return f"+r.id IN (SELECT r.id FROM {shape.table} r WHERE {where})"


def _group_of(shape: Shape, key: str) -> str:
    """What records of one group have in common: a text whatever its case, a date by its month, others as they are."""
    known = shape.expressions[key]
    if known is _ACCOUNTS:
        return f"nullif({known.compared}, '')"
    match known.type:
        case FieldType.DATE:
            return f"nullif(substr({known.shown}, 1, 7), '')"
        case FieldType.DATETIME:
            # The month in which it was here, as the list shows it.
            return f"strftime('%Y-%m', {known.shown}, 'localtime')"
        case FieldType.NUMBER | FieldType.DECIMAL | FieldType.FLAG:
            return known.shown
        case _:
            return f"nullif({known.key_column or known.sorted_by or f'lower({known.shown})'}, '')"


def _group_shown(shape: Shape, key: str) -> str:
    """How a group is told: by one of the spellings that are its value."""
    known = shape.expressions[key]
    is_told_as_it_is = known is _ACCOUNTS or known.type in _GROUPED_AS_THEY_ARE
    return _group_of(shape, key) if is_told_as_it_is else known.shown


def _group_order(shape: Shape, wanted: Wanted) -> str:
    return f"{_group_of(shape, wanted.group_by)} {_group_direction(wanted)}"


def _group_direction(wanted: Wanted) -> str:
    return f"{'DESC' if dict(wanted.sort).get(wanted.group_by, False) else 'ASC'} NULLS LAST"


def _order_by(shape: Shape, key: str, descending: bool) -> str:
    known = shape.expressions[key]
    expression = known.key_column or known.sorted_by or f"{known.shown} COLLATE NOCASE"
    return f"{expression} {'DESC' if descending else 'ASC'} NULLS LAST"


def readable_order(column: str) -> str:
    """How SQL sorts a text as readers would look for it."""
    # Only text beyond ASCII is worth a call into Python.
    return f"CASE WHEN {_is_beyond_ascii(column)} THEN sort_key({column}) ELSE lower({column}) END"


def _is_beyond_ascii(expression: str) -> str:
    return f"length(CAST({expression} AS BLOB)) > length({expression})"


def _conditions(shape: Shape, wanted: Wanted) -> tuple[str, list[Any]]:
    conditions: list[str] = []
    parameters: list[Any] = list(shape.parameters)
    if wanted.active is not None:
        conditions.append("r.deactivated = 0 AND r.archived = 0" if wanted.active else "(r.deactivated OR r.archived)")
    if wanted.narrowing.application is not None:
        conditions.append("r.saas_application = ?")
        parameters.append(wanted.narrowing.application)
    if wanted.narrowing.integration is not None:
        conditions.append("r.owner_integration = ?")
        parameters.append(wanted.narrowing.integration)
    if wanted.only is not None:
        conditions.append("r.id IN (SELECT value FROM json_each(?))")
        parameters.append(_json_array(wanted.only))
    if wanted.among is not None:
        conditions.append(wanted.among.text)
        parameters += wanted.among.params
    if wanted.rule is not None:
        fragment = to_sql(wanted.rule, comparable_columns(shape), wanted.now)
        conditions.append(f"({fragment.text})")
        parameters += fragment.params
    for word in wanted.words:
        text, values = _contains(shape.searched, word)
        conditions.append(text)
        parameters += values
    return " AND ".join(conditions) or "1", parameters


def _contains(searched: Sequence[Searched], word: str) -> tuple[str, list[str]]:
    """A condition that finds the word in any of the texts, whatever its case, and never calls Python.

    LIKE knows the case of ASCII letters only; for others a GLOB names both forms of each letter.
    """
    folded = _like_pattern(fold_key(word) or word)
    globs = [] if word.isascii() else [_glob(form) for form in _spellings(word)]
    alternatives: list[str] = []
    parameters: list[str] = []
    for text in searched:
        if text.is_folded or folded.isascii():
            alternatives.append(f"{text.expression} LIKE ? ESCAPE '\\'")
            parameters.append(folded)
        if not text.is_folded:
            for condition, values in globs:
                alternatives.append(condition.format(x=text.expression))
                parameters += values
    return f"({' OR '.join(alternatives)})", parameters


def _like_pattern(text: str) -> str:
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _spellings(word: str) -> set[str]:
    """The word with its accents joined to their letters, and beside them: vendors send both."""
    return {unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word)}


def _glob(word: str) -> tuple[str, list[str]]:
    """A condition on {x}, and its values: a GLOB is slow, so whatever lacks the rarest letter is left out before it."""
    rare = sorted(_forms(next(letter for letter in word if not letter.isascii())))
    has_rare = " OR ".join(["instr({x}, ?)"] * len(rare))
    pattern = "".join(map(_either_case, word))
    return f"(({has_rare}) AND {{x}} GLOB ?)", [*rare, f"*{pattern}*"]


def _either_case(letter: str) -> str:
    forms = _forms(letter)
    return letter if len(forms) == 1 and letter not in "*?[" else f"[{''.join(sorted(forms))}]"


def _forms(letter: str) -> set[str]:
    """Every letter that is the same one, whatever its case."""
    forms = {form for form in (letter, letter.lower(), letter.upper(), letter.casefold()) if len(form) == 1}
    # Greek has a second small sigma for the end of a word.
    return forms | set("Σσς") if forms & set("σς") else forms


def _shown(shape: Shape, keys: Sequence[str]) -> str:
    return ", ".join(shape.expressions[key].shown for key in keys) or "NULL"


def _json_array(ids: Iterable[int]) -> str:
    return orjson.dumps(list(ids)).decode()


def _as_it_is(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row


def _decoder(shape: Shape, keys: Sequence[str]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    places = [place for place, key in enumerate(keys) if shape.expressions[key] is _ACCOUNTS]
    if not places:
        return _as_it_is

    def decode(row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place in places:
            values[place] = _accounts(values[place])
        return tuple(values)

    return decode


def _accounts(summary: str | None) -> tuple[Account, ...]:
    if not summary:
        return ()
    parts = (part.split(_UNIT) for part in summary.split(_RECORD))
    return summarise_accounts(Account(name, account_state(status, gone == "1")) for name, gone, status in parts)


def _look_at(stop: threading.Event | None) -> None:
    if stop is not None and stop.is_set():
        raise Cancelled

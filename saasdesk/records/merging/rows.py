"""SQL for duplicates and merges; every value is a parameter, every column name comes from the fields."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from saasdesk.fields import ObjectKind, quote
from saasdesk.store import Connection

PEOPLE = ObjectKind.PEOPLE.value
# What points at a person by its number: table, and the kind of record where its changes have a history.
MOVED = ((ObjectKind.SAAS_USERS, "saas_user"), (ObjectKind.ASSETS, "asset"))


class PersonRow(NamedTuple):
    """A person as one of a pair."""

    id: int
    name: str
    email: str
    department: str
    created_by: str
    accounts: int


class LinkRow(NamedTuple):
    """A link from a vendor's record to a person."""

    integration: int
    vendor_id: str
    by_hand: bool


class FeederRow(NamedTuple):
    """Who feeds a value, where that is not the owner of the record."""

    record: int
    field: str
    integration: int


# ----- who may be the same


def address_is_username(db: Connection, most: int) -> list[tuple[int, int]]:
    """Pairs in which the one's e-mail address is the other's username."""
    return _pairs(
        db,
        """
        SELECT a.id, b.id FROM person a JOIN person b ON b.username__key = a.email__key
        WHERE a.id <> b.id AND NOT a.archived AND NOT b.archived LIMIT ?
        """,
        most,
    )


def address_of_account(db: Connection, most: int) -> list[tuple[int, int]]:
    """Pairs in which an account of the one has the other's e-mail address."""
    return _pairs(
        db,
        """
        SELECT DISTINCT a.id, u.person FROM saas_user u JOIN person a ON a.email__key = u.email__key
        JOIN person b ON b.id = u.person
        WHERE a.id <> u.person AND NOT a.archived AND NOT b.archived AND NOT u.archived LIMIT ?
        """,
        most,
    )


def same_name(db: Connection, most: int, *, same_department: bool) -> list[tuple[int, int]]:
    """Pairs of one name in one department, or of whom one has none; takes a look at everybody."""
    departments = (
        "fold(a.department) = fold(b.department)"
        if same_department
        else "(coalesce(a.department, '') = '') <> (coalesce(b.department, '') = '')"
    )
    return _pairs(
        db,
        f"""
        WITH named AS MATERIALIZED (
            SELECT id, fold(name) AS key, department FROM person WHERE NOT archived AND coalesce(name, '') <> ''
        ), shared AS MATERIALIZED (
            SELECT n.id, n.key, n.department FROM named n
            WHERE n.key IN (SELECT key FROM named GROUP BY key HAVING count(*) > 1)
        )
        SELECT a.id, b.id FROM shared a JOIN shared b ON b.key = a.key AND b.id > a.id WHERE {departments} LIMIT ?
        """,
        most,
    )


def _pairs(db: Connection, sql: str, most: int) -> list[tuple[int, int]]:
    return [(int(first), int(second)) for first, second in db.execute_sql(sql, (most,))]


def known_to_differ(db: Connection) -> set[tuple[int, int]]:
    """The pairs of whom somebody has said that they are two."""
    return {(int(first), int(second)) for first, second in db.execute_sql("SELECT first, second FROM not_same")}


def set_differ(db: Connection, first: int, second: int, at: str, who: str, *, differ: bool) -> None:
    """Remember that two people are two, or forget it."""
    if differ:
        db.execute_sql("INSERT OR IGNORE INTO not_same VALUES (?, ?, ?, ?)", (first, second, at, who))
    else:
        db.execute_sql("DELETE FROM not_same WHERE first = ? AND second = ?", (first, second))


def people(db: Connection, numbers: Sequence[int]) -> list[PersonRow]:
    """These people, with how many accounts they have."""
    found = db.execute_sql(
        """
        SELECT p.id, coalesce(p.name, p.email, p.username, ''), coalesce(p.email, ''), coalesce(p.department, ''),
            p.created_by, (SELECT count(*) FROM saas_user u WHERE u.person = p.id AND NOT u.archived)
        FROM person p WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id
        """,
        (orjson.dumps(list(numbers)).decode(),),
    )
    return [PersonRow._make(row) for row in found]


# ----- what a merge moves


def is_archived(db: Connection, person: int) -> bool | None:
    """Whether somebody is in the archive; None when there is no such person."""
    row = db.execute_sql("SELECT archived FROM person WHERE id = ?", (person,)).fetchone()
    return None if row is None else bool(row[0])


def held_by(db: Connection, table: str, person: int) -> list[tuple[int, str]]:
    """(number, name) of the accounts or assets of a person."""
    name = "coalesce(name, email, saas_user_id, '')" if table == "saas_user" else "coalesce(name, serial_number, '')"
    found = db.execute_sql(f"SELECT id, {name} FROM {quote(table)} WHERE person = ? ORDER BY id", (person,))
    return [(int(number), str(text)) for number, text in found]


def count_licences(db: Connection, person: int) -> int:
    """How many licences the accounts of a person hold."""
    (count,) = db.execute_sql(
        "SELECT count(*) FROM licence l JOIN saas_user u ON u.id = l.saas_user WHERE u.person = ? AND NOT l.archived",
        (person,),
    ).fetchone()
    return int(count)


def links_of(db: Connection, person: int) -> list[LinkRow]:
    """The vendors' records behind a person."""
    found = db.execute_sql(
        "SELECT integration, vendor_id, by_hand FROM source_link WHERE person = ? ORDER BY 1, 2", (person,)
    )
    return [LinkRow(int(row[0]), str(row[1]), bool(row[2])) for row in found]


def move_link(db: Connection, link: LinkRow, from_person: int, to_person: int) -> None:
    """Let a vendor's record stand behind another person, if it still stands behind the first."""
    db.execute_sql(
        """UPDATE source_link SET person = ?, by_hand = ?, raw_hash = NULL
           WHERE integration = ? AND vendor_id = ? AND person = ?""",
        (to_person, link.by_hand, link.integration, link.vendor_id, from_person),
    )


def runs_of(db: Connection, person: int) -> list[int]:
    """What workflows did with a person, and wait for."""
    found = db.execute_sql("SELECT id FROM workflow_run WHERE object = ? AND record = ? ORDER BY id", (PEOPLE, person))
    return [int(number) for (number,) in found]


def move_runs(db: Connection, runs: Iterable[int], to_person: int) -> None:
    """Let them be about another person; what that one went through already in the same event stays where it is."""
    for number in runs:
        db.execute_sql("UPDATE OR IGNORE workflow_run SET record = ? WHERE id = ?", (to_person, number))


def feeders_of(db: Connection, records: Sequence[int]) -> list[FeederRow]:
    """Who feeds the values of these people, where that is not their owner."""
    marks = ", ".join("?" * len(records))
    found = db.execute_sql(
        f"SELECT record, field, integration FROM value_owner WHERE object = ? AND record IN ({marks}) ORDER BY 1, 2",
        (PEOPLE, *records),
    )
    return [FeederRow._make(row) for row in found]


def owner_of(db: Connection, person: int) -> int | None:
    """The integration that made a person; None for a hand."""
    row = db.execute_sql("SELECT owner_integration FROM person WHERE id = ?", (person,)).fetchone()
    return None if row is None else row[0]


def holder_of(db: Connection, field: str, value: object) -> int | None:
    """Who has this value of a unique field."""
    row = db.execute_sql(f"SELECT id FROM person WHERE {quote(field + '__key')} = fold(?)", (value,)).fetchone()
    return None if row is None else int(row[0])


def set_feeder(db: Connection, person: int, field: str, integration: int) -> None:
    """Let somebody feed a value from now on."""
    db.execute_sql(
        "INSERT OR REPLACE INTO value_owner (object, record, field, integration) VALUES (?, ?, ?, ?)",
        (PEOPLE, person, field, integration),
    )


def put_feeders_back(db: Connection, person: int, fields: Iterable[str], before: Sequence[FeederRow]) -> None:
    """Let those feed these values who did before."""
    known = {row.field: row.integration for row in before if row.record == person}
    for field in fields:
        db.execute_sql("DELETE FROM value_owner WHERE object = ? AND record = ? AND field = ?", (PEOPLE, person, field))
        if field in known:
            set_feeder(db, person, field, known[field])


def feeders_of_owners(db: Connection, kind: ObjectKind, records: Sequence[int]) -> dict[int, int]:
    """Who says whose each of these accounts or assets is, where that is not their own integration."""
    marks = ", ".join("?" * len(records))
    found = db.execute_sql(
        f"SELECT record, integration FROM value_owner WHERE object = ? AND field = 'person' AND record IN ({marks})",
        (kind.value, *records),
    )
    return dict(found)


def put_feeders_of_owners_back(
    db: Connection, kind: ObjectKind, records: Sequence[int], before: Mapping[int, int]
) -> None:
    """Let those say whose these are who did before."""
    for record in records:
        db.execute_sql(
            "DELETE FROM value_owner WHERE object = ? AND record = ? AND field = 'person'", (kind.value, record)
        )
        if record in before:
            db.execute_sql(
                "INSERT INTO value_owner (object, record, field, integration) VALUES (?, ?, 'person', ?)",
                (kind.value, record, before[record]),
            )


# ----- merges that were made


class MergeRow(NamedTuple):
    """A merge that is not undone."""

    id: int
    kept: int
    gone: int
    gone_name: str
    at: str
    who: str


def insert_merge(db: Connection, kept: int, gone: int, at: str, who: str, document: Mapping[str, Any]) -> int:
    """Keep what a merge changed."""
    db.execute_sql(
        "INSERT INTO merge (object, kept, gone, at, who, document) VALUES (?, ?, ?, ?, ?, ?)",
        (PEOPLE, kept, gone, at, who, orjson.dumps(document).decode()),
    )
    (number,) = db.execute_sql("SELECT max(id) FROM merge").fetchone()
    return int(number)


def read_merge(db: Connection, number: int) -> tuple[int, int, dict[str, Any], str | None] | None:
    """(kept, gone, document, when it was undone) of a merge."""
    row = db.execute_sql("SELECT kept, gone, document, undone_at FROM merge WHERE id = ?", (number,)).fetchone()
    return None if row is None else (int(row[0]), int(row[1]), orjson.loads(row[2]), row[3])


def merges_of(db: Connection, person: int) -> list[MergeRow]:
    """The merges in which a person stayed or went, and that were not undone, newest first."""
    found = db.execute_sql(
        """
        SELECT m.id, m.kept, m.gone, coalesce(p.name, p.email, p.username, json_extract(m.document, '$.gone_name')),
            m.at, m.who
        FROM merge m LEFT JOIN person p ON p.id = m.gone
        WHERE m.object = ?1 AND (m.kept = ?2 OR m.gone = ?2) AND m.undone_at IS NULL ORDER BY m.id DESC
        """,
        (PEOPLE, person),
    )
    return [MergeRow._make(row) for row in found]


def end_merge(db: Connection, number: int, at: str) -> None:
    """Note that a merge was undone; its keys lead nowhere any more."""
    db.execute_sql("UPDATE merge SET undone_at = ? WHERE id = ?", (at, number))
    db.execute_sql("DELETE FROM merged_key WHERE merge = ?", (number,))


def keep_keys(db: Connection, merge: int, kept: int, values: Mapping[str, object]) -> None:
    """Remember unique values of who went: whoever comes with one of them is the person who stayed."""
    for field, value in values.items():
        db.execute_sql(
            "INSERT OR REPLACE INTO merged_key (object, field, key, record, merge) SELECT ?, ?, fold(?), ?, ?",
            (PEOPLE, field, value, kept, merge),
        )


def hand_keys_on(db: Connection, gone: int, kept: int) -> None:
    """Keys that led to somebody who goes now lead to the one who stays."""
    db.execute_sql("UPDATE merged_key SET record = ? WHERE object = ? AND record = ?", (kept, PEOPLE, gone))

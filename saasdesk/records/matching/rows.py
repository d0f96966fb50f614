"""SQL for matching accounts to people by hand."""

from typing import NamedTuple

from saasdesk.store import Connection

_PERSON = "p.id, coalesce(p.name, p.email, p.username, ''), coalesce(p.email, ''), coalesce(p.department, '')"
# Nobody is given an account who is in the archive.
_THERE = "NOT p.archived"


class AccountToMatch(NamedTuple):
    """An account, and the person it belongs to as far as is known."""

    id: int
    name: str
    email: str
    application: str
    person: int | None
    person_name: str


class PersonRow(NamedTuple):
    """A person as a choice."""

    id: int
    name: str
    email: str
    department: str


class Link(NamedTuple):
    """Which vendor's record stands behind an account, and whose it is by that link."""

    integration: int
    vendor_id: str
    person: int | None
    by_hand: bool


def account(db: Connection, number: int) -> AccountToMatch | None:
    """One account; None when it is gone."""
    row = db.execute_sql(
        """
        SELECT u.id, coalesce(u.name, u.email, u.saas_user_id, ''), coalesce(u.email, ''), a.name, u.person,
            coalesce(p.name, p.email, p.username, '')
        FROM saas_user u JOIN saas_application a ON a.id = u.saas_application LEFT JOIN person p ON p.id = u.person
        WHERE u.id = ?
        """,
        (number,),
    ).fetchone()
    return None if row is None else AccountToMatch._make(row)


def with_address(db: Connection, address: str, most: int) -> list[PersonRow]:
    """People who have this address as e-mail or username."""
    rows = db.execute_sql(
        f"""
        SELECT {_PERSON} FROM person p
        WHERE {_THERE} AND p.id IN (
            SELECT id FROM person WHERE email__key = fold(?1) UNION SELECT id FROM person WHERE username__key = fold(?1)
        ) ORDER BY p.id LIMIT ?2
        """,
        (address, most),
    )
    return [PersonRow._make(row) for row in rows]


def with_local_part(db: Connection, local: str, most: int) -> list[PersonRow]:
    """People whose address begins like this one, at another domain."""
    # "A" follows "@": whatever begins with "local@" lies between the two.
    rows = db.execute_sql(
        f"SELECT {_PERSON} FROM person p WHERE {_THERE} AND p.email__key >= ? AND p.email__key < ? LIMIT ?",
        (f"{local}@", f"{local}A", most),
    )
    return [PersonRow._make(row) for row in rows]


def with_name(db: Connection, name: str, most: int) -> list[PersonRow]:
    """People of this name, however it is capitalised; takes a look at everybody."""
    rows = db.execute_sql(
        f"SELECT {_PERSON} FROM person p WHERE {_THERE} AND fold(p.name) = fold(?) ORDER BY p.id LIMIT ?", (name, most)
    )
    return [PersonRow._make(row) for row in rows]


def people(db: Connection, numbers: list[int]) -> list[PersonRow]:
    """These people, in this order."""
    marks = ", ".join("?" * len(numbers))
    found = {
        row[0]: PersonRow._make(row)
        for row in db.execute_sql(f"SELECT {_PERSON} FROM person p WHERE p.id IN ({marks})", numbers)
    }
    return [found[number] for number in numbers if number in found]


def link_of(db: Connection, number: int) -> Link | None:
    """The link from the vendor's record to this account; None where its integration was deleted."""
    row = db.execute_sql(
        """SELECT l.integration, l.vendor_id, l.person, l.by_hand
           FROM saas_user u JOIN source_link l ON l.saas_user = u.id AND l.integration = u.owner_integration
           WHERE u.id = ?""",
        (number,),
    ).fetchone()
    return None if row is None else Link(int(row[0]), str(row[1]), row[2], bool(row[3]))


def set_link(db: Connection, link: Link) -> None:
    """Write whose account it is, and that it was a person who said so, or no longer."""
    db.execute_sql(
        "UPDATE source_link SET person = ?, by_hand = ?, raw_hash = NULL WHERE integration = ? AND vendor_id = ?",
        (link.person, link.by_hand, link.integration, link.vendor_id),
    )

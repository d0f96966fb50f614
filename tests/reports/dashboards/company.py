"""A small company of random people, accounts and licences, written straight into the tables."""

from collections.abc import Sequence
from random import Random

from saasdesk.fields import ObjectKind
from saasdesk.store import Connection, Store

MADE_AT = "2026-01-05T08:00:00Z"
_DEPARTMENTS = ("Finance", "finance ", "Sales", "Größe", "", None)
_ROLES = ("Admin", "admin", "User", None)


def fill(store: Store, seed: int = 0, people: int = 40) -> None:
    """Some people with accounts in three applications, a few of them gone."""
    random = Random(seed)

    def work(db: Connection) -> None:
        for number, name in enumerate(("Alpha", "Beta", "Gamma"), start=1):
            db.execute_sql(
                """INSERT INTO saas_application (id, name, name__key, created_at, updated_at)
                    VALUES (?, ?, fold(?), ?, ?)""",
                (number, name, name, MADE_AT, MADE_AT),
            )
        for person in range(1, people + 1):
            db.execute_sql(
                """INSERT INTO person
                    (id, username, username__key, name, department, created_at, updated_at, deactivated)
                    VALUES (?, ?, fold(?), ?, ?, ?, ?, ?)""",
                (
                    person,
                    f"p{person}@example.com",
                    f"p{person}@example.com",
                    f"Person {person}",
                    random.choice(_DEPARTMENTS),
                    MADE_AT,
                    MADE_AT,
                    int(random.random() < 0.2),
                ),
            )
            for application in random.sample((1, 2, 3), random.randint(0, 3)):
                db.execute_sql(
                    """INSERT INTO saas_user
                        (saas_application, name, role, last_activity, person, created_at, updated_at, deactivated)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                    (
                        application,
                        f"Person {person}",
                        random.choice(_ROLES),
                        random.choice((None, f"20{random.randint(20, 29)}-0{random.randint(1, 9)}-11T10:00:00Z")),
                        random.choice((None, person)),
                        MADE_AT,
                        MADE_AT,
                        int(random.random() < 0.2),
                    ),
                )
        remember(db, "create", 1, at=MADE_AT)

    store.write(work)


def remember(
    db: Connection,
    kind: str,
    record: int,
    *,
    at: str,
    object_kind: ObjectKind = ObjectKind.PEOPLE,
    field: str | None = None,
    values: Sequence[object] = (None, None),
) -> None:
    """Write one row of history."""
    db.execute_sql(
        """INSERT INTO change (cause, at, object, record, kind, field, before, after)
            VALUES ('test', ?, ?, ?, ?, ?, ?, ?)""",
        (at, object_kind.value, record, kind, field, *values),
    )

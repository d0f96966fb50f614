"""A company as large as one likes, made by SQL: people, accounts, licences, and a hundred nights of history."""

from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.fields.rows import add_field
from saasdesk.simulator.names import NAME_GROUPS
from saasdesk.store import Connection, Store

OWN_FIELDS = 8
COLUMNS = (
    *("username", "email", "role", "name", "first_name", "last_name", "job_title", "department", "location", "phone"),
    *("manager", "employee_id", *(f"own_{number}" for number in range(OWN_FIELDS))),
)
NIGHTS = 100


def fill(store: Store, people: int) -> None:
    """So many people, every tenth with a value that a spreadsheet would calculate."""
    given = [name.written for group in NAME_GROUPS for name in group.givens]
    family = [name.written for group in NAME_GROUPS for name in group.families]

    def work(db: Connection) -> None:
        for number in range(OWN_FIELDS):
            add_field(db, Field(ObjectKind.PEOPLE, f"own_{number}", f"Own {number}", FieldType.SHORT_TEXT))
        names = ", ".join(COLUMNS)
        marks = ", ".join("?" * (len(COLUMNS) + 5))
        db.connection().executemany(
            f"""INSERT INTO person ({names}, username__key, email__key, employee_id__key, created_at, updated_at)
                VALUES ({marks})""",
            (_person(number, given, family) for number in range(people)),
        )
        db.execute_sql("UPDATE person SET name__order = sort_key(name)")

    store.write(work)


def _person(number: int, given: list[str], family: list[str]) -> tuple[str, ...]:
    # Two steps that share no divisor with the lists, so that names meet in ever new pairs and in no order.
    first, last = given[number * 7 % len(given)], family[number * 11 // 3 % len(family)]
    email = f"user.{number * 7919 % 1_000_003}.{number}@example.com"
    own = (f"{'=' if number % 10 == 0 else ''}value {number % 997}" for _ in range(OWN_FIELDS))
    return (
        *(
            email,
            email,
            "Employee",
            f"{first} {last}",
            first,
            last,
            f"Title {number % 89}",
            f"Department {number % 31}",
        ),
        *("Berlin", f"+49 30 {number}", "", f"E-{number:08}", *own),
        *(email, email, f"e-{number:08}", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    )


def fill_accounts(db: Connection) -> None:
    """Two accounts for each person."""
    for number, name in enumerate(("One", "Two"), start=1):
        db.execute_sql(
            "INSERT INTO saas_application (id, name, name__key, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
            (number, name, name.casefold(), "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        )
        db.execute_sql(
            """INSERT INTO saas_user (saas_application, saas_user_id, email, email__key, name, name__order, role,
                   status, person, created_at, updated_at)
               SELECT ?, 'U' || id, email, email__key, name, name__order, 'user', 'active', id, created_at, updated_at
               FROM person""",
            (number,),
        )


def fill_history(db: Connection, people: int) -> None:
    """A hundred nights of history of people and accounts."""
    # Every night one in a hundred changes: a title of a person, a role of an account.
    for night in range(NIGHTS):
        at = f"2026-{2 + night // 28:02}-{1 + night % 28:02}T02:00:00Z"
        for kind, column, rows in (("people", "job_title", people), ("saas_users", "role", 2 * people)):
            db.execute_sql(
                f"""INSERT INTO change (cause, at, object, record, kind, field, before, after)
                    SELECT 'sync', ?1, '{kind}', id, 'update', '{column}', {column}, {column} || ?2
                    FROM {ObjectKind(kind).table} WHERE id % 100 = ?3 AND id <= ?4""",
                (at, f" {night}", night * 37 % 100, rows),
            )


def fill_licences(db: Connection) -> None:
    """A licence of the first application for each person, prices, and when each account was used."""
    db.execute_sql("UPDATE saas_user SET last_activity = '2026-11-' || (10 + id % 20) || 'T00:00:00Z'")
    db.execute_sql(
        """INSERT INTO licence (saas_application, saas_user, licence_key, licence_id, product, created_at, updated_at)
           SELECT saas_application, id, 'k' || id, 'L' || id, 'Product ' || (id % 3), created_at, updated_at
           FROM saas_user WHERE saas_application = 1"""
    )
    db.execute_sql(
        """INSERT INTO price (application, scope, name, minor, currency, period, valid_from) VALUES
               (1, 'product', 'Product 1', 1200, 'EUR', 'month', '2020-01-01'),
               (1, 'application', '', 500, 'EUR', 'month', '2020-01-01'),
               (2, 'role', 'user', 900, 'EUR', 'month', '2020-01-01')"""
    )

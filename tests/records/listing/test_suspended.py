"""Who is suspended in one place and works on in another, as a list and a dashboard ask for it."""

from saasdesk.fields import ObjectKind
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.rules import Operator, all_of, condition
from saasdesk.store import Connection, Store

SUSPENDED = all_of(
    condition("suspended_in", Operator.CONTAINS, "JumpCloud"),
    condition("working_accounts", Operator.GREATER_THAN, 0),
)


def test_that_only_those_are_found_who_are_suspended_here_and_active_there(store: Store) -> None:
    made = "'2026-01-01', '2026-01-01'"
    accounts = [
        ("Ana", "JumpCloud", "suspended", 0),
        ("Ana", "PagerDuty", "active", 0),
        ("Bo", "JumpCloud", "suspended: by an admin", 0),
        ("Bo", "PagerDuty", "suspended", 0),
        ("Cem", "JumpCloud", "suspended", 0),
        ("Cem", "PagerDuty", None, 1),
        ("Dee", "JumpCloud", "active", 0),
        ("Dee", "PagerDuty", "suspended", 0),
    ]

    def work(db: Connection) -> None:
        for name in ("JumpCloud", "PagerDuty"):
            db.execute_sql(
                f"INSERT INTO saas_application (name, name__key, created_at, updated_at) VALUES (?1, fold(?1), {made})",
                (name,),
            )
        for name in ("Ana", "Bo", "Cem", "Dee"):
            db.execute_sql(f"INSERT INTO person (name, created_at, updated_at) VALUES (?, {made})", (name,))
        for person, application, status, gone in accounts:
            db.execute_sql(
                "INSERT INTO saas_user (person, saas_application, saas_user_id, status, deactivated, created_at, "
                "updated_at) VALUES ((SELECT id FROM person WHERE name = ?), (SELECT id FROM saas_application "
                f"WHERE name = ?), ? || ?, ?, ?, {made})",
                (person, application, person, application, status, gone),
            )

    store.write(work)
    people = RecordList(store, ObjectKind.PEOPLE)

    found = people.rows(list(people.ids(ListQuery(SUSPENDED))), ("name", "suspended_in", "working_accounts"))

    assert list(found.values()) == [("Ana", "JumpCloud", 1)]

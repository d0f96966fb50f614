"""Looking at the past: people with two accounts each, a hundred nights of history at 1 % churn."""

import tempfile
import time
from pathlib import Path

from benchmarks.lists import fill
from benchmarks.result import Findings
from saasdesk.fields import ObjectKind
from saasdesk.profile import open_profile
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.records.past import compare, moment_of_text, past_store
from saasdesk.store import Connection, Store

NIGHTS = 100


def fill_accounts(db: Connection, people: int) -> None:
    """Two accounts for each person, and a hundred nights of history of both."""
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


def measure(sizes: tuple[int, ...]) -> Findings:
    """Both questions at these sizes."""
    found = Findings()
    for people in sizes:
        with (
            tempfile.TemporaryDirectory() as folder,
            Store.open(open_profile(Path(folder, "profile"))) as store,
        ):
            fill(store, people)
            store.write(lambda db, people=people: fill_accounts(db, people))
            began = time.perf_counter()
            with past_store(store, moment_of_text(store, "2026-03-15"), lambda _share: None) as past:
                records = RecordList(past, ObjectKind.PEOPLE)
                records.first_ids(ListQuery(sort=(("name", False),)))
                took = time.perf_counter() - began
            limit = 2 if people <= 100_000 else None
            found.add(
                "–",
                f"a list of {people:,} people as of a day, 2 accounts each, {NIGHTS} nights of history",
                f"< {limit} s" if limit else "–",
                f"{took:.1f} s",
                took < limit if limit else None,
            )
            began = time.perf_counter()
            total = compare(store, moment_of_text(store, "2026-03-15"), None, 100_000).total
            found.add(
                "–",
                f"what differs from then to now, {total:,} differences among {people:,} people",
                "–",
                f"{time.perf_counter() - began:.1f} s",
            )
    return found

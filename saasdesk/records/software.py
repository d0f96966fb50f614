"""SaaS applications: found by name, or made."""

from saasdesk.fields import ObjectKind
from saasdesk.records import rows
from saasdesk.records.apply import apply
from saasdesk.records.changes import Cause
from saasdesk.store import Connection, Store


def ensure_application(db: Connection, name: str, vendor: str, cause: Cause, at: str) -> int:
    """The SaaS application of this name, however it is written; made if there is none."""
    found = rows.application_named(db, name)
    if found is not None:
        return found
    with rows.one_new_application(db, name, vendor) as schema:
        apply(db, schema, ObjectKind.SAAS_APPLICATIONS, cause, at)
    made = rows.application_named(db, name)
    if made is None:
        raise AssertionError(name)
    return made


def application_names(store: Store) -> list[str]:
    """The names of all SaaS applications that are not archived, in order."""
    with store.reading() as db:
        return rows.application_names(db)

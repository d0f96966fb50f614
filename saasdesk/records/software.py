"""SaaS applications: found by name or in the software catalogue, else made; and their link to the catalogue."""

from dataclasses import dataclass

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.fields.rows import refuse_hand
from saasdesk.records import rows
from saasdesk.records.apply import apply, apply_edits
from saasdesk.records.catalogue import CatalogueEntry, find_entry
from saasdesk.records.changes import Cause, ChangeKind, FieldEdit, RecordEdit
from saasdesk.store import Connection, Store
from saasdesk.store.audit import operating_system_user, record

LINK = "catalogue_entry"


@dataclass(frozen=True, slots=True)
class SaasApplication:
    """What the catalogue says something about; empty texts where nothing is known."""

    id: int
    name: str
    vendor: str
    category: str
    catalogue_entry: str


def settled_name(db: Connection, name: str) -> str:
    """What an application called like this is called here: as an existing one is, as the catalogue says, or just so."""
    known = rows.application_named(db, name)
    if known is not None:
        return known[1]
    entry = find_entry(name)
    if entry is None:
        return name
    known = rows.application_named(db, entry.name)
    return known[1] if known is not None else entry.name


def ensure_application(db: Connection, name: str, vendor: str, cause: Cause, at: str) -> int:
    """The SaaS application of this name, however it is written; made if there is none.

    One that the catalogue knows is linked to its entry from the start; `vendor` is for those that it does not know.
    """
    name = settled_name(db, name)
    found = rows.application_named(db, name)
    if found is not None:
        return found[0]
    entry = find_entry(name)
    values = {"name": name, "vendor": vendor} if entry is None else {"name": name, **_values_of(entry)}
    kind, why = ObjectKind.SAAS_APPLICATIONS, "first needed by an integration"
    with rows.one_new_record(db, kind, values, name, why) as schema:
        apply(db, schema, kind, cause, at)
    made = rows.application_named(db, name)
    if made is None:
        raise AssertionError(name)
    return made[0]


def take_back_application(db: Connection, name: str, integration: int) -> None:
    """Take back the application that an integration made on saving, where nothing came of it."""
    if rows.delete_empty_application(db, name, integration):
        record(db, "application.taken_back", name, {"integration": integration})


def application_names(store: Store) -> list[str]:
    """The names of all SaaS applications that are not archived, in order."""
    with store.reading() as db:
        return rows.application_names(db)


def find_application(store: Store, application: int) -> SaasApplication | None:
    """One SaaS application; None when it is gone."""
    with store.reading() as db:
        found = rows.application_by_id(db, application)
    return None if found is None else SaasApplication(application, *found)


def application_called(store: Store, name: str) -> SaasApplication | None:
    """The SaaS application of this name; None where there is none yet."""
    with store.reading() as db:
        known = rows.application_named(db, name)
    return None if known is None else find_application(store, known[0])


def changes_of_link(application: SaasApplication, entry: CatalogueEntry) -> tuple[FieldEdit, ...]:
    """What linking would change, field by field: vendor and category become those of the entry."""
    now = {"vendor": application.vendor, "category": application.category, LINK: application.catalogue_entry}
    return tuple(
        FieldEdit(field, now[field] or None, value) for field, value in _values_of(entry).items() if now[field] != value
    )


def changes_of_unlink(application: SaasApplication) -> tuple[FieldEdit, ...]:
    """Unlinking takes the link away and leaves vendor and category as they are."""
    return (FieldEdit(LINK, application.catalogue_entry, None),) if application.catalogue_entry else ()


def change_application(store: Store, application: SaasApplication, changes: tuple[FieldEdit, ...], why: str) -> None:
    """Write changes of an application by hand; a UserError when somebody else changed it meanwhile."""
    if not changes:
        return
    edit = RecordEdit(ChangeKind.UPDATE, application.id, application.name, why, changes)
    cause = Cause("by hand", operating_system_user())

    def work(db: Connection) -> None:
        refuse_hand(db, ObjectKind.SAAS_APPLICATIONS, {change.field for change in changes})
        if apply_edits(db, ObjectKind.SAAS_APPLICATIONS, [edit], cause, now_text()):
            raise UserError(f"“{application.name}” was changed meanwhile. Look at it again, then decide.")
        changed = {change.field: [change.before, change.after] for change in changes}
        record(db, "application.changed", application.name, {"changed": changed, "why": why})

    store.write(work)


def undone(changes: tuple[FieldEdit, ...]) -> tuple[FieldEdit, ...]:
    """The changes that bring back what was there before."""
    return tuple(FieldEdit(change.field, change.after, change.before) for change in changes)


def _values_of(entry: CatalogueEntry) -> dict[str, str]:
    return {"vendor": entry.vendor, "category": entry.category, LINK: entry.name}

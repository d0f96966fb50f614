"""Where a record is looked at: its own page, or that of the application it belongs to. Read in a worker."""

from saasdesk.fields import ObjectKind
from saasdesk.records.history import person_of_saas_user
from saasdesk.records.listing import RecordList
from saasdesk.records.software import application_called
from saasdesk.store import Store

Place = tuple[str, object]
"""A page and its argument."""

_OWN_PAGES = {
    ObjectKind.PEOPLE: "person",
    ObjectKind.SAAS_APPLICATIONS: "software",
    ObjectKind.ASSETS: "hardware",
}


def place_of(store: Store, kind: ObjectKind, record: int) -> Place | None:
    """The page that shows this record; None if it is no longer here."""
    if kind in _OWN_PAGES:
        return _OWN_PAGES[kind], record
    if kind is ObjectKind.SAAS_USERS and (person := person_of_saas_user(store, record)) is not None:
        return "person", person
    tab = "licences" if kind is ObjectKind.LICENCES else "users"
    name = RecordList(store, kind).rows([record], ("saas_application",)).get(record, (None,))[0]
    application = application_called(store, str(name)) if name else None
    return None if application is None else ("software", (application.id, tab))

"""Where a record is looked at: its own page, or that of the application it belongs to. Read in a worker."""

from PySide6.QtCore import QCoreApplication

from saasdesk.fields import ObjectKind
from saasdesk.licences.seats import record_of_seat
from saasdesk.records.history import person_of_saas_user
from saasdesk.records.listing import RecordList
from saasdesk.records.software import application_called
from saasdesk.reports.report.document import ReportObject
from saasdesk.reports.report.lines import record_changed_by
from saasdesk.store import Store
from saasdesk.ui.navigation import Frame
from saasdesk.ui.reading import Reading

Place = tuple[str, object]
"""A page and its argument."""

_OWN_PAGES = {
    ObjectKind.PEOPLE: "person",
    ObjectKind.SAAS_APPLICATIONS: "software",
    ObjectKind.ASSETS: "asset",
}


def place_of_line(store: Store, about: ReportObject, line: int) -> Place | None:
    """The page that shows the record behind a line of a report; None if it is no longer here."""
    if about is ReportObject.SEATS:
        return place_of(store, *record_of_seat(line))
    if about is ReportObject.CHANGES:
        changed = record_changed_by(store, line)
        return None if changed is None else place_of(store, *changed)
    return place_of(store, about.kind, line)


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


def open_record(reading: Reading, frame: Frame, store: Store, kind: ObjectKind, record: int) -> None:
    """Go to the page of a record, as soon as it is known which that is."""

    def go(place: Place | None) -> None:
        if place is None:
            frame.toast(QCoreApplication.translate("RecordPlaces", "This record is no longer here."), "warn")
        else:
            frame.navigate(*place)

    reading.ask(
        "record",
        lambda _stop: place_of(store, kind, record),
        go,
        lambda sentence: frame.toast(sentence, "error"),
    )

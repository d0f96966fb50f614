"""Where a saved view is shown: the page of its list."""

from dataclasses import dataclass

from saasdesk.licences.priced_lists import ListObject
from saasdesk.reports.views import ViewChoice

# Lists of every application stand on a page of their own; the others are pages of the rail, or beside one.
_PAGES = {
    ListObject.PEOPLE: "people",
    ListObject.SAAS_APPLICATIONS: "software",
    ListObject.ASSETS: "hardware",
    ListObject.SEATS: "reclaim",
    ListObject.SAAS_USERS: "listed",
    ListObject.LICENCES: "listed",
}

# What a view shows, said to whoever meets its name far from its list.
VIEWED = {
    ListObject.PEOPLE: "People",
    ListObject.SAAS_APPLICATIONS: "Software",
    ListObject.ASSETS: "Hardware",
    ListObject.SEATS: "Reclaim",
    ListObject.SAAS_USERS: "SaaS users",
    ListObject.LICENCES: "Licences",
}


@dataclass(frozen=True, slots=True)
class ViewAsked:
    """The argument by which a page is asked to show its list through a view."""

    of: ListObject
    key: str


def place_of_view(choice: ViewChoice) -> tuple[str, ViewAsked]:
    """The page that shows the list of a view, and what it is asked for."""
    of = choice.document.object
    return _PAGES[of], ViewAsked(of, choice.key)

"""Where a saved view is shown: the page of its list."""

from dataclasses import dataclass

from saasdesk.reports.views import ViewChoice, ViewObject

# Lists of every application stand on a page of their own; the others are pages of the rail, or beside one.
_PAGES = {
    ViewObject.PEOPLE: "people",
    ViewObject.SAAS_APPLICATIONS: "software",
    ViewObject.ASSETS: "hardware",
    ViewObject.SEATS: "reclaim",
    ViewObject.SAAS_USERS: "listed",
    ViewObject.LICENCES: "listed",
}

# What a view shows, said to whoever meets its name far from its list.
VIEWED = {
    ViewObject.PEOPLE: "People",
    ViewObject.SAAS_APPLICATIONS: "Software",
    ViewObject.ASSETS: "Hardware",
    ViewObject.SEATS: "Reclaim",
    ViewObject.SAAS_USERS: "SaaS users",
    ViewObject.LICENCES: "Licences",
}


@dataclass(frozen=True, slots=True)
class ViewAsked:
    """The argument by which a page is asked to show its list through a view."""

    of: ViewObject
    key: str


def place_of_view(choice: ViewChoice) -> tuple[str, ViewAsked]:
    """The page that shows the list of a view, and what it is asked for."""
    of = choice.document.object
    return _PAGES[of], ViewAsked(of, choice.key)

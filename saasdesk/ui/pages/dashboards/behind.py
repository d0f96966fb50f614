"""The way from a figure to the records that it counts."""

from saasdesk.licences.priced_lists import ListObject
from saasdesk.reports.dashboards.figures import Behind, Mark
from saasdesk.ui.navigation import Frame

# These have a page with everything else that can be done there; the others are listed on a page of their own.
_PAGES = {ListObject.PEOPLE: "people", ListObject.ASSETS: "hardware"}
LISTED = "listed"


def open_behind(frame: Frame, mark: Mark | None) -> None:
    """Show the list behind a mark."""
    if mark is None or mark.behind is None:
        return
    behind: Behind = mark.behind
    page = _PAGES.get(behind.about)
    if page is not None:
        frame.navigate(page, behind.query)
    else:
        frame.navigate(LISTED, (behind.about, behind.query, mark.title))

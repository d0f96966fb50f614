"""Where the thing is looked at that a row of the audit log tells of. Read in a worker."""

from collections.abc import Callable
from contextlib import suppress

from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.records.software import application_called
from saasdesk.reports.audit_log import Entry
from saasdesk.reports.dashboards.boards import find_board
from saasdesk.store import Store
from saasdesk.sync.integrations import find_integration
from saasdesk.ui.record_places import Place, place_of
from saasdesk.workflows.workflows import find_workflow

# Pages that show all of a kind: what was deleted is missed there, and what has another name is found.
_BOARDS: Place = ("dashboards", None)
_PAGES: dict[str, Place] = {
    "application": ("software", None),
    "approval": ("activity", "approvals"),
    "conflict": ("activity", None),
    "contract": ("software", None),
    "credential": ("configuration", "credentials"),
    "custom_object": ("configuration", "objects"),
    "dashboard": _BOARDS,
    "database": ("settings", "storage"),
    "exchange_rate": ("settings", "costs"),
    "exemption": ("reclaim", None),
    "feeders": ("integrations", None),
    "field": ("configuration", "fields"),
    "idle_threshold": ("reclaim", None),
    "integration": ("integrations", None),
    "password": ("settings", "mail"),
    "people": ("people", None),
    "plan": ("integrations", None),
    "price": ("software", None),
    "reclaim": ("reclaim", ("lists",)),
    "record": ("people", None),
    "records": ("people", None),
    "report": ("reports", None),
    "saved_view": ("people", None),
    "session": ("activity", None),
    "setting": ("settings", None),
    "variable": ("configuration", "variables"),
    "vendor": ("activity", "runs"),
    "workflow": ("workflows", None),
    "workflows": ("workflows", None),
}


def place_of_entry(store: Store, entry: Entry) -> Place | None:
    """The session, the record or the page; None where there is nothing to look at."""
    area, _, what = entry.action.partition(".")
    session = entry.detail.get("session")
    if isinstance(session, int):
        return "activity", session
    kind, record = entry.detail.get("object"), entry.detail.get("record")
    if area == "record" and isinstance(kind, str) and isinstance(record, int):
        return place_of(store, ObjectKind(kind), record)
    if area == "application" and (known := application_called(store, entry.subject)) is not None:
        return "software", known.id
    if area == "account":
        account = entry.detail.get("account")
        return place_of(store, ObjectKind.SAAS_USERS, account) if isinstance(account, int) else None
    if what != "deleted":
        match area:
            case "integration":
                return _found(lambda: ("integration", find_integration(store, entry.subject).id)) or _PAGES[area]
            case "workflow" if what != "went":
                return _found(lambda: ("workflow", find_workflow(store, entry.subject).id)) or _PAGES[area]
            case "workflow":
                return "activity", "runs"
            case "report":
                return "reports", entry.subject
            case "dashboard":
                return _found(lambda: ("dashboards", str(find_board(store, entry.subject).id))) or _BOARDS
            case "credential" if what != "removed":
                return "configuration", f"credentials:{entry.subject}"
    return _PAGES.get(area)


def _found(look: Callable[[], Place]) -> Place | None:
    with suppress(UserError):
        return look()
    return None

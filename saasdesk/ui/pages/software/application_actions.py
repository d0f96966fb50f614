"""What can be done with one application, read in a worker thread."""

import threading
from dataclasses import dataclass

from saasdesk.connectors import CONNECTORS
from saasdesk.fields import ObjectKind
from saasdesk.licences.seats import Figure, read_findings
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.services import Services
from saasdesk.sync.integration import Integration
from saasdesk.sync.latest import latest_sessions
from saasdesk.ui.pages.software.sources import ListOfApplication, feeding_integrations
from saasdesk.workflows.by_hand import workflows_by_hand
from saasdesk.workflows.workflow import Workflow


@dataclass(frozen=True, slots=True)
class ApplicationActions:
    """What the tab *Actions* offers; each integration with when it last began, `console` is empty in the demo."""

    workflows: tuple[Workflow, ...]
    user_ids: tuple[int, ...]
    potential: Figure
    feeding: tuple[tuple[Integration, str], ...]
    console: str

    @property
    def active_users(self) -> int:
        """How many users a workflow would meet if none were selected."""
        return len(self.user_ids)


def read_actions(services: Services, application: int, stop: threading.Event) -> ApplicationActions:
    """Read all of it."""
    store = services.store
    applications = RecordList(store, ObjectKind.SAAS_APPLICATIONS)
    row = applications.rows([application], ("name",)).get(application)
    name = str(row[0] or "") if row is not None else ""
    feeding = feeding_integrations(store, name)
    latest = latest_sessions(store)
    users = ListOfApplication(store, ObjectKind.SAAS_USERS, application)
    return ApplicationActions(
        workflows=tuple(workflows_by_hand(store, ObjectKind.SAAS_USERS)),
        user_ids=tuple(users.ids(ListQuery(), stop)),
        potential=read_findings(store, stop, application).potential,
        feeding=tuple((each, latest[each.id].started_at if each.id in latest else "") for each in feeding),
        console="" if services.profile.is_demo else _console(feeding),
    )


def _console(feeding: list[Integration]) -> str:
    """Where the vendor's own administration is; that of another region has an address of its own."""
    for integration in feeding:
        connector = CONNECTORS.get(integration.document.connector)
        if connector is None or not connector.help.console:
            continue
        base_url = integration.document.inputs.get("base_url", "")
        return base_url if base_url.startswith("https://console.") else connector.help.console
    return ""

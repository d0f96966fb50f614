"""What the tables of one application list, and why they may not know everything."""

from dataclasses import dataclass, replace

from saasdesk.connectors import CONNECTORS
from saasdesk.fields import ObjectKind
from saasdesk.records.listing import Column, ListQuery, RecordList
from saasdesk.records.software import LINK, SaasApplication
from saasdesk.rules import Operator, Rule
from saasdesk.store import Store
from saasdesk.sync.integration import Integration
from saasdesk.sync.integrations import list_integrations

LAST_ACTIVITY = "last_activity"
EXPIRY_DAYS = 30
EXPIRING = Rule(field="valid_until", operator=Operator.WITHIN_NEXT_DAYS, value=EXPIRY_DAYS)


class ListOfApplication(RecordList):
    """The users or licences of one application: which application it is stands above the table already."""

    def __init__(self, store: Store, kind: ObjectKind, application: int) -> None:
        super().__init__(store, kind, application=application)

    def columns(self) -> tuple[Column, ...]:
        """The columns, the application's own name hidden at first."""
        return tuple(
            replace(column, is_shown=False) if column.key == "saas_application" else column
            for column in super().columns()
        )


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """One application as its page's head shows it; `why_unknown` says why nobody's last activity is known."""

    id: int
    name: str
    vendor: str
    category: str
    catalogue_entry: str
    users: int
    active_users: int
    licences: int
    # How many end within EXPIRY_DAYS.
    expiring: int
    fed_by: tuple[str, ...]
    why_unknown: str

    @property
    def application(self) -> SaasApplication:
        """What a link to the catalogue is about."""
        return SaasApplication(self.id, self.name, self.vendor, self.category, self.catalogue_entry)


def application_facts(store: Store, application: int) -> ApplicationFacts | None:
    """Read what the head of an application's page shows; None when it is gone."""
    applications = RecordList(store, ObjectKind.SAAS_APPLICATIONS)
    row = applications.rows([application], ("name", "vendor", "category", LINK)).get(application)
    if row is None:
        return None
    users = ListOfApplication(store, ObjectKind.SAAS_USERS, application)
    licences = ListOfApplication(store, ObjectKind.LICENCES, application)
    name, vendor, category, entry = (str(value or "") for value in row)
    active = users.count(ListQuery())
    feeding = feeding_integrations(store, name)
    known = users.count(ListQuery(rule=Rule(field=LAST_ACTIVITY, operator=Operator.IS_NOT_EMPTY))) if active else 0
    return ApplicationFacts(
        id=application,
        name=name,
        vendor=vendor,
        category=category,
        catalogue_entry=entry,
        users=users.count(ListQuery(active=None)),
        active_users=active,
        licences=licences.count(ListQuery()),
        expiring=licences.count(ListQuery(EXPIRING)),
        fed_by=tuple(integration.name for integration in feeding),
        why_unknown=_why_unknown({i.document.connector for i in feeding}) if active and not known else "",
    )


def feeding_integrations(store: Store, application: str) -> list[Integration]:
    """The integrations that keep the users of the application of this name."""
    return [
        each
        for each in list_integrations(store)
        if each.document.with_saas_users and each.document.application_name.casefold() == application.casefold()
    ]


def _why_unknown(connectors: set[str]) -> str:
    """The connector's own advice on the feature that would tell when people were last active."""
    for key in sorted(connectors):
        found = CONNECTORS.get(key)
        checks = found.key_test.checks if found is not None else ()
        for check in checks:
            if check.feature == LAST_ACTIVITY:
                return check.advice
    return ""

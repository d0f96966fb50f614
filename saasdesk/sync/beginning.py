"""How an integration begins: from the gallery of connectors, or as a copy of another one. Both are drafts."""

import contextlib
from collections.abc import Iterable

from saasdesk.connectors import ASSETS, CONNECTORS, Connector
from saasdesk.errors import UserError
from saasdesk.store import Store
from saasdesk.store.variables import list_variables
from saasdesk.sync.integration import Integration, IntegrationDocument, with_default_mapping
from saasdesk.sync.integrations import add_integration, find_integration

OBJECTS = ("users", ASSETS)


def gallery(connectors: Iterable[Connector] = ()) -> tuple[Connector, ...]:
    """Everything that can be added: each vendor once for each object that it has, those of users first."""
    known = tuple(connectors) or tuple(CONNECTORS.values())
    return tuple(connector.loading(wanted) for wanted in OBJECTS for connector in known if wanted in connector.objects)


def add_draft(store: Store, connector: Connector) -> Integration:
    """A draft with everything that the connector suggests; what is left to choose stands on its page."""
    document = IntegrationDocument(
        name=f"{connector.title} {connector.loaded_noun}",
        connector=connector.key,
        object=connector.loads,  # type: ignore[arg-type]  # one of the connector's objects
        saas_application=connector.title if connector.loads != ASSETS else "",
        inputs=_prefilled(store, connector),
    )
    return add_integration(store, with_default_mapping(document, connector))


def duplicate(store: Store, integration: Integration) -> Integration:
    """A draft like this integration, mapping, rules and credential included; no run and no record belongs to it."""
    newest = find_integration(store, integration.name)
    return add_integration(store, newest.document)


def _prefilled(store: Store, connector: Connector) -> dict[str, str]:
    """What global variables say of the vendor's inputs; one that cannot be right is left to the admin."""
    values = {variable.key.casefold(): variable.value for variable in list_variables(store)}
    found = {}
    for declared in connector.inputs:
        if declared.secret or not declared.variable:
            continue
        with contextlib.suppress(UserError):
            found[declared.key] = declared.clean(values.get(declared.variable.casefold(), ""))
    return {key: value for key, value in found.items() if value}

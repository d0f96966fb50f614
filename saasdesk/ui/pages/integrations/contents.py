"""What the page of one integration shows, read in a worker."""

import threading
from dataclasses import dataclass

from saasdesk.credentials import Credential
from saasdesk.records.software import SaasApplication, application_called
from saasdesk.services import Services
from saasdesk.sync import sessions
from saasdesk.sync.gate import GateLine, launch_gate
from saasdesk.sync.integration import IntegrationState
from saasdesk.sync.rows import SessionRow
from saasdesk.ui.pages.integrations.tile_facts import TileFacts, read_tiles
from saasdesk.ui.pages.plan.field_words import FieldWords, read_field_words

LATEST = 20
"""How many of its sync sessions are shown on the page."""


@dataclass(frozen=True, slots=True)
class IntegrationContents:
    """One integration with everything that the page shows."""

    facts: TileFacts
    words: FieldWords
    credential: Credential | None
    latest: tuple[SessionRow, ...]
    # Where its accounts are kept; None where it keeps none.
    application: SaasApplication | None
    # What it needs before Launch; nothing once it is launched.
    gate: tuple[GateLine, ...] = ()


def read_integration(services: Services, number_of_it: int, stop: threading.Event) -> IntegrationContents | None:
    """Read one integration; None when it was deleted."""
    facts = next((tile for tile in read_tiles(services, stop) if tile.integration.id == number_of_it), None)
    if facts is None:
        return None
    wanted = facts.integration.document.credential.casefold()
    credential = next((known for known in services.vault.list() if known.name.casefold() == wanted), None)
    with services.store.reading() as db:
        words = read_field_words(db)
    latest = tuple(sessions.list_sessions(services.store, number_of_it, LATEST))
    integration, is_draft = facts.integration, facts.integration.state is IntegrationState.DRAFT
    gate = launch_gate(services.store, integration, services.vault.known()) if is_draft else ()
    document = integration.document
    application = application_called(services.store, document.application_name) if document.with_saas_users else None
    return IntegrationContents(facts, words, credential, latest, application, tuple(gate))

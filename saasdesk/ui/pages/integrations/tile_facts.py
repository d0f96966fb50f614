"""What a tile says of an integration while it does not run: read in a worker, worded for people."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from saasdesk import clock
from saasdesk.credentials import Credential
from saasdesk.services import Services
from saasdesk.sync.integration import Integration, IntegrationState
from saasdesk.sync.integrations import missing
from saasdesk.sync.latest import Standing, standings
from saasdesk.sync.muting import muted_integrations
from saasdesk.sync.rows import SessionRow
from saasdesk.sync.unsaved import unsaved_mappings
from saasdesk.ui.credential_words import expiry_warning
from saasdesk.ui.moments import counted, moment_in_words, moment_within, number
from saasdesk.ui.pages.integrations.session_words import changes_in_words, outcome, preference, saas_mode
from saasdesk.ui.widgets.status_word import Status, status

NEEDS_ATTENTION = frozenset({"failed", "held", "errors", "overdue"})


@dataclass(frozen=True, slots=True)
class TileFacts:
    """One integration as its tile needs it; `word` is its state, one of those of a `Standing`.

    `expiry` says that a key of it has expired, or soon will; `schedules_rest` that nothing runs by itself at present,
    `has_unsaved` that edits of its mapping were cut off before they were saved; `muted` until when nobody is told of
    it, "" where somebody is.
    """

    standing: Standing
    missing: tuple[str, ...]
    tested_at: str | None
    expiry: str = ""
    schedules_rest: bool = False
    has_unsaved: bool = False
    muted: str = ""

    @property
    def integration(self) -> Integration:
        """The integration itself."""
        return self.standing.integration

    @property
    def word(self) -> str:
        """The state in one word."""
        return self.standing.word

    @property
    def needs_attention(self) -> bool:
        """Whether somebody should look at it."""
        return self.word in NEEDS_ATTENTION or bool(self.expiry)

    def matches(self, text: str) -> bool:
        """Whether it is meant by what was typed into the filter."""
        integration = self.integration
        document, state = integration.document, state_in_words(self).word
        shown = (integration.name, integration.connector.title, state, document.credential)
        return all(word in " ".join(shown).casefold() for word in text.casefold().split())


def read_tiles(services: Services, stop: threading.Event) -> list[TileFacts]:
    """Every integration with what its tile shows."""
    if stop.is_set():
        return []
    credentials: Mapping[str, Credential] = {c.name.casefold(): c for c in services.vault.list()}
    known = services.vault.known()
    rest = services.store.settings().scheduling_paused
    today = clock.now().astimezone().date()
    silent = muted_integrations(services.store)
    unsaved = unsaved_mappings(services.profile.folder)
    found = []
    for standing in standings(services.store):
        integration = standing.integration
        credential = credentials.get(integration.document.credential.casefold())
        is_draft = integration.state is IntegrationState.DRAFT
        lacks = tuple(missing(services.store, integration, known)) if is_draft else ()
        names = (integration.document.credential, integration.document.directory_credential)
        keys = [credentials[name.casefold()] for name in names if name.casefold() in credentials]
        expiry = next((warning for key in keys if (warning := expiry_warning(key, today))), "")
        tested_at = credential.last_tested_at if credential else None
        has_unsaved = unsaved.find(integration.id, integration.document) is not None
        muted = muted_in_words(silent[integration.id]) if integration.id in silent else ""
        found.append(TileFacts(standing, lacks, tested_at, expiry, rest, has_unsaved, muted))
    return found


def state_in_words(facts: TileFacts) -> Status:
    """Icon, word and colour of the state."""
    held = facts.standing.held
    if facts.word == "held" and held is not None:
        return status("held", _tr("Held: {0}").format(number(held.deactivations)))
    if facts.word == "active" and facts.standing.last is None:
        return status("active")
    return status(facts.word)


def subtitle(facts: TileFacts) -> str:
    """ "User plus SaaS user · Create & Update"; and whether it is muted."""
    document = facts.integration.document
    return " · ".join(part for part in (saas_mode(document), preference(document), facts.muted) if part)


def muted_in_words(until: str | None) -> str:
    """ "Muted until tomorrow 08:00", or for good."""
    return _tr("Muted for good") if until is None else _tr("Muted until {0}").format(moment_within(until))


def lines(facts: TileFacts, now: datetime | None = None) -> tuple[tuple[str, str], ...]:
    """Up to three (label, text): when it ran, what that changed, when it runs next; for a draft what is still to do."""
    standing, document = facts.standing, facts.integration.document
    match facts.word:
        case "draft":
            return (
                (_tr("Still to do"), " ".join(facts.missing) or _tr("Nothing: it can be launched.")),
                (_tr("Credential"), _credential(facts, now)),
                (_tr("Schedule"), _tr("{0}, starts after Launch").format(document.schedule.in_words())),
            )
        case "failed":
            return ((_tr("Last good"), _run(standing.last_good, now)),)
        case "held":
            return ((_tr("Held since"), _held_since(standing, now)),)
        case "overdue":
            return (last_run(standing.last, now), _next(facts, now))
        case _ if facts.expiry:
            return (last_run(standing.last, now),)
        case "errors":
            cause = standing.last.message if standing.last is not None else ""
            return (last_run(standing.last, now), (_tr("Cause"), cause), _next(facts, now))
        case _:
            changed = changes_in_words(standing.last.counts) if standing.last is not None else "—"
            return (last_run(standing.last, now), (_tr("Changed"), changed), _next(facts, now))


def sentence(facts: TileFacts) -> str:
    """What went wrong, or what waits for a decision; empty when all is well."""
    standing = facts.standing
    if facts.word == "failed" and standing.last is not None:
        return standing.last.message or _tr("The last run failed.")
    if facts.word == "held" and standing.held is not None:
        count = standing.held.deactivations
        return standing.held.reason or counted(
            count, _tr("{0} deactivation waits for a decision."), _tr("{0} deactivations wait for a decision.")
        )
    if facts.word == "overdue" and standing.overdue is not None:
        text = _tr(
            "The run of {0} has not begun. Runs begin while this window is open, or by the system's own schedule."
        )
        return text.format(moment_within(standing.overdue))
    return facts.expiry if facts.word != "draft" else ""


def last_run(session: SessionRow | None, now: datetime | None = None) -> tuple[str, str]:
    """The line about the latest run."""
    return (_tr("Last run"), _run(session, now))


def _run(session: SessionRow | None, now: datetime | None) -> str:
    if session is None:
        return _tr("Never")
    return f"{moment_in_words(session.started_at, now)} · {outcome(session)}"


def _next(facts: TileFacts, now: datetime | None) -> tuple[str, str]:
    standing = facts.standing
    if standing.integration.state is IntegrationState.PAUSED:
        return (_tr("Next run"), _tr("None while paused"))
    if facts.schedules_rest:
        return (_tr("Next run"), _tr("None while all schedules are paused"))
    return (_tr("Next run"), moment_in_words(standing.next_run, now) if standing.next_run else "—")


def _held_since(standing: Standing, now: datetime | None) -> str:
    held = standing.held
    return moment_in_words(held.first_held_at or held.created_at, now) if held is not None else ""


def _credential(facts: TileFacts, now: datetime | None) -> str:
    name = facts.integration.document.credential
    if not name:
        return _tr("None chosen")
    if facts.tested_at is None:
        return _tr("{0} · not tested").format(name)
    return _tr("{0} · tested {1}").format(name, moment_within(facts.tested_at, now))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Tile", text)

"""What happened lately: sync sessions and records that went through workflows, newest first; read in a worker."""

from dataclasses import dataclass

from saasdesk.store import Store
from saasdesk.sync import sessions
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.pages.integrations.session_words import changes_in_words, started_by, status_of_session
from saasdesk.ui.pages.workflows.words import event_in_words, state_of_run
from saasdesk.ui.widgets.status_word import Status
from saasdesk.workflows.history import latest_runs

MOST = 6


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, and the place where it is told whole."""

    at: str
    status: Status
    name: str
    detail: str
    by: str
    page: str
    argument: object

    @property
    def when(self) -> str:
        """The moment in words."""
        return moment_in_words(self.at)


def read_recent(store: Store) -> list[Happening]:
    """The latest few."""
    found = [
        Happening(
            session.started_at,
            status_of_session(session),
            session.integration_name,
            changes_in_words(session.counts),
            started_by(session),
            "activity",
            session.id,
        )
        for session in sessions.list_sessions(store, limit=MOST)
    ]
    found += [
        Happening(
            passage.run.started_at,
            state_of_run(passage.run.state),
            passage.run.workflow,
            passage.run.label,
            event_in_words(passage.run.event),
            "activity",
            "runs",
        )
        for passage in latest_runs(store, limit=MOST)
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:MOST]

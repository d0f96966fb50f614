"""Several integrations side by side: each is a job of its own, and one that fails leaves the others alone."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue

from saasdesk.credentials import Vault
from saasdesk.jobs import Job, Jobs, Tell, Work
from saasdesk.store import Store
from saasdesk.sync.events import SyncResult
from saasdesk.sync.integration import Integration
from saasdesk.sync.run import RunOptions, run_integration

_SECONDS_BETWEEN_LOOKS = 0.1
# A cancelled run is over within two seconds (P09).
_SECONDS_TO_STOP = 2.0

Outcome = SyncResult | BaseException


def about(integration: Integration) -> str:
    """What a job that works on this integration says it is about."""
    return f"integration:{integration.id}"


def run_together(
    store: Store,
    vault: Vault,
    wanted: Sequence[Integration],
    options: RunOptions,
    jobs: Jobs,
    tell: Callable[[int, object], None],
    stop: threading.Event,
) -> list[SyncResult]:
    """Run integrations side by side and return their results in the order asked for.

    `tell` hears the position of the integration with each piece of news. A bug in one run is raised when all are over.
    """
    ended: SimpleQueue[tuple[int, Outcome]] = SimpleQueue()

    def work_for(position: int, integration: Integration) -> Work:
        def work(tell_job: Tell, stop_job: threading.Event) -> SyncResult:
            def tell_both(news: object) -> None:
                tell_job(news)
                tell(position, news)

            try:
                result = run_integration(store, vault, integration, options, tell_both, stop_job)
            except BaseException as error:
                ended.put((position, error))
                raise
            tell(position, result)
            ended.put((position, result))
            return result

        return work

    started = [
        jobs.start(work_for(position, integration), integration.name, about(integration))
        for position, integration in enumerate(wanted)
    ]
    outcomes = _gather(ended, jobs, started, stop)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return [outcome for outcome in outcomes if isinstance(outcome, SyncResult)]


def _gather(
    ended: "SimpleQueue[tuple[int, Outcome]]", jobs: Jobs, started: list[Job], stop: threading.Event
) -> list[Outcome]:
    outcomes: dict[int, Outcome] = {}
    try:
        while len(outcomes) < len(started):
            with suppress(Empty):
                position, outcome = ended.get(timeout=_SECONDS_BETWEEN_LOOKS)
                outcomes[position] = outcome
            if stop.is_set():
                _stop(jobs, started)
    except KeyboardInterrupt:
        # A second Ctrl+C: what does not end now is cut off, and counts as interrupted at the next start.
        _stop(jobs, started)
        with suppress(Empty):
            while len(outcomes) < len(started):
                position, outcome = ended.get(timeout=_SECONDS_TO_STOP)
                outcomes[position] = outcome
        raise
    return [outcomes[position] for position in sorted(outcomes)]


def _stop(jobs: Jobs, started: list[Job]) -> None:
    for job in started:
        jobs.stop(job)

"""One run of one integration, the whole story on one screen: fetch → proof → plan → safeguard → apply."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial

from saasdesk.clock import now_text
from saasdesk.connectors import DetailsBegan, DetailsRead, DetailsUnavailable, VendorClient
from saasdesk.credentials import Vault
from saasdesk.errors import Cancelled, ExitCode, UserError
from saasdesk.jobs import Tell
from saasdesk.store import Connection, Stage, Store
from saasdesk.sync import completeness, rows
from saasdesk.sync.apply import apply_plan, keep_preview
from saasdesk.sync.events import Status, SyncResult
from saasdesk.sync.fetch import Reading, read_listing, read_some
from saasdesk.sync.integration import Integration
from saasdesk.sync.integrations import refuse_draft
from saasdesk.sync.plan import Plan, confirm_absentees, make_plan
from saasdesk.sync.preparation import COLUMNS_A_RECORD, Preparation, Terms, prepare
from saasdesk.sync.previews.keeping import forget_old_previews, keep_content
from saasdesk.sync.probing import note_refused, note_worked
from saasdesk.sync.rows import Problem
from saasdesk.sync.safeguard import nobody
from saasdesk.sync.staging.rows import filling, outcome
from saasdesk.sync.telling import tell_of_ending, tell_unfinished
from saasdesk.sync.turns import TURNS, Claim, Shared, Turns
from saasdesk.sync.underway import Underway

# Reading once more helps against a list that changed while it was read; more often would only take time.
MOST_READINGS = 2
# A run that is not through after a day is stopped; whoever waits for it is told.
LONGEST_RUN_SECONDS = 24 * 3600.0
# Somebody may edit records while a plan is made; after this many new plans the run gives up.
MOST_PLANS = 3


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is meant: for real or only to see, whole or the first few, and who asked for it.

    A test is a preview that is marked so, and whose limit is no fault. With `only` nothing but these records is read,
    by the vendor's ids: it creates and updates, and decides nothing about anybody else.
    """

    preview: bool = False
    limit: int | None = None
    started_by: str = "by hand"
    is_test: bool = False
    only: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What its session is called: a test and a preview write no record."""
        if self.is_test:
            return "test"
        if self.only:
            return "retry"
        return "preview" if self.preview else "run"


OpenClient = Callable[[Store, Vault, Integration, Tell, threading.Event], Preparation]


def run_integration(
    store: Store,
    vault: Vault,
    integration: Integration,
    options: RunOptions,
    tell: Tell,
    stop: threading.Event,
    open_client: OpenClient = prepare,
    turns: Turns = TURNS,
) -> SyncResult:
    """Run an integration and return what it did; every failure is in the result and in the session, none is raised.

    It waits for its turn where another run uses the same key or reads the same organisation. A cancelled or failed run
    leaves every record as it was (P01); with `preview` no record is written at all.
    """
    kind = options.kind
    session = store.write(lambda db: rows.begin_session(db, integration, kind, options.started_by, now_text()))
    run = _Run(store, vault, integration, options, session, tell, stop, turns)
    limit = threading.Timer(LONGEST_RUN_SECONDS, run.give_up)
    limit.daemon = True
    limit.start()
    try:
        return run.ended(lambda: run.carry_out(open_client))
    finally:
        limit.cancel()


class _Run(Underway):
    """What the steps of one run share."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        integration: Integration,
        options: RunOptions,
        session: int,
        tell: Tell,
        stop: threading.Event,
        turns: Turns,
    ) -> None:
        super().__init__(store, integration.name, session, tell, stop, preview=options.preview)
        self._vault, self._integration, self._options, self._turns = vault, integration, options, turns
        self._reading_phase = ""

    def _tell_of_ending(self, db: Connection, status: Status, message: str, at: str) -> None:
        if self._is_given_up and status is Status.FAILED:
            tell_unfinished(db, self._integration, self._session, self._began_at, at)
        elif self._options.kind == "run":
            tell_of_ending(db, self._integration, self._session, status, message, at)

    def carry_out(self, open_client: OpenClient) -> SyncResult:
        """Wait for the turn of this integration and its key, then run it as it is set up by then."""
        # A connection reads the whole schema when it is opened: the looks of a run share one.
        with self._store.reading():
            return self._carry_out_in_turn(open_client)

    def _carry_out_in_turn(self, open_client: OpenClient) -> SyncResult:
        while True:
            claims = self._claims()
            with self._turn(*claims, takes_place=True):
                self._look_again()
                if self._claims() == claims:
                    self._started = time.monotonic()
                    self._store.write(lambda db: rows.begin_reading(db, self._session, now_text()))
                    return self._carry_out_now(open_client)

    def _claims(self) -> list[Claim]:
        claims = [Claim(Shared.INTEGRATION, f"{self._store.profile.uuid} {self._integration.id}")]
        document = self._integration.document
        names = {document.credential.casefold(), document.directory_credential.casefold()}
        claims += [
            Claim(Shared.CREDENTIAL, known.uuid) for known in self._vault.list() if known.name.casefold() in names
        ]
        return claims

    def _turn(self, *claims: Claim, takes_place: bool = False) -> AbstractContextManager[None]:
        return self._turns.turn(self._integration.name, claims, self._stop, self._wait, takes_place=takes_place)

    def _look_again(self) -> None:
        """Somebody may have changed the integration, or run it, while it waited."""
        with self._store.reading() as db:
            newest = rows.integration_by_id(db, self._integration.id)
        if newest is None:
            raise UserError(f"“{self._integration.name}” was deleted before it could run. Nothing was changed.")
        if not self._options.preview:
            refuse_draft(newest)
        self._integration = newest

    def _carry_out_now(self, open_client: OpenClient) -> SyncResult:
        """Fetch, prove, plan, hold, apply."""
        self._phase("Signing in")
        with self._key_is_noted():
            prepared = open_client(self._store, self._vault, self._integration, self._tell_of_client, self._stop)
        with closing(prepared):
            # A vendor that does not tell whose key it is leaves the key as the only thing to go by.
            claims = [Claim(Shared.ORGANISATION, prepared.organisation)] if prepared.organisation else []
            with self._turn(*claims), self._store.stage(self._stop) as stage:
                with self._key_is_noted():
                    reading, verdict = self._read(prepared.client, stage, prepared)
                self._note_key_of(reading)
                self._set_status(Status.VERIFIED if verdict.is_proven else Status.UNPROVEN)
                # Otherwise runs that end together would each make the plans of all others out of date.
                with self._turn(Claim(Shared.RECORDS, self._store.profile.uuid)):
                    return self._plan_and_apply(stage, prepared, reading, verdict)

    @contextmanager
    def _key_is_noted(self) -> Iterator[None]:
        """A key that the vendor refuses reads so from now on, as if it had been tested."""
        try:
            yield
        except UserError as error:
            if self._has_key():
                note_refused(self._vault, self._integration.document.credential, error)
            raise

    def _note_key_of(self, reading: Reading) -> None:
        """A key with which the list was read works; one that was refused in the middle of it does not any more."""
        name = self._integration.document.credential
        if not self._has_key():
            return
        note_worked(self._vault, name)
        if reading.broken is not None:
            note_refused(self._vault, name, reading.broken.cause)

    def _has_key(self) -> bool:
        """Whether the credential is there; it may be gone, and a stand-in for a vendor needs none."""
        return self._integration.document.credential.casefold() in {known.casefold() for known in self._vault.known()}

    def _tell_of_client(self, news: object) -> None:
        """What the list itself lacks is read first, page by page like the list: that has words of its own."""
        match news:
            case DetailsBegan(feature=feature):
                self._phase(f"Reading {feature.replace('_', ' ')}")
            case DetailsRead() | DetailsUnavailable():
                self._phase(self._reading_phase)
            case _:
                pass
        self._tell(news)

    def _plan_and_apply(
        self, stage: Stage, prepared: Preparation, reading: Reading, verdict: completeness.Verdict
    ) -> SyncResult:
        for _ in range(MOST_PLANS):
            self._phase("Working out the changes")
            plan = make_plan(
                stage,
                self._integration,
                reading.shape,
                verdict,
                fetched=reading.evidence.distinct,
                scope_changed=self._scope_changed(prepared),
            )
            if self._stop.is_set():
                raise Cancelled
            if self._options.preview:
                return self._preview(stage, prepared.terms, reading, verdict, plan)
            result = self._apply(stage, prepared, reading, verdict, plan)
            if result is not None:
                return result
            outcome.clear_plan(stage)
        raise UserError("Records kept changing while the plan was made. Run again.", ExitCode.PARTLY)

    def _read(self, client: VendorClient, stage: Stage, prepared: Preparation) -> tuple[Reading, completeness.Verdict]:
        if self._options.only:
            self._phase("Reading the records that failed")
            reading = read_some(
                client, stage, prepared.recipe, self._options.only, self._session, self._tell, self._stop
            )
            return reading, completeness.Verdict(is_proven=False, why_not="Only single records were read.")
        for attempt in range(1, MOST_READINGS + 1):
            what = f"Reading {client.connector.users.noun}"
            self._reading_phase = what if attempt == 1 else f"{what} once more, because the list was changing"
            self._phase(self._reading_phase)
            reading = read_listing(
                client, stage, prepared.recipe, self._session, self._tell, self._stop, self._options.limit
            )
            verdict = self._judge(reading)
            again = verdict.worth_another_try
            if verdict.is_proven and self._integration.document.deactivate and self._known_records():
                self._phase(
                    "Looking up who is missing" if self._integration.noun == "users" else "Looking up what is missing"
                )
                again = confirm_absentees(client, stage, reading.shape, self._stop)
            if not again or attempt == MOST_READINGS:
                return reading, verdict
            filling.drop_tables(stage)
        raise AssertionError  # the loop returns at its last turn

    def _judge(self, reading: Reading) -> completeness.Verdict:
        if reading.broken is not None:
            return completeness.Verdict(is_proven=False, why_not=str(reading.broken))
        evidence = reading.evidence
        return completeness.judge(evidence, known_tenant=self._integration.tenant, limit=self._options.limit)

    def _known_records(self) -> bool:
        with self._store.reading() as db:
            return rows.has_any_active(db, self._integration.id)

    def _scope_changed(self, prepared: Preparation) -> bool:
        known = self._integration.scope_signature
        return known is not None and known != prepared.scope_signature

    def _is_part(self, reading: Reading) -> bool:
        """Whether some of the list was not even looked at."""
        return bool(self._options.only) or self._options.limit is not None or reading.broken is not None

    def _preview(
        self, stage: Stage, terms: Terms, reading: Reading, verdict: completeness.Verdict, plan: Plan
    ) -> SyncResult:
        problems = self._problems(stage, reading)
        status, message = self._outcome(reading, verdict, plan, problems)
        if not self._options.is_test:
            keep_content(
                self._store,
                stage,
                self._integration,
                self._session,
                shape=reading.shape,
                verdict=verdict,
                evidence=reading.evidence,
                terms=terms,
                problems=reading.problems,
                is_part=self._is_part(reading),
            )
        number = keep_preview(self._store, stage, self._integration, self._session, reading.shape, plan, problems)
        forget_old_previews(self._store)
        return self.close(status, _exit_code(status), message, plan.counts, problems, reading.evidence, plan=number)

    def _apply(
        self,
        stage: Stage,
        prepared: Preparation,
        reading: Reading,
        verdict: completeness.Verdict,
        plan: Plan,
    ) -> SyncResult | None:
        self._store.require_space(plan.counts["created"] + plan.counts["updated"], COLUMNS_A_RECORD)
        problems = self._problems(stage, reading)
        status, message = self._outcome(reading, verdict, plan, problems)
        self._set_status(Status.APPLYING)
        self._phase("Saving")
        finished = apply_plan(
            self._store,
            stage,
            self._integration,
            self._session,
            prepared.terms,
            reading.shape,
            plan,
            status=status,
            message=message,
            problems=problems,
            evidence=partial(self._evidence, reading.evidence),
            tenant=reading.evidence.identity,
            is_proven=verdict.is_proven,
            is_part=self._is_part(reading),
            stop=self._stop,
        )
        if finished is None:
            return None
        return self._result(status, _exit_code(status), message, plan.counts, problems, finished.plan)

    def _problems(self, stage: Stage, reading: Reading) -> list[Problem]:
        with self._store.reading() as db:
            accepted = rows.accepted_conflicts(db, self._integration.id)
        found: list[Problem] = [
            (vendor_id, label, cause, message, accepted.get(vendor_id) == message)
            for vendor_id, label, cause, message in outcome.problem_rows(stage)
        ]
        found.extend((None, label, "shape", message, False) for label, message in reading.problems)
        return found

    def _outcome(
        self,
        reading: Reading,
        verdict: completeness.Verdict,
        plan: Plan,
        problems: list[Problem],
    ) -> tuple[Status, str]:
        """How the run ends if nothing else goes wrong, and the sentence for it."""
        counted = sum(1 for problem in problems if not problem[4])
        for part in (plan.counts, plan.counts["people"]):
            # A known conflict is left out on purpose.
            part["failed"] -= len(problems) - counted
            part["skipped"] += len(problems) - counted
        plan.counts["failed"] += len(reading.problems)
        if plan.held_because:
            return Status.STOPPED_BY_SAFEGUARD, plan.held_because
        # A test of the first few, and another try of those that failed, are not whole by intent.
        is_first_few = self._options.is_test and self._options.limit is not None and reading.broken is None
        is_part = is_first_few or bool(self._options.only)
        if not verdict.is_proven and not is_part:
            changed, nobody_here = (
                plan.counts["created"] + plan.counts["updated"],
                nobody(self._integration.noun).lower(),
            )
            return (
                Status.INCOMPLETE,
                f"{verdict.why_not} {_records(changed)} created or updated; {nobody_here} was deactivated.",
            )
        if counted:
            first = next(problem for problem in problems if not problem[4])
            return Status.COMPLETED_WITH_ERRORS, _summary(counted, first[3])
        if self._options.only:
            done = plan.counts["fetched"]
            return Status.COMPLETED, f"{_records(done)} read again and {'is' if done == 1 else 'are'} taken over now."
        if is_part:
            return Status.COMPLETED, f"The first {plan.counts['fetched']:,} records were tried; nothing was written."
        if plan.counts["fetched"] == 0:
            connector = self._integration.connector
            empty = f"{connector.title} has no {connector.users.noun}, and there were none here."
            return Status.EMPTY, f"{empty} {connector.users.when_empty}".rstrip()
        return Status.COMPLETED, _left_out(reading.evidence.loose)


def _exit_code(status: Status) -> int:
    done = (Status.COMPLETED, Status.EMPTY)
    return int(ExitCode.DONE if status in done else ExitCode.PARTLY)


def _records(count: int) -> str:
    return f"{count:,} {'record was' if count == 1 else 'records were'}"


def _left_out(loose: Mapping[str, int]) -> str:
    """What was listed and makes nobody, in a sentence."""
    counted = ", ".join(
        f"{count:,} {why}" for why, count in sorted(loose.items(), key=lambda item: (-item[1], item[0]))
    )
    return f"Skipped: {counted}." if counted else ""


def _summary(count: int, first: str) -> str:
    return first if count == 1 else f"{count:,} records were left as they were. The first: {first}"

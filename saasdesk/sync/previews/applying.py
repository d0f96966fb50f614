"""Apply a preview: exactly what was looked at, less what was unticked, and nothing that has changed since."""

import threading
from collections import Counter
from functools import partial
from typing import Any

from saasdesk.clock import now_text
from saasdesk.connectors import Evidence
from saasdesk.errors import Cancelled, ExitCode, UserError
from saasdesk.fields import ObjectKind
from saasdesk.jobs import Tell
from saasdesk.store import Connection, Stage, Store
from saasdesk.store.audit import operating_system_user, record
from saasdesk.sync import rows as session_rows
from saasdesk.sync.apply import apply_plan
from saasdesk.sync.events import Status, SyncResult
from saasdesk.sync.integration import Integration, to_json
from saasdesk.sync.integrations import refuse_draft
from saasdesk.sync.kept_plans import rows as kept_plans
from saasdesk.sync.kept_plans.rows import PlanRow
from saasdesk.sync.plan import Plan, counted_again, make_plan
from saasdesk.sync.preparation import COLUMNS_A_RECORD
from saasdesk.sync.previews import rows
from saasdesk.sync.previews.keeping import Content, forget_old_previews, is_too_old, read_content
from saasdesk.sync.previews.rows import LeftOut, Unticked
from saasdesk.sync.rows import Problem
from saasdesk.sync.safeguard import nobody
from saasdesk.sync.staging.rows import filling, outcome
from saasdesk.sync.turns import TURNS, Claim, Shared, Turns
from saasdesk.sync.underway import Underway

# Somebody may edit records while the plan is looked at once more; after so many times it is left alone.
MOST_PLANS = 3

# Why a line is not applied, as problems of a session name it.
MOVED, LEFT_OUT = "moved", "left out"


def why_not_applicable(store: Store, db: Connection, plan: PlanRow, integration: Integration | None) -> str:
    """Why this preview cannot be applied, in a sentence; empty where it can."""
    if plan.state == "applied":
        return "This plan was applied."
    if integration is None and not plan.is_import:
        return "Its integration was deleted."
    if is_too_old(plan.created_at) and plan.is_import:
        return "It is older than a day. Import the file again to see what differs now."
    if is_too_old(plan.created_at):
        return "It is older than a day. Preview again to see what differs now."
    since = session_rows.session_since(db, plan.integration, plan.session)
    if since is not None:
        return f"Session {since} changed records after it was made. Preview again to see what differs now."
    session = session_rows.session_by_id(db, plan.session)
    if session is not None and session.kind == "test":
        return "It is the plan of a test, which writes nothing. Preview to see all of it, and to apply it."
    if not store.profile.preview(plan.session).exists() and plan.is_import:
        return "Only the lines of this plan were kept. Import the file again."
    if not store.profile.preview(plan.session).exists():
        return "Only the lines of this plan were kept. Preview again to apply what differs now."
    return ""


def apply_preview(
    store: Store, plan: int, unticked: Unticked, tell: Tell, stop: threading.Event, turns: Turns = TURNS
) -> SyncResult:
    """Write what the kept plan of a preview says, without what was unticked; raises where it cannot be applied at all.

    The plan is made once more from what was fetched then. A line that would not come out the same is refused and
    listed among the session's problems, and a line that nobody saw is not written.
    """
    with store.reading() as db:
        found = kept_plans.plan_by_id(db, plan)
        if found is None or found.kind != "preview":
            raise UserError(f"Plan {plan} is not a preview that could be applied. See: saasdesk plan list")
        integration = session_rows.integration_by_id(db, found.integration)
        reason = why_not_applicable(store, db, found, integration)
    if reason or integration is None:
        raise UserError(f"Plan {plan} cannot be applied. {reason}")
    refuse_draft(integration)
    known = integration
    session = store.write(
        lambda db: session_rows.begin_session_for(db, known, known.name, "apply", "by hand", now_text())
    )
    application = _Application(store, found, integration, unticked, session, tell, stop, turns)
    return application.ended(application.carry_out)


class _Application(Underway):
    """The steps of applying one preview."""

    def __init__(
        self,
        store: Store,
        plan: PlanRow,
        integration: Integration,
        unticked: Unticked,
        session: int,
        tell: Tell,
        stop: threading.Event,
        turns: Turns,
    ) -> None:
        super().__init__(store, integration.name, session, tell, stop)
        self._plan, self._integration, self._unticked, self._turns = plan, integration, unticked, turns

    def carry_out(self) -> SyncResult:
        """Wait until nobody else writes, look at the plan once more, and write it."""
        store, stop = self._store, self._stop
        claims = [
            Claim(Shared.INTEGRATION, f"{store.profile.uuid} {self._integration.id}"),
            Claim(Shared.RECORDS, store.profile.uuid),
        ]
        with self._turns.turn(self._name, claims, stop, self._wait, takes_place=True):
            store.write(lambda db: session_rows.begin_reading(db, self._session, now_text()))
            self._phase("Looking whether the plan still holds")
            self._look_again()
            with store.stage(stop, store.profile.preview(self._plan.session)) as stage:
                content = read_content(stage)
                self._refuse_another(content)
                result = self._apply(stage, content)
        forget_old_previews(store)
        return result

    def _look_again(self) -> None:
        """Somebody may have run or changed the integration while this waited."""
        with self._store.reading() as db:
            newest = session_rows.integration_by_id(db, self._integration.id)
            plan = kept_plans.plan_by_id(db, self._plan.id)
            since = session_rows.session_since(db, self._integration.id, self._plan.session)
        if newest is None or plan != self._plan or since is not None:
            raise UserError("The integration was run or changed meanwhile. Nothing was changed; preview again.")
        self._integration = newest

    def _refuse_another(self, content: Content) -> None:
        if content.session != self._plan.session:
            raise UserError("What this plan is made of was not kept. Nothing was changed; preview again.")
        if content.document != to_json(self._integration.document):
            raise UserError(
                f"“{self._name}” was edited after the plan was made. Nothing was changed; preview again to see what "
                "differs now."
            )

    def _apply(self, stage: Stage, content: Content) -> SyncResult:
        integration, shape = self._integration, content.shape
        known = integration.scope_signature
        for _ in range(MOST_PLANS):
            outcome.clear_plan(stage)
            rows.forget_choice(stage)
            plan = make_plan(
                stage,
                integration,
                shape,
                content.verdict,
                fetched=content.evidence.distinct,
                scope_changed=known is not None and known != content.terms.scope_signature,
            )
            filling.begin(stage)
            rows.narrow(stage, shape, self._plan.id, self._unticked)
            filling.commit(stage)
            if self._stop.is_set():
                raise Cancelled
            result = self._write(stage, content, counted_again(stage, shape, plan))
            if result is not None:
                return result
        raise UserError("Records kept changing while the plan was looked at. Apply it again.", ExitCode.PARTLY)

    def _write(self, stage: Stage, content: Content, plan: Plan) -> SyncResult | None:
        self._store.require_space(plan.counts["created"] + plan.counts["updated"], COLUMNS_A_RECORD)
        problems, refused = self._problems(stage, content)
        status, message = self._outcome(content, plan, problems, refused)
        self._set_status(Status.APPLYING)
        self._phase("Saving")
        written = apply_plan(
            self._store,
            stage,
            self._integration,
            self._session,
            content.terms,
            content.shape,
            plan,
            status=status,
            message=message,
            problems=problems,
            evidence=partial(self._evidence, content.evidence),
            tenant=content.evidence.identity,
            is_proven=content.verdict.is_proven,
            is_part=content.is_part,
            stop=self._stop,
            also=partial(self._note_decision, refused=refused),
        )
        if written is None:
            return None
        code = ExitCode.DONE if status is Status.COMPLETED else ExitCode.PARTLY
        return self._result(status, int(code), message, plan.counts, problems, written.plan)

    def _note_decision(self, db: Connection, at: str, *, refused: int) -> None:
        rows.look_again_at_those_left_out(db, self._integration.id)
        kept_plans.decide_plan(db, self._plan.id, "applied", operating_system_user(), at)
        detail = {
            "plan": self._plan.id,
            "session": self._session,
            "unticked": len(self._unticked),
            "refused": refused,
        }
        record(db, "plan.applied", self._name, detail)

    def _evidence(self, evidence: Evidence | None) -> dict[str, Any]:
        return {**super()._evidence(evidence), "read_at": self._plan.created_at}

    def _problems(self, stage: Stage, content: Content) -> tuple[list[Problem], int]:
        """What is left as it was, and how many of it because it had changed since."""
        with self._store.reading() as db:
            accepted = session_rows.accepted_conflicts(db, self._integration.id)
            labels = session_rows.field_labels(db)
        found: list[Problem] = [
            (vendor_id, label, cause, message, accepted.get(vendor_id) == message)
            for vendor_id, label, cause, message in outcome.problem_rows(stage)
        ]
        found.extend((None, label, "shape", message, False) for label, message in content.problems)
        told = rows.vendor_ids_with_problems(stage)
        refused = 0
        for line in rows.lines_left_out(stage):
            if line.unticked:
                field = labels.get((line.object, line.field), line.field)
                what = (
                    f"{field} was unticked in plan {self._plan.id}." if field else f"Unticked in plan {self._plan.id}."
                )
                found.append((line.vendor_id, line.label, LEFT_OUT, what, True))
            elif line.vendor_id not in told:
                refused += not line.hangs
                found.append((line.vendor_id, line.label, MOVED, why_moved(stage, line, labels), line.hangs))
        return found, refused

    def _outcome(self, content: Content, plan: Plan, problems: list[Problem], refused: int) -> tuple[Status, str]:
        why = Counter(cause for _, _, cause, _, is_accepted in problems if not is_accepted)
        parts = []
        if refused:
            label, first = next(
                (label, text) for _, label, cause, text, is_accepted in problems if cause == MOVED and not is_accepted
            )
            one = refused == 1
            parts.append(
                f"{refused:,} {'line' if one else 'lines'} of the plan had changed since and "
                f"{'was left as it is' if one else 'were left as they are'}. "
                f"{'' if one else 'The first: '}{label}: {first}"
            )
        if self._unticked:
            parts.append(f"{_lines(len(self._unticked))} unticked.")
        if plan.held_because:
            return Status.STOPPED_BY_SAFEGUARD, " ".join([plan.held_because, *parts])
        if not content.verdict.is_proven:
            nobody_here = nobody(self._integration.noun)
            return Status.INCOMPLETE, " ".join([content.verdict.why_not, f"{nobody_here} was deactivated.", *parts])
        return (Status.COMPLETED_WITH_ERRORS if why else Status.COMPLETED), " ".join(parts)


def _lines(count: int) -> str:
    return f"{count:,} {'line was' if count == 1 else 'lines were'}"


def why_moved(stage: Stage, line: LeftOut, labels: dict[tuple[str, str], str]) -> str:
    """Why a line is refused, in a sentence."""
    if line.hangs:
        return "It hangs on a line that was left out."
    match line.kind:
        case "create":
            return "It is here by now, or may not be made any more."
        case "deactivate":
            return "It may not be deactivated any more: it is already, or something else has it by now."
        case "reactivate":
            return "It is active already, or was archived by hand."
        case _:
            pass
    field = labels.get((line.object, line.field), line.field)
    now: tuple[Any] | None = None
    if line.record is not None and line.object in {kind.value for kind in ObjectKind}:
        now = rows.value_now(stage, ObjectKind(line.object), line.record, line.field)
    if now is None:
        return f"{field} cannot be changed any more."
    if now[0] == line.after:
        return f"{field} is “{_shown(line.after)}” already."
    if now[0] != line.before:
        return f"{field} was “{_shown(line.before)}” when the plan was made and is “{_shown(now[0])}” now."
    return f"{field} would not become “{_shown(line.after)}” any more."


def _shown(value: object) -> str:
    return "" if value is None else str(value)

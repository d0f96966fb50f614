"""Carry a plan out: records, history, triggers, links, counters and the audit row in one transaction."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from saasdesk.clock import now_text
from saasdesk.errors import Cancelled
from saasdesk.fields import ObjectKind
from saasdesk.records import apply as records
from saasdesk.records.changes import Cause
from saasdesk.records.software import ensure_application
from saasdesk.store import Connection, Stage, Store
from saasdesk.store.audit import changes_hash, record
from saasdesk.sync import rows
from saasdesk.sync.assets import rows as assets
from saasdesk.sync.events import Status
from saasdesk.sync.integration import Integration
from saasdesk.sync.kept_plans import rows as kept_plans
from saasdesk.sync.plan import Plan
from saasdesk.sync.preparation import Terms
from saasdesk.sync.rows import Problem
from saasdesk.sync.staging.rows import applying, outcome
from saasdesk.sync.staging.shape import StageShape
from saasdesk.sync.telling import settle_held, tell_held, tell_of_ending


@dataclass(frozen=True, slots=True)
class Applied:
    """What was kept for a person to decide, if anything was."""

    plan: int | None


def apply_plan(
    store: Store,
    stage: Stage,
    integration: Integration,
    session: int,
    terms: Terms,
    shape: StageShape,
    plan: Plan,
    *,
    status: Status,
    message: str,
    problems: list[Problem],
    evidence: Callable[[], dict[str, Any]],
    tenant: str,
    is_proven: bool,
    is_part: bool,
    stop: threading.Event,
    also: Callable[[Connection, str], None] | None = None,
) -> Applied | None:
    """Write everything, or nothing; None when somebody changed records since the plan was made: then plan again.

    A run that read only part of the list knows nothing of the others, and leaves a plan that waits alone.
    `also` is done in the same transaction, and hears what time it is.
    """
    at = now_text()
    cause = Cause(f"sync {session}", integration.document.acting_name, integration.id, session)

    def work(db: Connection) -> Applied | None:
        if outcome.live_position(db, "main") != plan.position:
            return None
        if stop.is_set():
            raise Cancelled
        _write_records(db, integration, shape, cause, at)
        applying.write_links(db, shape, keep_raw=terms.keep_raw, proven=is_proven and plan.held_because is None)
        kept = None if is_part else _keep_held(db, integration, session, shape, plan, at)
        rows.remember_proof(
            db,
            integration,
            # Whoever was not read has not been mapped by the new mapping yet.
            mapping=integration.mapping_signature if is_part else terms.mapping_signature,
            scope=terms.scope_signature if is_proven else None,
            tenant=(tenant or None) if is_proven else None,
        )
        if also is not None:
            also(db, at)
        rows.insert_errors(db, session, problems)
        applying.keep_raw_of_problems(db, integration.id, session)
        digest = changes_hash(db, session)
        rows.finish_session(
            db,
            session,
            status=status,
            counts=plan.counts,
            evidence=evidence(),
            message=message,
            exit_code=0 if status in (Status.COMPLETED, Status.EMPTY) else 1,
            changes_hash=digest,
            at=at,
        )
        record(
            db,
            "integration.run",
            integration.name,
            {"session": session, "status": status.value, "counts": plan.counts, "changes": digest},
        )
        tell_of_ending(db, integration, session, status, message, at)
        if kept is None and not is_part:
            settle_held(db, integration.id, at)
        if kept is not None:
            tell_held(db, integration, kept, message, at)
        return Applied(kept)

    return store.write_with_stage(stage, work, stop)


def _write_records(db: Connection, integration: Integration, shape: StageShape, cause: Cause, at: str) -> None:
    records.apply(db, "stage", shape.kind, cause, at)
    applying.adopt_new_records(db, shape.kind.value)
    if shape.kind is ObjectKind.ASSETS:
        assets.write_moving_values(db, shape)
    else:
        applying.offer_emptied_values(db, shape)
    if shape.with_saas_users:
        name = integration.document.application_name
        application = ensure_application(db, name, integration.connector.title, cause, at)
        applying.set_application(db, application)
        records.apply(db, "stage", ObjectKind.SAAS_USERS, cause, at)
        applying.adopt_new_records(db, "saas_users")
        applying.take_accounts_over(db, shape)
        applying.join_accounts_to_new_people(db, cause, at)
        records.apply(db, "stage", ObjectKind.LICENCES, cause, at)
        if shape.licences_are_listed:
            applying.move_licences(db)
    applying.look_again_at_those_who_lost(db, shape)
    applying.write_silent_values(db, shape)


def _keep_held(
    db: Connection, integration: Integration, session: int, shape: StageShape, plan: Plan, at: str
) -> int | None:
    """Keep what the safeguard holds, in the place of an older plan of the same integration."""
    older = kept_plans.held_plan_of(db, integration.id)
    kept_plans.delete_plans(db, integration.id, "held")
    if not plan.deactivations_held:
        return None
    number = kept_plans.insert_plan(
        db,
        session=session,
        integration=integration.id,
        kind="held",
        state="held",
        reason=plan.held_because or "",
        list_hash=plan.list_hash,
        deactivations=plan.deactivations_held,
        first_held_at=older.first_held_at if older else at,
        counts=plan.counts,
        at=at,
        number=older.id if older else None,
    )
    applying.copy_plan(db, number, shape, held_only=True)
    return number


def keep_preview(
    store: Store,
    stage: Stage,
    integration: Integration,
    session: int,
    shape: StageShape,
    plan: Plan,
    problems: list[Problem],
) -> int:
    """Keep a preview's plan for people to look at, in the place of the integration's last one, and its problems."""

    def work(db: Any) -> int:
        kept_plans.delete_plans(db, integration.id, "preview")
        number = kept_plans.insert_plan(
            db,
            session=session,
            integration=integration.id,
            kind="preview",
            state="preview",
            reason=plan.held_because or "",
            list_hash=plan.list_hash,
            deactivations=plan.deactivations_held,
            first_held_at=None,
            counts=plan.counts,
            at=now_text(),
        )
        applying.copy_plan(db, number, shape, held_only=False)
        rows.insert_errors(db, session, problems)
        applying.keep_raw_of_problems(db, integration.id, session)
        return number

    return store.write_with_stage(stage, work)

"""Work out what a run would change: match, weigh, plan, and hold what is out of proportion. Writes no record."""

import hashlib
import threading
from dataclasses import dataclass, replace
from typing import Any

from saasdesk.connectors import Found, Gone, Unsure, VendorClient
from saasdesk.errors import Cancelled
from saasdesk.fields import ObjectKind
from saasdesk.records.changes import ChangeKind
from saasdesk.store import Connection
from saasdesk.sync.assets import rows as assets
from saasdesk.sync.completeness import Verdict
from saasdesk.sync.integration import Integration
from saasdesk.sync.safeguard import Limits, nobody, reason_to_hold
from saasdesk.sync.staging.rows import differences, filling, licences, matching, outcome, presence
from saasdesk.sync.staging.shape import StageShape

# Up to this many absentees are each looked up at the vendor before they count as gone.
MOST_CONFIRMED = 50

OBJECTS = ("people", "saas_users", "assets", "licences")
# The parts whose sums stand at the top of a result; licences are counted apart.
SUMMED = ("people", "saas_users", "assets")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do, in numbers; its lines lie in the staging file."""

    counts: dict[str, Any]
    held_because: str | None
    deactivations_held: int
    list_hash: str
    position: tuple[int, int]


def confirm_absentees(client: VendorClient, stage: Connection, shape: StageShape, stop: threading.Event) -> bool:
    """Ask the vendor for each of a few absentees by id; True when one of them turned out to be there after all.

    Only the vendor's own "no such user" counts as gone. A doubtful answer keeps the record; a key that may not read
    single users leaves the decision to the proof of completeness.
    """
    missing = presence.missing_vendor_ids(stage, shape)
    if len(missing) > MOST_CONFIRMED or not client.can_read_one:
        return False
    found_active = False
    for vendor_id in missing:
        if stop.is_set():
            raise Cancelled
        match client.read_user(vendor_id):
            case Gone():
                presence.insert_verdict(stage, vendor_id, "gone", "")
            case Found(record=record) if client.connector.saas.saas_values(record.raw).inactive:
                presence.insert_verdict(stage, vendor_id, "inactive", "")
            case Found():
                presence.insert_verdict(stage, vendor_id, "active", "")
                found_active = True
            case Unsure(may_not_read=True):
                return False
            case Unsure(reason=reason):
                presence.insert_verdict(stage, vendor_id, "unsure", f"could not be confirmed: {reason}")
    return found_active


def make_plan(
    stage: Connection,
    integration: Integration,
    shape: StageShape,
    verdict: Verdict,
    *,
    fetched: int,
    scope_changed: bool,
) -> Plan:
    """Plan with set operations on one snapshot of the live tables; `fetched` counts what the vendor listed."""
    document = integration.document
    many = f"{integration.connector.title} {integration.noun}"
    filling.begin(stage)
    try:
        position = outcome.live_position(stage, "live")
        matching.match(stage, shape)
        if shape.with_saas_users:
            matching.match_accounts_left_behind(stage, document.application_name)
        matching.mark_skips(stage, shape, document.preference, restore_archived=document.restore_archived)
        if integration.connector.users.without_email:
            matching.mark_without_email(stage, shape, integration.connector.users.without_email)
        matching.mark_problems(stage, shape, many)
        if shape.kind is ObjectKind.ASSETS:
            assets.bind_owners(stage, shape)
        differences.find_differences(stage, shape)
        matching.mark_conflicts(stage, shape, is_proven=verdict.is_proven)
        differences.name_others(stage, shape, document.preference)
        differences.plan_main_records(stage, shape)
        if shape.kind is ObjectKind.ASSETS:
            assets.explain_new_owners(stage)
        if shape.with_saas_users:
            differences.plan_saas_users(stage, shape)
        if shape.with_licences:
            licences.plan_licences(stage, shape, is_proven=verdict.is_proven)
            licences.plan_licences_left_behind(stage, shape, document.application_name)
        presence.plan_reactivations(stage, shape, restore_archived=document.restore_archived)
        if document.deactivate and verdict.is_proven:
            if shape.kind is ObjectKind.ASSETS:
                assets.plan_deactivations(stage, shape)
            else:
                presence.plan_deactivations(stage, shape, people_too=document.deactivate_people)
        outcome.plan_skips_and_errors(stage, shape)
        planned = outcome.plan_counts(stage)
        held_because = _why_hold(stage, integration, shape, verdict, planned, scope_changed=scope_changed)
        if held_because:
            outcome.hold_deactivations(stage)
            planned = outcome.plan_counts(stage)
        return Plan(
            counts=counts_of(stage, shape, planned, fetched),
            held_because=held_because,
            deactivations_held=_held(planned),
            list_hash=_list_hash(stage),
            position=position,
        )
    finally:
        filling.commit(stage)


def counted_again(stage: Connection, shape: StageShape, plan: Plan) -> Plan:
    """The plan with the numbers of what is left of it."""
    counts = counts_of(stage, shape, outcome.plan_counts(stage), plan.counts["fetched"])
    return replace(plan, counts=counts)


# (object, kind, held) → how many records.
Planned = dict[tuple[str, str, bool], int]


def _why_hold(
    stage: Connection,
    integration: Integration,
    shape: StageShape,
    verdict: Verdict,
    planned: Planned,
    *,
    scope_changed: bool,
) -> str | None:
    if not verdict.is_proven:
        return None
    document = integration.document
    noun = integration.noun
    limits = Limits(document.deactivate_limit_percent, document.deactivate_limit_count)
    listed = outcome.count_where(stage, "seen")
    leaving_anybody = False
    kinds = (ObjectKind.SAAS_USERS, shape.kind) if shape.with_saas_users else (shape.kind,)
    for kind in kinds:
        leaving = planned.get((kind.value, ChangeKind.DEACTIVATE.value, False), 0)
        leaving_anybody = leaving_anybody or bool(leaving)
        reason = reason_to_hold(
            vendor=integration.connector.title,
            when_empty=integration.connector.users.when_empty,
            listed=listed,
            active=presence.count_active_owned(stage, shape, kind.table),
            leaving=leaving,
            limits=limits,
            noun=noun,
        )
        if reason:
            return reason
    if scope_changed and leaving_anybody:
        leaving = sum(planned.get((kind.value, "deactivate", False), 0) for kind in kinds)
        return (
            f"This is the first run after a change of what the listing covers. "
            f"{leaving} {'record' if leaving == 1 else 'records'} would become inactive. "
            f"{nobody(noun)} was deactivated."
        )
    return None


def _held(planned: Planned) -> int:
    return sum(planned.get((kind, "deactivate", True), 0) for kind in SUMMED)


def _list_hash(stage: Connection) -> str:
    digest = hashlib.sha256()
    for kind, record in outcome.list_hash_rows(stage):
        digest.update(f"{kind}:{record}\n".encode())
    return digest.hexdigest()


_NAMES = {
    "created": "create",
    "updated": "update",
    "deactivated": "deactivate",
    "reactivated": "reactivate",
}


def counts_of(stage: Connection, shape: StageShape, planned: Planned, fetched: int) -> dict[str, Any]:
    """The numbers of the command-line contract, from the plan."""
    listed = outcome.count_where(stage, "seen")
    failed, filtered, skipped = (outcome.count_where(stage, name) for name in ("error", "filtered", "skipped"))
    parts: dict[str, dict[str, int]] = {}
    for kind in OBJECTS:
        part = {name: planned.get((kind, word, False), 0) for name, word in _NAMES.items()}
        part["unchanged"] = part["skipped"] = part["failed"] = 0
        parts[kind] = part
    main = shape.kind.value
    for kind in (main, "saas_users") if shape.with_saas_users else (main,):
        part = parts[kind]
        part["skipped"] = skipped
        part["failed"] = failed if kind == main else 0
        part["unchanged"] = max(listed - failed - filtered - skipped - outcome.touched_records(stage, kind), 0)
    top = {name: sum(parts[kind][name] for kind in SUMMED) for name in ("created", "updated", "unchanged", "skipped")}
    late = {name: sum(parts[kind][name] for kind in SUMMED) for name in ("deactivated", "reactivated", "failed")}
    return {"fetched": fetched, **top, "filtered": filtered, **late, **parts}

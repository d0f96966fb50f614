"""Plans that are kept: previews to look at, and deactivations that wait for a person's decision."""

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import ChangeKind, RecordEdit
from saasdesk.store import Connection, Store
from saasdesk.store.audit import operating_system_user, record
from saasdesk.store.backup import Occasion, make_backup
from saasdesk.sync import rows
from saasdesk.sync.by_hand import begin_by_hand, finish_by_hand
from saasdesk.sync.kept_plans import rows as kept_plans
from saasdesk.sync.kept_plans.rows import PlanLine, PlanRow
from saasdesk.sync.plan import SUMMED
from saasdesk.sync.telling import settle_held
from saasdesk.sync.underway import no_counts


def held_plans(store: Store) -> list[PlanRow]:
    """The plans that wait for a person, newest first."""
    with store.reading() as db:
        return kept_plans.plans(db, kind="held", state="held")


def find_plan(store: Store, plan: int) -> PlanRow:
    """A kept plan; a UserError when there is none of this number."""
    with store.reading() as db:
        found = kept_plans.plan_by_id(db, plan)
    if found is None:
        raise UserError(f"There is no plan {plan}.")
    return found


def lines_of(store: Store, plan: int) -> list[PlanLine]:
    """Every line of a kept plan."""
    with store.reading(snapshot=True) as db:
        return kept_plans.plan_lines(db, plan)


def approve(store: Store, plan: int, count: int) -> int:
    """Deactivate whom a held plan names, after one more look at each; returns how many records, their licences aside.

    `count` is what the admin typed: it must be the plan's own number, so that nobody approves by habit.
    """
    found = find_plan(store, plan)
    if found.kind != "held" or found.state != "held":
        raise UserError(f"Plan {plan} does not wait for a decision.")
    if count != found.deactivations:
        raise UserError(
            f"Plan {plan} would deactivate {found.deactivations}, not {count}. Look at it again, then type that number."
        )
    make_backup(store.profile, Occasion.BEFORE_PLAN)

    def work(db: Connection) -> int:
        integration = rows.integration_by_id(db, found.integration)
        if integration is None:
            raise UserError("The integration of this plan was deleted.")
        targets = kept_plans.still_to_deactivate(db, plan, found.integration)
        session = begin_by_hand(db, integration, integration.name, "approval", f"plan {plan}")
        counts = no_counts()
        for kind in (ObjectKind.SAAS_USERS, ObjectKind.LICENCES, ObjectKind.PEOPLE, ObjectKind.ASSETS):
            edits = [
                RecordEdit(ChangeKind.DEACTIVATE, number, label, reason)
                for name, number, label, reason in targets
                if name == kind.value
            ]
            apply_edits(db, kind, edits, session.cause, session.at)
            counts[kind.value]["deactivated"] = len(edits)
        done = sum(int(counts[kind]["deactivated"]) for kind in SUMMED)
        counts["deactivated"] = done
        kept_plans.mark_gone(db, plan, found.integration)
        kept_plans.decide_plan(db, plan, "approved", operating_system_user(), session.at)
        settle_held(db, found.integration, session.at)
        message = f"{done} of the {found.deactivations} held deactivations of plan {plan} were approved."
        digest = finish_by_hand(db, session, counts, message)
        record(
            db,
            "plan.approved",
            integration.name,
            {
                "plan": plan,
                "typed": count,
                "deactivated": done,
                "session": session.id,
                "list": found.list_hash,
                "changes": digest,
            },
        )
        return done

    return store.write(work)


def reject(store: Store, plan: int) -> None:
    """Leave everybody active; the next run decides anew. A UserError where the plan does not wait for a decision."""
    found = find_plan(store, plan)
    if found.kind != "held" or found.state != "held":
        raise UserError(f"Plan {plan} does not wait for a decision.")

    def work(db: Connection) -> None:
        at = now_text()
        kept_plans.decide_plan(db, plan, "rejected", operating_system_user(), at)
        settle_held(db, found.integration, at)
        record(db, "plan.rejected", found.integration_name, {"plan": plan, "deactivations": found.deactivations})

    store.write(work)

"""How each integration stands: its state in one word, for tiles and lists."""

from dataclasses import dataclass
from datetime import datetime

from saasdesk.clock import as_text, from_text, now
from saasdesk.store import Store
from saasdesk.store.preferences import read_settings
from saasdesk.sync import rows
from saasdesk.sync.due import next_run, overdue_slots
from saasdesk.sync.events import Status
from saasdesk.sync.integration import Integration, IntegrationState
from saasdesk.sync.kept_plans import rows as kept_plans
from saasdesk.sync.kept_plans.rows import PlanRow
from saasdesk.sync.rows import SessionRow

_FAILED = frozenset({Status.FAILED, Status.INTERRUPTED, Status.MISSED})
_AMBER = frozenset({Status.COMPLETED_WITH_ERRORS, Status.INCOMPLETE})


@dataclass(frozen=True, slots=True)
class Standing:
    """One integration as a tile shows it. `word` is draft, active, overdue, held, errors, failed or paused.

    `overdue` is the slot at which a run should have begun, and did not within a day.
    """

    integration: Integration
    word: str
    last: SessionRow | None
    last_good: SessionRow | None
    next_run: str | None
    held: PlanRow | None
    overdue: str | None = None


def latest_sessions(store: Store) -> dict[int, SessionRow]:
    """Integration number → its latest run."""
    with store.reading() as db:
        return rows.last_sessions(db)


def standings(store: Store) -> list[Standing]:
    """Every integration with what its tile shows."""
    with store.reading(snapshot=True) as db:
        known = rows.integrations(db)
        latest = rows.last_sessions(db)
        good = rows.last_good_sessions(db)
        rests = read_settings(db).scheduling_paused
        late = {} if rests else {each.id: as_text(slot) for each, slot in overdue_slots(db, now())}
        held = {plan.integration: plan for plan in kept_plans.plans(db, kind="held", state="held")}
    return [
        Standing(
            i,
            word_for(i, latest.get(i.id), held.get(i.id), is_overdue=i.id in late),
            latest.get(i.id),
            good.get(i.id),
            next_run(i),
            held.get(i.id),
            late.get(i.id),
        )
        for i in known
    ]


def word_for(
    integration: Integration, last: SessionRow | None, held: PlanRow | None, *, is_overdue: bool = False
) -> str:
    """The state of an integration in one word."""
    if integration.state is not IntegrationState.ACTIVE:
        return integration.state.value
    if last is not None and last.status in _FAILED:
        return "failed"
    if held is not None:
        return "held"
    if is_overdue:
        return "overdue"
    if last is not None and last.status in _AMBER:
        return "errors"
    return "active"


def latest_good_reading(store: Store) -> datetime | None:
    """When a vendor was last read whole, by whichever integration."""
    with store.reading() as db:
        # What an applied plan wrote was read when its preview was made.
        moments = [
            str(session.evidence.get("read_at") or session.finished_at)
            for session in rows.last_good_sessions(db).values()
            if session.finished_at
        ]
    return from_text(max(moments)) if moments else None

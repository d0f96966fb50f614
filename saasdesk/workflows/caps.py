"""How much a run may destroy: what exceeds it is held until a person looks at it."""

from collections import Counter
from collections.abc import Sequence

from saasdesk.clock import as_text, now
from saasdesk.connectors import Danger
from saasdesk.fields import ObjectKind
from saasdesk.store import Store
from saasdesk.sync.safeguard import Limits, reason_to_hold
from saasdesk.workflows.planning import Way, WorkflowPlan
from saasdesk.workflows.rows import call_rows, record_rows

# However few accounts a vendor has, so many may be acted on in a run.
_ALWAYS_ALLOWED = 3
# As for a sync that sets no limits of its own.
_LIMITS = Limits(percent=20, count=200)


def within_caps(store: Store, plan: WorkflowPlan) -> tuple[list[Way], list[Way], list[Way]]:
    """The records that may go, those that the caps keep back, and the protected ones.

    Only destructive calls are counted: in a run, for each vendor in a day, and against the vendor's active accounts.
    """
    protected_names = {name.casefold() for name in store.settings().protected_records}
    caps = Caps(store)
    too_many = _too_many_leave(store, plan)
    going: list[Way] = []
    held: list[Way] = []
    protected: list[Way] = []
    for way in plan.ways:
        if way.acts and way.names & protected_names:
            protected.append(way)
        elif (too_many and way.deactivates) or not caps.take(destroyed_at(way)):
            held.append(way)
        else:
            going.append(way)
    return going, held, protected


def destroyed_at(way: Way) -> list[str]:
    """The vendors at which a record's way destroys something, once for each call."""
    return [request.connector for request in way.requests if request.preset.danger is Danger.DESTROYS]


def _too_many_leave(store: Store, plan: WorkflowPlan) -> bool:
    """Whether the plan would deactivate records here out of proportion: as for a sync, all of them wait then."""
    leaving = [way.record for way in plan.ways if way.deactivates]
    return bool(leaving) and reason_to_deactivate_none(store, plan.object, leaving) != ""


def reason_to_deactivate_none(store: Store, kind: ObjectKind, leaving: Sequence[int]) -> str:
    """Why so many records may not be deactivated at once; empty when they may."""
    with store.reading() as db:
        active = record_rows.active_beside(db, kind, leaving)
    held = reason_to_hold(
        vendor="The vendor", listed=active - len(leaving), active=active, leaving=len(leaving), limits=_LIMITS
    )
    return held or ""


class Caps:
    """How many destructive calls may still leave, in this run and for each vendor."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._settings = store.settings()
        self._left = self._settings.destructive_calls_per_run
        self._left_of: dict[str, int] = {}

    def take(self, vendors: list[str]) -> bool:
        """Take what one record needs; all of it or nothing."""
        needed = Counter(vendors)
        if len(vendors) > self._left or any(self._of(vendor) < count for vendor, count in needed.items()):
            return False
        self._left -= len(vendors)
        for vendor, count in needed.items():
            self._left_of[vendor] -= count
        return True

    def _of(self, vendor: str) -> int:
        if vendor not in self._left_of:
            midnight = now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
            with self._store.reading() as db:
                today = call_rows.destructive_since(db, vendor, as_text(midnight))
                accounts = record_rows.active_accounts_at(db, vendor)
            of_all = max(_ALWAYS_ALLOWED, accounts * self._settings.destructive_percent // 100)
            self._left_of[vendor] = min(self._settings.destructive_calls_per_day - today, of_all)
        return self._left_of[vendor]

"""Seats that are left alone although they look unused: one seat, or a rule, with the reason and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.licences.reclaim import rows
from saasdesk.licences.seats import read_yardstick
from saasdesk.store import Connection, Store, audit
from saasdesk.store.audit import operating_system_user

_LONGEST_REASON = 300


class ExemptionScope(StrEnum):
    """Which seats of an application an exemption is about."""

    SEAT = "seat"
    PRODUCT = "product"
    ROLE = "role"
    TEAM = "team"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class Exemption:
    """One exemption, as it is listed."""

    id: int
    application: str
    scope: ExemptionScope
    label: str
    reason: str
    until: str
    made_by: str


def exempt(store: Store, seats: Sequence[int], scope: ExemptionScope, reason: str, until: date | None) -> int:
    """Leave these seats alone, or all with their product, SaaS role, team or application.

    Returns how many exemptions that makes.

    A UserError without a reason, with a day that has passed, or where the seats have nothing of the kind to go by.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > _LONGEST_REASON:
        raise UserError(f"Say why, in {_LONGEST_REASON} letters at most: whoever looks next asks the same.")
    yardstick = read_yardstick(store)
    if until is not None and until.isoformat() < yardstick.today:
        raise UserError("This day has passed. Choose one to come, or none at all.")

    def work(db: Connection) -> int:
        wanted = rows.what_to_exempt(db, yardstick, seats, scope.value)
        if not wanted:
            raise UserError(f"None of these seats has a {scope.value} to go by. Exempt the seats themselves.")
        day = None if until is None else until.isoformat()
        rows.add_exemptions(db, [(*each, reason, day, now_text(), operating_system_user()) for each in wanted])
        audit.record(db, "exemption.made", scope.value, {"rules": len(wanted), "reason": reason, "until": day})
        return len(wanted)

    return store.write(work)


def list_exemptions(store: Store) -> list[Exemption]:
    """All that still count, by application."""
    today = read_yardstick(store).today
    with store.reading() as db:
        found = rows.exemptions(db, today)
    return [
        Exemption(number, application, ExemptionScope(scope), label, reason, until or "", made_by)
        for number, application, scope, label, reason, until, made_by in found
    ]


def delete_exemption(store: Store, exemption: Exemption) -> None:
    """The seats count again. A UserError where it was ended meanwhile."""

    def work(db: Connection) -> None:
        if not rows.delete_exemption(db, exemption.id):
            raise UserError("This exemption was ended meanwhile.")
        audit.record(db, "exemption.ended", exemption.label, {"reason": exemption.reason})

    store.write(work)

"""By what seats are judged: the idle threshold, the grace of new ones, protected names, and the prices of today."""

from dataclasses import dataclass
from datetime import date, timedelta

from saasdesk.errors import UserError
from saasdesk.fields import fold_key
from saasdesk.licences.prices.tariff import read_tariff, unit_of
from saasdesk.licences.seats import rows
from saasdesk.licences.seats.rows import Yardstick
from saasdesk.store import Connection, Store, audit

# A person who is suspended there is suspended altogether.
_DIRECTORIES = ("jumpcloud",)
LONGEST_DAYS = 3_650


def read_yardstick(store: Store, today: date | None = None) -> Yardstick:
    """Everything that seats are judged by, at the moment that the store shows."""
    day = today or store.now().date()
    settings, tariff = store.settings(), read_tariff(store, day)
    with store.reading() as db:
        own = rows.own_days(db)
        telling = rows.tells_use(db)
        directories = rows.applications_fed_by(db, _DIRECTORIES)
        exempts = rows.has_exemptions(db)
    return Yardstick(
        today=day.isoformat(),
        grace_since=_before(day, settings.grace_days),
        usual_days=settings.idle_days,
        usual_cutoff=_before(day, settings.idle_days),
        own_days=[(application, days, _before(day, days)) for application, days in own.items()],
        tells_use=telling,
        directories=directories,
        protected=[folded for name in settings.protected_records if (folded := fold_key(name)) is not None],
        has_exemptions=exempts,
        tariff=[(line.application, line.scope, line.name, line.minor, line.computed) for line in tariff.lines],
        unit=unit_of(tariff.currency),
    )


def own_days(store: Store, application: int) -> int | None:
    """The threshold that an application has of its own."""
    with store.reading() as db:
        return rows.own_days(db).get(application)


@dataclass(frozen=True, slots=True)
class OwnDays:
    """An application with an idle threshold of its own."""

    application: int
    name: str
    days: int


def list_own_days(store: Store) -> list[OwnDays]:
    """Every application that has a threshold of its own, by name."""
    with store.reading() as db:
        return [OwnDays(*row) for row in rows.applications_with_own_days(db)]


def keep_own_days(store: Store, application: int, days: int | None) -> None:
    """Give an application an idle threshold of its own, or None for the usual one again.

    A UserError where that is no number of days that makes sense.
    """
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise UserError(f"A seat is idle after 1 to {LONGEST_DAYS:,} days without use.")

    def work(db: Connection) -> None:
        before = rows.own_days(db).get(application)
        rows.keep_own_days(db, application, days)
        if before != days:
            audit.record(db, "idle_threshold.kept", str(application), {"before": before, "after": days})

    store.write(work)


def names_in(store: Store, application: int) -> tuple[list[str], list[str]]:
    """The products and the SaaS roles of an application's seats."""
    with store.reading() as db:
        return rows.names_in(db, application)


def _before(day: date, days: int) -> str:
    return (day - timedelta(days=days)).isoformat()

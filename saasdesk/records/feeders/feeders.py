"""Who feeds a field of people: the integration that wrote a value last, until an admin puts them in an order.

The first in the order takes a value over from those behind it; whoever is in no order comes last and fills what is
empty. What a person wrote by hand stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from saasdesk.errors import UserError
from saasdesk.records.feeders import rows
from saasdesk.store import Connection, Store
from saasdesk.store.audit import record


@dataclass(frozen=True, slots=True)
class Feeder:
    """An integration that maps a field of people; `is_ordered` when an admin gave it its place."""

    integration: int
    name: str
    policy: str
    is_ordered: bool


def feeders_of(store: Store, field: str) -> tuple[Feeder, ...]:
    """The integrations that map a field of people, the one that comes first first."""
    with store.reading() as db:
        return tuple(Feeder(*row[:3], is_ordered=bool(row[3])) for row in rows.feeders_of(db, field))


def set_order(store: Store, field: str, names: Sequence[str]) -> None:
    """Put the feeders of a field in this order; an empty one leaves values to whoever wrote them last.

    Their next runs look at everybody again, so that a value of the new first feeder arrives without a change of it.

    A UserError where one of them does not map the field.
    """

    def work(db: Connection) -> None:
        known = {name.casefold(): (number, name) for number, name, _, _ in rows.feeders_of(db, field)}
        strangers = [name for name in names if name.casefold() not in known]
        if strangers:
            can = ", ".join(f"“{name}”" for _, name in known.values()) or "no integration yet"
            raise UserError(f"“{strangers[0]}” does not map {field}. Mapped by: {can}.")
        chosen = list(dict.fromkeys(known[name.casefold()] for name in names))
        rows.replace_order(db, field, [number for number, _ in chosen])
        rows.look_at_everything(db, [number for number, _ in known.values()])
        record(db, "feeders.ordered", field, {"order": [name for _, name in chosen]})

    store.write(work)


def let_others_look(db: Connection, integration: int, fields: Sequence[str]) -> None:
    """An integration feeds these fields no longer: the next runs of the others may fill them."""
    others = {number for field in fields for number, *_ in rows.feeders_of(db, field)} - {integration}
    rows.look_at_everything(db, sorted(others))

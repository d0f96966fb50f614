"""The edits that an admin makes to a mapping, each a function from lines to lines: undo keeps the lines from before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from saasdesk.fields import Field, ObjectKind
from saasdesk.mapping.mapping import MapRow, Policy

Rows = tuple[MapRow, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The field that a line fills; there is one line for each."""

    object: ObjectKind
    target: str

    @classmethod
    def of(cls, field: Field) -> "Place":
        """The place of a field."""
        return cls(field.object, field.external_id)

    def holds(self, row: MapRow) -> bool:
        """Whether this line fills it."""
        return (row.object, row.target) == (self.object, self.target)


def find_row(rows: Sequence[MapRow], place: Place) -> MapRow | None:
    """The line that fills a place."""
    return next((row for row in rows if place.holds(row)), None)


def map_source(rows: Rows, place: Place, source: str) -> Rows:
    """Fill a place from a source: a field's id, a path or a template. Steps, policy and key stay."""
    return _put(rows, place, lambda row: _changed(row, source=source, value=None))


def use_constant(rows: Rows, place: Place, value: str) -> Rows:
    """Fill a place with the same value for everybody."""
    return _put(rows, place, lambda row: _changed(row, source=None, value=value, sync_key=None, update_key=False))


def unmap(rows: Rows, place: Place) -> Rows:
    """Fill a place no more."""
    return _with_keys_in_order(tuple(row for row in rows if not place.holds(row)))


def set_steps(rows: Rows, place: Place, steps: Sequence[str]) -> Rows:
    """Change the value on its way."""
    return _edit(rows, place, transform=tuple(steps))


def set_policy(rows: Rows, place: Place, policy: Policy) -> Rows:
    """Say when the value may replace one that is there."""
    return _edit(rows, place, policy=policy)


def toggle_sync_key(rows: Rows, place: Place) -> Rows:
    """Make a line a sync key, the last in the order, or no longer one."""
    row = find_row(rows, place)
    if row is None:
        return rows
    last = max((known.sync_key or 0 for known in rows), default=0)
    changed = {"sync_key": last + 1} if row.sync_key is None else {"sync_key": None, "update_key": False}
    return _with_keys_in_order(_edit(rows, place, **changed))


def set_update_key(rows: Rows, place: Place, *, update: bool) -> Rows:
    """Whether a secondary key's value is also written."""
    return _edit(rows, place, update_key=update)


def move_sync_key(rows: Rows, place: Place, by: int) -> Rows:
    """Move a sync key up (-1) or down (1) in the order."""
    row = find_row(rows, place)
    if row is None or row.sync_key is None:
        return rows
    keys = sorted((known for known in rows if known.sync_key is not None), key=lambda known: known.sync_key or 0)
    at = keys.index(row)
    to = at + by
    if not 0 <= to < len(keys):
        return rows
    keys[at], keys[to] = keys[to], keys[at]
    order = {(key.object, key.target): position for position, key in enumerate(keys, start=1)}
    return tuple(row if row.sync_key is None else _changed(row, sync_key=order[row.object, row.target]) for row in rows)


def _put(rows: Rows, place: Place, change: Callable[[MapRow], MapRow]) -> Rows:
    row = find_row(rows, place)
    if row is None:
        new = change(MapRow.model_validate({"object": place.object, "target": place.target, "value": ""}))
        return (*rows, new)
    return _with_keys_in_order(tuple(change(known) if known is row else known for known in rows))


def _edit(rows: Rows, place: Place, **values: object) -> Rows:
    return tuple(_changed(row, **values) if place.holds(row) else row for row in rows)


def _changed(row: MapRow, **values: object) -> MapRow:
    # Validated anew: what a file may not say, a click may not either.
    return MapRow.model_validate({**row.model_dump(), **values})


def _with_keys_in_order(rows: Rows) -> Rows:
    """Sync keys count from 1 without gaps."""
    keys = sorted((row.sync_key, index) for index, row in enumerate(rows) if row.sync_key is not None)
    order = {index: position for position, (_, index) in enumerate(keys, start=1)}
    return tuple(
        row if row.sync_key in (None, order.get(index)) else _changed(row, sync_key=order[index])
        for index, row in enumerate(rows)
    )

"""What is known of one asset: its fields, its owner, the latest changes; and which assets a person has."""

import threading
from dataclasses import dataclass

from saasdesk.fields import Field, ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.records.assets import rows as sql
from saasdesk.records.assets.rows import DeviceFacts
from saasdesk.records.history import RecordChange, changes_of_record
from saasdesk.store import Store

__all__ = ["AssetFacts", "DeviceFacts", "asset_facts", "assets_of_person"]


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """One asset; `values` holds every field that has a value, `owner_name` is empty where nobody here has it."""

    id: int
    name: str
    owner: int | None
    owner_name: str
    is_deactivated: bool
    deactivated_at: str | None
    deactivated_reason: str
    is_archived: bool
    fed_by: str
    created_at: str
    values: tuple[tuple[Field, str | int | float], ...]
    changes: tuple[RecordChange, ...]

    @property
    def kind_of_device(self) -> tuple[str, ...]:
        """Manufacturer, model and operating system, as far as they are known."""
        values = {field.external_id: str(value) for field, value in self.values}
        return tuple(values[part] for part in ("manufacturer", "model", "operating_system") if part in values)


def asset_facts(
    store: Store, asset: int, most_changes: int = 20, stop: threading.Event | None = None
) -> AssetFacts | None:
    """Everything a look at one asset shows; None when there is no such asset any more."""
    with store.reading(snapshot=True, stop=stop) as db:
        found = sql.asset(db, asset, list_fields(db, ObjectKind.ASSETS))
    if found is None:
        return None
    changes = changes_of_record(store, ObjectKind.ASSETS, asset, most_changes, stop)
    return AssetFacts(asset, *found, changes)


def assets_of_person(store: Store, person: int, stop: threading.Event | None = None) -> tuple[DeviceFacts, ...]:
    """The devices that a person has, those in use first."""
    with store.reading(stop=stop) as db:
        return sql.assets_of_person(db, person)

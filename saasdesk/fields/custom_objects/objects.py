"""What an admin does with the lists themselves: make one, change what it accepts, delete it."""

from dataclasses import dataclass

from saasdesk.connectors import FieldType
from saasdesk.errors import UserError
from saasdesk.fields.custom_objects import rows
from saasdesk.fields.external_id import external_id
from saasdesk.fields.field import Lookup
from saasdesk.store import Connection, Store, audit

LOCATIONS = "locations"
"""The list that is always there: every field of the type Location looks its values up in it."""

_LONGEST_LABEL = 100


@dataclass(frozen=True, slots=True)
class CustomObject:
    """A list of objects; one that is not `only_these` takes other values too and shows them as seen."""

    external_id: str
    label: str
    only_these: bool = False
    used_by: tuple[str, ...] = ()

    @property
    def is_builtin(self) -> bool:
        """Whether it stays for good."""
        return self.external_id == LOCATIONS


def list_objects(store: Store) -> list[CustomObject]:
    """All lists, the locations first."""
    with store.reading() as db:
        return [
            CustomObject(name, label, only_these, tuple(field.label for field in rows.fields_of(db, name)))
            for name, label, only_these in rows.list_objects(db)
        ]


def list_lookups(store: Store) -> list[Lookup]:
    """All lists as fields look values up in them, in their order."""
    with store.reading() as db:
        return list(rows.read_lookups(db, [name for name, _label, _only_these in rows.list_objects(db)]).values())


def create_object(store: Store, label: str, *, only_these: bool) -> CustomObject:
    """Make a list; its External ID comes from the label and stays."""

    def work(db: Connection) -> CustomObject:
        known = rows.list_objects(db)
        name = _checked_label(label, [other for _, other, _ in known])
        return _make(db, external_id(name, {taken for taken, _, _ in known}), name, only_these=only_these)

    return store.write(work)


def change_object(store: Store, external_id: str, label: str, *, only_these: bool) -> None:
    """Change a list's label, and whether it accepts anything else; what records have stays.

    A UserError where the list was deleted meanwhile.
    """

    def work(db: Connection) -> None:
        known = rows.list_objects(db)
        if all(name != external_id for name, _, _ in known):
            raise UserError(f"The list “{label}” was deleted meanwhile.")
        wanted = _checked_label(label, [other for name, other, _ in known if name != external_id])
        rows.update_object(db, external_id, wanted, only_these=only_these)
        refuse_lost_defaults(db, external_id)
        audit.record(db, "custom_object.changed", wanted, {"external_id": external_id, "only_these": only_these})

    store.write(work)


def delete_object(store: Store, external_id: str) -> None:
    """Delete a list; refused while a field uses it. The locations stay."""

    def work(db: Connection) -> None:
        label = next((label for name, label, _ in rows.list_objects(db) if name == external_id), external_id)
        if external_id == LOCATIONS:
            raise UserError(f"{label} is built in and cannot be deleted.")
        users = [field.label for field in rows.fields_of(db, external_id)]
        if users:
            raise UserError(f"“{label}” is used by {', '.join(users)}. Delete the fields first.")
        rows.delete_object(db, external_id)
        audit.record(db, "custom_object.deleted", label, {"external_id": external_id})

    store.write(work)


def refuse_lost_defaults(db: Connection, external_id: str) -> None:
    """Raise a UserError where a field's default value is not accepted by its list any more."""
    lookup = rows.read_lookups(db, [external_id])[external_id]
    for field in rows.fields_of(db, external_id):
        if lookup.only_these and field.default is not None and lookup.find(field.default) is None:
            raise UserError(
                f"“{field.default}” is the default value of {field.label}, and “{lookup.label}” would not accept it. "
                "Change the default first."
            )


def lookup_of_new_field(db: Connection, kind: FieldType, field_label: str, wanted: str) -> Lookup | None:
    """The list for a field that is being made: of locations for a location, else the one that is wanted.

    It may be named by its label too. One that is not there is made, and takes what integrations bring.

    A UserError where a field of another type names a list.
    """
    if not kind.is_looked_up:
        if wanted:
            raise UserError(f"{field_label}: only a custom object lookup has a list; its type is {kind.value}.")
        return None
    label = wanted if wanted and external_id(wanted) != wanted else field_label
    name = LOCATIONS if kind is FieldType.LOCATION else external_id(wanted or field_label)
    found = rows.read_lookups(db, [name]).get(name)
    if found is not None:
        return found
    made = _make(db, name, _checked_label(label, []), only_these=False)
    return Lookup(made.external_id, made.label)


def _make(db: Connection, name: str, label: str, *, only_these: bool) -> CustomObject:
    rows.add_object(db, name, label, only_these=only_these)
    audit.record(db, "custom_object.created", label, {"external_id": name, "only_these": only_these})
    return CustomObject(name, label, only_these)


def _checked_label(label: str, others: list[str]) -> str:
    wanted = " ".join(label.split())
    if not wanted or len(wanted) > _LONGEST_LABEL or not wanted.isprintable():
        raise UserError(f"A list needs a name of 1 to {_LONGEST_LABEL} printable characters.")
    if wanted.casefold() in {other.casefold() for other in others}:
        raise UserError(f"There is a list “{wanted}” already.")
    return wanted

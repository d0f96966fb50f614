"""What an admin does with the data model: make, change, order and delete fields; each is one transaction with its
audit row."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

from saasdesk.connectors import FieldType
from saasdesk.errors import UserError
from saasdesk.fields import rows
from saasdesk.fields.custom_objects.objects import lookup_of_new_field
from saasdesk.fields.external_id import external_id
from saasdesk.fields.field import Field, Lookup, ObjectKind
from saasdesk.fields.values import to_stored
from saasdesk.store import Connection, Store, audit
from saasdesk.store.backup import Occasion, make_backup

LONGEST_LABEL = 100
_LONGEST_HELP = 500
_MOST_OPTIONS = 500

# Whose fields can be configured; the others are made of what vendors say.
CONFIGURABLE = (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.ASSETS, ObjectKind.SAAS_APPLICATIONS)


@dataclass(frozen=True, slots=True)
class Definition:
    """What can be said of a field besides its type and External ID, which never change."""

    label: str
    unique: bool = False
    mandatory: bool = False
    options: tuple[str, ...] = ()
    default: str | None = None
    help: str = ""
    history: bool = True
    editable: bool = True

    @classmethod
    def of(cls, field: Field) -> "Definition":
        """What is said of a field now."""
        return cls(
            field.label,
            field.unique,
            field.mandatory,
            field.options,
            field.default,
            field.help,
            field.history,
            field.editable,
        )


def list_configured(store: Store, kind: ObjectKind) -> list[Field]:
    """The fields of one kind of record, in their order."""
    with store.reading() as db:
        return rows.list_fields(db, kind)


def create_field(
    store: Store, kind: ObjectKind, field_type: FieldType, definition: Definition, custom_object: str = ""
) -> Field:
    """Make a field; its External ID comes from the label and stays.

    `custom_object` is the list of a custom object lookup; a list that is not there yet is made.
    """

    def work(db: Connection) -> Field:
        known = rows.list_fields(db, kind)
        wanted = _checked(definition, field_type, [field.label for field in known])
        lookup = lookup_of_new_field(db, field_type, wanted.label, custom_object)
        _check_default(wanted, field_type, lookup)
        made = Field(
            object=kind,
            external_id=external_id(wanted.label, {field.external_id for field in known}),
            label=wanted.label,
            type=field_type,
            unique=wanted.unique,
            mandatory=wanted.mandatory,
            options=wanted.options,
            default=wanted.default,
            help=wanted.help,
            history=wanted.history,
            editable=wanted.editable,
            lookup=lookup,
            position=max((field.position for field in known), default=0) + 1,
        )
        rows.add_field(db, made)
        detail = {"object": kind.value, "external_id": made.external_id, "type": field_type.value, **asdict(wanted)}
        audit.record(db, "field.created", made.label, detail)
        return made

    return store.write(work)


def change_field(store: Store, field: Field, definition: Definition) -> Field:
    """Change what is said of a field. Unique is refused, with examples, while records share values."""

    def work(db: Connection) -> Field:
        known = rows.list_fields(db, field.object)
        before = _find(known, field)
        others = [each.label for each in known if each.external_id != field.external_id]
        wanted = _checked(definition, field.type, others)
        _check_default(wanted, field.type, before.lookup)
        if before.builtin and (wanted.unique, wanted.mandatory) != (before.unique, before.mandatory):
            raise UserError(f"{before.label} is built in: whether it is Unique and Mandatory is settled.")
        after = replace(before, **asdict(wanted))
        rows.update_field(db, after)
        if wanted.unique and not before.unique:
            rows.make_unique(db, after)
        elif before.unique and not wanted.unique:
            rows.drop_unique(db, after)
        changed = {
            key: [old, new] for key, old in asdict(Definition.of(before)).items() if (new := asdict(wanted)[key]) != old
        }
        audit.record(db, "field.changed", before.label, {"object": field.object.value, "changed": changed})
        return after

    return store.write(work)


def move_field(store: Store, field: Field, by: int) -> None:
    """Move a field of ours up (-1) or down (1) among those that are not built in."""

    def work(db: Connection) -> None:
        own = [each for each in rows.list_fields(db, field.object) if not each.builtin]
        at = next((place for place, each in enumerate(own) if each.external_id == field.external_id), None)
        if at is None or not 0 <= at + by < len(own):
            return
        own[at], own[at + by] = own[at + by], own[at]
        first = min(each.position for each in own)
        for place, each in enumerate(own):
            rows.update_field(db, replace(each, position=first + place))
        audit.record(db, "field.moved", field.label, {"object": field.object.value, "to": at + by + 1})

    store.write(work)


def delete_field(store: Store, field: Field, used_by: Callable[[Field], Sequence[str]]) -> None:
    """Remove a field with its values, after a backup; refused while something uses it, which is named."""
    users = list(used_by(field))
    if users:
        raise UserError(f"{field.label} is used by {_listed(users)}. Take it out of there first.")
    if field.builtin:
        raise UserError(f"{field.label} is built in and cannot be deleted.")
    make_backup(store.profile, Occasion.BEFORE_FIELD)

    def work(db: Connection) -> None:
        rows.delete_field(db, _find(rows.list_fields(db, field.object), field))
        audit.record(db, "field.deleted", field.label, {"object": field.object.value, **asdict(Definition.of(field))})

    store.write(work)


def _find(known: Sequence[Field], field: Field) -> Field:
    found = next((each for each in known if each.external_id == field.external_id), None)
    if found is None:
        raise UserError(f"The field {field.label} was deleted meanwhile.")
    return found


def _checked(definition: Definition, field_type: FieldType, others: Sequence[str]) -> Definition:
    """The definition as it is kept; a UserError says what is wrong with it."""
    label = " ".join(definition.label.split())
    if not label or len(label) > LONGEST_LABEL or not label.isprintable():
        raise UserError(f"A field needs a label of 1 to {LONGEST_LABEL} printable characters.")
    if label.casefold() in {other.casefold() for other in others}:
        raise UserError(f"There is a field “{label}” already.")
    if len(definition.help) > _LONGEST_HELP:
        raise UserError(f"The help text of {label} has more than {_LONGEST_HELP} characters.")
    options = tuple(dict.fromkeys(option.strip() for option in definition.options if option.strip()))
    if options and field_type is not FieldType.SHORT_TEXT:
        raise UserError(f"{label}: only a short text can be a drop-down.")
    if field_type.is_looked_up and definition.unique:
        raise UserError(f"{label}: what is looked up on a list is shared by many, so it cannot be Unique.")
    if len(options) > _MOST_OPTIONS:
        raise UserError(f"{label}: a drop-down has at most {_MOST_OPTIONS} values.")
    default = (definition.default or "").strip() or None
    wanted = replace(definition, label=label, options=options, default=default)
    if default is not None and wanted.unique:
        raise UserError(f"{label} is Unique: a default value would be shared.")
    return wanted


def _check_default(definition: Definition, field_type: FieldType, lookup: Lookup | None) -> None:
    if definition.default is None:
        return
    label = f"The default value of {definition.label}"
    probe = Field(ObjectKind.PEOPLE, "default", label, field_type, options=definition.options, lookup=lookup)
    try:
        to_stored(definition.default, probe)
    except ValueError as problem:
        raise UserError(f"{problem}.") from None


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"

"""What stands on the lists of custom objects, seen together with the records that name it.

A record holds the name of its object. So whoever gives an object another name, or says what else it is called, changes
the records with it, and each value stays with the one who feeds it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.fields import Lookup
from saasdesk.fields.custom_objects import rows
from saasdesk.fields.custom_objects.objects import refuse_lost_defaults
from saasdesk.fields.custom_objects.rows import ObjectItem
from saasdesk.records.apply import Cause, ChangeKind, FieldEdit, RecordEdit, apply_edits
from saasdesk.store import Connection, Store, audit
from saasdesk.store.audit import operating_system_user
from saasdesk.text import fold_text

_LONGEST_NAME = 256
_LONGEST_NOTE = 500
_MOST_ITEMS = 5_000
_MOST_SPELLINGS = 50


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An object, and how many records name it; what is not `kept` was only seen in records."""

    item: ObjectItem
    records: int
    kept: bool = True


def read_items(store: Store, custom_object: str) -> list[ListedItem]:
    """What stands on a list, and then what records have besides, the most frequent first."""
    with store.reading() as db:
        items = rows.list_items(db, custom_object)
        counts, spelt = _count(db, custom_object)
    kept = [ListedItem(item, sum(counts.pop(folded, 0) for folded in _folded(item.spellings))) for item in items]
    seen = [ListedItem(ObjectItem(spelt[folded]), count, kept=False) for folded, count in counts.most_common()]
    return kept + seen


def keep_item(store: Store, custom_object: str, item: ObjectItem) -> int:
    """Put an object on a list, or change it; returns how many records are now spelt as on the list.

    A former name goes on meaning the object.

    A UserError where it was taken off the list meanwhile.
    """

    def work(db: Connection) -> int:
        known = {each.id: each for each in rows.list_items(db, custom_object)}
        before = known.pop(item.id, None)
        if item.id and before is None:
            raise UserError(f"“{item.name}” was taken off the list meanwhile.")
        former = (before.name,) if before is not None else ()
        wanted = _checked(replace(item, also=(*item.also, *former)), list(known.values()))
        rows.keep_item(db, custom_object, wanted)
        refuse_lost_defaults(db, custom_object)
        detail = {"list": custom_object, "also": list(wanted.also), "note": wanted.note}
        audit.record(db, "custom_object.item_kept", wanted.name, detail)
        return _respell(db, custom_object)

    return store.write(work)


def keep_names(store: Store, custom_object: str, names: Sequence[str]) -> int:
    """Put several names on a list at once, those that mean something on it already left out; returns how many."""

    def work(db: Connection) -> int:
        known = rows.list_items(db, custom_object)
        taken = {folded for item in known for folded in _folded(item.spellings)}
        added = 0
        for name in names:
            if (folded := fold_text(name)) is None or folded in taken:
                continue
            wanted = _checked(ObjectItem(name), known)
            rows.keep_item(db, custom_object, wanted)
            known.append(wanted)
            taken.add(folded)
            added += 1
        if added:
            audit.record(db, "custom_object.names_kept", custom_object, {"names": added})
            _respell(db, custom_object)
        return added

    return store.write(work)


def delete_item(store: Store, custom_object: str, item: ObjectItem) -> None:
    """Take an object off its list. Records keep its name; where only the list is accepted, that is refused."""

    def work(db: Connection) -> None:
        lookup = rows.read_lookups(db, [custom_object]).get(custom_object)
        counts, _spelt = _count(db, custom_object)
        used = sum(counts[folded] for folded in _folded(item.spellings))
        if lookup is not None and lookup.only_these and used:
            raise UserError(
                f"{used} records name “{item.name}”, and “{lookup.label}” accepts only what stands on it. "
                "Let the list accept other values first, or give the object the name of another one."
            )
        rows.delete_item(db, item.id)
        refuse_lost_defaults(db, custom_object)
        audit.record(db, "custom_object.item_deleted", item.name, {"list": custom_object})

    store.write(work)


def _count(db: Connection, custom_object: str) -> tuple[Counter[str], dict[str, str]]:
    """How many records have each value, whatever its spelling; and the spelling that most of them have."""
    spellings: Counter[str] = Counter()
    for field in rows.fields_of(db, custom_object):
        for value, count in rows.count_values(db, field):
            spellings[value] += count
    counts: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for value, count in spellings.most_common():
        if (folded := fold_text(value)) is not None:
            counts[folded] += count
            spelt.setdefault(folded, value)
    return counts, spelt


def _respell(db: Connection, custom_object: str) -> int:
    """Write every value that means an object as it is spelt on the list."""
    lookup = rows.read_lookups(db, [custom_object])[custom_object]
    changed = 0
    for field in rows.fields_of(db, custom_object):
        for value, _count_of_it in list(rows.count_values(db, field)):
            name = lookup.find(value)
            if name is not None and name != value:
                changed += _write(db, field, value, name, lookup)
    return changed


def _write(db: Connection, field: rows.FieldOfObject, value: str, name: str, lookup: Lookup) -> int:
    """Give all records with one value another; whoever feeds it goes on feeding it."""
    by_feeder: dict[int, list[RecordEdit]] = {}
    why = f"spelt as on the list “{lookup.label}”"
    edit = (FieldEdit(field.external_id, value, name),)
    for record, feeder in rows.records_with(db, field, value):
        by_feeder.setdefault(feeder, []).append(RecordEdit(ChangeKind.UPDATE, record, value, why, edit))
    at = now_text()
    for feeder, edits in by_feeder.items():
        apply_edits(db, field.kind, edits, Cause("by hand", operating_system_user(), feeder), at)
    return sum(map(len, by_feeder.values()))


def _checked(item: ObjectItem, others: Sequence[ObjectItem]) -> ObjectItem:
    """The object as it is kept; a UserError says what is wrong with it."""
    name = " ".join(item.name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UserError(f"An object needs a name of 1 to {_LONGEST_NAME} printable characters.")
    if len(item.note) > _LONGEST_NOTE:
        raise UserError(f"The note of “{name}” has more than {_LONGEST_NOTE} characters.")
    if len(others) >= _MOST_ITEMS:
        raise UserError(f"A list has at most {_MOST_ITEMS:,} objects.")
    meanings = {fold_text(name): name}
    for spelling in item.also:
        if len(spelling) > _LONGEST_NAME:
            raise UserError(f"“{spelling[:40]}…” is longer than {_LONGEST_NAME} characters.")
        if (folded := fold_text(spelling)) is not None:
            meanings.setdefault(folded, " ".join(spelling.split()))
    also = tuple(list(meanings.values())[1:])
    if len(also) > _MOST_SPELLINGS:
        raise UserError(f"“{name}” has more than {_MOST_SPELLINGS} other names.")
    for other in others:
        for folded in _folded(other.spellings):
            if folded in meanings:
                raise UserError(f"“{meanings[folded]}” means “{other.name}” already.")
    return replace(item, name=name, also=also, note=item.note.strip())


def _folded(spellings: Sequence[str]) -> list[str]:
    """What is compared, each once."""
    return list(dict.fromkeys(folded for each in spellings if (folded := fold_text(each)) is not None))

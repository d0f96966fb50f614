"""The records that no vendor action may touch: names in the settings, and who goes by them."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind, fold_key
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.rules import Operator, Rule, condition
from saasdesk.settings import setting_text
from saasdesk.store import Store

_SETTING = "protected_records"
# Whoever protects more than this by a rule means a budget or an exemption.
MOST_AT_ONCE = 500
_LONGEST = 320


@dataclass(frozen=True, slots=True)
class ProtectedName:
    """A name that is protected, and the person who goes by it; 0 where nobody here does."""

    name: str
    person: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Who fits a rule or some words: by which name each is protected, and how each is known; and how many fit."""

    names: tuple[str, ...]
    labels: tuple[str, ...]
    total: int


def protected_names(store: Store, stop: threading.Event | None = None) -> list[ProtectedName]:
    """Every protected name in alphabetical order, with who goes by it."""
    names = sorted(store.settings().protected_records, key=str.casefold)
    known: dict[str, tuple[int, str]] = {}
    people = RecordList(store, ObjectKind.PEOPLE)
    for field in ("username", "email"):
        for part in (names[at : at + MOST_AT_ONCE] for at in range(0, len(names), MOST_AT_ONCE)):
            rule = condition(field, Operator.IN, tuple(part))
            ids = list(people.first_ids(ListQuery(rule, active=None), len(part), stop))
            for number, (key, label) in people.rows(ids, (field, "name"), stop).items():
                known.setdefault(fold_key(str(key)) or "", (number, str(label or key)))
    return [ProtectedName(name, *known.get(fold_key(name) or "", (0, ""))) for name in names]


def who_fits(
    store: Store,
    *,
    rule: Rule | None = None,
    words: str = "",
    most: int = MOST_AT_ONCE,
    stop: threading.Event | None = None,
) -> Fitting:
    """The active people that fit, each with the name by which they would be protected."""
    people = RecordList(store, ObjectKind.PEOPLE)
    query = ListQuery(rule, quick=words, sort=(("name", False),))
    ids = list(people.first_ids(query, most, stop))
    rows = people.rows(ids, ("username", "email", "name"), stop)
    found = [rows[each] for each in ids if each in rows]
    named = [(str(email or username), str(name or "")) for username, email, name in found if email or username]
    return Fitting(tuple(name for name, _ in named), tuple(label for _, label in named), people.count(query, stop))


def protect(store: Store, names: Sequence[str]) -> int:
    """Protect these names; returns how many were not protected before. A UserError where no name is among them."""
    wanted = [" ".join(name.split()) for name in names]
    for name in wanted:
        if not name or len(name) > _LONGEST or not name.isprintable():
            raise UserError("Write a username or a mail address, such as ceo@example.com.")
    kept = store.settings().protected_records
    there = {fold_key(name) for name in kept}
    new = [name for name in dict.fromkeys(wanted) if fold_key(name) not in there]
    if new:
        store.save_setting(_SETTING, setting_text((*kept, *new)))
    return len(new)


def unprotect(store: Store, name: str) -> None:
    """Vendor actions may touch whoever goes by this name again. A UserError where it was not protected."""
    kept = store.settings().protected_records
    if name not in kept:
        raise UserError(f"“{name}” was not protected any more.")
    store.save_setting(_SETTING, setting_text(tuple(each for each in kept if each != name)))

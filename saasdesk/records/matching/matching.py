"""An account whose person no run found, or the wrong one: who it may be, and what a person decides."""

import threading
from dataclasses import dataclass

from saasdesk.clock import now_text
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.records.apply import Cause, ChangeKind, FieldEdit, RecordEdit, apply_edits
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.records.matching import rows as sql
from saasdesk.records.matching.rows import AccountToMatch, Link, PersonRow
from saasdesk.store import Connection, Store
from saasdesk.store.audit import operating_system_user, record

_MOST = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may have the account, and why; who was only searched for has no reason."""

    person: int
    name: str
    email: str
    department: str
    reason: str


@dataclass(frozen=True, slots=True)
class Match:
    """What was decided, with what was before, so that it can be taken back."""

    account: AccountToMatch
    after: int | None
    after_name: str
    link: Link | None


def read_account(store: Store, account: int) -> AccountToMatch:
    """The account as it is now; a UserError when it is gone."""
    with store.reading() as db:
        return _account(db, account)


def candidates(store: Store, account: AccountToMatch, text: str, stop: threading.Event) -> list[Candidate]:
    """Who it may be, the likeliest first; with words, whoever the list of people finds by them."""
    if text.strip():
        found = RecordList(store, ObjectKind.PEOPLE)
        query = ListQuery(quick=text, sort=(("name", False),), active=None)
        numbers = list(found.first_ids(query, _MOST, stop))
        with store.reading(stop=stop) as db:
            likely = {each.person: each.reason for each in _likely(db, account)}
            return [_candidate(person, likely.get(person.id, "")) for person in sql.people(db, numbers)]
    with store.reading(stop=stop) as db:
        return _likely(db, account)


def _likely(db: Connection, account: AccountToMatch) -> list[Candidate]:
    found: dict[int, Candidate] = {}

    def note(people: list[PersonRow], reason: str) -> None:
        for person in people:
            found.setdefault(person.id, _candidate(person, reason))

    if account.email:
        note(sql.with_address(db, account.email, _MOST), "same e-mail address")
    if account.name and account.name != account.email:
        note(sql.with_name(db, account.name, _MOST), "same name")
    local = account.email.casefold().partition("@")[0]
    if local:
        note(sql.with_local_part(db, local, _MOST), "same e-mail address at another domain")
    if account.name and "@" not in account.name:
        # "Dana Example" is probably dana.example@….
        dotted = ".".join(account.name.casefold().split())
        note(sql.with_local_part(db, dotted, _MOST), "e-mail address made of the name")
    return [each for each in found.values() if each.person != account.person][:_MOST]


def _candidate(person: PersonRow, reason: str) -> Candidate:
    return Candidate(person.id, person.name, person.email, person.department, reason)


def match(store: Store, account: AccountToMatch, person: int | None) -> Match:
    """Give an account to a person, or to nobody; runs leave it so. A UserError says what stands against it."""

    def work(db: Connection) -> Match:
        newest = _account(db, account.id)
        if newest.person != account.person:
            raise UserError(f"“{account.name}” was given to somebody else meanwhile. Look at it again, then decide.")
        if newest.person == person:
            whose = "is this person's account" if person is not None else "is nobody's account"
            raise UserError(f"“{account.name}” {whose} already.")
        found = sql.people(db, [person]) if person is not None else []
        if person is not None and not found:
            raise UserError("This person is not here any more. Choose somebody else.")
        link = sql.link_of(db, account.id)
        name = found[0].name if found else ""
        _write(db, newest, person, "matched by hand" if person is not None else "un-matched by hand")
        if link is not None:
            sql.set_link(db, link._replace(person=person, by_hand=True))
        action = "account.matched" if person is not None else "account.unmatched"
        record(db, action, newest.name, {"account": account.id, "application": newest.application, "person": name})
        return Match(newest, person, name, link)

    return store.write(work)


def take_back(store: Store, done: Match) -> None:
    """Undo what was decided, unless somebody has decided otherwise since."""

    def work(db: Connection) -> None:
        newest = _account(db, done.account.id)
        if newest.person != done.after:
            raise UserError(f"“{newest.name}” was given to somebody else since, and stays so.")
        _write(db, newest, done.account.person, "matching taken back")
        if done.link is not None:
            sql.set_link(db, done.link)
        record(db, "account.matching_undone", newest.name, {"account": newest.id})

    store.write(work)


def _account(db: Connection, number: int) -> AccountToMatch:
    found = sql.account(db, number)
    if found is None:
        raise UserError("This account is not here any more.")
    return found


def _write(db: Connection, account: AccountToMatch, person: int | None, why: str) -> None:
    edit = RecordEdit(ChangeKind.UPDATE, account.id, account.name, why, (FieldEdit("person", account.person, person),))
    refused = apply_edits(db, ObjectKind.SAAS_USERS, [edit], Cause("by hand", operating_system_user()), now_text())
    if refused:
        raise UserError(f"“{account.name}” was changed meanwhile. Look at it again, then decide.")

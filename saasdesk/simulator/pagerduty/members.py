"""Who is in the account just now: the company's people, without those whom a call deleted."""

from collections.abc import Callable, Sequence
from functools import cached_property

import orjson

from saasdesk.simulator.company import Company
from saasdesk.simulator.exchange import Account
from saasdesk.simulator.pagerduty.records import Records
from saasdesk.simulator.pagerduty.refusals import Refused


class Roll:
    """Who is in the account at one moment; what is worked out from it is kept until the next."""

    def __init__(self, revision: tuple[int, int], serials: Sequence[int], account: Callable[[int], Account]) -> None:
        self.revision = revision
        self.serials = serials
        self.found: dict[str, Sequence[int]] = {}
        self._account = account

    @cached_property
    def accounts(self) -> list[Account]:
        """Everybody, with what a sync must know of them."""
        return [self._account(serial) for serial in self.serials]

    def keep(self, question: str, find: Callable[[], Sequence[int]]) -> Sequence[int]:
        """The answer to a question about the people here, found once."""
        if question not in self.found:
            self.found[question] = find()
        return self.found[question]


class Members:
    """Everybody in the company has a login, until somebody deletes it."""

    def __init__(self, company: Company, records: Records) -> None:
        self._company = company
        self._records = records
        self._deleted: frozenset[int] = frozenset()
        self._writes = 0
        self._rendered: dict[int, bytes] = {}
        company.keep_for_today(self._rendered)
        self._latest_roll = self._new_roll()

    def has_account(self, serial: int) -> bool:
        """Whether somebody can be found here."""
        return self._company.is_here(serial) and serial not in self._deleted

    def roll(self) -> Roll:
        """Who is in the account now."""
        roll = self._latest_roll
        if roll.revision != (self._company.revision, self._writes):
            roll = self._latest_roll = self._new_roll()
        return roll

    def _new_roll(self) -> Roll:
        revision, deleted = (self._company.revision, self._writes), self._deleted
        serials = self._company.serials
        if deleted:
            serials = [serial for serial in serials if serial not in deleted]
        return Roll(revision, serials, lambda serial: self._records.account(self._company.person(serial)))

    def serial_of(self, made: str) -> int:
        """Whose id this is; refused where there is no such user."""
        serial = self._records.number_of(made)
        if not self.has_account(serial):
            raise Refused(404)
        return serial

    def render(self, serial: int) -> bytes:
        """A user object as JSON; those of people who never changed are kept."""
        if self._company.has_changed(serial):
            return orjson.dumps(self._records.user(self._company.person(serial)))
        known = self._rendered.get(serial)
        if known is None:
            known = self._rendered[serial] = orjson.dumps(self._records.user(self._company.person(serial)))
        return known

    def delete(self, serial: int) -> None:
        """Somebody has no login any more."""
        self._deleted |= {serial}
        self._writes += 1

    def bring_back(self, serial: int) -> None:
        """Somebody has their login as if nobody had deleted it."""
        self._deleted -= {serial}
        self._writes += 1

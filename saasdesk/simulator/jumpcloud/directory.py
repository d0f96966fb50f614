"""Who is in the directory just now: the company's people, and what calls made of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from saasdesk.clock import as_text
from saasdesk.simulator.company import Company, Kind
from saasdesk.simulator.exchange import Account
from saasdesk.simulator.jumpcloud.records import EMPTY_USER, USER_ROLE, Records, email_of, moment_text
from saasdesk.simulator.jumpcloud.refusals import Refused
from saasdesk.simulator.kept import Kept

# Users that were made by a call and are nobody of the company have numbers from here on.
_FIRST_MADE = 1 << 23


class Directory:
    """The users of the organisation; whoever changes one calls `note_write` afterwards."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.of_company = Records(company)
        self._deleted: frozenset[int] = frozenset()
        # What calls changed: keys of users by serial number, and whole users who were made.
        self._changed: dict[int, dict[str, Any]] = {}
        self._made: dict[int, dict[str, Any]] = {}
        self._writes = 0
        self._rendered: dict[int, tuple[int | None, bytes]] = {}
        company.keep_for_today(self._rendered)
        self.serials = Kept(self, lambda: [s for s in (*company.serials, *self._made) if self.has_account(s)])
        self.accounts = Kept(self, lambda: [self.account(serial) for serial in self.serials()])
        self.administrators = Kept(self, lambda: self._administrators(self.serials()))

    @property
    def revision(self) -> tuple[int, int]:
        """Another one whenever anything has changed."""
        return self.company.revision, self._writes

    def note_write(self) -> None:
        """A call that may have changed something is through."""
        self._writes += 1

    def has_account(self, serial: int) -> bool:
        """Whether somebody is in this directory: contractors partly, robots where a machine signs in as them."""
        if serial in self._made:
            return True
        if not self.company.is_here(serial) or serial in self._deleted:
            return False
        chance = self.of_company.dice(serial)[0]
        match self.company.kind_of(serial):
            case Kind.EMPLOYEE:
                return True
            case Kind.CONTRACTOR:
                return chance < 160
            case _:
                return chance < 110

    def is_made(self, serial: int) -> bool:
        """Whether a call made this user, who then is nobody of the company."""
        return serial in self._made

    def id_of(self, serial: int) -> str:
        """The vendor's id of this user."""
        return self.of_company.id_of(serial)

    def serial_of(self, made: str) -> int:
        """Whose id this is; refused where there is no such user."""
        serial = self.of_company.serial_in(made)
        if serial < 0 or not self.has_account(serial):
            raise Refused(404)
        return serial

    def account(self, serial: int) -> Account:
        """What a sync must know of one user."""
        if serial in self._made or serial in self._changed:
            return self._account_by_record(serial)
        return self.of_company.account(serial)

    def _account_by_record(self, serial: int) -> Account:
        """The same for a user whom calls made or changed."""
        user, seen, role = self.user_of(serial), None, USER_ROLE
        if serial not in self._made:
            records, person = self.of_company, self.company.person(serial)
            dice = records.dice(serial)
            seen, role = records.last_sign_in(person, dice), ", ".join(records.roles(person, dice)) or USER_ROLE
        return Account(
            id=user["_id"],
            email=user["email"],
            name=user["displayname"] or f"{user['firstname']} {user['lastname']}".strip(),
            role=role,
            active=user["state"] == "ACTIVATED" if "state" in user else not user["suspended"],
            last_activity=as_text(seen) if seen else None,
            licences=(),
            serial=serial,
        )

    def user_of(self, serial: int) -> dict[str, Any]:
        """The user object behind a number, with what calls changed of it."""
        user = self._made.get(serial) or self.of_company.user(self.company.person(serial))
        return user | self._changed.get(serial, {})

    def render(self, serial: int) -> bytes:
        """A user object as JSON; kept while neither the person nor the manager changes."""
        if self.company.has_changed(serial) or serial in self._changed or serial in self._made:
            return orjson.dumps(self.user_of(serial))
        boss = self.company.manager_serial(serial)
        known = self._rendered.get(serial)
        if known is None or known[0] != boss:
            known = self._rendered[serial] = (boss, orjson.dumps(self.of_company.user(self.company.person(serial))))
        return known[1]

    # ----- what calls change

    def create(self, values: Mapping[str, object]) -> dict[str, Any]:
        """A new user, in the state that the organisation gives to those who are made by hand: staged."""
        serial, records = _FIRST_MADE + self._writes, self.of_company
        made = self.id_of(serial)
        self._made[serial] = {
            **EMPTY_USER,
            "_id": made,
            "id": made,
            "created": moment_text(records.today),
            "organization": records.organization_id,
            "unix_uid": 5_000 + serial,
            "unix_guid": 5_000 + serial,
            **values,
        }
        return self._made[serial]

    def remember(self, serial: int, values: Mapping[str, object]) -> None:
        """These keys of a user are other ones from now on."""
        self._changed[serial] = {**self._changed.get(serial, {}), **values}

    def delete(self, serial: int) -> None:
        """A user is there no more."""
        self._made.pop(serial, None)
        self._deleted |= {serial}

    # ----- the console

    def _administrators(self, serials: Sequence[int]) -> list[dict[str, Any]]:
        """The console's log-ins: those of people here, and one of somebody from outside."""
        records = self.of_company
        found = [records.administrator(-1, "console@partner.example.com", ("Billing Only",))] if serials else []
        for serial in serials:
            if serial in self._made:
                continue
            person, dice = self.company.person(serial), records.dice(serial)
            roles = records.roles(person, dice)
            if roles:
                # Log-ins were typed in by hand, not always as the directory writes them.
                email = email_of(person).upper() if dice[19] % 3 == 0 else email_of(person)
                found.append(records.administrator(serial, email, roles))
        return found

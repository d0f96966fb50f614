"""What the vendor's document has of the company's people, before any call changed it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from saasdesk.clock import as_text
from saasdesk.simulator.company import COMPANY_NAME, Company, Kind, Person
from saasdesk.simulator.exchange import Account
from saasdesk.simulator.jumpcloud.ids import Ids
from saasdesk.simulator.kept import KeptEach

USER_ROLE = "User"
_RETENTION = timedelta(days=90)
_SERIALS = 1 << 24
# A change of access moves somebody on to the next of these.
_ROLE_RING = (USER_ROLE, "Help Desk", "Read Only", "Manager", "Command Runner")
_LOCATIONS = ("Dublin", "Lisbon", "Toronto", "", "")


class Records:
    """The records of one organisation."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self._user_ids = Ids(company.seed, "system user")
        self._admin_ids = Ids(company.seed, "administrator")
        self.organization_id = Ids(company.seed, "organization").make(0)
        self._accounts = KeptEach(self._account)
        self._users = KeptEach(self._user)

    def id_of(self, serial: int) -> str:
        """The vendor's id of this person."""
        return self._user_ids.make(serial)

    def serial_in(self, made: str) -> int:
        """Whose id this is; -1 for one that was never made."""
        return self._user_ids.number(made)

    def account(self, serial: int) -> Account:
        """What a sync must know of one user."""
        return self._accounts(serial, (self.company.person(serial), self.company.today))

    def _account(self, serial: int, made_from: tuple[Person, date]) -> Account:
        person, _today = made_from
        dice = self.dice(serial)
        seen = self.last_sign_in(person, dice)
        return Account(
            id=self.id_of(serial),
            email=email_of(person),
            name=_display_name(person, dice) or f"{person.given} {person.family}",
            role=", ".join(self.roles(person, dice)) or USER_ROLE,
            active=_state(person, dice) == "ACTIVATED",
            last_activity=as_text(seen) if seen else None,
            licences=(),
            serial=serial,
        )

    def user(self, person: Person) -> dict[str, Any]:
        """The user object of one person of the company, before any call changed it."""
        made_from = (person, self.company.manager_of(person), self.company.today)
        return self._users(person.serial, made_from)

    def _user(self, _serial: int, made_from: tuple[Person, int | None, date]) -> dict[str, Any]:
        person, boss, _today = made_from
        dice = self.dice(person.serial)
        made, state, roles = self.id_of(person.serial), _state(person, dice), self.roles(person, dice)
        is_locked, is_expired = dice[3] < 6, dice[4] < 13
        joined = datetime(person.joined.year, person.joined.month, person.joined.day, 8, tzinfo=UTC)
        user: dict[str, Any] = {
            "_id": made,
            "id": made,
            "account_locked": is_locked,
            "account_locked_date": moment_text(self.today - timedelta(days=dice[3])) if is_locked else None,
            "activated": state != "STAGED" and dice[5] >= 5,
            "addresses": [],
            "allow_public_key": dice[6] >= 40,
            "attributes": [{"name": "team", "value": person.team}],
            "company": "" if dice[7] < 200 else COMPANY_NAME,
            "costCenter": "",
            "created": moment_text(joined + timedelta(milliseconds=dice[8] * 300_011)),
            "department": person.department,
            "description": "",
            "disableDeviceMaxLoginAttempts": dice[9] < 8,
            "displayname": _display_name(person, dice),
            "email": email_of(person),
            "employeeType": {Kind.EMPLOYEE: "Employee", Kind.CONTRACTOR: "Contractor"}.get(person.kind, ""),
            "enable_managed_uid": False,
            "enable_user_portal_multifactor": dice[10] < 200,
            "external_dn": "",
            "external_source_type": "",
            "externally_managed": False,
            "firstname": person.given,
            "jobTitle": person.title,
            "lastname": person.family,
            "ldap_binding_user": person.kind is Kind.ROBOT,
            "location": _LOCATIONS[dice[11] % len(_LOCATIONS)],
            "mfa": {"configured": dice[10] < 190, "exclusion": False},
            "middlename": "",
            "organization": self.organization_id,
            "password_expired": is_expired,
            "password_never_expires": person.kind is Kind.ROBOT,
            "passwordless_sudo": False,
            "phoneNumbers": [],
            "samba_service_user": False,
            "ssh_keys": [],
            "state": state,
            "sudo": dice[13] < 20,
            "suspended": state == "SUSPENDED",
            "totp_enabled": dice[10] < 190,
            "unix_guid": 5_000 + person.serial,
            "unix_uid": 5_000 + person.serial,
            "username": person.email.partition("@")[0],
            "admin": {"id": self._admin_ids.make(person.serial), "roleName": roles[0], "roleNames": list(roles)}
            if roles
            else None,
        }
        # What was never filled in is not there at all, or is empty text.
        if boss is not None and person.kind is not Kind.ROBOT:
            user["manager"] = self.id_of(boss)
        elif dice[14] < 128:
            user["manager"] = ""
        if dice[15] < 90:
            user["alternateEmail"] = f"{user['username']}@mail.example.com"
        if person.kind is not Kind.ROBOT and dice[16] >= 30:
            user["password_expiration_date"] = moment_text(self.quarter + timedelta(days=dice[16] - 100))
        if dice[17] < 200:
            user["employeeIdentifier"] = f"KH-{person.serial:05d}"
        if _is_old_record(dice):
            del user["state"], user["admin"]
        return user

    def last_sign_in(self, person: Person, dice: bytes) -> datetime | None:
        """The newest sign-in that the log still has; whoever is not active cannot sign in."""
        seen = self.company.last_activity(person, dice[20:])
        if seen is None or seen < self.today - _RETENTION or _state(person, dice) == "STAGED":
            return None
        return seen

    def roles(self, person: Person, dice: bytes) -> tuple[str, ...]:
        """What somebody may do in the console; most may not sign in there at all."""
        if person.serial == 0:
            return ("Administrator With Billing",)
        role = USER_ROLE
        if person.department in ("IT Operations", "Security") and person.kind is Kind.EMPLOYEE:
            choices = ("Administrator", "Manager", "Help Desk", "Command Runner", "Read Only", USER_ROLE)
            role = choices[dice[18] % len(choices)]
        if person.edits.access:
            start = _ROLE_RING.index(role) if role in _ROLE_RING else 0
            role = _ROLE_RING[(start + person.edits.access) % len(_ROLE_RING)]
        if role == USER_ROLE:
            return ()
        return (role, "Billing Only") if dice[19] < 20 else (role,)

    def administrator(self, serial: int, email: str, roles: tuple[str, ...]) -> dict[str, Any]:
        """A log-in to the console."""
        return {
            "_id": self._admin_ids.make(serial % _SERIALS),
            "email": email,
            "enableMultiFactor": True,
            "totpEnrolled": True,
            "suspended": False,
            "created": "2021-02-11T20:57:14.837Z",
            "organization": self.organization_id,
            "roleName": roles[0],
            "roleNames": list(roles),
        }

    def organization(self) -> dict[str, object]:
        """The organisation itself."""
        made = self.organization_id
        return {"_id": made, "id": made, "displayName": COMPANY_NAME, "logoUrl": "", "created": "2021-02-11T20:57:14Z"}

    @property
    def today(self) -> datetime:
        """The beginning of today."""
        today = self.company.today
        return datetime(today.year, today.month, today.day, tzinfo=UTC)

    @property
    def quarter(self) -> datetime:
        """The beginning of the quarter: what hangs on it stays the same from day to day."""
        today = self.company.today
        return datetime(today.year, (today.month - 1) // 3 * 3 + 1, 1, 10, tzinfo=UTC)

    def dice(self, serial: int) -> bytes:
        """Chance that stays the same for somebody."""
        return self.company.dice(serial, "jumpcloud") + self.company.dice(serial, "jumpcloud more")


EMPTY_USER: Mapping[str, Any] = {
    "account_locked": False,
    "account_locked_date": None,
    "activated": False,
    "addresses": [],
    "allow_public_key": True,
    "attributes": [],
    "company": "",
    "costCenter": "",
    "department": "",
    "description": "",
    "disableDeviceMaxLoginAttempts": False,
    "displayname": "",
    "employeeType": "",
    "firstname": "",
    "jobTitle": "",
    "lastname": "",
    "location": "",
    "mfa": {"configured": False, "exclusion": False},
    "middlename": "",
    "password_expired": False,
    "phoneNumbers": [],
    "state": "STAGED",
    "sudo": False,
    "suspended": False,
    "totp_enabled": False,
    "admin": None,
}


def moment_text(moment: datetime) -> str:
    """A moment as the vendor writes it."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def email_of(person: Person) -> str:
    """Robots have addresses behind one shared mailbox here."""
    return f"it+{person.email}" if person.kind is Kind.ROBOT else person.email


def _is_old_record(dice: bytes) -> bool:
    """A record that lacks what the vendor added later."""
    return dice[1] < 6


def _state(person: Person, dice: bytes) -> str:
    """Newcomers wait for their first day, those who left are mostly shut out here, and so is who takes a long leave."""
    if person.left is not None:
        return "SUSPENDED" if dice[2] < 220 else "ACTIVATED"
    if person.serial == 0 or person.kind is Kind.ROBOT:
        return "ACTIVATED"
    if dice[2] < (90 if person.is_newcomer else 3) and not _is_old_record(dice):
        return "STAGED"
    return "SUSPENDED" if dice[2] < 6 else "ACTIVATED"


def _display_name(person: Person, dice: bytes) -> str:
    """Nobody has to fill it in."""
    return "" if dice[12] < 70 else person.name

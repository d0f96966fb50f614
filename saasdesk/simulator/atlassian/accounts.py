"""The accounts of an organisation: who has one, what is shown of it, and what was done to it here."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

import orjson

from saasdesk.clock import as_text
from saasdesk.simulator.atlassian.ids import AccountIds
from saasdesk.simulator.atlassian.organisations import MAIN, OTHERS, TECHNICAL, Organisation, bundles
from saasdesk.simulator.company import Company, Edits, Kind, Person
from saasdesk.simulator.exchange import Account


@dataclass(frozen=True, slots=True)
class _State:
    """What was done to an account here since the start; None where it is as the company has it."""

    status: str | None = None
    is_suspended: bool | None = None
    is_removed: bool = False
    is_deleting: bool = False
    is_synced: bool | None = None


_UNTOUCHED = _State()


class Accounts:
    """Suspending, deactivating, deleting and provisioning do what they say, in this organisation alone."""

    def __init__(self, company: Company, organisation: Organisation) -> None:
        self._company = company
        self._organisation = organisation
        self._account_ids = AccountIds(company.seed)
        self._bundles = bundles(organisation.site)
        self._states: Mapping[int, _State] = {}
        self._made: tuple[Person, ...] = ()
        self._changing = threading.Lock()
        self._rendered: dict[int, bytes] = {}
        company.keep_for_today(self._rendered)
        self._listed: tuple[tuple[int, int], Sequence[int]] | None = None

    def serial_in(self, made: str) -> int | None:
        """Whose account id this is; None for what was never one."""
        return self._account_ids.number(made)

    def make(self, asked: Mapping[str, Any]) -> int:
        """A new account of somebody whom the company does not know."""
        with self._changing:
            serial = -1 - len(self._made)
            self._made = (*self._made, _new_person(serial, asked, self._company))
        return serial

    def id_of(self, serial: int) -> str:
        """The account id of this person, the same in every organisation."""
        return self._account_ids.make(serial)

    # ----- what is shown of a person

    def account(self, person: Person) -> dict[str, Any]:
        """A managed account, as the list shows it."""
        dice = self.dice(person.serial)
        made = self.id_of(person.serial)
        account: dict[str, Any] = {
            "account_id": made,
            "account_type": self._type(person, dice),
            "account_status": self.status(person),
            "name": nickname_of(person) if self._hides(person, dice) else person.name,
            "picture": f"https://avatars.example.com/{blake2b(made.encode(), digest_size=8).hexdigest()}/128",
        }
        email = self._email(person, dice)
        if email:
            account["email"] = email
        if person.kind is not Kind.ROBOT:
            account["access_billable"] = None if dice[3] < 6 else dice[3] < 240
        last_active, products = self._last_active(person), self.products(person)
        if last_active or dice[4] < 128:
            account["last_active"] = last_active
        if products or dice[5] < 170:
            account["product_access"] = None if not products and dice[5] < 40 else products
        account["links"] = {"self": f"https://api.atlassian.com/users/{quote(made, safe='')}/manage/profile"}
        return account

    def as_synced(self, person: Person) -> Account:
        """What a sync must know of one account."""
        shown = self.account(person)
        products = shown.get("product_access") or []
        times = [shown.get("last_active"), *(product.get("last_active") for product in products)]
        return Account(
            id=shown["account_id"],
            email=shown.get("email", ""),
            name=shown["name"],
            role=", ".join(dict.fromkeys(product["name"] for product in products)),
            active=shown["account_status"] not in ("inactive", "closed"),
            last_activity=max((f"{time[:19]}Z" for time in times if time), default=None),
            licences=tuple(" ".join(filter(None, (p["key"], p.get("url")))) for p in products),
            serial=person.serial,
        )

    def dice(self, serial: int) -> bytes:
        """Chance for what an account is, whichever organisation looks at it."""
        return self._company.dice(serial, "atlassian")

    def dice_here(self, serial: int) -> bytes:
        """Chance for what an account has and does in this organisation."""
        return self._company.dice(serial, self._organisation.name)

    @staticmethod
    def _type(person: Person, dice: bytes) -> str:
        if person.kind is Kind.ROBOT:
            return "app"
        return "customer" if person.kind is Kind.CONTRACTOR and dice[6] < 60 else "atlassian"

    def status(self, person: Person) -> str:
        """Whether the account is active, inactive or closed."""
        state, dice = self.state(person.serial), self.dice(person.serial)
        if state.is_deleting:
            return "inactive"
        if state.status is not None:
            return state.status
        # Most of those who left still have their account: nobody told whoever looks after Atlassian.
        if person.left is not None and dice[7] < 90:
            return "closed" if dice[7] < 12 else "inactive"
        return "inactive" if dice[7] < 2 and person.serial and not person.is_newcomer else "active"

    @staticmethod
    def _hides(person: Person, dice: bytes) -> bool:
        return person.serial != 0 and not person.edits.email and dice[8] < 5

    def _email(self, person: Person, dice: bytes) -> str:
        """Robots have no address, some people hide theirs, and some were typed in with capitals."""
        if person.kind is Kind.ROBOT or self._hides(person, dice):
            return ""
        return person.email.title().replace("@Example.Com", "@example.com") if dice[9] < 8 else person.email

    def _last_active(self, person: Person) -> str | None:
        dice = self.dice_here(person.serial)
        seen = None if person.kind is Kind.ROBOT else self._company.last_activity(person, dice)
        if seen is None:
            return None
        return as_text(seen)[:-1] + (f".{dice[10] * 3:03d}Z" if dice[10] < 200 else "Z")

    def products(self, person: Person) -> list[dict[str, Any]]:
        """What the account may use, each with its last use; an account that is closed may use nothing."""
        if person.kind is Kind.ROBOT or self.status(person) != "active":
            return []
        dice = self.dice_here(person.serial)
        wanted = TECHNICAL if person.is_technical else OTHERS
        bundle = next(number for below, number in wanted if dice[11] < below) + person.edits.access
        seen = self._company.last_activity(person, dice)
        products = []
        for nth, site in enumerate(self._bundles[bundle % len(self._bundles)]):
            product: dict[str, Any] = {"key": site.key, "name": site.name, "url": site.url}
            if seen is not None and dice[12 + nth] < 200:
                # The first product is where somebody was last; a few have used none for years.
                used = seen - timedelta(days=dice[12 + nth] % 90 if nth else 0)
                product["last_active"] = as_text(used)
            elif dice[12 + nth] > 250:
                product["last_active"] = None
            products.append(product)
        return products

    # ----- who is here

    def person(self, serial: int) -> Person:
        """Whose account this is."""
        return self._company.person(serial) if serial >= 0 else self._made[-serial - 1]

    def has_account(self, serial: int) -> bool:
        """Whether somebody has an account in this organisation."""
        if serial < 0:
            return -serial <= len(self._made)
        return self._company.is_here(serial) and (
            (serial == 0 and self._organisation is MAIN) or self.dice_here(serial)[23] < self._organisation.share
        )

    def serials(self) -> Sequence[int]:
        """Who is listed just now."""
        revision = (self._company.revision, len(self._made))
        if self._listed is None or self._listed[0] != revision:
            invited = [serial for serial in self._company.serials if self.has_account(serial)]
            self._listed = (revision, [*invited, *(-1 - nth for nth in range(len(self._made)))])
        return self._listed[1]

    def render(self, serial: int) -> bytes:
        """A managed account as JSON; those of people who never changed are kept."""
        if serial in self._states or serial < 0 or self._company.has_changed(serial):
            return orjson.dumps(self.account(self.person(serial)))
        known = self._rendered.get(serial)
        if known is None:
            known = self._rendered[serial] = orjson.dumps(self.account(self.person(serial)))
        return known

    def state(self, serial: int) -> _State:
        """What was done to an account here."""
        return self._states.get(serial, _UNTOUCHED)

    def change(self, serial: int, **what: Any) -> None:
        """Do something to an account."""
        with self._changing:
            self._states = {**self._states, serial: replace(self.state(serial), **what)}

    def is_suspended(self, serial: int) -> bool:
        """Whether the account may not use the organisation for now."""
        suspended = self.state(serial).is_suspended
        return self.dice_here(serial)[18] < 6 if suspended is None else suspended

    def comes_from_elsewhere(self, serial: int) -> bool:
        """Whether another directory looks after the account, so that this API may not."""
        return self.dice(serial)[19] < 10

    def is_synced(self, serial: int) -> bool:
        """Whether the provisioning directory knows the account."""
        synced = self.state(serial).is_synced
        if synced is None:
            return serial < 0 or (self.dice_here(serial)[24] < 210 and self.person(serial).kind is not Kind.ROBOT)
        return synced


def nickname_of(person: Person) -> str:
    """What somebody is called who hides the name."""
    return person.given


def _new_person(serial: int, asked: Mapping[str, Any], company: Company) -> Person:
    """Somebody whom the directory made and the company does not know."""
    match asked.get("name"):
        case dict() as name:
            given, family = str(name.get("givenName", "")), str(name.get("familyName", ""))
        case _:
            given = family = ""
    shown = str(asked.get("displayName") or f"{given} {family}".strip() or asked["userName"])
    return Person(
        serial=serial,
        kind=Kind.EMPLOYEE,
        given=given or shown.partition(" ")[0],
        family=family or shown.rpartition(" ")[2],
        name=shown,
        email=str(asked["userName"]),
        title=str(asked.get("title", "")),
        department=str(asked.get("department", "")),
        team="",
        is_technical=False,
        is_lead=False,
        time_zone=str(asked.get("timezone", "Etc/UTC")),
        joined=company.today,
        left=None,
        is_newcomer=True,
        edits=Edits(email=1),
    )

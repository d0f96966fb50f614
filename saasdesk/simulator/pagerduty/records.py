"""What people and teams look like to the vendor: the same for the same company, whoever asks and when."""

from datetime import date
from hashlib import blake2b, md5
from typing import Any

from saasdesk.clock import as_text
from saasdesk.simulator.company import Company, Kind, Person
from saasdesk.simulator.exchange import Account
from saasdesk.simulator.ids import Ids
from saasdesk.simulator.kept import KeptEach

API = "https://api.pagerduty.example.com"
WEB = "https://kestrel-heath.pagerduty.example.com"

FULL_ROLES = ("owner", "admin", "user", "limited_user", "observer", "restricted_access")
STAKEHOLDER_ROLES = ("read_only_user", "read_only_limited_user")
# A change of access moves somebody on to the next of these.
_ROLE_RING = (
    "limited_user",
    "user",
    "observer",
    "read_only_user",
    "restricted_access",
    "admin",
    "read_only_limited_user",
)
# Out of 256, for people who are on call and for the others.
_TECHNICAL_ROLES = ((165, "limited_user"), (215, "user"), (230, "admin"), (246, "observer"), (256, "restricted_access"))
_OTHER_ROLES = (
    (150, "read_only_user"), (190, "observer"), (230, "read_only_limited_user"), (245, "restricted_access"),
    (256, "limited_user"),
)  # fmt: skip
_COLORS = ("purple", "red", "green", "teal", "dark-slate-grey", "blue-violet", "crimson", "medium-pink", "sea-green")
_DESCRIPTIONS = ("On call every other week", "Ask me about runbooks", "Out on Fridays", "Was here before the pager")


class Records:
    """The objects of one account, made from the company's people."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._user_ids = Ids(company.seed, "user")
        self._part_ids = Ids(company.seed, "part")
        self._team_id_of: dict[str, str] = {}
        self._accounts = KeptEach(self._account)

    def number_of(self, made: str) -> int:
        """Whose id this is, here or not."""
        return self._user_ids.number(made)

    def user(self, person: Person) -> dict[str, Any]:
        """The user object of one person, as the list shows it."""
        dice = self.dice(person)
        made = self._user_ids.make(person.serial)
        url = f"{API}/users/{made}"
        email, role = self.email(person, dice), self.role(person, dice)
        digest = md5(email.encode(), usedforsecurity=False).hexdigest()
        user: dict[str, Any] = {
            "name": person.name,
            "email": email,
            "time_zone": person.time_zone,
            "color": _COLORS[dice[6] % len(_COLORS)],
            "avatar_url": f"https://avatars.example.com/{digest}.png?d=mm&r=PG",
            "billed": person.kind is not Kind.ROBOT,
            "role": role,
            "description": _DESCRIPTIONS[dice[7] % 4] if dice[7] < 26 else None,
            "invitation_sent": self._company.last_activity(person, dice) is None,
            "job_title": person.title,
            "created_via_sso": dice[9] < 150,
            "teams": [self._team_reference(team) for team in self.teams(person, role, dice)],
            "contact_methods": [
                self._part(person.serial, nth, f"{what}_contact_method_reference", label, f"{url}/contact_methods")
                for nth, (what, label) in enumerate(self.contacts(person, dice))
            ],
            "notification_rules": [
                self._part(
                    person.serial, 4 + nth, "assignment_notification_rule_reference", label, f"{url}/notification_rules"
                )
                for nth, label in enumerate(self.rules(person, dice))
            ],
            "coordinated_incidents": [],
            "id": made,
            "type": "user",
            "summary": person.name,
            "self": url,
            "html_url": f"{WEB}/users/{made}",
        }
        # A title that somebody filled in later is there, whatever the dice said at first.
        if dice[8] < 64 and not person.edits.title:
            del user["job_title"]
        if dice[9] >= 205:
            del user["created_via_sso"]  # accounts older than the key
        if dice[10] < 13:
            del user["time_zone"]
        return user

    def id_of(self, serial: int) -> str:
        """The vendor's id of this person."""
        return self._user_ids.make(serial)

    def account(self, person: Person) -> Account:
        """What a sync must know of one person."""
        return self._accounts(person.serial, (person, self._company.today))

    def _account(self, _serial: int, made_from: tuple[Person, date]) -> Account:
        person, _today = made_from
        dice = self.dice(person)
        licence = self.licence(person, dice)
        seen = self._company.last_activity(person, dice)
        return Account(
            id=self._user_ids.make(person.serial),
            email=self.email(person, dice),
            name=person.name,
            role=self.role(person, dice),
            active=True,
            last_activity=as_text(seen) if seen else None,
            licences=() if licence is None else (self.licence_id(licence),),
            serial=person.serial,
        )

    def dice(self, person: Person) -> bytes:
        """What is left to chance about a person, always the same."""
        return self._company.dice(person.serial, "pagerduty")

    @staticmethod
    def email(person: Person, dice: bytes) -> str:
        """Some addresses were typed in with capitals; the vendor keeps them so."""
        return person.email.title().replace("@Example.Com", "@example.com") if dice[11] < 8 else person.email

    @staticmethod
    def role(person: Person, dice: bytes) -> str:
        """What somebody may do here; whoever came first owns the account."""
        if person.serial == 0:
            return "owner"
        roles = _TECHNICAL_ROLES if person.is_technical else _OTHER_ROLES
        role = next(role for below, role in roles if dice[12] < below)
        if person.is_lead and person.is_technical and dice[12] < 215:
            role = "user"
        if person.edits.access:
            role = _ROLE_RING[(_ROLE_RING.index(role) + person.edits.access) % len(_ROLE_RING)]
        return role

    def licence(self, person: Person, dice: bytes) -> int | None:
        """Which of the licences somebody occupies; robots came with an integration and occupy none."""
        if person.kind is Kind.ROBOT:
            return None
        if self.role(person, dice) in STAKEHOLDER_ROLES:
            return 2
        return 0 if dice[13] < 60 else 1

    @staticmethod
    def teams(person: Person, role: str, dice: bytes) -> tuple[str, ...]:
        """The teams that somebody is in."""
        if person.kind is Kind.ROBOT or role in STAKEHOLDER_ROLES:
            return ()
        return (person.team, "Incident Response") if dice[14] < 40 else (person.team,)

    @staticmethod
    def contacts(person: Person, dice: bytes) -> tuple[tuple[str, str], ...]:
        """How somebody is reached: kinds and labels."""
        if person.kind is Kind.ROBOT:
            return ()
        work = ("email", "Work" if dice[15] < 60 else "Default")
        if not person.is_technical or dice[15] < 90:
            return (work,)
        return (
            (work, ("phone", "Mobile"))
            if dice[15] < 200
            else (work, ("phone", "Mobile"), ("push_notification", "Phone"))
        )

    @staticmethod
    def rules(person: Person, dice: bytes) -> tuple[str, ...]:
        """When somebody is notified, in words."""
        if person.kind is Kind.ROBOT or not person.is_technical:
            return ()
        return ("0 minutes: Default",) if dice[16] < 180 else ("0 minutes: Default", "10 minutes: Mobile")

    def is_busy(self, person: Person) -> bool:
        """Whether incidents are assigned to somebody, who cannot be deleted then."""
        dice = self.dice(person)
        return person.kind is not Kind.ROBOT and person.is_technical and dice[17] < 20

    def _part(self, serial: int, nth: int, kind: str, label: str, parent_url: str) -> dict[str, object]:
        made = self._part_ids.make(serial * 8 + nth)
        return {"id": made, "type": kind, "summary": label, "self": f"{parent_url}/{made}", "html_url": None}

    def team_id(self, team: str) -> str:
        """The id of a team, always the same for its name."""
        known = self._team_id_of.get(team)
        if known is None:
            number = int.from_bytes(blake2b(team.encode(), digest_size=4).digest())
            known = self._team_id_of[team] = self._part_ids.make(-1_000 - number)
        return known

    def _team_reference(self, team: str) -> dict[str, object]:
        made = self.team_id(team)
        return {
            "id": made,
            "type": "team_reference",
            "summary": team,
            "self": f"{API}/teams/{made}",
            "html_url": f"{WEB}/teams/{made}",
        }

    def team_ids(self, person: Person) -> list[str]:
        """The teams of a person by their ids."""
        dice = self.dice(person)
        return [self.team_id(team) for team in self.teams(person, self.role(person, dice), dice)]

    def licence_id(self, number: int) -> str:
        """The id of one of the licences by its place."""
        return self._part_ids.make(-1 - number)

    def calendar_secret(self, serial: int) -> str:
        """What the private addresses of somebody's calendar carry."""
        return self._part_ids.make(serial * 8 + 7) * 3

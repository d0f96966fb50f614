"""The devices of the company's people, and the calls that read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from saasdesk.simulator.company import Person
from saasdesk.simulator.exchange import Account, Answer, Place, Request, json_answer
from saasdesk.simulator.faults import LISTINGS, FaultKind, Faults
from saasdesk.simulator.jumpcloud.answers import bound_answer
from saasdesk.simulator.jumpcloud.directory import Directory
from saasdesk.simulator.jumpcloud.ids import Ids
from saasdesk.simulator.jumpcloud.questions import in_order, paging, segment
from saasdesk.simulator.jumpcloud.records import moment_text
from saasdesk.simulator.jumpcloud.refusals import Refused
from saasdesk.simulator.kept import Kept, KeptEach

_DEVICES_A_PERSON = 4


@dataclass(frozen=True, slots=True)
class _Model:
    vendor: str
    family: str
    system: str
    version: str
    release: str
    arch: str
    template: str


_MODELS = (
    _Model("Apple Inc.", "darwin", "Mac OS X", "15.6.1", "Sequoia", "arm64", "macos"),
    _Model("Apple Inc.", "darwin", "Mac OS X", "26.0.1", "Tahoe", "arm64", "macos"),
    _Model("Dell Inc.", "windows", "Windows", "11 Pro", "24H2", "x86_64", "windows"),
    _Model("LENOVO", "windows", "Windows", "11 Pro", "25H2", "x86_64", "windows"),
    _Model("Dell Inc.", "linux", "Ubuntu", "24.04", "noble", "x86_64", "ubuntu"),
)
_VIRTUAL = _Model("VMware, Inc.", "linux", "Debian", "13", "trixie", "x86_64", "debian")


@dataclass(frozen=True, slots=True)
class Device:
    """A device as a complete listing must show it; `owner` is the id of the person who mainly uses it."""

    id: str
    name: str
    serial_number: str
    active: bool
    owner: str | None


class Devices:
    """Devices by number: a person's devices follow one another."""

    def __init__(self, name: str, directory: Directory, faults: Faults) -> None:
        self._name, self._directory, self._faults = name, directory, faults
        self._records = directory.of_company
        self._ids = Ids(directory.company.seed, "system")
        self._shown = KeptEach(self._show)
        self._numbers = Kept(
            directory, lambda: [number for serial in directory.serials() for number in self._numbers_of(serial)]
        )

    def truth(self) -> list[Device]:
        """Every device a complete listing must show now."""
        return [_device(self._device(number)) for number in self._numbers()]

    def list_them(self, request: Request, place: Place) -> Answer:
        """One page of the list."""
        limit, skip = paging(request)
        members = in_order(request, self._numbers(), skip)
        chosen = members[skip : skip + limit]
        fault = self._faults.take(LISTINGS, self._name, place.endpoint, place.page)
        page = {"totalCount": len(members), "results": [self._device(number) for number in chosen]}
        match fault.kind if fault is not None else None:
            case FaultKind.EMPTY_LIST:
                page = {"totalCount": 0, "results": []}
            case FaultKind.MISSING_KEY:
                del page["results"]
            case FaultKind.SHRINKING:
                owners = [number // _DEVICES_A_PERSON for number in members[: skip + len(chosen)]]
                self._directory.company.leave(
                    sorted({owner for owner in owners if owner})[: int(fault.amount if fault else 0)]
                )
            case _:
                pass
        return json_answer(page)

    def show(self, request: Request) -> Answer:
        """One device."""
        return json_answer(self._device(self._number_of(segment(request, 2))))

    def list_owners(self, request: Request) -> Answer:
        """Who uses a device; the answer of the second API is a bare list, with its total in a header."""
        number = self._number_of(segment(request, 3))
        is_bound = (self._device(number).get("primarySystemUser") or {}).get("id") is not None
        return bound_answer(request, "user", [self._directory.id_of(number // _DEVICES_A_PERSON)] if is_bound else [])

    def list_of_user(self, request: Request) -> Answer:
        """The devices of one user."""
        serial = self._directory.serial_of(segment(request, 3))
        devices = (self._device(number) for number in self._numbers_of(serial))
        return bound_answer(request, "system", [d["_id"] for d in devices if _device(d).owner is not None])

    def _numbers_of(self, serial: int) -> range:
        """The numbers of somebody's devices: most have one, some several, others none."""
        if self._directory.is_made(serial):
            return range(0)
        dice = self._records.dice(serial)
        count = 0 if dice[32] < 40 else 1 if dice[32] < 215 else 2 if dice[32] < 246 else 3
        return range(serial * _DEVICES_A_PERSON, serial * _DEVICES_A_PERSON + count)

    def _device(self, number: int) -> dict[str, Any]:
        """A device as the list shows it."""
        company, serial = self._directory.company, number // _DEVICES_A_PERSON
        return self._shown(number, (company.person(serial), self._directory.account(serial), company.today))

    def _show(self, number: int, made_from: tuple[Person, Account, date]) -> dict[str, Any]:
        person, account, _today = made_from
        nth = number % _DEVICES_A_PERSON
        dice = self._directory.company.dice(number, "jumpcloud device")
        is_virtual = nth > 0 and dice[0] < 90
        model = _VIRTUAL if is_virtual else _MODELS[dice[1] % len(_MODELS)]
        is_shared = dice[2] < 12
        seen = self._last_contact(account, dice)
        name = f"{'vm' if is_virtual else 'kh'}-{person.team.split()[0].lower()}-{number:05d}"
        made, username = self._ids.make(number), person.email.partition("@")[0]
        device: dict[str, Any] = {
            "_id": made,
            "id": made,
            "displayName": name if dice[3] < 200 else f"{person.given}'s {model.system}",
            "hostname": name,
            "serialNumber": ""
            if is_virtual or dice[4] < 6
            else f"KH{blake2b(made.encode(), digest_size=4).hexdigest().upper()}",
            "os": model.system,
            "osFamily": model.family,
            "version": model.version,
            "arch": model.arch,
            "osVersionDetail": {
                "osName": model.system,
                "releaseName": model.release,
                "version": model.version,
                "major": model.version.partition(".")[0],
            },
            "hwVendor": model.vendor,
            "templateName": model.template,
            "description": "" if dice[5] < 220 else "Shared desk",
            "agentVersion": ("2.47.1", "2.46.3", "2.40.0")[dice[6] % 3],
            "active": account.active and dice[7] < 190 and not is_shared,
            "lastContact": moment_text(seen) if seen else None,
            "created": moment_text(datetime(person.joined.year, person.joined.month, person.joined.day, 9, tzinfo=UTC)),
            "remoteIP": f"198.51.100.{dice[8]}",
            "networkInterfaces": [
                {"name": "en0", "family": "IPv4", "address": f"10.20.{dice[9]}.{dice[10]}", "internal": False}
            ],
            "fde": {"active": not is_virtual and dice[11] < 225, "keyPresent": not is_virtual and dice[11] < 215},
            "mdm": {"vendor": "internal" if model.family == "darwin" else "none"},
            "fileSystem": None,
            "primarySystemUser": {"id": None if is_shared else account.id},
            "userMetrics": [
                {
                    "userName": username,
                    "admin": dice[12] < 60,
                    "managed": not is_shared,
                    "suspended": not account.active,
                    "secureTokenEnabled": model.family == "darwin",
                }
            ],
            "attributes": [],
            "systemInsights": {"state": "enabled" if dice[13] < 200 else "deferred"},
            "organization": self._records.organization_id,
            "systemTimezone": 0,
        }
        if is_shared and dice[14] < 128:
            del device["primarySystemUser"]
        return device

    def _last_contact(self, account: Account, dice: bytes) -> datetime | None:
        """When a device was last heard of; those of people who are not active fell silent months ago."""
        if dice[15] < 5:
            return None
        if not account.active or dice[15] < 20:
            return self._records.quarter - timedelta(days=20 + dice[16] % 200, minutes=dice[17])
        return self._records.today - timedelta(days=1, minutes=int.from_bytes(dice[16:18]) % 1_400)

    def _number_of(self, made: str) -> int:
        number = self._ids.number(made)
        serial = number // _DEVICES_A_PERSON
        if number < 0 or not self._directory.has_account(serial) or number not in self._numbers_of(serial):
            raise Refused(404)
        return number


def _device(device: Mapping[str, Any]) -> Device:
    owner = (device.get("primarySystemUser") or {}).get("id")
    return Device(device["_id"], device["displayName"], device["serialNumber"], device["active"], owner)

"""What the right mapping is: for the vendors whose articles say so, and for two invented ones with unkind names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from saasdesk.connectors import CONNECTORS
from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.mapping.smart import Source


@dataclass(frozen=True)
class Golden:
    """One vendor: its fields with the paths of their values, records, and the right source for each target.

    `right` holds what must be found; `fitting` what may be proposed besides without being wrong.
    """

    vendor: str
    fields: Sequence[tuple[str, str, FieldType]]
    right: Mapping[str, str]
    fitting: Mapping[str, str] = field(default_factory=dict)
    records: Sequence[Mapping[str, Any]] = ()

    def accepts(self, target: str, source: str) -> bool:
        return source in (self.right.get(target), self.fitting.get(target))


def _target(external_id: str, label: str, kind: FieldType = FieldType.SHORT_TEXT, *, unique: bool = False) -> Field:
    return Field(ObjectKind.PEOPLE, external_id, label, kind, unique=unique)


# The fields that are there from the start, and those that the articles have an admin make.
TARGETS = (
    _target("username", "Username", unique=True),
    _target("email", "Email", unique=True),
    _target("role", "Role"),
    _target("name", "Name"),
    _target("first_name", "First Name"),
    _target("last_name", "Last Name"),
    _target("job_title", "Job Title"),
    _target("department", "Department"),
    _target("location", "Location"),
    _target("phone", "Phone"),
    _target("manager", "Manager"),
    _target("employee_id", "Employee ID", unique=True),
    _target("pager_duty_user_id", "PagerDuty User ID", unique=True),
    _target("atlassian_account_id", "Atlassian Account ID", unique=True),
    _target("atlassian_account_status", "Atlassian Account Status"),
    _target("atlassian_last_active", "Atlassian Last Active", FieldType.DATETIME),
    _target("atlassian_application_names", "Atlassian Application Names", FieldType.LONG_TEXT),
    _target("jet_brains_license_id", "JetBrains License Id", unique=True),
    _target("jump_cloud_user_id", "JumpCloud User Id", unique=True),
)

_TEXT, _DATE, _FLAG, _LIST = FieldType.SHORT_TEXT, FieldType.DATETIME, FieldType.FLAG, FieldType.LIST

_RIGHT = {
    "pagerduty": {
        "email": "email", "username": "email", "name": "name", "job_title": "job_title", "pager_duty_user_id": "id",
    },
    "atlassian": {
        "email": "email", "username": "email", "name": "name", "atlassian_account_id": "account_id",
        "atlassian_account_status": "account_status", "atlassian_last_active": "last_active",
        "atlassian_application_names": "application_names",
    },
    "jetbrains": {"email": "assignee.email", "username": "assignee.email", "jet_brains_license_id": "licenseId"},
    "jumpcloud": {
        "email": "email", "username": "email", "first_name": "firstname", "last_name": "lastname",
        "job_title": "jobTitle", "manager": "manager", "jump_cloud_user_id": "id",
    },
}  # fmt: skip
_FITTING = {
    "jetbrains": {"name": "assignee.name"},
    "jumpcloud": {
        "name": "displayname", "department": "department", "location": "location", "employee_id": "employeeIdentifier",
        "phone": "phoneNumbers",
    },
}  # fmt: skip

_NAMES = ("Ana Ruiz", "Li Wei", "Zoë Müller", "Omar Haddad", "Kofi Mensah", "Ewa Nowak")
_JOBS = ("Engineer", "Account Executive", "Buyer", "Engineer", "Legal Counsel", "Support Engineer")
_UNITS = ("Engineering", "Sales", "Finance", "Engineering", "Legal", "Support")


def _ledgerly(number: int) -> dict[str, Any]:
    name = _NAMES[number]
    first, last = name.split(" ")
    return {
        "usr_guid": f"7f3c{number}a91-0b{number}e-4d11-9a{number}2-5c7d8e9f0a1{number}",
        "nm_frst": first,
        "nm_lst": last,
        "prim_mail": f"{first.lower()}@example.com",
        "bkup_mail": f"{first.lower()}.home@example.org" if number % 2 else "",
        "ttl": _JOBS[number],
        "dept_desc": _UNITS[number],
        "emp_no": f"E-10{number}7",
        "cost_ctr_nm": "Overheads",
        "crt_ts": f"2025-0{number + 1}-11T08:00:00Z",
        "mail_opt_in": bool(number % 2),
    }


def _quorvia(number: int) -> dict[str, Any]:
    return {
        "fld01": 4000 + number,
        "fld02": _NAMES[number],
        "fld03": f"{_NAMES[number].split()[0].lower()}@example.com",
        "fld04": _JOBS[number],
        "title": ("Ms", "Mr", "Ms", "Mr", "Mr", "Ms")[number],
        "tenant_name": f"tenant-{number % 2}",
        "phone_model": "P-7",
        "email_count": number * 3,
        "telNo": f"+49 30 55500{number}",
    }


def _as_fields(record: Mapping[str, Any]) -> list[tuple[str, str, FieldType]]:
    kinds = {bool: _FLAG, list: _LIST, int: FieldType.NUMBER}
    return [(key, key, kinds.get(type(value), _TEXT)) for key, value in record.items()]


_LEDGERLY = [_ledgerly(number) for number in range(6)]
_QUORVIA = [_quorvia(number) for number in range(6)]
INVENTED = (
    Golden(
        "Ledgerly",
        _as_fields(_LEDGERLY[0]),
        right={
            "email": "prim_mail", "username": "prim_mail", "first_name": "nm_frst", "last_name": "nm_lst",
            "job_title": "ttl", "department": "dept_desc", "employee_id": "emp_no",
        },
        records=_LEDGERLY,
    ),
    Golden(
        "Quorvia",
        _as_fields(_QUORVIA[0]),
        right={"phone": "telNo"},
        # Without telling names only values speak; a guess of what they mean is no mistake, but never sure.
        fitting={"email": "fld03", "username": "fld03", "name": "fld02", "job_title": "fld04"},
        records=_QUORVIA,
    ),
)  # fmt: skip


def declared(key: str, records: Sequence[Mapping[str, Any]] = ()) -> Golden:
    """One of our own vendors, with the records that a test read."""
    connector = CONNECTORS[key]
    fields = [(known.id, known.label, known.type) for known in connector.all_fields()]
    return Golden(connector.title, fields, _RIGHT[key], _FITTING.get(key, {}), records)


def sources_of(golden: Golden, values: Mapping[str, Sequence[object]]) -> list[Source]:
    """The sources that smart mapping gets to see."""
    return [Source(name, label, kind, tuple(values.get(name, ()))) for name, label, kind in golden.fields]

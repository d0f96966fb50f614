"""Whom each preset is tried with, and where the simulator shows that it was done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from saasdesk.simulator.control import Simulator


class Company:
    """A simulated company of whose accounts every test takes some that no other one took."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self._taken: dict[str, set[str]] = {}

    def take(self, vendor: str, fits: Callable[[Any], bool] = lambda _account: True) -> Any:
        """An account that nobody has taken yet."""
        taken = self._taken.setdefault(vendor, set())
        found = next(
            each for each in self.simulator.truth(vendor) if each.id not in taken and each.email and fits(each)
        )
        taken.add(found.id)
        return found


def jumpcloud_account(at: Company) -> Any:
    managers = {user.get("manager") for user in map(at.simulator.jumpcloud.user_of, jumpcloud_serials(at))}
    return at.take("jumpcloud", lambda each: each.active and each.id not in managers)


def jumpcloud_serials(at: Company) -> list[int]:
    return [account.serial for account in at.simulator.jumpcloud.truth()]


def pagerduty_account(at: Company) -> Any:
    busy = at.simulator.pagerduty.busy_ids()
    return at.take("pagerduty", lambda each: each.id not in busy and "wner" not in each.role)


def atlassian_account(at: Company) -> Any:
    """Somebody whom user management lets change and shows, and whom the directory knows."""
    vendor = at.simulator.atlassian
    return at.take(
        "atlassian",
        lambda each: (
            each.active
            and not vendor.accounts.comes_from_elsewhere(each.serial)
            and vendor.accounts.dice(each.serial)[20] > 4
            and vendor.accounts.dice(each.serial)[22] >= 20
            and vendor.accounts.is_synced(each.serial)
            and not vendor.accounts.is_suspended(each.serial)
        ),
    )


def jetbrains_account(at: Company) -> Any:
    """Somebody who has had every licence for more than a month."""
    stock = at.simulator.jetbrains.stock
    today = at.simulator.company.today
    fresh = {
        hand.email.lower()
        for number in stock.numbers()
        if (hand := stock.hand(number)) and hand.since and (today - hand.since).days <= 31
    }
    return at.take("jetbrains", lambda each: each.email not in fresh)


def jumpcloud_user(at: Company, account: Any) -> dict[str, Any]:
    return at.simulator.jumpcloud.user_of(account.serial)


def licence_row(at: Company, licence: str) -> dict[str, Any]:
    return next(row for row in at.simulator.jetbrains.rows() if row["licenseId"] == licence)


def free_licence(at: Company) -> dict[str, Any]:
    """A licence of a team that nobody has."""
    return next(
        row
        for row in at.simulator.jetbrains.rows()
        if row["isAvailableToAssign"]
        and "team" in row
        and row["isTransferableBetweenTeams"]
        and not row.get("subscription", {}).get("isOutdated")
    )


def is_here(at: Company, vendor: str, account: Any) -> bool:
    return account.id in {each.id for each in at.simulator.truth(vendor)}


def is_open(at: Company, account: Any) -> bool:
    return next(each.active for each in at.simulator.truth("atlassian") if each.id == account.id)


def membership(at: Company, account: Any) -> str:
    vendor = at.simulator.atlassian
    return (
        str(vendor.organisation.member_object(account.serial)["membershipStatus"])
        if vendor.organisation.is_member(account.serial)
        else ""
    )


@dataclass(frozen=True)
class Case:
    """A preset: whom it is tried with, by which field they are found, what reading back shows, what is then true."""

    vendor: str
    preset: str
    who: str
    verified: str
    is_done: Callable[[Company, Any], bool]
    # The simulator's name for the place where the call arrives.
    endpoint: str
    of: str = "people"
    key: str = "pd key"
    inputs: dict[str, str] = field(default_factory=dict)
    # What undoes it, so that the same account shows both.
    after: str = ""


PEOPLE = {
    "jumpcloud": jumpcloud_account,
    "pagerduty": pagerduty_account,
    "atlassian": atlassian_account,
    "jetbrains": jetbrains_account,
}
JUMPCLOUD = {"vendor": "jumpcloud", "who": "jump_cloud_user_id"}
ACCOUNT = {"vendor": "atlassian", "who": "saas_user_id", "of": "saas_users"}
SCIM = {"vendor": "atlassian", "who": "email", "key": "directory", "endpoint": "scim_user"}

CASES = (
    Case(
        preset="jumpcloud_delete_user", verified="gone", endpoint="user",
        is_done=lambda at, who: not is_here(at, "jumpcloud", who), **JUMPCLOUD,
    ),
    Case(
        preset="jumpcloud_unlock_user", verified="confirmed", endpoint="unlock",
        is_done=lambda at, who: not jumpcloud_user(at, who)["account_locked"], **JUMPCLOUD,
    ),
    Case(
        preset="jumpcloud_expire_password", verified="confirmed", endpoint="expire",
        is_done=lambda at, who: bool(jumpcloud_user(at, who)["password_expired"]), **JUMPCLOUD,
    ),
    Case(
        preset="jumpcloud_suspend_user", verified="disabled", endpoint="user",
        is_done=lambda at, who: jumpcloud_user(at, who).get("state") == "SUSPENDED", **JUMPCLOUD,
    ),
    Case(
        preset="jumpcloud_activate_user", verified="confirmed", endpoint="user", after="jumpcloud_suspend_user",
        is_done=lambda at, who: jumpcloud_user(at, who).get("state") == "ACTIVATED", **JUMPCLOUD,
    ),
    Case(
        vendor="pagerduty", preset="pagerduty_delete_user", who="pager_duty_user_id", verified="gone", endpoint="user",
        is_done=lambda at, who: not is_here(at, "pagerduty", who),
    ),
    Case(
        vendor="jetbrains", preset="jetbrains_revoke_license", who="email", verified="gone", endpoint="revoke",
        is_done=lambda at, who: not is_here(at, "jetbrains", who),
    ),
    Case(
        preset="atlassian_deactivate_user", verified="disabled", endpoint="disable",
        is_done=lambda at, who: not is_open(at, who), **ACCOUNT,
    ),
    Case(
        preset="atlassian_activate_user", verified="confirmed", endpoint="enable", after="atlassian_deactivate_user",
        is_done=is_open, **ACCOUNT,
    ),
    Case(
        preset="atlassian_delete_account", verified="disabled", endpoint="delete",
        is_done=lambda at, who: not is_open(at, who), **ACCOUNT,
    ),
    Case(
        preset="atlassian_cancel_deletion", verified="confirmed", endpoint="cancel-delete",
        after="atlassian_delete_account", is_done=is_open, **ACCOUNT,
    ),
    Case(
        preset="atlassian_suspend_access", verified="disabled", endpoint="suspend",
        is_done=lambda at, who: membership(at, who) == "suspended", **ACCOUNT,
    ),
    Case(
        preset="atlassian_restore_access", verified="confirmed", endpoint="restore", after="atlassian_suspend_access",
        is_done=lambda at, who: membership(at, who) == "active", **ACCOUNT,
    ),
    Case(
        preset="atlassian_remove_user", verified="gone", endpoint="member",
        is_done=lambda at, who: membership(at, who) == "", **ACCOUNT,
    ),
    Case(
        preset="atlassian_deactivate_directory_user", verified="disabled",
        is_done=lambda at, who: not is_open(at, who), **SCIM,
    ),
    Case(
        preset="atlassian_delete_user", verified="gone",
        is_done=lambda at, who: not at.simulator.atlassian.accounts.is_synced(who.serial), **SCIM,
    ),
)  # fmt: skip


def value_of(case: Case, account: Any) -> str:
    return str(account.email if case.who == "email" else account.id)


def made_ready(at: Company, case: Case) -> Any:
    """An account that the preset can be tried with, as far as its vendor is concerned."""
    account = PEOPLE[case.vendor](at)
    if case.vendor == "jumpcloud":
        at.simulator.jumpcloud.directory.remember(account.serial, {"account_locked": True, "password_expired": False})
    return account

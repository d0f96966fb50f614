"""An admin with every vendor connected at once: commands, what they left, and the vendors' truth to compare with."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import environment_name
from tests.desktop import Desktop
from tests.journeys.forks import Ended, Forks
from tests.journeys.shell import Vendors


class Several:
    """A profile with one launched integration for each vendor, named as the vendor is.

    With `further` there is also one for each further organisation of a vendor ("atlassian-labs").
    """

    def __init__(self, folder: Path, vendors: Vendors, forks: Forks, *, further: bool) -> None:
        self.folder, self.vendors = folder, vendors
        self.profile = folder / "profile"
        self.env = {"SAASDESK_PROFILE": str(self.profile)}
        self._forks = forks
        offered = dict(vendors.access)
        if further:
            for name, keys in vendors.all_keys().items():
                # The same is entered as for the first organisation of the vendor.
                entered = vendors.access[name.partition("-")[0]]
                offered.setdefault(
                    name, {**{what: keys[what] for what in entered if what in keys}, "key": keys["full"]}
                )
        self.names = list(offered)
        for name, access in offered.items():
            self._connect(name, access)

    def _connect(self, name: str, access: Mapping[str, str]) -> None:
        vendor = name.partition("-")[0]
        connector = CONNECTORS[vendor]
        self.env[environment_name(f"{name} key")] = access["key"]
        inputs = [f"{declared.key}={access[declared.key]}" for declared in connector.inputs if declared.key in access]
        words = ["--connector", vendor, "--base-url", access["base_url"], "--no-secret"]
        self.do("credential", "set", f"{name} key", *words, *(word for i in inputs for word in ("--input", i)))
        self.apply(name, connector=vendor, saas_application=application(name))
        self.do("integration", "launch", name)

    def apply(self, name: str, **changes: object) -> None:
        """Save an integration from a file."""
        values = {"name": name, "credential": f"{name} key", "deactivate": True, **changes}
        file = self.folder / "integration.toml"
        file.write_text("\n".join(f"{key} = {json.dumps(value)}" for key, value in values.items()), encoding="utf-8")
        self.do("integration", "apply", file)

    def try_to(self, *words: str | Path, profile: Path | None = None, **options: Any) -> Ended:
        """Carry out a command, however it ends."""
        env = self.env if profile is None else {**self.env, "SAASDESK_PROFILE": str(profile)}
        return self._forks.run(*words, env=env, folder=self.folder, **options)

    def do(self, *words: str | Path) -> Ended:
        """Carry out a command that must not fail."""
        ended = self.try_to(*words)
        assert ended.code == 0, ended
        return ended

    def run_all(self) -> dict[str, dict[str, Any]]:
        """Run everything, however it ends, and return the result of each vendor."""
        results = self.try_to("run", "--all", "--json").json()
        assert [result["integration"] for result in results] == self.names
        return dict(zip(self.names, results, strict=True))

    def statuses(self) -> dict[str, str]:
        """Run everything, and return how it ended for each vendor."""
        return {name: result["status"] for name, result in self.run_all().items()}

    def kept(self, vendor: str) -> dict[str, bool]:
        """The vendor's ids of the accounts that are here, and whether each is active."""
        title = application(vendor)
        users = self.do("saas-users", "--json").json()
        return {user["saas_user_id"]: not user["deactivated"] for user in users if user["saas_application"] == title}

    def accounts(self, vendor: str) -> dict[str, dict[str, Any]]:
        """The vendor's accounts by their ids, as they are now."""
        return {account["id"]: account for account in self.vendors.truth(accounts=True, vendor=vendor)["accounts"]}

    def assert_nobody_wronged(self, vendor: str) -> None:
        """Nobody who is active at the vendor is inactive here."""
        accounts = self.accounts(vendor)
        wronged = {
            key for key, is_active in self.kept(vendor).items() if not is_active and accounts.get(key, GONE)["active"]
        }
        assert not wronged, (vendor, wronged)

    def assert_nothing_lost(self, vendor: str) -> None:
        """After a complete run those are active here who are active there; without an address nobody can be told."""
        active = {key for key, is_active in self.kept(vendor).items() if is_active}
        truth = {key: account for key, account in self.accounts(vendor).items() if account["active"]}
        assert {key for key, account in truth.items() if account["email"]} <= active <= set(truth), vendor


# What the vendor does not know at all.
GONE: dict[str, Any] = {"active": False}


def application(name: str) -> str:
    """The SaaS application that an integration's accounts belong to: each organisation has one of its own."""
    return CONNECTORS[name].title if name in CONNECTORS else name


@contextmanager
def several(desktop: Desktop, folder: Path, vendors: Vendors, *, further: bool = False) -> Iterator[Several]:
    """Every vendor connected, none of them read yet."""
    folder.mkdir(exist_ok=True)
    with Forks(desktop, folder) as forks:
        yield Several(folder, vendors, forks, further=further)


def ask(profile: Path, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Look into a profile's database."""
    with closing(sqlite3.connect(profile / "saasdesk.db")) as db:
        return db.execute(sql, values).fetchall()

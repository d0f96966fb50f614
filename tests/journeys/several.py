"""An admin with every vendor connected at once: commands, what they left, and the vendors' truth to compare with."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from saasdesk.connectors import CONNECTORS
from tests.desktop import Desktop
from tests.journeys.forks import Ended, Forks
from tests.journeys.shell import Vendors


class Several:
    """A profile with one launched integration for each vendor, named as the vendor is."""

    def __init__(self, folder: Path, vendors: Vendors, forks: Forks) -> None:
        self.folder, self.vendors = folder, vendors
        self.profile = folder / "profile"
        self.env = {"SAASDESK_PROFILE": str(self.profile)}
        self.names = [vendor for vendor in vendors.access if vendor in CONNECTORS]
        self._forks = forks
        for vendor in self.names:
            self._connect(vendor)

    def _connect(self, vendor: str) -> None:
        access, connector = self.vendors.access[vendor], CONNECTORS[vendor]
        self.env[f"SAASDESK_CREDENTIAL_{vendor.upper()}_KEY"] = access["key"]
        inputs = [f"{declared.key}={access[declared.key]}" for declared in connector.inputs if declared.key in access]
        words = ["--connector", vendor, "--base-url", access["base_url"], "--no-secret"]
        self.do("credential", "set", f"{vendor} key", *words, *(word for i in inputs for word in ("--input", i)))
        self.apply(vendor)
        self.do("integration", "launch", vendor)

    def apply(self, vendor: str, **changes: object) -> None:
        """Save a vendor's integration from a file."""
        values = {"name": vendor, "connector": vendor, "credential": f"{vendor} key", "deactivate": True, **changes}
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
        title = CONNECTORS[vendor].title
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


@contextmanager
def several(desktop: Desktop, folder: Path, vendors: Vendors) -> Iterator[Several]:
    """Every vendor connected, none of them read yet."""
    folder.mkdir(exist_ok=True)
    with Forks(desktop, folder) as forks:
        yield Several(folder, vendors, forks)


def ask(profile: Path, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Look into a profile's database."""
    with closing(sqlite3.connect(profile / "saasdesk.db")) as db:
        return db.execute(sql, values).fetchall()

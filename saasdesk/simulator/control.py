"""The handle on a running simulation: start, stop, make trouble, and ask for the truth.

The same is there over HTTP, on loopback and outside of the vendors' prefixes, for journeys that only have a shell:

    GET  /_truth/people                  how many people the company has
    GET  /_truth/<vendor>                {"total", "active", "by_role", "by_licence", "signed_in", "ids"}; with
                                         ?accounts=true also "accounts": every account with all that is known of it
    GET  /_truth/<vendor>/churn          {"rounds", "created", "gone", "changed"}: what the latest change did
    GET  /_truth/jumpcloud/devices       every device: [{"id", "name", "serial_number", "active", "owner"}]
    GET  /_truth/jetbrains/licences      {"total", "unassigned", "server", "key"}; jetbrains-labs likewise
    GET  /_truth/keys                    for each vendor every key by what it may do, with what is entered beside it;
                                         further organisations of a vendor, which have no entry elsewhere, too
    GET  /_truth/requests                {"most_at_once", "connections", "counts": [{"vendor", "method", …, "count"}]}
    POST /_control/churn?fraction=F      changes this fraction of the company; answers what changed at each vendor
    POST /_control/fault?kind=K&…        switches a fault on; the other fields of `Fault` are parameters too
    POST /_control/clear                 switches all faults off
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Self

from saasdesk.errors import UserError
from saasdesk.simulator.atlassian import LABS, Atlassian
from saasdesk.simulator.company import Company
from saasdesk.simulator.exchange import Account, Answer, Request, Vendor, VendorChurn, json_answer
from saasdesk.simulator.faults import Fault, FaultKind, Faults
from saasdesk.simulator.jetbrains import JetBrains
from saasdesk.simulator.jumpcloud import Device, JumpCloud
from saasdesk.simulator.pagerduty import KeyKind, PagerDuty
from saasdesk.simulator.server import Conditions, RequestLog, Server, not_found

DEFAULT_PEOPLE = 250
DEFAULT_SEED = 7


class Simulator:
    """The simulated vendors over one invented company, served on loopback.

    `rate_limit` counts requests for each key in a window (a minute); None is no limit. `churn` is the fraction of the
    company that changes between two complete listings of a vendor: when the first page of a listing is asked for after
    another was read to its end. `today` decides who was active lately.
    """

    def __init__(
        self,
        people: int = DEFAULT_PEOPLE,
        seed: int = DEFAULT_SEED,
        *,
        latency_ms: float = 0,
        rate_limit: int | None = None,
        rate_window_seconds: float = 60,
        error_rate: float = 0,
        churn: float = 0,
        port: int = 0,
        today: date | None = None,
    ) -> None:
        self.company = Company(people, seed, today or datetime.now(UTC).date())
        self.faults = Faults()
        self.pagerduty = PagerDuty(self.company, self.faults)
        self.jumpcloud = JumpCloud(self.company, self.faults)
        self.atlassian = Atlassian(self.company, self.faults)
        self.jetbrains = JetBrains(self.company, self.faults)
        self.jetbrains_labs = JetBrains(self.company, self.faults, is_second=True)
        # One for each connector: what an admin is given to connect.
        self._offered: list[Vendor] = [self.pagerduty, self.jumpcloud, self.jetbrains, self.atlassian]
        # Other organisations of the same vendors: served and told the truth about like the rest.
        further: list[Vendor] = [Atlassian(self.company, self.faults, LABS), self.jetbrains_labs]
        self._vendors = {vendor.name: vendor for vendor in [*self._offered, *further]}
        self._wanted_port = port
        self._port = 0
        self._latest: dict[str, VendorChurn] = {name: VendorChurn() for name in self._vendors}
        self._rounds = 0
        self._churning = threading.Lock()
        conditions = Conditions(latency_ms / 1_000, rate_limit, rate_window_seconds, error_rate)
        self._server = Server(
            tuple(self._vendors.values()),
            self.faults,
            conditions,
            controls=self._control,
            between_listings=lambda: self.churn(churn) if churn else None,
            seed=seed,
        )

    def start(self) -> dict[str, dict[str, str]]:
        """Start serving and return what an admin would enter for each vendor."""
        try:
            self._port = self._server.start(self._wanted_port)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError(
                f"The simulated vendors cannot use port {self._wanted_port} ({reason}). Choose another one."
            ) from None
        return self.access()

    def prepare(self) -> None:
        """Take the time now that the first answers would take."""
        for vendor in self._vendors.values():
            vendor.prepare()

    def stop(self) -> None:
        """Stop serving; every connection is closed when this returns."""
        self._server.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port on loopback; 0 before the start."""
        return self._port

    @property
    def requests(self) -> RequestLog:
        """What was asked of the vendors so far."""
        return self._server.log

    def url(self, prefix: str) -> str:
        """The base URL of a vendor's prefix."""
        return f"http://127.0.0.1:{self._port}/{prefix}"

    def access(self) -> dict[str, dict[str, str]]:
        """For each vendor its base URL, its key and further inputs."""
        return {vendor.name: {"base_url": self.url(vendor.prefixes[0]), **vendor.access()} for vendor in self._offered}

    def all_access(self) -> dict[str, Mapping[str, str]]:
        """For each vendor, further organisations too, every key and what is entered beside it."""
        return {name: vendor.all_access(self.url) for name, vendor in self._vendors.items()}

    def key(self, kind: KeyKind = KeyKind.FULL) -> str:
        """One of the keys of the PagerDuty account."""
        return self.pagerduty.keys[kind]

    def truth(self, vendor: str) -> list[Account]:
        """Everybody a complete listing of this vendor must show now, in its order."""
        return list(self._vendors[vendor].truth())

    def devices(self) -> list[Device]:
        """Every device a complete listing must show now, in its order."""
        return self.jumpcloud.devices()

    def turn_to(self, today: date) -> None:
        """Let it be another day: whoever comes by regularly was here shortly before that one."""
        self.company.turn_to(today)

    def churn(self, fraction: float) -> dict[str, VendorChurn]:
        """Change a fraction of the company and return what that changed at each vendor."""
        with self._churning:
            planned = self.company.plan_churn(fraction)
            # Whoever reported to somebody who leaves has another manager from then on.
            reports = self.company.reports_of(planned.gone)
            affected = frozenset((*planned.edited, *planned.gone, *planned.new, *reports))
            before = {name: vendor.records(affected) for name, vendor in self._vendors.items()}
            self.company.apply(planned)
            self._latest = {
                name: _difference(before[name], vendor.records(affected)) for name, vendor in self._vendors.items()
            }
            self._rounds = planned.number
            return dict(self._latest)

    def _control(self, request: Request) -> Answer:
        """Answer what is asked outside of the vendors' prefixes."""
        match (request.method, request.prefix, request.path.strip("/").split("/")):
            case ("GET", "_truth", ["people"]):
                return json_answer({"people": len(self.company.serials)})
            case ("GET", "_truth", ["keys"]):
                return json_answer(self.all_access())
            case ("GET", "_truth", ["requests"]):
                log = self.requests
                return json_answer(
                    {"most_at_once": log.most_at_once, "connections": log.connections, "counts": log.summary()}
                )
            case ("GET", "_truth", ["jetbrains", "licences"]):
                return json_answer(self.jetbrains.loose())
            case ("GET", "_truth", ["jetbrains-labs", "licences"]):
                return json_answer(self.jetbrains_labs.loose())
            case ("GET", "_truth", ["jumpcloud", "devices"]):
                return json_answer([asdict(device) for device in self.devices()])
            case ("GET", "_truth", [vendor, "churn"]) if vendor in self._vendors:
                return json_answer({"rounds": self._rounds, **asdict(self._latest[vendor])})
            case ("GET", "_truth", [vendor]) if vendor in self._vendors:
                return json_answer(_summary(self.truth(vendor), with_accounts=request.first("accounts") == "true"))
            case ("POST", "_control", ["churn"]):
                return self._try(lambda: self._churned(float(request.first("fraction") or "")))
            case ("POST", "_control", ["fault"]):
                return self._try(lambda: asdict(self.faults.add(_fault_from(dict(request.query)))))
            case ("POST", "_control", ["clear"]):
                self.faults.clear()
                return json_answer({})
            case _:
                return not_found(request)

    def _churned(self, fraction: float) -> dict[str, object]:
        if not 0 <= fraction <= 1:
            raise ValueError("fraction must lie between 0 and 1")
        return {name: asdict(churn) for name, churn in self.churn(fraction).items()}

    @staticmethod
    def _try(work: Callable[[], object]) -> Answer:
        try:
            return json_answer(work())
        except (ValueError, TypeError) as error:
            return json_answer({"error": str(error)}, 400)


def _difference(before: Mapping[str, Mapping[str, object]], after: Mapping[str, Mapping[str, object]]) -> VendorChurn:
    changed = {}
    for made in before.keys() & after.keys():
        keys = sorted(before[made].keys() | after[made].keys())
        pairs = {key: (before[made].get(key), after[made].get(key)) for key in keys}
        pairs = {key: (old, new) for key, (old, new) in pairs.items() if old != new}
        if pairs:
            changed[made] = pairs
    created = tuple(made for made in after if made not in before)
    gone = tuple(made for made in before if made not in after)
    return VendorChurn(created, gone, changed)


def _summary(accounts: list[Account], *, with_accounts: bool) -> dict[str, object]:
    summary: dict[str, object] = {
        "total": len(accounts),
        "active": sum(account.active for account in accounts),
        "by_role": Counter(account.role for account in accounts),
        "by_licence": Counter(licence for account in accounts for licence in account.licences),
        "signed_in": sum(account.last_activity is not None for account in accounts),
        "ids": [account.id for account in accounts],
    }
    if with_accounts:
        summary["accounts"] = [asdict(account) for account in accounts]
    return summary


def _fault_from(parameters: dict[str, str]) -> Fault:
    """A fault from the parameters of a request."""
    unknown = parameters.keys() - {field.name for field in fields(Fault)}
    if unknown or "kind" not in parameters:
        raise ValueError(f"a fault has a kind and no {', '.join(sorted(unknown)) or 'more'}")

    def whole(name: str) -> int | None:
        return int(parameters[name]) if name in parameters else None

    usual = Fault(FaultKind(parameters["kind"]))
    return replace(
        usual,
        endpoint=parameters.get("endpoint", usual.endpoint),
        page=whole("page"),
        times=whole("times"),
        status=whole("status"),
        amount=float(parameters.get("amount", usual.amount)),
        location=parameters.get("location", usual.location),
        with_headers=parameters.get("with_headers", "true") == "true",
        vendor=parameters.get("vendor", usual.vendor),
    )

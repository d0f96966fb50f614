"""A small company of simulated vendors for one rehearsal: nothing of it outlives the context."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from saasdesk.simulator.control import Simulator

_PEOPLE = 12


@dataclass(frozen=True, slots=True)
class StandIn:
    """Where a vendor is simulated, with the key and the inputs that open it, and an active user it has."""

    base_url: str
    key: str
    directory_key: str
    user_id: str
    email: str
    inputs: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def stage() -> Iterator[dict[str, StandIn]]:
    """Every vendor's stand-in, by its connector."""
    with Simulator(_PEOPLE) as simulator:
        yield {vendor: _stand_in(dict(access), simulator, vendor) for vendor, access in simulator.access().items()}


def _stand_in(access: dict[str, str], simulator: Simulator, vendor: str) -> StandIn:
    # The first ones have the roles that vendors protect.
    users = [account for account in simulator.truth(vendor) if account.active and account.email]
    if vendor == simulator.atlassian.name:
        # Both kinds of key are to find somebody.
        users = [account for account in users if simulator.atlassian.is_in_directory(account)]
    user = users[-1]
    base_url, key, directory_key = access.pop("base_url"), access.pop("key"), access.pop("directory_key", "")
    return StandIn(base_url, key, directory_key, user.id, user.email, access)

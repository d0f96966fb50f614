"""Where connectors are found: our own, and those that other packages bring."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from threading import RLock

from saasdesk.connectors.atlassian import ATLASSIAN
from saasdesk.connectors.jetbrains import JETBRAINS
from saasdesk.connectors.jumpcloud import JUMPCLOUD
from saasdesk.connectors.pagerduty import PAGERDUTY
from saasdesk.connectors.spec import Connector
from saasdesk.errors import UserError

ENTRY_POINT_GROUP = "saasdesk.connectors"


@dataclass(frozen=True, slots=True)
class BrokenConnector:
    """A third party's connector that could not be taken in, and why."""

    name: str
    reason: str


class Registry(Mapping[str, Connector]):
    """Connectors by their key. Those of third parties are loaded when somebody first asks for more than ours.

    A broken one is listed in `broken` and leaves the others alone; none can take the place of one of ours.
    """

    def __init__(self, ours: Iterable[Connector], find: Callable[[], Iterable[EntryPoint]] | None = None) -> None:
        self._ours = {known.key: known for known in ours}
        self._find = find or _installed
        self._all: dict[str, Connector] | None = None
        self._broken: list[BrokenConnector] = []
        self._lock = RLock()

    def __getitem__(self, key: str) -> Connector:
        return self._ours.get(key) or self._everybody()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._everybody())

    def __len__(self) -> int:
        return len(self._everybody())

    @property
    def broken(self) -> tuple[BrokenConnector, ...]:
        """The connectors of third parties that are not offered, for `doctor` and the list of connectors."""
        self._everybody()
        return tuple(self._broken)

    def _everybody(self) -> dict[str, Connector]:
        with self._lock:
            if self._all is None:
                # Set before loading: a connector may look in here while its module is imported.
                self._all = dict(self._ours)
                for entry in self._find():
                    self._take_in(entry, self._all)
            return self._all

    def _take_in(self, entry: EntryPoint, found: dict[str, Connector]) -> None:
        try:
            theirs = entry.load()
        except Exception as error:  # noqa: BLE001 - somebody else's module may fail in any way; ours must not with it
            self._broken.append(BrokenConnector(entry.name, f"Loading {entry.value} failed: {error!r}"))
            return
        if not isinstance(theirs, Connector):
            reason = f"{entry.value} is no Connector but a {type(theirs).__name__}."
        elif theirs.key != entry.name:
            reason = f"{entry.value} has the key “{theirs.key}”, but is registered as “{entry.name}”."
        elif theirs.key in found:
            reason = f"There already is a connector “{theirs.key}”."
        else:
            found[theirs.key] = theirs
            return
        self._broken.append(BrokenConnector(entry.name, reason))


def _installed() -> Iterable[EntryPoint]:
    return entry_points(group=ENTRY_POINT_GROUP)


CONNECTORS = Registry((ATLASSIAN, JETBRAINS, JUMPCLOUD, PAGERDUTY))


def connector(key: str) -> Connector:
    """The connector with this key, or a sentence naming those there are."""
    found = CONNECTORS.get(key)
    if found is None:
        raise UserError(f"“{key}” is not a connector here. Known: {', '.join(sorted(CONNECTORS))}.")
    return found

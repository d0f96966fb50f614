"""Can a vendor's host be reached from here, through the proxy and with the trust of the settings? No key is sent."""

import threading
from dataclasses import dataclass
from pathlib import Path

from saasdesk import __version__
from saasdesk.errors import Cancelled, UserError
from saasdesk.web.flight import CutOff, Flight
from saasdesk.web.limits import Limits
from saasdesk.web.origin import Origin

_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Reached:
    """How one host was reached; `problem` says why it was not, and is empty when it was."""

    host: str
    problem: str = ""


def reach(origin: Origin, extra_ca: Path | None, proxy: str | None, stop: threading.Event) -> Reached:
    """Ask a host for its first page: whatever it answers, it was reached."""
    from saasdesk.web.transport import Outgoing, Transport, TransportFailure

    try:
        transport = Transport(frozenset({origin}), Limits(), extra_ca=extra_ca, proxy=proxy)
    except UserError as error:
        return Reached(origin.host, str(error))
    headers = {"User-Agent": f"saasdesk/{__version__}", "Accept": "*/*"}
    try:
        transport.exchange(Flight(stop, _SECONDS), Outgoing(origin, "HEAD", "/", headers), None)
    except TransportFailure as failure:
        return Reached(origin.host, failure.sentence)
    except CutOff:
        raise Cancelled from None
    finally:
        transport.close()
    return Reached(origin.host)

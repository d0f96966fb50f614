"""`saasdesk vendors serve`: the simulated vendors alone, until somebody stops them."""

import json
import sys
import threading
from typing import TextIO

from saasdesk.simulator.control import DEFAULT_PEOPLE, DEFAULT_SEED, Simulator


def serve(
    port: int = 0,
    people: int = DEFAULT_PEOPLE,
    seed: int = DEFAULT_SEED,
    *,
    latency_ms: float = 0,
    rate_limit: int | None = None,
    error_rate: float = 0,
    churn: float = 0,
    stop: threading.Event | None = None,
    out: TextIO | None = None,
) -> None:
    """Print one JSON line with each vendor's base URL and key, then serve until `stop` is set.

    The truth about the company and what makes trouble are at /_truth/… and /_control/… (see `simulator.control`).
    """
    simulator = Simulator(
        people, seed, latency_ms=latency_ms, rate_limit=rate_limit, error_rate=error_rate, churn=churn, port=port
    )
    simulator.prepare()
    with simulator:
        target = out or sys.stdout
        target.write(json.dumps(simulator.access()) + "\n")
        target.flush()
        (stop or threading.Event()).wait()

"""`saasdesk vendors serve`: the simulated vendors alone, on loopback."""

import signal
import threading

import typer

from saasdesk.cli.desk import Desk
from saasdesk.simulator.serve import serve as serve_vendors

NAME = "vendors"
app = typer.Typer(help="The simulated vendors.")


@app.callback()
def _vendors() -> None:
    """The simulated vendors."""


@app.command("serve", help="Print one JSON line with addresses and keys, then serve until stopped.")
def serve(
    ctx: typer.Context,
    port: int = typer.Option(0, "--port", min=0, max=65_535),
    people: int = typer.Option(250, "--people", min=0, max=1_000_000),
    seed: int = typer.Option(1, "--seed"),
    latency_ms: float = typer.Option(0, "--latency-ms", min=0),
    rate_limit: int | None = typer.Option(None, "--rate-limit", min=1, help="Requests a minute for each key."),
    error_rate: float = typer.Option(0, "--error-rate", min=0, max=1),
    churn: float = typer.Option(0, "--churn", min=0, max=1, help="Share of the company that changes between listings."),
) -> None:
    """Serve the simulated vendors."""
    desk: Desk = ctx.obj
    stop = desk.terminal.stop
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        signal.signal(signal.SIGINT, lambda *_: stop.set())
    serve_vendors(
        port,
        people,
        seed,
        latency_ms=latency_ms,
        rate_limit=rate_limit,
        error_rate=error_rate,
        churn=churn,
        stop=stop,
        out=desk.terminal.out,
    )

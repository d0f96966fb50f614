"""Row 8 and start-up: how late the window's event loop is while something runs, and how long until it is drawn.

The measuring happens in processes of their own: `python -m benchmarks.window late|bare|saasdesk …`.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Bench, cheapest, measured, vendors
from benchmarks.result import Findings

VENDOR = "jumpcloud"
TICK_MS = 5
IDLE_SECONDS = 8.0


def measure(people: int) -> Findings:
    """Both."""
    found = Findings()
    with tempfile.TemporaryDirectory() as folder, vendors(people) as access:
        bench = Bench(Path(folder, "late"), access[VENDOR])
        _lateness(found, bench, people)
        _start_up(found, bench)
    return found


def _environment(bench: Bench) -> dict[str, str]:
    return {**bench.environment, "QT_QPA_PLATFORM": "offscreen"}


def _lateness(found: Findings, bench: Bench, people: int) -> None:
    program = [sys.executable, "-m", "benchmarks.window", "late"]
    told = subprocess.run(program, env=_environment(bench), check=True, capture_output=True, text=True)
    late = json.loads(told.stdout.splitlines()[-1])
    busy, idle = late["busy"], late["idle"]
    found.add(
        "8",
        f"event loop late while syncing {people:,} (idle: p99 {idle['p99']:.0f} ms, max {idle['max']:.0f} ms)",
        "p99 ≤ 16 ms, max ≤ 60 ms",
        f"p99 {busy['p99']:.0f} ms, max {busy['max']:.0f} ms over {busy['ticks']:,} ticks",
        busy["p99"] <= 16 and busy["max"] <= 60,
    )


def _start_up(found: Findings, bench: Bench) -> None:
    costs = {}
    for which in ("bare", "saasdesk"):
        program = [sys.executable, "-m", "benchmarks.window", which]
        costs[which] = cheapest([measured(program, _environment(bench)) for _ in range(3)])
    bare, ours = costs["bare"], costs["saasdesk"]
    found.add(
        "–",
        "from start to a drawn window, against an empty Qt window",
        "–",
        f"{ours.cpu / bare.cpu:.1f} × ({ours.cpu:.2f} s of processor time against {bare.cpu:.2f} s; "
        f"{ours.memory:.0f} MiB against {bare.memory:.0f})",
    )


# ----- inside the measured processes


def _show_bare() -> None:
    from PySide6.QtWidgets import QApplication, QMainWindow

    application = QApplication([])
    window = QMainWindow()
    window.resize(1280, 800)
    window.show()
    window.grab()
    application.processEvents()


def _show_saasdesk() -> None:
    from saasdesk.app.window import WindowDesk, make_application
    from saasdesk.credentials import Vault
    from saasdesk.profile import open_profile
    from saasdesk.services import Services
    from saasdesk.store import Store

    profile = open_profile(Path(os.environ["SAASDESK_PROFILE"]))
    with Store.open(profile) as store:
        application = make_application()
        desk = WindowDesk(application, Services(profile, store, Vault(store)))
        desk.window.resize(1280, 800)
        desk.open()
        desk.window.grab()
        application.processEvents()
        desk.close()


def _be_late() -> None:
    """Print how late a ticking timer is, first with nothing to do, then while an integration runs in the window."""
    from PySide6.QtCore import Qt, QTimer

    from saasdesk.app.picture import wait_until_drawn
    from saasdesk.app.window import WindowDesk, make_application
    from saasdesk.credentials import Vault
    from saasdesk.profile import open_profile
    from saasdesk.services import Services
    from saasdesk.store import Store
    from saasdesk.sync.integrations import list_integrations
    from saasdesk.sync.run import RunOptions, run_integration

    profile = open_profile(Path(os.environ["SAASDESK_PROFILE"]))
    with Store.open(profile) as store:
        application = make_application()
        desk_vault = Vault(store)
        desk = WindowDesk(application, Services(profile, store, desk_vault))
        desk.window.resize(1280, 800)
        desk.open()
        desk.window.navigate("integrations")
        wait_until_drawn(desk)
        delays: list[float] = []
        due = 0.0

        def tick() -> None:
            nonlocal due
            now = time.perf_counter() * 1000
            delays.append(max(0.0, now - due))
            due = now + TICK_MS

        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(TICK_MS)
        timer.timeout.connect(tick)

        def collect(go_on: object) -> dict[str, float]:
            nonlocal due
            delays.clear()
            due = time.perf_counter() * 1000 + TICK_MS
            timer.start()
            while go_on():  # type: ignore[operator]
                application.processEvents()
                time.sleep(0.0005)
            timer.stop()
            return {"p99": statistics.quantiles(delays, n=100)[-1], "max": max(delays), "ticks": len(delays)}

        end = time.monotonic() + IDLE_SECONDS
        idle = collect(lambda: time.monotonic() < end)
        integration = list_integrations(store)[0]
        options = RunOptions(started_by="benchmark")
        desk.window.start_job(
            lambda tell, stop: run_integration(store, desk_vault, integration, options, tell, stop), "Bench"
        )
        busy = collect(desk.jobs.running)
        desk.close()
    print(json.dumps({"idle": idle, "busy": busy}))


if __name__ == "__main__":
    {"late": _be_late, "bare": _show_bare, "saasdesk": _show_saasdesk}[sys.argv[1]]()

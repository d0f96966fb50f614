"""The demo: an invented company, served by simulated vendors on loopback, in a profile of its own."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from saasdesk import cli, clock
from saasdesk.app import logs
from saasdesk.app.demo_prices import enter_prices
from saasdesk.app.recovery import recover
from saasdesk.connectors import ADMIN, CONNECTORS, Connector
from saasdesk.credentials import Vault
from saasdesk.errors import ExitCode
from saasdesk.fields import ObjectKind
from saasdesk.jobs import Jobs
from saasdesk.profile import Profile, default_folder, open_profile, usual_folder
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.reports.csv_export import export_records
from saasdesk.reports.csv_lines import CsvStyle
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from saasdesk.store import Store
from saasdesk.sync import integrations
from saasdesk.sync.events import SyncResult
from saasdesk.sync.integration import Integration, IntegrationDocument, IntegrationState, with_default_mapping
from saasdesk.sync.run import RunOptions
from saasdesk.sync.together import run_together

_EXPIRES_IN_DAYS = 9


def start_demo(folder: Path | None, people: int, *, headless: bool, debug: bool) -> int:
    """Serve the simulated vendors and show the program filled from them, in a window or as a table."""
    place = folder or default_folder(demo=True)
    if headless:
        with demo_services(place, people, debug=debug) as (services, _):
            return _show_headless(services)
    from saasdesk.app.window import DemoPlace, Wish, open_window

    def own() -> Profile:
        # SAASDESK_PROFILE may name the demo's own folder.
        chosen = default_folder()
        return open_profile(usual_folder() if chosen.expanduser().resolve() == place.resolve() else chosen)

    return open_window(own, debug=debug, first=Wish(demo=True), demo=DemoPlace(place, people))


@contextmanager
def demo_services(
    folder: Path, people: int, *, debug: bool = False, began: timedelta = timedelta()
) -> Iterator[tuple[Services, Simulator]]:
    """A demo profile whose credentials open the simulated vendors, and the simulator behind them.

    Their keys live in memory: they protect nothing. A new one was set up so long ago as `began` says.
    """
    profile = open_profile(folder, demo=True)
    with Store.open(profile) as store, logs.writing_to(profile, debug=debug), Simulator(people) as simulator:
        recover(store)
        services = Services(profile, store, Vault(store))
        is_new = not integrations.list_integrations(store)
        today = clock.now().date()
        with clock.set_back(began if is_new else timedelta()):
            for key, access in simulator.access().items():
                _connect(services, key, access)
            enter_prices(store, today)
        yield services, simulator


def _connect(services: Services, key: str, access: dict[str, str]) -> None:
    """The credentials and a launched integration for whatever a simulated vendor lists, or those already there."""
    connector = CONNECTORS[key]
    name, directory = f"{connector.title} demo key", ""
    _keep_key(services, name, connector, access, access["key"], ADMIN)
    for kind in connector.kinds:
        directory = f"{connector.title} demo {kind.title.lower()}"
        _keep_key(services, directory, connector, access, access["directory_key"], kind.key)
    known = {integration.name for integration in integrations.list_integrations(services.store)}
    # Users first: whoever has a device is then known.
    for wanted in connector.objects:
        title = f"{connector.title} {connector.loading(wanted).loaded_noun}"
        if title in known:
            continue
        document = IntegrationDocument.model_validate(
            {
                "name": title,
                "connector": key,
                "object": wanted,
                "credential": name,
                "directory_credential": directory,
                "deactivate": True,
            }
        )
        saved = integrations.save_integration(services.store, with_default_mapping(document, connector))
        integrations.launch(services.store, saved, services.vault.known())


def _keep_key(
    services: Services, name: str, connector: Connector, access: dict[str, str], secret: str, kind: str
) -> None:
    # One of them is about to expire, so that the reminder can be seen.
    expires = date.today() + timedelta(days=_EXPIRES_IN_DAYS) if connector.key == "jetbrains" else None  # noqa: DTZ011 - the admin's own calendar
    inputs = {declared.key for declared in connector.inputs}
    services.vault.set(
        name,
        connector,
        secret,
        kind=kind,
        # Nothing real can be harmed, and a workflow is to be tried to its end.
        permission="act",
        inputs={key: value for key, value in access.items() if key in inputs},
        base_url=access["base_url"],
        expires=expires,
        in_memory=True,
    )


def launched(services: Services) -> list[Integration]:
    """The integrations that fill the demo."""
    known = integrations.list_integrations(services.store)
    return [integration for integration in known if integration.state is IntegrationState.ACTIVE]


def fill(services: Services, stop: threading.Event) -> list[SyncResult]:
    """Run every launched integration of the demo once, side by side."""
    options = RunOptions(started_by="demo")
    jobs = Jobs(lambda _message: None)
    return run_together(
        services.store, services.vault, launched(services), options, jobs, lambda _position, _news: None, stop
    )


def _show_headless(services: Services) -> int:
    from saasdesk.app.picture import take_picture

    terminal = cli.own_terminal()
    results = fill(services, terminal.stop)
    names = ("fetched", "created", "updated", "unchanged", "deactivated", "reactivated", "failed")
    terminal.table(
        ("Integration", "Status", *(name.capitalize() for name in names), "Seconds"),
        ((r.integration, r.status.value, *(r.counts[name] for name in names), f"{r.seconds:.1f}") for r in results),
        right=(*(name.capitalize() for name in names), "Seconds"),
    )
    for kind, name in (
        (ObjectKind.PEOPLE, "people"),
        (ObjectKind.SAAS_USERS, "saas-users"),
        (ObjectKind.ASSETS, "assets"),
    ):
        records = RecordList(services.store, kind)
        written = export_records(
            records,
            ListQuery(),
            [column.key for column in records.columns()],
            services.profile.exports / f"{name}.csv",
            what=name,
            style=CsvStyle(),
            tell=lambda _: None,
            stop=terminal.stop,
        )
        terminal.say(f"{written.rows:,} {name} in {written.path}")
    picture = take_picture(services, services.profile.exports / "window.png")
    if picture is not None:
        terminal.say(f"A picture of the window is in {picture}")
    for result in results:
        if result.message:
            print(result.message, file=sys.stderr)  # noqa: T201 - the demo's own words
    return max((result.exit_code for result in results), default=int(ExitCode.DONE))

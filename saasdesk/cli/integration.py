"""`saasdesk integration`: integrations as files, and their state."""

from pathlib import Path

import typer

from saasdesk.cli.desk import Desk
from saasdesk.clock import from_text
from saasdesk.definitions import to_toml
from saasdesk.mapping import warnings_for_launch
from saasdesk.sync import integrations
from saasdesk.sync.due import next_run
from saasdesk.sync.files import read_document
from saasdesk.sync.integration import IntegrationState
from saasdesk.sync.latest import latest_sessions

NAME = "integration"
app = typer.Typer(help="Integrations: configured loads from a vendor.")

_JSON = typer.Option(False, "--json", help="JSON only.")


@app.command("apply", help="Create or update an integration from a TOML file, all or nothing.")
def apply(ctx: typer.Context, file: Path) -> None:
    """Create or update an integration."""
    desk: Desk = ctx.obj
    document = read_document(desk.terminal.folder / file)
    with desk.writing() as services:
        saved = integrations.save_integration(services.store, document)
        todo = integrations.missing(services.store, saved, services.vault.known())
    desk.terminal.say(f"“{saved.name}” is saved as version {saved.version} ({saved.state.value}).")
    if saved.document.with_saas_users and saved.document.application_name != document.application_name:
        desk.terminal.say(f"  “{document.application_name}” is known here as “{saved.document.application_name}”.")
    for line in todo:
        desk.terminal.say(f"  still to do: {line}")
    for line in warnings_for_launch(saved.document.mapping, saved.connector):
        desk.terminal.say(f"  warning: {line}")


@app.command("list", help="All integrations with their state and last run.")
def list_all(ctx: typer.Context, as_json: bool = _JSON) -> None:
    """All integrations."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        known = integrations.list_integrations(services.store)
        latest = latest_sessions(services.store)
        rests = services.store.settings().scheduling_paused
    rows = [
        {
            "name": found.name,
            "connector": found.document.connector,
            "state": found.state.value,
            "last_run": latest[found.id].started_at if found.id in latest else None,
            "last_status": latest[found.id].status.value if found.id in latest else None,
            "next_run": None if rests else next_run(found),
        }
        for found in known
    ]
    if as_json:
        desk.terminal.json(rows)
    else:
        titles = ("Name", "Connector", "State", "Last run", "Last status", "Next run")
        desk.terminal.table(titles, (tuple(row.values()) for row in rows))


@app.command("show", help="One integration: its document, its state, what is still to do.")
def show(ctx: typer.Context, name: str, as_json: bool = _JSON) -> None:
    """One integration."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        found = integrations.find_integration(services.store, name)
        todo = integrations.missing(services.store, found, services.vault.known())
    warnings = warnings_for_launch(found.document.mapping, found.connector)
    if as_json:
        document = found.document.model_dump(mode="json", by_alias=True)
        desk.terminal.json(
            {
                "state": found.state.value,
                "version": found.version,
                "missing": todo,
                "warnings": warnings,
                "document": document,
            }
        )
        return
    since = f" since {from_text(found.launched_at):%Y-%m-%d}" if found.launched_at else ""
    desk.terminal.say(f"{found.name} · {found.connector.title} · {found.state.value}{since} · version {found.version}")
    for line in todo:
        desk.terminal.say(f"  still to do: {line}")
    for line in warnings:
        desk.terminal.say(f"  warning: {line}")
    desk.terminal.say(to_toml(found.document))


@app.command("export", help="Print the integration as a file that `apply` takes back; no secret is in it.")
def export(ctx: typer.Context, name: str) -> None:
    """The integration as TOML."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        found = integrations.find_integration(services.store, name)
    desk.terminal.say(to_toml(found.document).rstrip("\n"))


@app.command("launch", help="Leave Draft: the schedule becomes live.")
def launch(ctx: typer.Context, name: str) -> None:
    """Launch an integration."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        found = integrations.find_integration(services.store, name)
        launched = integrations.launch(services.store, found, services.vault.known())
    desk.terminal.say(f"“{launched.name}” is {IntegrationState.ACTIVE.value}.")


@app.command("pause", help="Stop the schedule; `launch` resumes it.")
def pause(ctx: typer.Context, name: str) -> None:
    """Pause an integration."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        paused = integrations.pause(services.store, integrations.find_integration(services.store, name))
    desk.terminal.say(f"“{paused.name}” is {IntegrationState.PAUSED.value}.")


@app.command("delete", help="Forget an integration; its records stay.")
def delete(ctx: typer.Context, name: str) -> None:
    """Delete an integration."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        found = integrations.find_integration(services.store, name)
        integrations.delete_integration(services.store, found)
    desk.terminal.say(f"“{found.name}” is deleted. Its records stay as they are.")

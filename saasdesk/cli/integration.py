"""`saasdesk integration`: integrations as files, and their state."""

from datetime import datetime, timedelta
from pathlib import Path

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.clock import as_text, from_text, now
from saasdesk.definitions import to_toml
from saasdesk.errors import UserError
from saasdesk.mapping import warnings_for_launch
from saasdesk.sync import integrations, muting
from saasdesk.sync.due import next_run
from saasdesk.sync.files import read_document
from saasdesk.sync.integration import IntegrationState
from saasdesk.sync.latest import latest_sessions

NAME = "integration"
app = typer.Typer(help="Integrations: configured loads from a vendor.")


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
def list_all(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
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
def show(ctx: typer.Context, name: str, as_json: bool = JSON_ONLY) -> None:
    """One integration."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        found = integrations.find_integration(services.store, name)
        todo = integrations.missing(services.store, found, services.vault.known())
        muted = muting.muted_integrations(services.store)
    warnings = warnings_for_launch(found.document.mapping, found.connector)
    if as_json:
        document = found.document.model_dump(mode="json", by_alias=True)
        desk.terminal.json(
            {
                "state": found.state.value,
                "version": found.version,
                "muted": (muted[found.id] or muting.FOR_GOOD) if found.id in muted else None,
                "missing": todo,
                "warnings": warnings,
                "document": document,
            }
        )
        return
    since = f" since {from_text(found.launched_at):%Y-%m-%d}" if found.launched_at else ""
    desk.terminal.say(f"{found.name} · {found.connector.title} · {found.state.value}{since} · version {found.version}")
    if found.id in muted:
        desk.terminal.say(f"  muted {muting.mute_in_words(muted[found.id])}: nobody is told of its failures")
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


@app.command("mute", help="Tell nobody of its failures for a while, or for good; Home and Activity still show them.")
def mute_one(
    ctx: typer.Context,
    name: str,
    until: str | None = typer.Option(
        None, "--until", metavar="MOMENT", help="2026-11-30, or '2026-11-30 08:00', here."
    ),
    hours: int | None = typer.Option(None, "--hours", min=1, max=24 * 365, help="For so many hours."),
) -> None:
    """Mute an integration."""
    desk: Desk = ctx.obj
    end = _end_of_mute(until, hours)
    with desk.writing() as services:
        found = integrations.find_integration(services.store, name)
        muting.mute(services.store, found, end)
    told = muting.mute_in_words(None if end is None else as_text(end))
    desk.terminal.say(f"“{found.name}” is muted {told}. `integration unmute` ends that.")


@app.command("unmute", help="Tell of its failures again.")
def unmute_one(ctx: typer.Context, name: str) -> None:
    """Tell of an integration again."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        found = integrations.find_integration(services.store, name)
        muting.unmute(services.store, found)
    desk.terminal.say(f"“{found.name}” is told of again.")


def _end_of_mute(until: str | None, hours: int | None) -> datetime | None:
    if until is not None and hours is not None:
        raise UserError("Say --until or --hours, not both.")
    if hours is not None:
        return now() + timedelta(hours=hours)
    if until is None:
        return None
    try:
        return datetime.fromisoformat(until.strip()).astimezone()
    except ValueError:
        raise UserError(f"“{until}” is no moment. Write 2026-11-30, or '2026-11-30 08:00'.") from None


@app.command("delete", help="Forget an integration; its records stay.")
def delete(ctx: typer.Context, name: str) -> None:
    """Delete an integration."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        found = integrations.find_integration(services.store, name)
        integrations.delete_integration(services.store, found)
    desk.terminal.say(f"“{found.name}” is deleted. Its records stay as they are.")

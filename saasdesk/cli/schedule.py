"""`saasdesk schedule`: the operating system's own timer, which calls `run --due` while no window is open."""

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.clock import now
from saasdesk.schedule.timer import timer_for
from saasdesk.sync.due import due_integrations, next_run
from saasdesk.sync.integrations import list_integrations

NAME = "schedule"
app = typer.Typer(help="The operating system's own timer, so that schedules run while no window is open.")


@app.command("install", help="Have the system run what is due. --print only shows what would be written.")
def install(
    ctx: typer.Context, only_print: bool = typer.Option(False, "--print", help="Show the files; write nothing.")
) -> None:
    """Write the timer and switch it on."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        timer = timer_for(services.profile)
    if only_print:
        for path, text in timer.files().items():
            desk.terminal.say(f"# {path}\n{text}")
        return
    timer.install()
    for path in timer.files():
        desk.terminal.say(f"Written: {path}")
    desk.terminal.say(f"The {timer.title} looks every five minutes what is due. {timer.hint}")


@app.command("remove", help="Take the timer away again; schedules then run only while the window is open.")
def remove(ctx: typer.Context) -> None:
    """Take the timer away."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        timer = timer_for(services.profile)
    removed = timer.remove()
    desk.terminal.say(f"The {timer.title} is removed." if removed else "There is no timer of this profile.")


@app.command("show", help="Whether the timer is installed, and when each integration runs next.")
def show(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """Show the timer and the next runs."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        timer = timer_for(services.profile)
        due = {integration.id for integration in due_integrations(services.store, now())}
        runs = [
            (integration.name, integration.document.schedule.in_words(), next_run(integration), integration.id in due)
            for integration in list_integrations(services.store)
        ]
        is_paused = services.store.settings().scheduling_paused
    state = timer.state()
    if as_json:
        desk.terminal.json(
            {
                "timer": timer.title,
                "installed": state.is_installed,
                "state": state.text,
                "files": [str(path) for path in timer.files()],
                "paused": is_paused,
                "integrations": [
                    {"integration": name, "schedule": words, "next_run": moment, "due": is_due}
                    for name, words, moment, is_due in runs
                ],
            }
        )
        return
    desk.terminal.say(f"{timer.title}: {state.text}")
    if state.is_for_another_program:
        desk.terminal.note("It starts another program than this one, or another profile: saasdesk schedule install")
    if is_paused:
        desk.terminal.note("All schedules are paused: saasdesk setting set scheduling_paused false")
    desk.terminal.table(
        ("Integration", "Schedule", "Next run"),
        ((name, words, "now" if is_due else moment or "not launched") for name, words, moment, is_due in runs),
    )

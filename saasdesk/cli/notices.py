"""`saasdesk notices`: what the bell of the window shows."""

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.notices import list_notices, mark_read


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("notices", help="What went wrong or waits for you. --read marks everything as read.")
    def notices(
        ctx: typer.Context,
        unread: bool = typer.Option(False, "--unread", help="Only what nobody has read yet."),
        read: bool = typer.Option(False, "--read", help="Mark everything as read, then show it."),
        as_json: bool = JSON_ONLY,
    ) -> None:
        desk: Desk = ctx.obj
        with desk.writing() if read else desk.reading() as services:
            found = [notice for notice in list_notices(services.store) if notice.is_unread or not unread]
            if read:
                mark_read(services.store)
        if as_json:
            desk.terminal.json([notice.as_json() for notice in found])
        elif not found:
            desk.terminal.say("Nothing to tell.")
        else:
            desk.terminal.table(
                ("Last", "Times", "What", "Why", "Read"),
                (
                    (
                        notice.last_at,
                        notice.count,
                        notice.title,
                        notice.body,
                        "solved" if notice.solved_at else "no" if notice.is_unread else "yes",
                    )
                    for notice in found
                ),
                right=("Times",),
            )

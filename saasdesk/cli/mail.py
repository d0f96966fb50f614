"""`saasdesk mail`: the account that notices are sent from, and what waits to be sent."""

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.notices import outbox
from saasdesk.notices.rows import MailRow

NAME = "mail"
app = typer.Typer(help="The mail account's password, a test mail, the outbox. Server and sender are settings.")


@app.command("password", help="Keep the mail account's password in the keyring; read from a prompt or from stdin.")
def password(ctx: typer.Context) -> None:
    """Keep the password."""
    desk: Desk = ctx.obj
    entered = desk.terminal.read_secret("Password of the mail account: ")
    with desk.writing() as services:
        services.vault.place(outbox.PASSWORD).set(entered)
        outbox.try_now(services.store)
    desk.terminal.say("The password is kept in the keyring. Try it: saasdesk mail test")


@app.command("test", help="Send one mail now, to ADDRESS or to the sender itself, and say how it went.")
def test(ctx: typer.Context, address: str | None = typer.Argument(None)) -> None:
    """Send a test mail."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        account = outbox.open_account(services.store, services.vault)
        said = outbox.send_test(account, address or account.sender)
        outbox.try_now(services.store)
    desk.terminal.say(said)


@app.command("list", help="What waits to be sent, and what was sent lately.")
def list_all(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """The outbox."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        found = outbox.list_mail(services.store)
    if as_json:
        desk.terminal.json(
            [
                {
                    "mail": mail.id,
                    "to": mail.recipient,
                    "title": mail.title,
                    "queued_at": mail.queued_at,
                    "sent_at": mail.sent_at,
                    "given_up_at": mail.given_up_at,
                    "tries": mail.tries,
                    "next_try_at": None if mail.sent_at or mail.given_up_at else mail.next_try_at,
                    "problem": mail.problem,
                }
                for mail in found
            ]
        )
    else:
        desk.terminal.table(
            ("To", "Title", "State", "Tries", "Problem"),
            ((mail.recipient, mail.title, _state(mail), mail.tries, mail.problem) for mail in found),
            right=("Tries",),
        )


def _state(mail: MailRow) -> str:
    if mail.sent_at:
        return f"sent {mail.sent_at}"
    return f"given up {mail.given_up_at}" if mail.given_up_at else f"next try {mail.next_try_at}"

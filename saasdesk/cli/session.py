"""`saasdesk sessions` and `saasdesk session`: what each run did, and taking its deactivations back."""

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.cli.run import report
from saasdesk.errors import UserError
from saasdesk.sync import integrations, sessions
from saasdesk.sync.history import session_json, whole_session_json
from saasdesk.sync.imports.applying import IMPORT, undo_import
from saasdesk.sync.rows import SessionRow
from saasdesk.sync.run import RunOptions, run_integration

_COUNTED = (
    "fetched", "created", "updated", "unchanged", "skipped", "filtered", "deactivated", "reactivated", "failed",
)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command("sessions", help="Sync sessions, newest first.")
    def list_all(ctx: typer.Context, name: str = typer.Argument(""), as_json: bool = JSON_ONLY) -> None:
        desk: Desk = ctx.obj
        with desk.reading() as services:
            integration = integrations.find_integration(services.store, name).id if name else None
            found = sessions.list_sessions(services.store, integration)
        if as_json:
            desk.terminal.json([session_json(session) for session in found])
            return
        if desk.terminal.is_terminal:
            _list_for_people(desk, found)
            return
        names = ("fetched", "created", "updated", "unchanged", "deactivated", "failed")
        desk.terminal.table(
            ("Session", "Integration", "Kind", "Started", "Status", *(word.capitalize() for word in names), "Message"),
            (
                (
                    s.id,
                    s.integration_name,
                    s.kind,
                    s.started_at,
                    s.status.value,
                    *(s.counts.get(word, 0) for word in names),
                    s.message,
                )
                for s in found
            ),
            right=tuple(word.capitalize() for word in names),
        )

    @app.command(
        "session",
        help="One session: `session ID`. Also `session undo ID`, `session retry ID`, "
        "`session accept ID --record KEY --note TEXT` and `session withdraw ID --record KEY`.",
    )
    def one(
        ctx: typer.Context,
        words: list[str] = typer.Argument(..., metavar="ID | undo ID | retry ID | accept ID | withdraw ID"),
        record: str = typer.Option("", "--record", help="For accept: the record's name or vendor id."),
        note: str = typer.Option("", "--note", help="For accept: why this conflict is all right."),
        as_json: bool = JSON_ONLY,
    ) -> None:
        desk: Desk = ctx.obj
        match words:
            case ["undo", number]:
                _undo(desk, _number(number))
            case ["accept", number]:
                if not record:
                    raise UserError("Say which record: saasdesk session accept ID --record KEY --note TEXT")
                with desk.writing() as services:
                    sessions.accept_conflict(services.store, _number(number), record, note)
                desk.terminal.say(f"The conflict of {record} is accepted until it changes.")
            case ["withdraw", number]:
                if not record:
                    raise UserError("Say which record: saasdesk session withdraw ID --record KEY")
                with desk.writing() as services:
                    sessions.withdraw_acceptance(services.store, _number(number), record)
                desk.terminal.say(f"The conflict of {record} counts again from the next run on.")
            case ["retry", number]:
                _retry(desk, _number(number), as_json=as_json)
            case [number]:
                _show(desk, _number(number), as_json=as_json)
            case _:
                raise UserError(
                    "Usage: saasdesk session ID, session undo ID, session retry ID, "
                    "session accept ID --record KEY --note TEXT, or session withdraw ID --record KEY"
                )


def _undo(desk: Desk, number: int) -> None:
    """Take back what a session deactivated or, where it was an import, all that it wrote."""
    with desk.writing() as services:
        if sessions.find_session(services.store, number).kind == IMPORT:
            back, stayed = undo_import(services.store, number)
            were = "record is as it was" if back == 1 else "records are as they were"
            desk.terminal.say(f"{back} {were}; {stayed} were changed since and stay.")
            return
        count = sessions.undo_deactivations(services.store, number)
    desk.terminal.say(f"{count} records are active again.")


def _retry(desk: Desk, number: int, *, as_json: bool) -> None:
    """Read the records that a session left as they were once more, one by one."""
    with desk.writing() as services:
        found = sessions.find_session(services.store, number)
        only = sessions.retryable(sessions.errors_of(services.store, number))
        if not only:
            raise UserError(f"Session {number} left no record as it was that could be tried again.")
        integration = integrations.find_integration(services.store, found.integration_name)
        with desk.terminal.cancellable() as stop:
            options = RunOptions(only=only)
            result = run_integration(services.store, services.vault, integration, options, lambda _news: None, stop)
        report(services, [result], desk.terminal, as_json=as_json)
    raise typer.Exit(result.exit_code)


def _list_for_people(desk: Desk, found: list[SessionRow]) -> None:
    """On a terminal there is no room for a column a number."""
    desk.terminal.table(
        ("Session", "Integration", "Kind", "Started (UTC)", "Status", "Result"),
        (
            (
                s.id,
                s.integration_name,
                s.kind,
                s.started_at[:16].replace("T", " "),
                s.status.value.replace("_", " "),
                ". ".join(part for part in (_counted(s), s.message) if part),
            )
            for s in found
        ),
        right=("Session", "Started (UTC)"),
    )


def _counted(session: SessionRow) -> str:
    return ", ".join(f"{session.counts[name]:,} {name}" for name in _COUNTED if session.counts.get(name))


def _number(text: str) -> int:
    if not text.isdigit():
        raise UserError(f"“{text}” is not a session's number. See: saasdesk sessions")
    return int(text)


def _show(desk: Desk, number: int, *, as_json: bool) -> None:
    with desk.reading() as services:
        found = sessions.find_session(services.store, number)
        errors = sessions.errors_of(services.store, number)
        changes = sessions.changes_of(services.store, number)
        outlook = sessions.undo_outlook(services.store, found)
    if as_json:
        desk.terminal.json(whole_session_json(found, errors, changes))
        return
    finished = found.finished_at or "…"
    kind = "" if found.kind == "run" else f" ({found.kind})"
    desk.terminal.say(
        f"Session {found.id} of “{found.integration_name}”{kind}: {found.status.value}, "
        f"{found.started_at} to {finished}"
    )
    desk.terminal.say(_counted(found) or "Nothing was read or changed.")
    if found.message:
        desk.terminal.say(found.message)
    if outlook.back:
        desk.terminal.say(
            f"{outlook.back} of {outlook.deactivated} deactivations can be undone until {outlook.until[:10]}: "
            f"saasdesk session undo {found.id}"
        )
    elif outlook.why_not:
        desk.terminal.say(outlook.why_not)
    if errors:
        desk.terminal.table(("Record left as it was", "Why"), ((e.record, e.message) for e in errors))
    if changes:
        desk.terminal.table(
            ("Change", "Object", "Record", "Field", "Before", "After"),
            ((c.kind, c.object, c.label, c.field, c.before, c.after) for c in changes),
        )
    elif found.kind in {"preview", "test"}:
        desk.terminal.say(
            "A preview writes no record; `saasdesk run NAME --preview` shows what a run would change now."
        )

"""`saasdesk sessions` and `saasdesk session`: what each run did, and taking its deactivations back."""

from typing import Any

import typer

from saasdesk.cli.desk import Desk
from saasdesk.errors import UserError
from saasdesk.sync import integrations, sessions
from saasdesk.sync.rows import ChangeRow, SessionRow

_COUNTED = (
    "fetched", "created", "updated", "unchanged", "skipped", "filtered", "deactivated", "reactivated", "failed",
)  # fmt: skip
_JSON = typer.Option(False, "--json", help="JSON only.")


def add_to(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command("sessions", help="Sync sessions, newest first.")
    def list_all(ctx: typer.Context, name: str = typer.Argument(""), as_json: bool = _JSON) -> None:
        desk: Desk = ctx.obj
        with desk.reading() as services:
            integration = integrations.find_integration(services.store, name).id if name else None
            found = sessions.list_sessions(services.store, integration)
        if as_json:
            desk.terminal.json([as_json_object(session) for session in found])
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
        help="One session: `session ID`. Also `session undo ID` and `session accept ID --record KEY --note TEXT`.",
    )
    def one(
        ctx: typer.Context,
        words: list[str] = typer.Argument(..., metavar="ID | undo ID | accept ID"),
        record: str = typer.Option("", "--record", help="For accept: the record's name or vendor id."),
        note: str = typer.Option("", "--note", help="For accept: why this conflict is all right."),
        as_json: bool = _JSON,
    ) -> None:
        desk: Desk = ctx.obj
        match words:
            case ["undo", number]:
                with desk.writing() as services:
                    count = sessions.undo_deactivations(services.store, _number(number))
                desk.terminal.say(f"{count} records are active again.")
            case ["accept", number]:
                if not record:
                    raise UserError("Say which record: saasdesk session accept ID --record KEY --note TEXT")
                with desk.writing() as services:
                    sessions.accept_conflict(services.store, _number(number), record, note)
                desk.terminal.say(f"The conflict of {record} is accepted until it changes.")
            case [number]:
                _show(desk, _number(number), as_json=as_json)
            case _:
                raise UserError(
                    "Usage: saasdesk session ID, session undo ID, or session accept ID --record KEY --note TEXT"
                )


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
    if as_json:
        desk.terminal.json(
            {
                **as_json_object(found),
                "errors": [
                    {"record": e.record, "vendor_id": e.vendor_id, "message": e.message, "accepted": e.accepted}
                    for e in errors
                ],
                "changes": [change_json(change) for change in changes],
            }
        )
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


def as_json_object(session: SessionRow) -> dict[str, Any]:
    """A session as JSON."""
    return {
        "session": session.id,
        "integration": session.integration_name,
        "kind": session.kind,
        "started_by": session.started_by,
        "status": session.status.value,
        "started_at": session.started_at,
        "finished_at": session.finished_at,
        "message": session.message,
        "exit_code": session.exit_code,
        "undone_at": session.undone_at,
        **session.counts,
    }


def change_json(change: ChangeRow) -> dict[str, Any]:
    """One changed field as JSON."""
    return {
        "at": change.at,
        "session": change.session,
        "cause": change.cause,
        "object": change.object,
        "record": change.label,
        "change": change.kind,
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
    }

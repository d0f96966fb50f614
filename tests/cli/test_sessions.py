"""Sessions and held plans: look, accept, take back, approve, reject."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import FaultKind
from tests.cli.conftest import NAME, CommandLine, spoil

SESSION = {
    "session", "integration", "kind", "started_by", "status", "started_at", "finished_at", "message", "exit_code",
    "undone_at", "fetched", "created", "updated", "unchanged", "skipped", "filtered", "deactivated", "reactivated",
    "failed", "people", "saas_users", "assets", "licences",
}  # fmt: skip
UTC_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def loaded(connected: CommandLine) -> CommandLine:
    """A profile with thirty people and their accounts."""
    connected.sync()
    return connected


@pytest.fixture
def held(loaded: CommandLine, simulator: Simulator) -> CommandLine:
    """Twelve of thirty have left, which is more than a run may deactivate by itself."""
    simulator.company.leave([account.serial for account in simulator.truth("pagerduty")[-12:]])
    assert loaded.do("run", NAME).code == 1
    return loaded


def active(cli: CommandLine) -> int:
    return len(cli.json("saas-users", "--active"))


def test_that_sessions_are_listed_newest_first_with_their_keys(loaded: CommandLine) -> None:
    loaded.sync("--preview")

    sessions = loaded.json("sessions", NAME)

    assert [(s["session"], s["kind"], s["status"]) for s in sessions] == [
        (2, "preview", "completed"),
        (1, "run", "completed"),
    ]
    assert all(set(session) == SESSION for session in sessions)
    assert all(UTC_TEXT.fullmatch(session[key]) for session in sessions for key in ("started_at", "finished_at"))
    assert (sessions[1]["fetched"], sessions[1]["people"]["created"]) == (30, 30)
    assert loaded.json("sessions") == sessions
    assert loaded.fails(2, "sessions", "Nix").startswith("There is no integration “Nix”.")


def test_that_a_session_tells_its_changes_field_by_field(loaded: CommandLine) -> None:
    session = loaded.json("session", "1")

    assert set(session) == SESSION | {"errors", "changes"}
    emails = [c for c in session["changes"] if (c["object"], c["field"]) == ("people", "email")]
    assert sorted(c["after"] for c in emails) == sorted(row["email"] for row in loaded.json("people"))
    assert set(emails[0]) == {
        "at", "session", "cause", "object", "record", "change", "field", "before", "after", "reason"
    }  # fmt: skip
    assert {c["before"] for c in emails} == {None}


def test_that_sessions_on_a_terminal_take_a_line_or_two_each(
    loaded: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded.sync()
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "100")

    said = loaded.ok("sessions")

    assert "30 fetched, 60 unchanged" in " ".join(said.split())
    assert len(said.splitlines()) <= 9


def test_that_a_session_in_words_has_its_kind_and_counts_and_no_empty_table(loaded: CommandLine) -> None:
    loaded.sync("--preview")

    said = loaded.ok("session", "2").splitlines()

    assert said[0].startswith(f"Session 2 of “{NAME}” (preview): completed, ")
    assert said[1] == "30 fetched, 60 unchanged"
    assert said[2].startswith("A preview writes no record")
    assert len(said) == 3


def test_that_changes_of_a_session_that_never_was_are_not_exported(loaded: CommandLine, tmp_path: Path) -> None:
    assert loaded.fails(2, "export", "changes", "--to", tmp_path / "c.csv", "--session", "77") == (
        "There is no sync session 77."
    )
    assert not (tmp_path / "c.csv").exists()


def test_that_an_accepted_conflict_is_listed_but_no_longer_counted(
    connected: CommandLine, simulator: Simulator
) -> None:
    spoil(simulator, FaultKind.DUPLICATE_EMAIL)
    assert connected.do("run", NAME).code == 1
    errors = connected.json("session", "1")["errors"]

    for error in errors:
        words = ("session", "accept", "1", "--record", error["vendor_id"], "--note", "the same mailbox")
        assert "accepted until it changes" in connected.ok(*words)
    result = connected.sync()

    assert (result["status"], result["errors"]) == ("completed", [])
    again = connected.json("session", "2")["errors"]
    assert [(e["vendor_id"], e["accepted"]) for e in again] == [(e["vendor_id"], True) for e in errors]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("accept", "1"), "Say which record: saasdesk session accept ID --record KEY --note TEXT"),
        (("accept", "1", "--record", "x"), "Say in a note why this conflict is all right."),
        (("accept", "1", "--record", "x", "--note", "y"), "Session 1 left no record “x” as it was."),
        (("accept", "9", "--record", "x", "--note", "y"), "There is no sync session 9."),
        (("undo", "1"), "Session 1 has nothing to undo: nobody it deactivated is still deactivated."),
        (("undo", "9"), "There is no sync session 9."),
        (("9",), "There is no sync session 9."),
        (("nine",), "“nine” is not a session's number. See: saasdesk sessions"),
        (("undo", "1", "2"), "Usage: saasdesk session ID, session undo ID, session retry ID"),
    ],
)
def test_p17_that_what_cannot_be_done_with_a_session_is_said(
    loaded: CommandLine, words: tuple[str, ...], sentence: str
) -> None:
    assert loaded.fails(2, "session", *words).startswith(sentence)


def test_that_an_undo_brings_back_whom_the_session_deactivated(loaded: CommandLine, simulator: Simulator) -> None:
    simulator.company.leave([account.serial for account in simulator.truth("pagerduty")[-3:]])
    session = loaded.sync()["session"]
    assert active(loaded) == 27

    assert "are active again" in loaded.ok("session", "undo", str(session))

    assert active(loaded) == 30
    undo, undone, _ = loaded.json("sessions")
    assert (undo["kind"], undo["reactivated"], undone["undone_at"] is not None) == ("undo", 3, True)
    assert "already undone" in loaded.fails(2, "session", "undo", str(session))


def test_that_a_held_plan_is_listed_and_shown_with_every_name(held: CommandLine, simulator: Simulator) -> None:
    (plan,) = held.json("plan", "list")
    shown = held.json("plan", "show", str(plan["plan"]))

    assert set(plan) == {"plan", "integration", "session", "deactivations", "reason", "held_since"}
    assert (plan["integration"], plan["session"], plan["deactivations"]) == (NAME, 2, 12)
    assert plan["reason"].startswith("12 of 30 users would become inactive;")
    assert plan["reason"].endswith("The vendor returned 18. Nobody was deactivated.")
    assert set(shown) == {"plan", "state", "reason", "records"}
    there = {account.id for account in simulator.truth("pagerduty")}
    gone = {row["saas_user_id"] for row in held.json("saas-users")} - there
    users = [record for record in shown["records"] if record["object"] == "saas_users"]
    assert {(record["vendor_id"], record["kind"], record["held"]) for record in users} == {
        (vendor_id, "deactivate", True) for vendor_id in gone
    }
    text = held.ok("plan", "show", str(plan["plan"]))
    assert all(record["record"] in text for record in users)
    assert active(held) == 30


def test_that_a_plan_is_approved_only_by_its_own_number(held: CommandLine) -> None:
    assert held.fails(2, "plan", "approve", "1").startswith("Missing option '--count'.")
    assert held.fails(2, "plan", "approve", "1", "--count", "11") == (
        "Plan 1 would deactivate 12, not 11. Look at it again, then type that number."
    )
    assert active(held) == 30

    assert held.ok("plan", "approve", "1", "--count", "12") == "12 deactivated.\n"

    assert active(held) == 18
    assert held.json("plan", "list") == []
    assert held.fails(2, "plan", "approve", "1", "--count", "12") == "Plan 1 does not wait for a decision."
    assert held.sync()["status"] == "completed"


def test_that_a_rejected_plan_leaves_everybody_active(held: CommandLine) -> None:
    assert held.ok("plan", "reject", "1") == "Plan 1 is rejected; nobody was deactivated.\n"

    assert (active(held), held.json("plan", "list")) == (30, [])


@pytest.mark.parametrize("words", [("show", "9"), ("approve", "9", "--count", "1"), ("reject", "9")], ids=" ".join)
def test_p17_that_there_is_no_such_plan(loaded: CommandLine, words: tuple[str, ...]) -> None:
    assert loaded.fails(2, "plan", *words) == "There is no plan 9."


@pytest.mark.parametrize("decision", ["approve", "undo"])
def test_p16_that_the_audit_log_notices_when_what_a_person_did_is_edited_away(held: CommandLine, decision: str) -> None:
    held.ok("plan", "approve", "1", "--count", "12")
    session = held.json("sessions")[0]["session"]
    if decision == "undo":
        held.ok("session", "undo", str(session))
        session = held.json("sessions")[0]["session"]
    assert held.json("audit", "verify") == {"ok": True, "problems": []}

    with closing(sqlite3.connect(held.profile / "saasdesk.db")) as db:
        db.executescript("DROP TRIGGER IF EXISTS change_append_only; DROP TRIGGER IF EXISTS change_no_delete;")
        for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'change'"):
            db.execute(f'DROP TRIGGER "{trigger}"')
        db.execute("DELETE FROM change WHERE session = ? AND object = 'saas_users'", (session,))
        # Whoever edits the history would edit the session's own sum as well.
        db.execute("UPDATE sync_session SET changes_hash = NULL WHERE id = ?", (session,))
        db.commit()

    done = held.do("audit", "verify")
    assert done.code == 1
    assert f"Session {session} stands in the audit log, but its changes are no longer kept with it." in done.out


def test_that_a_preview_is_applied_without_the_records_named(connected: CommandLine, simulator: Simulator) -> None:
    said = connected.ok("run", NAME, "--preview")
    assert "saasdesk plan apply 1" in said
    left_out = simulator.truth("pagerduty")[0]

    (done,) = connected.json("plan", "apply", "1", "--without", left_out.id)

    assert (done["status"], done["preview"], done["people"]["created"]) == ("completed", False, 29)
    assert left_out.email not in {row["email"] for row in connected.json("people")}
    assert connected.fails(2, "plan", "apply", "1") == "Plan 1 cannot be applied. This plan was applied."
    assert connected.json("sessions")[0]["kind"] == "apply"


def test_p17_that_only_a_preview_of_a_record_it_has_is_applied(held: CommandLine) -> None:
    number = held.json("plan", "list")[0]["plan"]
    assert "is not a preview" in held.fails(2, "plan", "apply", str(number))
    held.do("run", NAME, "--preview")
    assert "has no record “Nobody”" in held.fails(2, "plan", "apply", str(number + 1), "--without", "Nobody")


def test_that_failed_records_are_tried_again_from_the_shell(connected: CommandLine, spoilt: Simulator) -> None:
    spoil(spoilt, FaultKind.DUPLICATE_EMAIL, endpoint="users")
    first = connected.sync()
    spoilt.faults.clear()
    assert first["status"] == "completed_with_errors"

    (again,) = connected.json("session", "retry", str(first["session"]))

    assert (again["status"], again["people"]["created"]) == ("completed", first["failed"])
    assert connected.json("sessions")[0]["kind"] == "retry"
    assert "could be tried again" in connected.fails(2, "session", "retry", str(again["session"]))


def test_that_an_accepted_conflict_is_withdrawn_from_the_shell(connected: CommandLine, spoilt: Simulator) -> None:
    spoil(spoilt, FaultKind.DUPLICATE_EMAIL, endpoint="users")
    session = connected.sync()["session"]
    key = connected.json("session", str(session))["errors"][0]["vendor_id"]
    connected.ok("session", "accept", str(session), "--record", key, "--note", "shared")

    assert "counts again" in connected.ok("session", "withdraw", str(session), "--record", key)
    assert "is accepted in session" in connected.fails(2, "session", "withdraw", str(session), "--record", key)

"""Every state of a run has a word and an icon of its own, also those that nobody hopes for."""

from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from saasdesk.jobs import Job
from saasdesk.sync.events import PhaseBegan, Status
from saasdesk.sync.rows import SessionRow
from saasdesk.ui.pages.integrations.run_progress import RunProgress
from saasdesk.ui.pages.integrations.session_words import status_of_run, status_of_session
from saasdesk.web import Waiting

WORDS = {
    Status.QUEUED: "Queued",
    Status.FETCHING: "Running",
    Status.VERIFIED: "Running",
    Status.UNPROVEN: "Running",
    Status.APPLYING: "Running",
    Status.COMPLETED: "Completed",
    Status.COMPLETED_WITH_ERRORS: "Completed with errors",
    Status.INCOMPLETE: "Incomplete",
    Status.STOPPED_BY_SAFEGUARD: "Held",
    Status.EMPTY: "Empty",
    Status.FAILED: "Failed",
    Status.CANCELLED: "Cancelled",
    Status.INTERRUPTED: "Interrupted",
    Status.MISSED: "Missed",
}


@pytest.mark.parametrize("run", Status)
def test_that_each_status_has_its_word_and_an_icon(qtbot: QtBot, run: Status) -> None:
    shown = status_of_run(run)

    assert shown.word == WORDS[run]
    assert shown.icon


def session(status: Status, **evidence: object) -> SessionRow:
    started = "2026-11-01T08:00:00Z"
    return SessionRow(1, 1, "A", "run", "by hand", status, "", started, started, {}, evidence, "", 1, None)


def test_that_a_run_that_was_given_up_after_a_day_says_so(qtbot: QtBot) -> None:
    assert status_of_session(session(Status.FAILED, timed_out=True)).word == "Timed out"
    assert status_of_session(session(Status.FAILED)).word == "Failed"


def test_that_a_run_is_stalled_after_ten_minutes_of_silence_and_runs_again_when_it_speaks() -> None:
    progress = RunProgress(Job(1, "A"), "A", 0.0, heard_at=0.0)

    assert progress.word(600.0) == "running"
    assert progress.word(601.0) == "stalled"
    assert progress.after(PhaseBegan(1, "A", "Saving"), 601.0).word(602.0) == "running"


def test_that_a_run_that_waits_for_its_turn_is_no_stalled_one() -> None:
    waiting = RunProgress(Job(1, "A"), "A", 0.0).after(PhaseBegan(1, "A", "Waiting", is_waiting=True), 0.0)

    assert waiting.word(10_000.0) == "waiting"


def test_that_a_run_that_a_vendor_asked_to_wait_is_stalled_only_after_that(qtbot: QtBot) -> None:
    waiting = Waiting("api.example.com", 1200.0, datetime(2026, 3, 2, tzinfo=UTC), "rate limit")
    progress = RunProgress(Job(1, "A"), "A", 0.0).after(waiting, 0.0)

    assert (progress.word(1800.0), progress.word(1801.0)) == ("running", "stalled")

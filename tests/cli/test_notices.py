"""`saasdesk notices`: what the bell of the window shows."""

from pathlib import Path

import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import FaultKind
from tests.cli.conftest import NAME, CommandLine, spoil


@pytest.fixture
def failed(connected: CommandLine, simulator: Simulator) -> CommandLine:
    """A launched integration whose vendor refuses the key."""
    spoil(simulator, FaultKind.STATUS, status=401)
    assert connected.do("run", NAME).code == 3
    return connected


def test_that_a_failed_run_is_listed_until_it_is_marked_as_read(failed: CommandLine) -> None:
    (notice,) = failed.json("notices", "--unread")
    assert set(notice) == {"notice", "kind", "title", "body", "count", "first_at", "last_at", "read", "solved"}
    assert (notice["kind"], notice["count"], notice["read"]) == ("run_failed", 1, False)

    assert f"“{NAME}” failed" in failed.ok("notices", "--read")

    assert failed.json("notices", "--unread") == []
    assert failed.json("notices")[0]["read"] is True


def test_that_a_profile_where_all_is_well_has_nothing_to_tell(cli: CommandLine, tmp_path: Path) -> None:
    cli.ok("variable", "set", "Company", "Example")

    assert cli.ok("notices") == "Nothing to tell.\n"

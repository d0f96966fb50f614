"""`saasdesk run`: what it prints, what it leaves alone, when it is due, and who may run at all."""

import json
import re
import sqlite3
import threading
from contextlib import closing

import pytest

from saasdesk.errors import ExitCode
from saasdesk.profile import open_profile
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import FaultKind
from saasdesk.store import Store
from tests.cli.conftest import NAME, CommandLine, spoil

COUNTS = {"created", "updated", "unchanged", "skipped", "deactivated", "reactivated", "failed"}
COUNTS_IN_ORDER = (
    "fetched", "created", "updated", "unchanged", "skipped", "filtered", "deactivated", "reactivated", "failed",
)  # fmt: skip
RESULT = {
    "kind", "integration", "session", "status", "preview", "fetched", "filtered", "people", "saas_users", "assets",
    "licences", "seconds", "errors",
} | COUNTS  # fmt: skip


def test_that_a_result_has_the_keys_that_scripts_read(connected: CommandLine) -> None:
    result = connected.sync()

    assert set(result) >= RESULT
    assert (result["kind"], result["integration"], result["preview"]) == ("integration", NAME, False)
    for part in ("people", "saas_users", "assets", "licences"):
        assert set(result[part]) == COUNTS
    for name in COUNTS:
        assert result[name] == sum(result[part][name] for part in ("people", "saas_users", "assets"))
    assert result["seconds"] > 0


def test_that_a_record_left_as_it_was_is_in_the_result_with_the_reason(
    connected: CommandLine, simulator: Simulator
) -> None:
    spoil(simulator, FaultKind.DUPLICATE_EMAIL)

    result = connected.sync()

    assert result["status"] == "completed_with_errors"
    assert [set(error) for error in result["errors"]] == [{"record", "message"}] * 2


def test_that_only_json_comes_to_standard_output(connected: CommandLine) -> None:
    done = connected.do("run", NAME, "--json")

    assert isinstance(json.loads(done.out), list)
    assert done.err.splitlines()[0] == f"{NAME}: Signing in"


def test_that_a_terminal_has_columns_for_what_there_is_to_count_and_a_pipe_has_all(
    connected: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_pipe = connected.ok("run", NAME).splitlines()[0].split("\t")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")

    on_terminal = re.sub(r"\x1b\[\d*m", "", connected.ok("run", NAME)).split("─")[0].split()

    assert in_pipe[3:] == [*(name.capitalize() for name in COUNTS_IN_ORDER), "Seconds"]
    assert on_terminal[3:] == ["Fetched", "Created", "Updated", "Unchanged", "Deactivated", "Seconds"]


def test_that_a_preview_prints_every_change_and_writes_no_record(connected: CommandLine, simulator: Simulator) -> None:
    preview = connected.sync("--preview")

    truth = simulator.truth("pagerduty")
    created = [line for line in preview["plan"] if line["object"] == "people"]
    assert (preview["preview"], preview["created"]) == (True, 2 * len(truth))
    assert {line["fields"]["email"]["after"] for line in created} == {account.email for account in truth}
    assert set(created[0]) == {"kind", "object", "record", "vendor_id", "reason", "held", "fields"}
    for what in ("people", "saas-users", "licences"):
        assert connected.json(what) == []
    # Saving the integration made its application; nobody is in it.
    assert [(made["name"], made["all_users"]) for made in connected.json("software")] == [("PagerDuty", 0)]
    assert truth[0].email in connected.ok("run", NAME, "--preview")


def test_that_a_preview_of_what_would_be_held_says_so_and_holds_nothing(
    connected: CommandLine, simulator: Simulator
) -> None:
    connected.sync()
    simulator.company.leave([account.serial for account in simulator.truth("pagerduty")[5:]])

    done = connected.do("run", NAME, "--preview", "--json")

    (result,) = json.loads(done.out)
    assert (done.code, result["status"]) == (1, "stopped_by_safeguard")
    assert sum(line["held"] for line in result["plan"] if line["object"] == "saas_users") == 25
    assert connected.json("plan", "list") == []


def test_that_a_limit_reads_so_many_and_deactivates_nobody(connected: CommandLine) -> None:
    connected.sync()

    done = connected.do("run", NAME, "--limit", "4", "--json")

    (result,) = json.loads(done.out)
    assert (done.code, result["status"], result["fetched"]) == (1, "incomplete", 4)
    assert (result["deactivated"], len(connected.json("saas-users", "--active"))) == (0, 30)


def test_that_all_runs_what_is_launched_and_nothing_else(connected: CommandLine) -> None:
    draft = 'name = "Draft"\nconnector = "pagerduty"\ncredential = "pd key"\nsaas_application = "Other"\n'
    connected.ok("integration", "apply", connected.file(draft))

    assert [result["integration"] for result in connected.json("run", "--all")] == [NAME]
    connected.ok("integration", "launch", "Draft")
    assert [result["integration"] for result in connected.json("run", "--all")] == [NAME, "Draft"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run",), "Say which: saasdesk run NAME…, --all or --due."),
        (("run", NAME, "--all"), "Say which: saasdesk run NAME…, --all or --due."),
        (("run", "--all", "--due"), "Say which: saasdesk run NAME…, --all or --due."),
        (("run", "Nix"), f"There is no integration “Nix”. Here are: “{NAME}”."),
        (("run", NAME, "--limit", "0"), "Invalid value for '--limit'"),
    ],
)
def test_p17_that_a_run_of_nothing_is_wrong_usage(
    connected: CommandLine, words: tuple[str, ...], sentence: str
) -> None:
    assert connected.fails(2, *words).startswith(sentence)


def test_that_a_run_of_all_says_when_nothing_is_launched(connected: CommandLine) -> None:
    connected.ok("integration", "pause", NAME)

    done = connected.do("run", "--all", "--json")

    assert (done.code, json.loads(done.out)) == (0, [])
    assert done.err == "No integration is launched: saasdesk integration launch NAME\n"


def test_that_a_preview_without_changes_says_so(connected: CommandLine) -> None:
    connected.sync()

    assert "Nothing would change" in connected.ok("run", NAME, "--preview")


def test_that_an_unknown_name_among_others_runs_none_of_them(connected: CommandLine) -> None:
    connected.fails(2, "run", NAME, "Nix")

    assert connected.json("sessions") == []


def test_that_a_company_of_nobody_is_empty_and_no_failure(cli: CommandLine) -> None:
    with Simulator(0) as simulator:
        cli.connect(simulator)

        done = cli.do("run", NAME, "--json")

    assert (done.code, json.loads(done.out)[0]["status"]) == (0, "empty")


# Schedules


def launched_long_ago(cli: CommandLine) -> None:
    with closing(sqlite3.connect(cli.profile / "saasdesk.db")) as db:
        db.execute("UPDATE integration SET launched_at = '2020-01-01T00:00:00Z'")
        db.commit()


def test_that_nothing_is_due_right_after_the_launch(connected: CommandLine) -> None:
    assert connected.json("run", "--due") == []


def test_p15_that_slots_missed_for_years_run_once_and_not_again(connected: CommandLine) -> None:
    launched_long_ago(connected)

    first = connected.json("run", "--due")

    assert [result["integration"] for result in first] == [NAME]
    assert connected.json("run", "--due") == []
    (session,) = connected.json("sessions")
    assert session["started_by"] == "schedule"


def test_p15_that_a_slot_whose_run_failed_is_not_run_again(connected: CommandLine, simulator: Simulator) -> None:
    launched_long_ago(connected)
    spoil(simulator, FaultKind.STATUS, status=401)

    assert connected.do("run", "--due").code == 3
    simulator.faults.clear()

    assert connected.json("run", "--due") == []


def test_p15_that_a_run_by_hand_takes_no_slot(connected: CommandLine) -> None:
    launched_long_ago(connected)
    connected.sync()

    assert len(connected.json("run", "--due")) == 1


def test_that_paused_integrations_and_paused_schedules_are_never_due(connected: CommandLine) -> None:
    launched_long_ago(connected)
    connected.ok("setting", "set", "scheduling_paused", "true")
    assert connected.json("run", "--due") == []

    connected.ok("setting", "set", "scheduling_paused")
    connected.ok("integration", "pause", NAME)
    assert connected.json("run", "--due") == []


def test_p04_that_no_schedule_approves_what_is_held(connected: CommandLine, simulator: Simulator) -> None:
    connected.sync()
    simulator.company.leave([account.serial for account in simulator.truth("pagerduty")[5:]])
    launched_long_ago(connected)

    done = connected.do("run", "--due", "--json")

    assert (done.code, json.loads(done.out)[0]["status"]) == (1, "stopped_by_safeguard")
    assert len(connected.json("saas-users", "--active")) == 30


# Two at once


def test_p12_that_a_second_command_that_writes_is_told_who_has_the_profile(connected: CommandLine) -> None:
    with Store.open(open_profile(connected.profile)):
        sentences = [
            connected.fails(int(ExitCode.LOCKED), *words)
            for words in (
                ("run", NAME),
                ("run", "--due"),
                ("integration", "pause", NAME),
                ("variable", "set", "A", "1"),
                ("credential", "set", "b", "--connector", "pagerduty", "--no-secret"),
                ("plan", "reject", "1"),
                ("session", "undo", "1"),
                ("restore", "somewhere.db"),
            )
        ]

    assert all(re.match(r"Another saasdesk \(process \d+\) is using the profile .+\. Close it", s) for s in sentences)


def test_p12_that_what_only_reads_works_beside_one_that_writes(connected: CommandLine) -> None:
    connected.sync()
    exported = connected.profile.parent / "people.csv"

    with Store.open(open_profile(connected.profile)) as store:
        for words in (
            ("people",),
            ("saas-users", "--json"),
            ("licences",),
            ("software",),
            ("sessions",),
            ("session", "1"),
            ("plan", "list"),
            ("integration", "list"),
            ("integration", "show", NAME),
            ("integration", "export", NAME),
            ("credential", "list"),
            ("variable", "list"),
            ("setting", "list"),
            ("connectors",),
            ("audit", "verify"),
            ("export", "people", "--to", exported),
            ("backup", connected.profile.parent / "copy.db"),
        ):
            connected.ok(*words)
        assert connected.do("doctor").code in (0, 1)

        # Not even while a transaction is going on.
        is_writing, may_end = threading.Event(), threading.Event()

        def write(_db: object) -> None:
            is_writing.set()
            may_end.wait(10)

        thread = threading.Thread(target=store.write, args=(write,))
        thread.start()
        is_writing.wait(10)
        try:
            assert len(connected.json("people")) == 30
        finally:
            may_end.set()
            thread.join()

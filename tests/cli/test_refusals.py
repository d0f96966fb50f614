"""What each bad answer of a vendor gets: one sentence, the right exit code, and nobody deactivated."""

import json
import shutil
import ssl
from pathlib import Path
from typing import Any

import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import FaultKind
from tests.cli.conftest import NAME, CommandLine, spoil
from tests.web.servers import LoopbackServer

SERVER_CERTIFICATE = Path(__file__).parents[1] / "web" / "certificates" / "server.pem"

STATUS = FaultKind.STATUS


@pytest.fixture
def loaded(connected: CommandLine, spoilt: Simulator) -> CommandLine:
    """An integration that has run: everybody is active here."""
    connected.sync()
    return connected


def assert_nobody_lost(cli: CommandLine, people: int = 30) -> None:
    assert len(cli.json("saas-users", "--active")) == people
    assert len(cli.json("people", "--active")) == people
    assert cli.json("audit", "verify") == {"ok": True, "problems": []}


CASES: dict[str, tuple[FaultKind, dict[str, Any], int, str, str]] = {
    "401": (STATUS, {"status": 401}, 3, "failed", "PagerDuty refused the key (401). It may be wrong, expired, or for"),
    "403": (STATUS, {"status": 403}, 3, "failed", "The key may not list users. Needed: "),
    "a web page": (FaultKind.WEB_PAGE, {}, 4, "failed", "Expected JSON from 127.0.0.1, got a web page (status 200)."),
    "a web page as 404": (FaultKind.WEB_PAGE, {"status": 404}, 4, "failed", "got a web page (status 404). Key, region"),
    "an empty list": (
        FaultKind.EMPTY_LIST, {}, 1, "stopped_by_safeguard",
        "PagerDuty returned no users; 30 are active here. Nobody was deactivated.",
    ),
    "a repeated page": (FaultKind.REPEATED_PAGE, {}, 4, "failed", "PagerDuty keeps sending the same page"),
    "too large": (FaultKind.HUGE, {"amount": 70}, 4, "failed", "The answer is larger than 64 MB. Stopped reading."),
    "a bomb": (FaultKind.BOMB, {"amount": 200}, 4, "failed", "larger than 64 MB. Stopped reading."),
    "too deep": (FaultKind.DEEP, {"amount": 100}, 4, "failed", "is nested deeper than 64 levels. Stopped reading."),
    "a redirect": (
        FaultKind.REDIRECT, {}, 4, "failed",
        "PagerDuty redirected to elsewhere.example.com. For safety the key was not sent there.",
    ),
    "NaN": (FaultKind.NOT_A_NUMBER, {}, 4, "failed", "was not understood: it is called JSON and is none."),
    "the wrong type": (FaultKind.WRONG_TYPE, {}, 4, "failed", "Expected JSON from 127.0.0.1, got something else"),
    "no list in it": (FaultKind.MISSING_KEY, {}, 4, "failed", "Nothing of it was taken over."),
    "no objects in it": (
        FaultKind.NOT_OBJECTS, {}, 1, "incomplete",
        "30 of the users came without a usable id, so who is missing cannot be told.",
    ),
    "cut short": (FaultKind.CUT_SHORT, {}, 4, "failed", "cut before its answer was complete"),
    "hung up": (FaultKind.DROP, {}, 4, "failed", "Check the network and try again. Tried 5 times."),
    "an error of its own": (STATUS, {"status": 503}, 4, "failed", "PagerDuty answered with an error of its own (503)."),
    "asked too often": (STATUS, {"status": 429, "amount": 3000}, 4, "failed", "PagerDuty asks to wait until"),
    "a total too large": (FaultKind.WRONG_TOTAL, {"amount": 5}, 1, "incomplete", "nobody was deactivated."),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_p17_that_a_bad_answer_gets_its_sentence_and_its_exit_code(
    loaded: CommandLine, spoilt: Simulator, case: str
) -> None:
    kind, settings, code, status, sentence = CASES[case]
    spoil(spoilt, kind, **settings)

    done = loaded.do("run", NAME)

    latest = loaded.json("sessions")[0]
    assert (done.code, latest["status"], latest["exit_code"]) == (code, status, code)
    assert sentence in done.sentence
    assert done.sentence.startswith(f"{NAME}: ")
    assert_nobody_lost(loaded)


def test_p17_that_a_page_that_fails_is_named_and_the_pages_before_it_count(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saasdesk.web.waiting.random.uniform", lambda _least, _most: 0)
    with Simulator(1_000) as simulator:
        cli.connect(simulator)
        spoil(simulator, STATUS, page=3, status=500)

        done = cli.do("run", NAME)

    assert done.code == 1
    assert done.sentence == (
        "PagerDuty: Page 3 of about 10 could not be read. PagerDuty answered with an error of its own (500). "
        "Try again later. Tried 5 times. 400 records were created or updated; nobody was deactivated."
    )
    assert cli.json("sessions")[0]["status"] == "incomplete"
    assert len(cli.json("people")) == 200


def test_p17_that_two_users_with_one_address_are_named_and_neither_is_touched(
    connected: CommandLine, simulator: Simulator
) -> None:
    spoil(simulator, FaultKind.DUPLICATE_EMAIL)

    done = connected.do("run", NAME)

    assert done.code == 1
    (latest,) = connected.json("sessions")
    assert (latest["status"], latest["failed"]) == ("completed_with_errors", 2)
    errors = connected.json("session", "1")["errors"]
    email = simulator.truth("pagerduty")[0].email
    assert {error["message"].casefold() for error in errors} == {
        f"2 pagerduty users share e-mail {email}; neither was changed.".casefold()
    }
    assert "2 records were left as they were. The first: 2 PagerDuty users share" in done.sentence
    assert len(connected.json("people")) == 28


def test_p17_that_an_address_taken_over_from_a_colleague_changes_neither(
    loaded: CommandLine, spoilt: Simulator
) -> None:
    spoil(spoilt, FaultKind.DUPLICATE_EMAIL)
    before = loaded.json("people"), loaded.json("saas-users")

    sentence = loaded.fails(1, "run", NAME)

    assert "nothing was changed" in sentence or "neither was changed" in sentence
    assert (loaded.json("people"), loaded.json("saas-users")) == before


def test_p17_that_a_vendor_that_is_not_there_is_exit_4(cli: CommandLine, spoilt: Simulator) -> None:
    cli.connect(spoilt)
    spoilt.stop()

    assert "Check the network" in cli.fails(4, "run", NAME)
    assert "Check the network" in cli.fails(4, "credential", "test", "pd key")


def test_p17_that_a_certificate_nobody_trusts_is_exit_4_and_says_what_to_add(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAASDESK_CREDENTIAL_PD_KEY", "a-key-for-nobody")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SERVER_CERTIFICATE)
    with LoopbackServer(lambda _heard: b"", context) as server:
        address = f"https://localhost:{server.port}"
        cli.ok("credential", "set", "pd key", "--connector", "pagerduty", "--no-secret", "--base-url", address)
        cli.apply()
        cli.ok("integration", "launch", NAME)
        sentence = cli.fails(4, "run", NAME)
        heard = server.heard

    assert heard == []
    assert "certificate is not trusted (issuer" in sentence
    assert "If your company inspects TLS, add its CA in Settings." in sentence


def test_p17_that_a_nearly_full_disk_stops_a_run_before_it_begins(
    loaded: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(loaded.profile)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage._replace(free=100_000_000))

    sentence = loaded.fails(1, "run", NAME)

    assert "The disk is nearly full" in sentence
    assert "free at least" in sentence
    latest = loaded.json("sessions")[0]
    assert (latest["status"], latest["exit_code"]) == ("failed", 1)


def test_p17_that_no_failure_prints_anything_but_json_on_standard_output(
    loaded: CommandLine, spoilt: Simulator
) -> None:
    spoil(spoilt, STATUS, status=401)

    done = loaded.do("run", NAME, "--json")

    assert [result["status"] for result in json.loads(done.out)] == ["failed"]
    assert "refused the key" in done.sentence


def test_p17_that_a_key_that_is_nowhere_is_exit_3(loaded: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAASDESK_CREDENTIAL_PD_KEY")

    assert "“pd key” has no key. Enter it, or set SAASDESK_CREDENTIAL_PD_KEY" in loaded.fails(3, "run", NAME)


def test_p17_that_of_several_runs_the_worst_decides_the_exit_code(loaded: CommandLine, spoilt: Simulator) -> None:
    head = 'name = "Second"\nconnector = "pagerduty"\ncredential = "other key"\n'
    loaded.ok("credential", "set", "other key", "--connector", "pagerduty", "--no-secret")
    loaded.ok("integration", "apply", loaded.file(head))
    loaded.ok("integration", "launch", "Second")

    done = loaded.do("run", "Second", NAME, "--json")

    assert done.code == 3
    assert [result["status"] for result in json.loads(done.out)] == ["failed", "completed"]

"""The key of every vendor goes to the vendor, and into nothing that is kept or shown."""

import logging
from datetime import date
from pathlib import Path

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Finding, LastTest
from saasdesk.credentials.credential import Standing
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from tests.sync.conftest import Office


@pytest.mark.parametrize("vendor", sorted(CONNECTORS))
def test_p07_that_a_vendors_key_is_in_no_log_no_news_and_no_file(
    vendor: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Simulator(30) as simulator:
        office = Office(tmp_path / "profile", simulator, vendor)
        office.integrate()
        key = simulator.access()[vendor]["key"]
        shown = [repr(office.run())]
        for fault in (Fault(FaultKind.STATUS, endpoint="", status=403), Fault(FaultKind.WEB_PAGE, endpoint="")):
            simulator.faults.clear()
            simulator.faults.add(fault)
            shown.append(repr(office.run()))
        office.close()

    assert "completed" in shown[0]
    assert "failed" in shown[1]
    assert len(key) > 10
    assert key not in "".join(shown) + repr(office.news) + caplog.text
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and key.encode() in file.read_bytes()]


def test_that_a_run_says_of_its_key_that_it_works_when_it_was_tried_and_that_it_was_refused(office: Office) -> None:
    office.integrate()
    today = date(2026, 1, 2)
    assert office.vault.find("pd key").standing(today) is Standing.NOT_TESTED

    office.run(preview=True)

    used = office.vault.find("pd key")
    assert used.standing(today) is Standing.WORKS
    assert used.last_tested_at is not None

    office.simulator.faults.add(Fault(FaultKind.STATUS, endpoint="users", status=401))
    refused = office.run()

    assert refused.exit_code == 3
    found = office.vault.find("pd key")
    assert found.standing(today) is Standing.REFUSED
    assert found.last_test is not None
    assert found.last_test.text == refused.message

    office.simulator.faults.clear()
    office.run()
    assert office.vault.find("pd key").standing(today) is Standing.WORKS


def test_that_a_run_keeps_what_a_test_found_of_each_feature(office: Office) -> None:
    office.integrate()
    found = LastTest(works=True, text="Acme", features=(Finding("Users", works=True, advice=""),))
    office.vault.note_tested("pd key", "2026-01-02T03:04:05Z", found)

    office.run()

    after = office.vault.find("pd key")
    assert after.last_test == found
    assert after.last_tested_at is not None
    assert after.last_tested_at > "2026-01-02T03:04:05Z"


def test_that_a_vendor_that_is_out_of_order_says_nothing_of_the_key(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.integrate()
    office.simulator.stop()
    monkeypatch.setattr("saasdesk.web.waiting.random.uniform", lambda _least, _most: 0)

    office.run()

    assert office.vault.find("pd key").last_test is None

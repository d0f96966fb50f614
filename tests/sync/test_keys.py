"""The key of every vendor goes to the vendor, and into nothing that is kept or shown."""

import logging
from pathlib import Path

import pytest

from saasdesk.connectors import CONNECTORS
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

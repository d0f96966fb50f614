"""An approved seat, and a vendor who does not list it any more."""

from pathlib import Path

from saasdesk.licences.reclaim import approve, list_reclaims
from saasdesk.licences.seats import SeatList
from saasdesk.records.listing import ListQuery
from saasdesk.simulator.control import Simulator
from tests.sync.conftest import Office


def test_that_only_a_complete_listing_without_it_makes_a_seat_realised(tmp_path: Path) -> None:
    with Simulator(60) as simulator:
        office = Office(tmp_path / "profile", simulator)
        try:
            office.integrate()
            office.run()
            store = office.store
            store.save_setting("idle_days", "1")
            store.save_setting("grace_days", "0")
            approve(store, list(SeatList(store).ids(ListQuery())), "November")
            office.run()
            (before,) = list_reclaims(store)
            simulator.churn(0.1)
            office.run()
            gone = office.value(
                "SELECT count(*) FROM licence JOIN reclaim_seat ON seat = licence.id * 2 WHERE deactivated"
            )

            (after,) = list_reclaims(store)
        finally:
            office.close()

    assert before.realised_seats == 0
    assert after.realised_seats == gone > 0
    assert after.open_seats + after.realised_seats == before.open_seats

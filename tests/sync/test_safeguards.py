"""Nobody is deactivated without proof, and nobody out of proportion."""

import pytest

from saasdesk.errors import UserError
from saasdesk.simulator.exchange import Account
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.sync import plans, sessions
from saasdesk.sync.events import Status
from tests.sync.conftest import Office


def active(office: Office) -> int:
    return int(str(office.value("SELECT count(*) FROM saas_user WHERE NOT deactivated")))


def leave(office: Office, count: int) -> list[Account]:
    """So many people leave the vendor."""
    gone = office.simulator.truth("pagerduty")[-count:]
    office.simulator.company.leave([account.serial for account in gone])
    return gone


def come_back(office: Office, people: list[Account]) -> None:
    office.simulator.company.come_back([account.serial for account in people])


# ----- P03: never without a verified-complete listing


def test_p03_that_a_person_missing_from_a_complete_listing_is_deactivated(office: Office) -> None:
    office.integrate()
    office.run()
    gone = leave(office, 3)

    result = office.run()

    assert result.counts["deactivated"] == 3
    stored = office.rows(
        "SELECT saas_user_id, deactivated_reason FROM saas_user WHERE deactivated ORDER BY saas_user_id"
    )
    assert stored == sorted((account.id, "absent from a complete listing") for account in gone)
    assert office.value("SELECT count(*) FROM licence WHERE deactivated") == office.value(
        "SELECT count(*) FROM licence l JOIN saas_user u ON u.id = l.saas_user WHERE u.deactivated"
    )


def test_p03_that_who_comes_back_is_active_again(office: Office) -> None:
    office.integrate()
    office.run()
    gone = leave(office, 2)
    office.run()
    come_back(office, gone)

    result = office.run()

    assert result.counts["reactivated"] == 2
    assert active(office) == 40


def test_p03_that_somebody_the_vendor_still_knows_by_id_is_kept(office: Office) -> None:
    office.integrate()
    office.run()
    office.simulator.faults.add(Fault(FaultKind.FORGETFUL, endpoint="users", amount=2))

    result = office.run()

    assert result.counts["deactivated"] == 0
    assert active(office) == 40


def test_p03_that_a_web_page_instead_of_not_found_proves_nothing(office: Office) -> None:
    office.integrate()
    office.run()
    leave(office, 1)
    office.simulator.faults.add(Fault(FaultKind.WEB_PAGE, endpoint="user", status=404))

    result = office.run()

    assert result.counts["deactivated"] == 0
    assert active(office) == 40


def test_p03_that_deactivate_off_deactivates_nobody(office: Office) -> None:
    office.integrate(deactivate=False)
    office.run()
    leave(office, 3)

    result = office.run()

    assert result.counts["deactivated"] == 0
    assert active(office) == 40


def test_p03_that_records_of_another_integration_are_left_alone(office: Office) -> None:
    office.integrate()
    office.run()
    office.integrate("Second", saas_application="Other")
    office.run("Second")
    leave(office, 2)

    office.run("Second")

    owners = office.rows(
        """SELECT i.name, count(*) FROM saas_user u JOIN integration i ON i.id = u.owner_integration
           WHERE u.deactivated GROUP BY 1"""
    )
    assert owners == [("Second", 2)]


def test_p03_that_the_person_goes_only_when_no_integration_has_them(office: Office) -> None:
    office.integrate(deactivate_people=True)
    office.run()
    office.integrate("Second", saas_application="Other", deactivate_people=True)
    office.run("Second")
    leave(office, 2)

    first = office.run()
    assert first.counts["people"]["deactivated"] == 0
    office.run("Second")
    third = office.run()

    assert third.counts["people"]["deactivated"] == 2
    assert office.value("SELECT count(*) FROM person WHERE deactivated") == 2


# ----- P04: an odd listing deactivates nobody


@pytest.mark.parametrize(
    ("fault", "status", "exit_code", "words"),
    [
        (Fault(FaultKind.STATUS, endpoint="users", status=401), Status.FAILED, 3, "refused the key"),
        (Fault(FaultKind.STATUS, endpoint="users", status=403), Status.FAILED, 3, "may not list users"),
        (Fault(FaultKind.WEB_PAGE, endpoint="users"), Status.FAILED, 4, "web page"),
        (
            Fault(FaultKind.REDIRECT, endpoint="users", location="http://elsewhere.example.com/"),
            Status.FAILED,
            4,
            "elsewhere",
        ),
        (Fault(FaultKind.MISSING_KEY, endpoint="users"), Status.FAILED, 4, "not understood"),
        (
            Fault(FaultKind.EMPTY_LIST, endpoint="users"),
            Status.STOPPED_BY_SAFEGUARD,
            1,
            "returned no users; 40 are active here",
        ),
    ],
    ids=lambda value: value.kind.name if isinstance(value, Fault) else "",
)
def test_p04_that_a_refused_odd_or_empty_listing_deactivates_nobody(
    office: Office, fault: Fault, status: Status, exit_code: int, words: str
) -> None:
    office.integrate()
    office.run()
    office.simulator.faults.add(fault)

    result = office.run()

    assert (result.status, result.exit_code) == (status, exit_code)
    assert words in result.message
    assert active(office) == 40


def test_p04_that_a_broken_page_keeps_the_earlier_ones_and_deactivates_nobody(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from saasdesk.simulator.control import Simulator

    with Simulator(250) as simulator:
        office = Office(tmp_path / "profile", simulator)
        office.integrate()
        simulator.faults.add(Fault(FaultKind.STATUS, endpoint="users", page=3, status=404))

        result = office.run()

        assert result.status is Status.INCOMPLETE
        assert result.exit_code == 1
        assert "Page 3 of about 3 could not be read" in result.message
        assert office.value("SELECT count(*) FROM person") == 200
        assert office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 0
        office.close()


def test_p04_that_too_many_at_once_are_held_and_everything_else_lands(office: Office) -> None:
    office.integrate()
    office.run()
    leave(office, 30)

    result = office.run()

    assert result.status is Status.STOPPED_BY_SAFEGUARD
    assert result.exit_code == 1
    assert "30 of 40 users would become inactive" in result.message
    assert active(office) == 40
    plan = plans.held_plans(office.store)[0]
    assert (plan.id, plan.deactivations) == (result.plan, 30)


def test_p04_that_the_same_hold_keeps_its_plan_and_its_first_day(office: Office) -> None:
    office.integrate()
    office.run()
    leave(office, 30)
    first = office.run()

    second = office.run()

    held = plans.held_plans(office.store)
    assert [plan.id for plan in held] == [first.plan] == [second.plan]
    assert held[0].session == second.session


def test_p04_that_a_hold_is_gone_when_everybody_is_back(office: Office) -> None:
    office.integrate()
    office.run()
    gone = leave(office, 30)
    office.run()
    come_back(office, gone)

    result = office.run()

    assert result.status is Status.COMPLETED
    assert plans.held_plans(office.store) == []


def test_p04_that_a_plan_is_approved_only_with_its_own_number(office: Office) -> None:
    office.integrate()
    office.run()
    leave(office, 30)
    plan = office.run().plan
    assert plan is not None

    with pytest.raises(UserError, match="would deactivate 30, not 29"):
        plans.approve(office.store, plan, 29)
    assert active(office) == 40
    done = plans.approve(office.store, plan, 30)

    assert done == 30
    assert active(office) == 10
    assert plans.held_plans(office.store) == []
    assert office.run().status is Status.COMPLETED


def test_p04_that_a_rejected_plan_leaves_everybody_active(office: Office) -> None:
    office.integrate()
    office.run()
    leave(office, 30)
    plan = office.run().plan
    assert plan is not None

    plans.reject(office.store, plan)

    assert active(office) == 40
    assert plans.held_plans(office.store) == []


def test_that_a_changed_scope_holds_the_first_deactivations_once(office: Office) -> None:
    from saasdesk.connectors import CONNECTORS

    office.integrate()
    office.run()
    access = office.simulator.access()["pagerduty"]
    office.vault.set("other key", CONNECTORS["pagerduty"], access["key"], base_url=access["base_url"])
    office.integrate(credential="other key")
    leave(office, 2)

    first = office.run()
    second = office.run()

    assert first.status is Status.STOPPED_BY_SAFEGUARD
    assert "first run after a change" in first.message
    assert second.counts["deactivated"] == 2


def test_that_deactivations_of_a_run_can_be_undone(office: Office) -> None:
    office.integrate()
    office.run()
    leave(office, 3)
    session = office.run().session

    count = sessions.undo_deactivations(office.store, session)

    assert count >= 3
    assert active(office) == 40
    with pytest.raises(UserError, match="already undone"):
        sessions.undo_deactivations(office.store, session)


def test_that_records_archived_by_hand_stay_archived(office: Office) -> None:
    office.integrate()
    office.run()
    office.store.write(lambda db: db.execute_sql("UPDATE person SET archived = 1 WHERE id = 1"))
    office.store.write(lambda db: db.execute_sql("UPDATE source_link SET raw_hash = NULL WHERE person = 1"))

    result = office.run()

    assert result.counts["people"]["skipped"] == 1
    assert office.value("SELECT archived FROM person WHERE id = 1") == 1


def test_that_restore_archived_brings_a_match_back(office: Office) -> None:
    office.integrate()
    office.run()
    office.store.write(lambda db: db.execute_sql("UPDATE person SET archived = 1 WHERE id = 1"))
    office.integrate(restore_archived=True)

    result = office.run()

    assert result.counts["people"]["reactivated"] == 1
    assert office.value("SELECT archived FROM person WHERE id = 1") == 0

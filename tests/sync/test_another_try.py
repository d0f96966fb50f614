"""Records that failed are tried again, one by one, without anybody else's being touched."""

from pathlib import Path

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.sync import integrations, plans, sessions
from saasdesk.sync.events import Status, SyncResult
from saasdesk.sync.integration import IntegrationDocument
from tests.sync.conftest import NAME, Office


def document(office: Office) -> IntegrationDocument:
    return integrations.find_integration(office.store, NAME).document


def save(office: Office, **changes: object) -> None:
    changed = document(office).model_copy(update=changes)
    integrations.save_integration(office.store, changed)


def with_line(office: Office, **line: object) -> IntegrationDocument:
    """The document with one line more."""
    values = document(office).model_dump(mode="json", by_alias=True)
    values["map"].append(line)
    return IntegrationDocument.model_validate(values)


def duplicates(office: Office) -> tuple[str, ...]:
    """A run in which two users have one address; returns the ids of those that failed."""
    office.simulator.faults.add(Fault(FaultKind.DUPLICATE_EMAIL, endpoint="users"))
    result = office.run()
    office.simulator.faults.clear()
    assert result.status is Status.COMPLETED_WITH_ERRORS
    return sessions.retryable(sessions.errors_of(office.store, result.session))


def retry(office: Office, only: tuple[str, ...]) -> SyncResult:
    return office.run(only=only)


def test_that_only_the_failed_records_are_read_and_taken_over(office: Office) -> None:
    office.integrate()
    failed = duplicates(office)
    missing = 40 - int(str(office.value("SELECT count(*) FROM person")))
    assert len(failed) == missing > 0
    office.simulator.company.leave([a.serial for a in office.simulator.truth("pagerduty") if a.id not in failed][:1])
    looked_up = office.simulator.requests.count(endpoint="user")

    result = retry(office, failed)

    assert (result.status, result.counts["people"]["created"]) == (Status.COMPLETED, missing)
    assert office.simulator.requests.count(endpoint="user") == looked_up + missing
    assert result.counts["fetched"] == missing
    assert office.value("SELECT count(*) FROM person") == 40
    assert office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 0
    assert sessions.find_session(office.store, result.session).kind == "retry"


def test_that_the_next_run_completes_what_single_records_do_not_tell(office: Office) -> None:
    office.integrate()
    failed = duplicates(office)
    retry(office, failed)
    without = "SELECT u.saas_user_id FROM saas_user u WHERE NOT EXISTS (SELECT 1 FROM licence WHERE saas_user = u.id)"
    assert set(failed) <= {row[0] for row in office.rows(without)}

    office.run()

    assert not set(failed) & {row[0] for row in office.rows(without)}


def test_that_a_record_gone_meanwhile_is_reported_and_nobody_is_deactivated(office: Office) -> None:
    office.integrate()
    office.run()
    gone = office.simulator.truth("pagerduty")[-1]
    office.simulator.company.leave([gone.serial])

    result = retry(office, (gone.id,))

    assert result.status is Status.COMPLETED_WITH_ERRORS
    assert "has no such record any more" in result.message
    assert office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 0


def test_that_a_plan_that_waits_outlives_another_try_and_a_run_of_the_first_few(office: Office) -> None:
    office.integrate()
    office.run()
    office.simulator.company.leave([account.serial for account in office.simulator.truth("pagerduty")[-20:]])
    office.run()
    assert len(plans.held_plans(office.store)) == 1

    retry(office, (office.simulator.truth("pagerduty")[0].id,))
    office.run(limit=3)

    assert len(plans.held_plans(office.store)) == 1


@pytest.mark.parametrize("options", [{"limit": 3}, {"only": True}])
def test_that_a_changed_mapping_still_reaches_everybody_after_a_partial_run(
    office: Office, options: dict[str, object]
) -> None:
    office.integrate()
    office.run()
    integrations.save_integration(office.store, with_line(office, value="Vilnius", target="location"))
    if "only" in options:
        options = {"only": (office.simulator.truth("pagerduty")[0].id,)}

    office.run(**options)
    office.run()

    assert office.value("SELECT count(*) FROM person WHERE location IS NULL") == 0


def test_that_what_the_vendor_sent_of_a_failed_record_is_kept_for_the_latest_session_only(office: Office) -> None:
    office.integrate()
    failed = duplicates(office)
    (first,) = office.rows("SELECT sent FROM session_error WHERE vendor_id = ?", failed[0])
    assert failed[0] in str(first[0])

    duplicates(office)

    kept = office.rows("SELECT session, count(sent) FROM session_error GROUP BY session ORDER BY session")
    assert kept == [(1, 0), (2, len(failed))]


def test_that_a_test_run_leaves_what_the_last_run_kept(office: Office) -> None:
    office.integrate()
    failed = duplicates(office)

    office.run(preview=True, is_test=True, limit=5)

    assert office.value("SELECT count(sent) FROM session_error WHERE session = 1") == len(failed)


def test_that_a_test_run_keeps_what_failed_in_it_too(office: Office) -> None:
    office.integrate()
    office.simulator.faults.add(Fault(FaultKind.DUPLICATE_EMAIL, endpoint="users"))

    result = office.run(preview=True, is_test=True)

    errors = sessions.errors_of(office.store, result.session)
    assert errors
    assert all(sessions.raw_of(office.store, error) for error in errors)


def test_that_a_vendor_that_cannot_be_asked_for_one_wants_a_whole_run(tmp_path: Path) -> None:
    with Simulator(20) as simulator:
        office = Office(tmp_path / "profile", simulator, "atlassian")
        assert CONNECTORS["atlassian"].users.one is None
        office.integrate()
        office.run()

        result = retry(office, ("712020:0000",))

        assert result.status is Status.FAILED
        assert "a whole run looks at them again" in result.message
        office.close()


@pytest.mark.parametrize(
    ("vendor", "loads"),
    [("pagerduty", "users"), ("jumpcloud", "users"), ("jumpcloud", "assets"), ("jetbrains", "users")],
)
def test_that_a_record_read_by_itself_loses_nothing_that_only_the_whole_list_tells(
    tmp_path: Path, vendor: str, loads: str
) -> None:
    with Simulator(20) as simulator:
        office = Office(tmp_path / "profile", simulator, vendor)
        office.integrate(object=loads)
        office.run()
        ids = tuple(str(row[0]) for row in office.rows("SELECT vendor_id FROM source_link ORDER BY vendor_id LIMIT 5"))

        result = retry(office, ids)

        parts = [result.counts[part] for part in ("people", "saas_users", "assets", "licences")]
        changed = {name: sum(part[name] for part in parts) for name in ("created", "updated", "deactivated")}
        assert result.status is Status.COMPLETED
        assert (result.counts["fetched"], changed) == (5, {"created": 0, "updated": 0, "deactivated": 0})
        office.close()

"""A run against the simulated PagerDuty: what it creates, changes and leaves alone."""

import pytest

from saasdesk.sync.events import Status
from tests.sync.conftest import Office


@pytest.mark.parametrize("people", [0, 1, 99, 100, 101, 250])
def test_that_a_first_run_creates_exactly_the_people_the_vendor_has(office: Office, people: int) -> None:
    office.integrate()

    result = office.run()

    truth = {account.id: account for account in office.simulator.truth("pagerduty")}
    stored = office.rows("SELECT saas_user_id, email, name, role FROM saas_user WHERE NOT deactivated")
    assert {row[0] for row in stored} == set(truth)
    assert {(row[0], row[1], row[2]) for row in stored} == {(a.id, a.email, a.name) for a in truth.values()}
    assert office.value("SELECT count(*) FROM person") == people
    assert (result.counts["fetched"], result.counts["created"]) == (people, people * 2)
    assert result.status is (Status.COMPLETED if people else Status.EMPTY)
    assert result.exit_code == 0


def test_that_every_account_belongs_to_the_person_with_its_address(office: Office) -> None:
    office.integrate()

    office.run()

    assert office.value("SELECT count(*) FROM saas_user u JOIN person p ON p.id = u.person AND p.email = u.email") == 40


def test_that_a_second_run_writes_no_record(office: Office) -> None:
    office.integrate()
    office.run()
    before = office.rows("SELECT count(*), max(updated_at) FROM person"), office.value("SELECT max(id) FROM change")

    result = office.run()

    after = office.rows("SELECT count(*), max(updated_at) FROM person"), office.value("SELECT max(id) FROM change")
    assert after == before
    assert result.counts["unchanged"] == 80
    assert (result.counts["created"], result.counts["updated"], result.counts["deactivated"]) == (0, 0, 0)


@pytest.mark.parametrize("people", [200])
def test_that_churn_changes_exactly_the_churned_as_the_preview_said(office: Office, people: int) -> None:
    office.integrate()
    office.run()
    churned = office.simulator.churn(0.05)["pagerduty"]

    preview = office.run(preview=True)
    result = office.run()

    assert {k: v for k, v in preview.counts.items() if k != "session"} == result.counts
    session = result.session
    changed = office.rows(
        """SELECT DISTINCT u.saas_user_id FROM change c JOIN saas_user u ON u.id = c.record
           WHERE c.session = ? AND c.object = 'saas_users' AND c.kind = 'update'""",
        session,
    )
    kinds = dict(
        office.rows(
            "SELECT kind, count(DISTINCT record) FROM change WHERE session = ? AND object = 'saas_users' GROUP BY kind",
            session,
        )
    )
    assert kinds.get("create", 0) == len(churned.created)
    assert kinds.get("deactivate", 0) == len(churned.gone)
    assert {row[0] for row in changed} <= set(churned.changed)
    gone = {row[0] for row in office.rows("SELECT saas_user_id FROM saas_user WHERE deactivated")}
    assert gone == set(churned.gone)


def test_that_a_preview_writes_no_record(office: Office) -> None:
    office.integrate()

    result = office.run(preview=True)

    assert office.value("SELECT count(*) FROM person") == 0
    assert office.value("SELECT count(*) FROM change WHERE session IS NOT NULL") == 0
    assert office.value("SELECT count(*) FROM source_link") == 0
    assert result.counts["created"] == 80
    assert (
        office.value("SELECT count(*) FROM plan_record WHERE plan = ?", result.plan)
        == 80 + result.counts["licences"]["created"]
    )


def test_that_update_only_creates_nobody_and_says_why(office: Office) -> None:
    office.integrate(preference="update_only")

    result = office.run(preview=True)

    assert result.counts["created"] == 0
    assert (result.counts["people"]["skipped"], result.counts["skipped"]) == (40, 80)
    reasons = {row[0] for row in office.rows("SELECT reason FROM plan_record WHERE kind = 'skip'")}
    assert reasons == {"Update only: nobody here matches"}


def test_that_create_only_leaves_people_who_are_here_as_they_are(office: Office) -> None:
    office.integrate()
    office.run()
    office.simulator.churn(0.2)
    office.integrate(preference="create_only")

    result = office.run()

    assert office.value("SELECT count(*) FROM change WHERE session = ? AND kind = 'update'", result.session) == 0


def test_that_user_only_keeps_people_and_no_accounts(office: Office) -> None:
    office.integrate(saas_mode="user_only", deactivate=False)

    result = office.run()

    assert office.value("SELECT count(*) FROM person") == 40
    assert office.value("SELECT count(*) FROM saas_user") == 0
    assert office.run().counts["unchanged"] == 40
    assert result.counts["created"] == 40


def test_that_a_filter_leaves_people_out_without_deactivating_them(office: Office) -> None:
    office.integrate()
    office.run()
    office.integrate(filter=[{"field": "role", "operator": "does_not_equal", "value": "user"}])

    result = office.run()

    assert result.counts["filtered"] > 0
    assert result.counts["deactivated"] == 0
    assert office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 0


def test_that_a_limit_reads_the_first_few_and_deactivates_nobody(office: Office) -> None:
    office.integrate()
    office.run()

    result = office.run(limit=5)

    assert result.status is Status.INCOMPLETE
    assert result.counts["fetched"] == 5
    assert office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 0


def test_that_a_changed_mapping_looks_at_everybody_again(office: Office) -> None:
    office.integrate()
    office.run()
    rows = [
        {"source": "email", "target": "username"},
        {"source": "email", "target": "email", "sync_key": 1},
        {"value": "Contractor", "target": "role"},
        {"source": "job_title", "target": "job_title"},
    ]
    office.integrate(map=rows)

    result = office.run()

    assert {row[0] for row in office.rows("SELECT DISTINCT role FROM person")} == {"Contractor"}
    assert result.counts["people"]["updated"] == 40
    assert result.counts["saas_users"]["updated"] == 0


def test_that_the_time_of_the_run_costs_no_write(office: Office) -> None:
    document = office.integrate().document
    rows = [row.model_dump(mode="json", exclude_none=True) for row in document.mapping]
    fields = [{"label": "Last Sync", "type": "datetime"}, {"label": "Key Used"}]
    rows += [
        {"source": "connector_sync_time", "target": "last_sync"},
        {"source": "connect:credentials", "target": "key_used"},
    ]
    office.integrate(map=rows, field=[{"label": "PagerDuty User ID", "unique": True}, *fields])
    office.run()
    before = office.value("SELECT max(id) FROM change")

    office.run()

    assert office.value("SELECT max(id) FROM change") == before
    assert {row[0] for row in office.rows("SELECT DISTINCT key_used FROM person")} == {"pd key"}


@pytest.mark.parametrize("people", [12_345])
def test_that_the_wall_of_10_000_ends_incomplete_and_deactivates_nobody(office: Office, people: int) -> None:
    office.integrate()

    result = office.run()

    assert result.status is Status.INCOMPLETE
    assert result.exit_code == 1
    assert result.counts["fetched"] == 10_000
    assert "10,000" in result.message
    assert office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 0


def test_that_the_latest_raw_record_of_everybody_is_kept(office: Office) -> None:
    office.integrate()

    office.run()

    raws = office.rows("SELECT vendor_id, json_extract(raw, '$.id') FROM source_raw")
    assert len(raws) == 40
    assert all(vendor_id == own_id for vendor_id, own_id in raws)


def test_that_a_run_throws_raw_records_away_once_they_are_not_to_be_kept(office: Office) -> None:
    office.integrate()
    office.run()
    office.store.save_setting("keep_raw", "no")

    office.run()

    assert office.value("SELECT count(*) FROM source_raw") == 0

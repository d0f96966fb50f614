"""A preview is applied exactly as it was shown: without what was unticked, and without what has changed since."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from saasdesk.clock import as_text, now
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import Cause, ChangeKind, FieldEdit, RecordEdit
from saasdesk.simulator.control import Simulator
from saasdesk.sync import integrations, plans
from saasdesk.sync.events import Status, SyncResult
from saasdesk.sync.kept_plans.rows import PlanLine
from saasdesk.sync.latest import latest_good_reading
from saasdesk.sync.previews.applying import apply_preview
from saasdesk.sync.previews.keeping import GOOD_FOR
from saasdesk.sync.previews.rows import Unticked
from tests.sync.conftest import NAME, Office

NOTHING: Unticked = frozenset()


def preview(office: Office) -> int:
    plan = office.run(preview=True).plan
    assert plan is not None
    return plan


def apply(office: Office, plan: int, unticked: Unticked = NOTHING) -> SyncResult:
    return apply_preview(office.store, plan, unticked, office.news.append, threading.Event())


def lines(office: Office, plan: int, kind: str, of: str) -> list[PlanLine]:
    return [line for line in plans.lines_of(office.store, plan) if (line.kind, line.object) == (kind, of)]


def count(office: Office, table: str, condition: str = "NOT deactivated") -> int:
    return int(str(office.value(f"SELECT count(*) FROM {table} WHERE {condition}")))


def edit(office: Office, person: int, field: str, before: object, after: object) -> None:
    """Somebody edits a person by hand."""
    change = RecordEdit(ChangeKind.UPDATE, person, "", "by hand", (FieldEdit(field, before, after),))
    cause = Cause("by hand", "admin")
    refused = office.store.write(lambda db: apply_edits(db, ObjectKind.PEOPLE, [change], cause, "2026-01-01T00:00:00Z"))
    assert not refused


# ----- whole


def test_that_applying_writes_what_was_shown_without_asking_the_vendor_again(office: Office) -> None:
    office.integrate()
    plan = preview(office)
    office.simulator.company.leave([office.simulator.truth("pagerduty")[0].serial])

    result = apply(office, plan)

    assert result.status is Status.COMPLETED
    assert result.counts["people"]["created"] == result.counts["saas_users"]["created"] == 40
    assert count(office, "person") == count(office, "saas_user") == 40
    assert count(office, "licence") == result.counts["licences"]["created"] > 0


def test_that_a_plan_of_another_version_of_the_program_is_refused_and_nothing_changes(office: Office) -> None:
    office.integrate()
    plan = preview(office)
    session = plans.find_plan(office.store, plan).session
    with closing(sqlite3.connect(office.store.profile.preview(session))) as kept:
        kept.execute("PRAGMA user_version = 1")

    result = apply(office, plan)

    assert result.status is Status.FAILED
    assert "Another version of this program made the plan" in result.message
    assert count(office, "person") == 0


def test_that_a_run_after_it_finds_nothing_to_do(office: Office) -> None:
    office.integrate()
    apply(office, preview(office))

    result = office.run()

    assert (result.counts["created"], result.counts["updated"], result.counts["unchanged"]) == (0, 0, 80)


def test_that_an_applied_plan_says_so_and_is_not_applied_twice(office: Office) -> None:
    office.integrate()
    plan = preview(office)
    apply(office, plan)

    found = plans.find_plan(office.store, plan)
    with pytest.raises(UserError, match="This plan was applied"):
        apply(office, plan)

    assert (found.state, bool(found.decided_at), bool(found.decided_by)) == ("applied", True, True)
    assert not office.store.profile.previews()


def test_that_the_data_is_as_old_as_the_preview_and_not_as_its_application(office: Office) -> None:
    office.integrate()
    plan = preview(office)
    read_at = now() - GOOD_FOR / 2
    office.store.write(lambda db: db.execute_sql("UPDATE plan SET created_at = ?", (as_text(read_at),)))
    assert latest_good_reading(office.store) is None

    apply(office, plan)

    found = latest_good_reading(office.store)
    assert found is not None
    assert as_text(found) == as_text(read_at)


# ----- unticked


def test_that_an_unticked_person_is_not_made_and_neither_are_account_and_licences(office: Office) -> None:
    office.integrate()
    plan = preview(office)
    person = lines(office, plan, "create", "people")[0]

    result = apply(office, plan, frozenset({(person.seq, "")}))

    assert (result.status, result.counts["people"]["created"], result.counts["saas_users"]["created"]) == (
        Status.COMPLETED,
        39,
        39,
    )
    assert count(office, "saas_user", f"saas_user_id = '{person.vendor_id}'") == 0
    assert count(office, "licence", "saas_user IS NULL") == 0
    assert any(
        cause == "left out" and accepted
        for cause, accepted in office.rows(
            "SELECT cause, accepted FROM session_error WHERE session = ?", result.session
        )
    )


def test_that_the_next_run_makes_whoever_was_unticked(office: Office) -> None:
    office.integrate()
    plan = preview(office)
    apply(office, plan, frozenset({(lines(office, plan, "create", "people")[0].seq, "")}))

    result = office.run()

    assert (result.counts["people"]["created"], result.counts["saas_users"]["created"]) == (1, 1)
    assert count(office, "person") == count(office, "saas_user") == 40


def test_that_one_field_of_several_may_be_unticked(office: Office) -> None:
    office.integrate()
    office.run()
    office.store.write(lambda db: db.execute_sql("UPDATE person SET name = 'x', job_title = 'y'"))
    office.store.write(lambda db: db.execute_sql("UPDATE source_link SET raw_hash = NULL"))
    plan = preview(office)
    titles = frozenset(
        (line.seq, line.field) for line in lines(office, plan, "update", "people") if line.field == "name"
    )
    assert titles

    apply(office, plan, titles)

    assert count(office, "person", "name = 'x'") == 40
    assert count(office, "person", "job_title = 'y'") == 0
    assert office.run().counts["people"]["updated"] == 40
    assert count(office, "person", "name = 'x'") == 0


def test_that_an_unticked_deactivation_keeps_account_and_licences_and_comes_again(office: Office) -> None:
    office.integrate()
    office.run()
    gone = office.simulator.truth("pagerduty")[-3:]
    office.simulator.company.leave([account.serial for account in gone])
    plan = preview(office)
    kept = next(line for line in lines(office, plan, "deactivate", "saas_users") if line.vendor_id == gone[0].id)

    result = apply(office, plan, frozenset({(kept.seq, "")}))

    assert result.counts["saas_users"]["deactivated"] == 2
    assert count(office, "saas_user") == 38
    assert count(office, "licence l JOIN saas_user u ON u.id = l.saas_user", "l.deactivated <> u.deactivated") == 0
    assert office.value("SELECT gone FROM source_link WHERE vendor_id = ?", gone[0].id) == 0
    assert office.run().counts["saas_users"]["deactivated"] == 1


def test_that_a_person_stays_whose_account_was_unticked(office: Office) -> None:
    office.integrate(deactivate_people=True)
    office.run()
    gone = office.simulator.truth("pagerduty")[-2:]
    office.simulator.company.leave([account.serial for account in gone])
    plan = preview(office)
    kept = next(line for line in lines(office, plan, "deactivate", "saas_users") if line.vendor_id == gone[0].id)

    result = apply(office, plan, frozenset({(kept.seq, "")}))

    assert (result.counts["people"]["deactivated"], result.counts["saas_users"]["deactivated"]) == (1, 1)


# ----- proof and budget


def test_p05_that_unticking_lets_no_deactivation_pass_that_the_safeguard_holds(office: Office) -> None:
    office.integrate()
    office.run()
    office.simulator.company.leave([account.serial for account in office.simulator.truth("pagerduty")[-12:]])
    plan = preview(office)
    held = [line for line in plans.lines_of(office.store, plan) if line.held and line.object == "saas_users"]
    assert len(held) == 12

    result = apply(office, plan, frozenset((line.seq, "") for line in held[:10]))

    assert result.status is Status.STOPPED_BY_SAFEGUARD
    assert count(office, "saas_user") == 40
    waiting = plans.held_plans(office.store)
    assert [plan.deactivations for plan in waiting] == [12]
    assert result.plan == waiting[0].id


def test_p05_that_limits_count_at_the_moment_of_applying(office: Office) -> None:
    office.integrate()
    office.run()
    office.simulator.company.leave([account.serial for account in office.simulator.truth("pagerduty")[-8:]])
    plan = preview(office)
    assert len(lines(office, plan, "deactivate", "saas_users")) == 8
    # Half of the others are gone by now: eight are more than one run may deactivate of so few.
    office.store.write(
        lambda db: db.execute_sql("UPDATE saas_user SET archived = 1 WHERE id IN (SELECT id FROM saas_user LIMIT 25)")
    )

    result = apply(office, plan)

    assert result.status is Status.STOPPED_BY_SAFEGUARD
    assert count(office, "saas_user") == 40


def test_p03_that_a_preview_without_proof_deactivates_nobody(office: Office) -> None:
    office.integrate()
    office.run()
    plan = office.run(preview=True, limit=5).plan
    assert plan is not None

    result = apply(office, plan)

    assert result.status is Status.INCOMPLETE
    assert count(office, "saas_user") == 40


# ----- moved since


def test_that_a_line_somebody_else_changed_is_refused_and_listed(office: Office) -> None:
    office.integrate()
    office.run()
    office.store.write(lambda db: db.execute_sql("UPDATE person SET name = 'x' WHERE id IN (1, 2)"))
    office.store.write(lambda db: db.execute_sql("UPDATE source_link SET raw_hash = NULL"))
    plan = preview(office)
    edit(office, 1, "name", "x", "By Hand")

    result = apply(office, plan)

    assert result.status is Status.COMPLETED_WITH_ERRORS
    assert "1 line of the plan had changed since" in result.message
    assert [error.message for error in result.errors] == ["Name was “x” when the plan was made and is “By Hand” now."]
    assert office.value("SELECT name FROM person WHERE id = 1") == "By Hand"
    assert office.value("SELECT name FROM person WHERE id = 2") != "x"


def test_that_a_value_that_would_change_otherwise_than_shown_is_refused(office: Office) -> None:
    office.integrate()
    office.run()
    office.store.write(lambda db: db.execute_sql("UPDATE person SET name = 'x' WHERE id IN (1, 2)"))
    office.store.write(lambda db: db.execute_sql("UPDATE source_link SET raw_hash = NULL"))
    plan = preview(office)
    # Another run of the same feeder: it may be written over, but not with what was shown.
    office.store.write(lambda db: db.execute_sql("UPDATE person SET name = 'y' WHERE id = 1"))

    result = apply(office, plan)

    assert [error.message for error in result.errors] == ["Name was “x” when the plan was made and is “y” now."]
    assert office.rows("SELECT name FROM person WHERE id IN (1, 2) AND name IN ('x', 'y')") == [("y",)]


def test_that_somebody_made_meanwhile_is_not_made_twice(office: Office) -> None:
    office.integrate()
    plan = preview(office)
    line = next(line for line in lines(office, plan, "create", "people") if line.field == "email")
    office.store.write(
        lambda db: db.execute_sql(
            """INSERT INTO person (email, email__key, username, username__key, created_at, updated_at, created_by)
               VALUES (?1, fold(?1), ?1, fold(?1), '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'admin')""",
            (line.after,),
        )
    )
    office.store.write(
        lambda db: db.execute_sql(
            """INSERT INTO change (cause, at, object, record, kind) VALUES ('by hand', '2026', 'people', 1, 'create')"""
        )
    )

    result = apply(office, plan)

    assert result.counts["people"]["created"] == 39
    assert [error.record for error in result.errors if "by now" in error.message] == [line.label]
    assert count(office, "person") == 40


def test_that_a_plan_is_refused_whole_after_a_run_or_an_edit_of_its_integration(office: Office) -> None:
    office.integrate()
    plan = preview(office)
    office.run()
    with pytest.raises(UserError, match="Session 2 changed records after it was made"):
        apply(office, plan)

    plan = preview(office)
    known = integrations.find_integration(office.store, NAME)
    integrations.save_integration(office.store, known.document.model_copy(update={"deactivate_limit_count": 3}))
    result = apply(office, plan)

    assert result.status is Status.FAILED
    assert "was edited after the plan was made" in result.message


def test_that_a_plan_of_yesterday_is_not_applied(office: Office) -> None:
    office.integrate()
    plan = preview(office)
    office.store.write(lambda db: db.execute_sql("UPDATE plan SET created_at = ?", (as_text(now() - GOOD_FOR * 1.1),)))

    with pytest.raises(UserError, match="older than a day"):
        apply(office, plan)


def test_that_people_who_swap_an_address_do_so_together_or_not_at_all(office: Office) -> None:
    office.integrate()
    office.run()
    first, second = office.rows("SELECT id, email FROM person ORDER BY id LIMIT 2")
    office.store.write(
        lambda db: [
            db.execute_sql("UPDATE person SET email = NULL, email__key = NULL WHERE id IN (1, 2)"),
            db.execute_sql("UPDATE person SET email = ?1, email__key = fold(?1) WHERE id = ?2", (second[1], first[0])),
            db.execute_sql("UPDATE person SET email = ?1, email__key = fold(?1) WHERE id = ?2", (first[1], second[0])),
            db.execute_sql("UPDATE source_link SET raw_hash = NULL"),
        ]
    )
    plan = preview(office)
    swap = [line for line in lines(office, plan, "update", "people") if line.field == "email"]
    assert len(swap) == 2

    result = apply(office, plan, frozenset({(swap[0].seq, swap[0].field)}))

    assert office.rows("SELECT id, email FROM person ORDER BY id LIMIT 2") == [
        (first[0], second[1]),
        (second[0], first[1]),
    ]
    assert any("belongs to another person" in error.message for error in result.errors)
    office.run()
    assert office.rows("SELECT id, email FROM person ORDER BY id LIMIT 2") == [first, second]


def test_that_a_test_run_keeps_nothing_that_could_be_applied(office: Office) -> None:
    office.integrate()
    plan = office.run(preview=True, is_test=True, limit=10).plan
    assert plan is not None

    with pytest.raises(UserError, match="the plan of a test"):
        apply(office, plan)


def test_that_a_draft_applies_no_plan(office: Office) -> None:
    integration = office.integrate()
    office.store.write(
        lambda db: db.execute_sql("UPDATE integration SET state = 'draft' WHERE id = ?", (integration.id,))
    )
    plan = preview(office)

    with pytest.raises(UserError, match="draft"):
        apply(office, plan)

    assert count(office, "person") == 0


def test_that_what_a_preview_fetched_is_private_and_goes_with_its_plan(office: Office) -> None:
    integration = office.integrate()
    preview(office)
    (kept,) = office.store.profile.previews()
    assert kept.stat().st_mode & 0o777 == 0o600

    preview(office)
    (newer,) = office.store.profile.previews()
    assert newer != kept

    integrations.delete_integration(office.store, integrations.find_integration(office.store, integration.name))
    assert not office.store.profile.previews()


@pytest.mark.parametrize(
    ("vendor", "loads"),
    [("atlassian", "users"), ("jetbrains", "users"), ("jumpcloud", "users"), ("jumpcloud", "assets")],
)
def test_that_every_vendor_s_preview_is_applied_as_a_run_would_have_done_it(
    tmp_path: Path, vendor: str, loads: str
) -> None:
    with Simulator(40) as simulator:
        by_plan = Office(tmp_path / "plan", simulator, vendor)
        by_run = Office(tmp_path / "run", simulator, vendor)
        for office in (by_plan, by_run):
            office.integrate(object=loads)
        by_run.run()

        result = apply(by_plan, preview(by_plan))

        assert result.status in {Status.COMPLETED, Status.COMPLETED_WITH_ERRORS}
        for table in ("person", "saas_user", "licence", "asset", "source_link"):
            assert count(by_plan, table, "1") == count(by_run, table, "1"), table
        again = by_plan.run()
        assert (again.counts["created"], again.counts["updated"], again.counts["deactivated"]) == (0, 0, 0)
        for office in (by_plan, by_run):
            office.close()

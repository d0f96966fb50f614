"""SaaS applications and their link to the catalogue."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.fields.configuration import Definition, change_field
from saasdesk.fields.rows import list_fields
from saasdesk.profile import open_profile
from saasdesk.records.catalogue import CatalogueEntry, find_entry
from saasdesk.records.changes import Cause, FieldEdit
from saasdesk.records.software import (
    SaasApplication,
    change_application,
    changes_of_link,
    changes_of_unlink,
    ensure_application,
    find_application,
    settled_name,
    undone,
)
from saasdesk.store import Store

AT = "2026-01-02T03:04:05Z"
CAUSE = Cause("sync 1", "PagerDuty users")


@pytest.fixture
def store(profile_dir: Path) -> Iterator[Store]:
    with Store.open(open_profile(profile_dir)) as opened:
        yield opened


def make(store: Store, name: str, vendor: str = "Whoever") -> SaasApplication:
    number = store.write(lambda db: ensure_application(db, name, vendor, CAUSE, AT))
    found = find_application(store, number)
    assert found is not None
    return found


def settled(store: Store, name: str) -> str:
    with store.reading() as db:
        return settled_name(db, name)


def entry(name: str) -> CatalogueEntry:
    found = find_entry(name)
    assert found is not None
    return found


def test_that_an_application_of_the_catalogue_is_made_with_vendor_category_and_link(store: Store) -> None:
    made = make(store, "jira software")

    assert (made.name, made.vendor, made.category, made.catalogue_entry) == (
        "Jira",
        "Atlassian",
        "Project management",
        "Jira",
    )


def test_that_an_application_that_the_catalogue_does_not_know_is_made_as_it_is_called(store: Store) -> None:
    made = make(store, "PagerDuty EU", vendor="PagerDuty")

    assert (made.name, made.vendor, made.category, made.catalogue_entry) == ("PagerDuty EU", "PagerDuty", "", "")


def test_that_two_spellings_do_not_make_two_applications(store: Store) -> None:
    assert make(store, "Pager Duty").id == make(store, "PAGERDUTY").id == make(store, "PagerDuty").id


def test_that_an_application_that_is_here_stands_above_the_catalogue(store: Store) -> None:
    own = store.write(lambda db: ensure_application(db, "Our Jira", "We", CAUSE, AT))

    assert settled(store, "our jira") == "Our Jira"
    assert store.write(lambda db: ensure_application(db, "OUR JIRA", "We", CAUSE, AT)) == own


def test_that_linking_changes_only_what_differs_and_says_what_was_there(store: Store) -> None:
    made = make(store, "PagerDuty EU", vendor="PagerDuty")

    assert changes_of_link(made, entry("PagerDuty")) == (
        FieldEdit("category", None, "Incident and monitoring"),
        FieldEdit("catalogue_entry", None, "PagerDuty"),
    )


def test_that_a_link_can_be_made_and_undone(store: Store) -> None:
    made = make(store, "PagerDuty EU", vendor="Somebody")
    changes = changes_of_link(made, entry("PagerDuty"))

    change_application(store, made, changes, "linked to the software catalogue")
    linked = find_application(store, made.id)
    assert linked == SaasApplication(made.id, "PagerDuty EU", "PagerDuty", "Incident and monitoring", "PagerDuty")

    change_application(store, linked, undone(changes), "undone")
    assert find_application(store, made.id) == made


def test_that_unlinking_leaves_vendor_and_category(store: Store) -> None:
    made = make(store, "Jira")

    change_application(store, made, changes_of_unlink(made), "unlinked")

    assert find_application(store, made.id) == SaasApplication(made.id, "Jira", "Atlassian", "Project management", "")
    assert changes_of_unlink(SaasApplication(made.id, "Jira", "", "", "")) == ()


def test_that_a_link_leaves_its_history_and_a_row_in_the_audit(store: Store) -> None:
    made = make(store, "PagerDuty EU")

    change_application(store, made, changes_of_link(made, entry("PagerDuty")), "linked to the software catalogue")

    with store.reading() as db:
        history = db.execute_sql("SELECT field, after FROM change WHERE kind = 'update' ORDER BY field").fetchall()
        (action, subject) = db.execute_sql("SELECT action, subject FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    assert ("catalogue_entry", "PagerDuty") in history
    assert (action, subject) == ("application.changed", "PagerDuty EU")


def test_that_a_change_that_somebody_else_made_meanwhile_is_not_overwritten(store: Store) -> None:
    made = make(store, "PagerDuty EU")
    change_application(store, made, (FieldEdit("vendor", "Whoever", "PagerDuty, Inc."),), "corrected")

    with pytest.raises(UserError, match="was changed meanwhile"):
        change_application(store, made, changes_of_link(made, entry("PagerDuty")), "linked")

    after = find_application(store, made.id)
    assert after is not None
    assert (after.vendor, after.catalogue_entry) == ("PagerDuty, Inc.", "")


def test_that_a_field_that_is_not_editable_is_changed_by_no_hand(store: Store) -> None:
    made = make(store, "Trello Enterprise Board")
    with store.reading() as db:
        vendor = next(f for f in list_fields(db, ObjectKind.SAAS_APPLICATIONS) if f.external_id == "vendor")
    change_field(store, vendor, replace(Definition.of(vendor), editable=False))

    with pytest.raises(UserError, match="Vendor is not editable: only integrations and workflows write it"):
        change_application(store, made, (FieldEdit("vendor", made.vendor, "Somebody"),), "asked for")

    assert find_application(store, made.id) == made

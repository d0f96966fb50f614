"""What saving an integration settles: its SaaS application, and the name under which its records are made."""

import pytest
from pydantic import ValidationError

from saasdesk.definitions import to_toml
from saasdesk.sync import integrations
from saasdesk.sync.integration import Integration, IntegrationDocument, parse_document
from tests.sync.conftest import NAME, Office


def applications(office: Office) -> list[tuple[object, ...]]:
    return office.rows("SELECT name, vendor, coalesce(catalogue_entry, '') FROM saas_application ORDER BY id")


def test_that_saving_makes_the_application_as_the_catalogue_has_it(office: Office) -> None:
    saved = office.integrate(saas_application="pager duty")

    assert saved.document.application_name == "PagerDuty"
    assert applications(office) == [("PagerDuty", "PagerDuty", "PagerDuty")]


def test_that_an_application_of_ones_own_is_made_on_saving_and_used_by_the_run(office: Office) -> None:
    office.integrate(saas_application="On-call EU")
    office.run()

    assert applications(office) == [("On-call EU", "PagerDuty", "")]
    assert office.value("SELECT count(DISTINCT saas_application) FROM saas_user") == 1


def test_that_saving_again_makes_no_second_application(office: Office) -> None:
    saved = office.integrate()
    integrations.save_integration(office.store, saved.document)

    assert applications(office) == [("PagerDuty", "PagerDuty", "PagerDuty")]


def test_that_user_only_makes_no_application(office: Office) -> None:
    office.integrate(saas_mode="user_only", deactivate=False)

    assert applications(office) == []


def draft(office: Office, name: str, application: str) -> Integration:
    document = IntegrationDocument(name=name, connector="pagerduty", saas_application=application)
    return integrations.save_integration(office.store, document)


def test_that_a_draft_that_is_deleted_takes_the_application_that_it_made_along(office: Office) -> None:
    integrations.delete_integration(office.store, draft(office, "First", "On-call EU"))

    assert applications(office) == []
    assert office.value("SELECT count(*) FROM change") == 0


def test_that_an_application_that_another_integration_names_stays(office: Office) -> None:
    first = draft(office, "First", "On-call EU")
    draft(office, "Second", "on-call eu")

    integrations.delete_integration(office.store, first)

    assert applications(office) == [("On-call EU", "PagerDuty", "")]


def test_that_an_application_with_users_outlives_its_integration(office: Office) -> None:
    office.integrate()
    office.run()
    integrations.delete_integration(office.store, integrations.find_integration(office.store, NAME))

    assert applications(office) == [("PagerDuty", "PagerDuty", "PagerDuty")]


def test_that_records_are_made_by_the_integration_unless_it_acts_for_somebody(office: Office) -> None:
    office.integrate("PagerDuty users")
    office.run("PagerDuty users")
    assert office.rows("SELECT DISTINCT created_by FROM person") == [("PagerDuty users",)]


def test_that_the_integration_user_stands_at_the_records_that_it_makes(office: Office) -> None:
    office.integrate(integration_user="Sync Robot")
    office.run()

    for table in ("person", "saas_user"):
        assert office.rows(f"SELECT DISTINCT created_by FROM {table}") == [("Sync Robot",)]


def test_that_the_integration_user_is_kept_in_the_file() -> None:
    document = IntegrationDocument(name="X", connector="pagerduty", integration_user="Sync Robot")

    assert parse_document(to_toml(document)).integration_user == "Sync Robot"


@pytest.mark.parametrize("name", [" Robot", "Robot\u200b", "x" * 101])
def test_that_an_integration_user_that_cannot_be_read_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        IntegrationDocument(name="X", connector="pagerduty", integration_user=name)

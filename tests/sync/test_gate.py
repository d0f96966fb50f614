"""What an integration needs before it is launched, and that a draft writes nothing."""

from collections.abc import Mapping

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.errors import UserError
from saasdesk.store.variables import set_variable
from saasdesk.sync import integrations
from saasdesk.sync.events import Status
from saasdesk.sync.gate import GateLine, GatePoint, launch_gate
from saasdesk.sync.integration import IntegrationDocument, document_from
from tests.sync.conftest import NAME, Office


def draft(office: Office, **changes: object) -> IntegrationDocument:
    document = document_from(
        {"name": NAME, "connector": office.connector.key, "credential": "pd key", **changes}, "the test"
    )
    return integrations.save_integration(office.store, document).document


def gate(office: Office, known: Mapping[str, str] | None = None) -> list[GateLine]:
    integration = integrations.find_integration(office.store, NAME)
    return launch_gate(office.store, integration, office.vault.known() if known is None else known)


def open_points(office: Office) -> list[tuple[GatePoint, str, str]]:
    return [(line.point, line.text, line.target) for line in gate(office) if line.blocks]


def test_that_a_whole_draft_has_every_point_settled_but_the_test_of_its_key(office: Office) -> None:
    draft(office)

    lines = gate(office)

    assert open_points(office) == []
    assert {line.point for line in lines if line.is_settled} == {
        GatePoint.FIELDS,
        GatePoint.SYNC_KEY,
        GatePoint.SOURCES,
        GatePoint.SCHEDULE,
    }
    assert [line.text for line in lines if not line.is_settled] == [
        "The key of “pd key” has not been tested yet; the first plan tries it."
    ]


def test_that_what_the_vendor_must_be_told_is_named_before_a_credential_is_chosen(office: Office) -> None:
    draft(office, connector="jetbrains", credential="")

    assert open_points(office)[:2] == [
        (GatePoint.CREDENTIAL, "Choose a credential.", ""),
        (
            GatePoint.INPUTS,
            "Fill in JetBrains Company Code, or choose a credential that brings it.",
            "company_code",
        ),
    ]


def test_that_each_thing_that_lacks_names_its_point_and_field(office: Office) -> None:
    draft(office, credential="", map=[{"source": "email", "target": "email"}])

    assert open_points(office) == [
        (GatePoint.CREDENTIAL, "Choose a credential.", ""),
        (GatePoint.FIELDS, "Map Username.", "username"),
        (GatePoint.FIELDS, "Map Role.", "role"),
        (GatePoint.SYNC_KEY, "Choose a sync key, such as Email.", "email"),
    ]


def test_that_the_default_schedule_counts_as_set(office: Office) -> None:
    draft(office)

    assert [line.is_settled for line in gate(office) if line.point is GatePoint.SCHEDULE] == [True]


def test_that_a_line_that_cannot_be_read_any_more_keeps_it_from_being_launched(office: Office) -> None:
    draft(office)
    # Somebody had their hand in the database.
    office.store.write(
        lambda db: db.execute_sql("UPDATE integration SET document = replace(document, 'job_title', 'job_gone')")
    )

    assert GatePoint.SOURCES in {point for point, _, _ in open_points(office)}


def test_that_a_required_input_must_be_filled_in_somewhere(office: Office) -> None:
    office.vault.set("jb key", CONNECTORS["jetbrains"], "a-key-for-nobody")
    draft(office, connector="jetbrains", credential="jb key")
    assert (GatePoint.INPUTS, "Fill in JetBrains Company Code.", "company_code") in open_points(office)

    set_variable(office.store, "JetBrains.Company Code", "acme")

    assert GatePoint.INPUTS not in {point for point, _, _ in open_points(office)}


def test_that_a_draft_writes_nothing_whoever_starts_it(office: Office) -> None:
    draft(office)

    result = office.run()

    assert (result.status, result.exit_code) == (Status.FAILED, 2)
    assert "is a draft, and nothing is written before it is launched" in result.message
    assert office.value("SELECT count(*) FROM person") == 0


def test_that_a_draft_can_be_previewed_and_tested(office: Office) -> None:
    draft(office)

    assert office.run(preview=True).status is Status.COMPLETED
    assert office.run(preview=True, limit=10, is_test=True).counts["fetched"] == 10


def test_that_a_launch_that_lacks_something_says_everything_at_once(office: Office) -> None:
    draft(office, credential="", map=[{"source": "email", "target": "email"}])
    integration = integrations.find_integration(office.store, NAME)

    with pytest.raises(UserError, match=r"Choose a credential\. Map Username\. Map Role\. Choose a sync key"):
        integrations.launch(office.store, integration, office.vault.known())

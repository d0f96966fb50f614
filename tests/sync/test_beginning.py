"""How integrations begin: drafts from the gallery, and copies of others."""

from pathlib import Path

import pytest

from saasdesk.connectors import ASSETS, CONNECTORS, Connector
from saasdesk.errors import UserError
from saasdesk.profile import open_profile
from saasdesk.store import Store
from saasdesk.store.variables import set_variable
from saasdesk.sync import integrations
from saasdesk.sync.beginning import add_draft, duplicate, gallery
from saasdesk.sync.integration import IntegrationDocument, IntegrationState
from tests.sync.conftest import NAME, Office

PAGERDUTY = CONNECTORS["pagerduty"]
JETBRAINS = CONNECTORS["jetbrains"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(open_profile(tmp_path / "profile", demo=True))


def test_that_the_gallery_has_each_vendor_once_for_each_object_users_first() -> None:
    shown = [(connector.key, connector.loads) for connector in gallery()]

    assert len(shown) == len(set(shown))
    assert ("jumpcloud", "users") in shown
    assert ("jumpcloud", ASSETS) in shown
    assert [loads for _, loads in shown] == sorted((loads for _, loads in shown), reverse=True)


@pytest.mark.parametrize("connector", gallery(), ids=lambda known: f"{known.key} {known.loads}")
def test_that_a_draft_lacks_only_a_credential_and_what_no_default_can_know(store: Store, connector: Connector) -> None:
    with store:
        draft = add_draft(store, connector)

        assert draft.state is IntegrationState.DRAFT
        unknown = {
            f"Fill in {declared.label}, or choose a credential that brings it."
            for declared in connector.inputs
            if declared.required
        }
        lacks = integrations.missing(store, draft, {})
        assert lacks[0] == "Choose a credential."
        assert set(lacks[1:]) <= unknown


def test_that_a_second_draft_gets_a_number_behind_its_name(store: Store) -> None:
    with store:
        names = [add_draft(store, PAGERDUTY).name for _ in range(3)]

    assert names == ["PagerDuty users", "PagerDuty users 2", "PagerDuty users 3"]


def test_that_the_inputs_of_a_draft_come_from_the_global_variables(store: Store) -> None:
    with store:
        set_variable(store, "jetbrains.company code", "ACME")

        draft = add_draft(store, JETBRAINS)

    assert draft.document.inputs == {"company_code": "ACME"}


def test_that_a_copy_has_the_mapping_and_the_credential_and_is_a_draft(office: Office) -> None:
    original = office.integrate()
    office.run()

    copy = duplicate(office.store, original)

    assert copy.state is IntegrationState.DRAFT
    assert copy.document == original.document.model_copy(update={"name": "PagerDuty users 2"})
    assert office.value("SELECT count(*) FROM sync_session WHERE integration = ?", copy.id) == 0
    assert office.value("SELECT count(*) FROM person WHERE owner_integration = ?", copy.id) == 0


def test_that_the_copy_of_a_name_as_long_as_a_name_may_be_is_no_longer(store: Store) -> None:
    with store:
        first = integrations.save_integration(store, IntegrationDocument(name="x" * 100, connector="pagerduty"))

        assert duplicate(store, first).name == f"{'x' * 98} 2"


def test_that_a_renamed_integration_keeps_its_records_and_sessions(office: Office) -> None:
    original = office.integrate()
    office.run()

    renamed = integrations.rename_integration(office.store, original, " PagerDuty EU ")

    assert (renamed.id, renamed.name, renamed.state) == (original.id, "PagerDuty EU", IntegrationState.ACTIVE)
    assert office.run("PagerDuty EU").counts["unchanged"] > 0


def test_that_renaming_adds_nothing_to_a_mapping_that_was_emptied(store: Store) -> None:
    with store:
        draft = integrations.save_integration(store, IntegrationDocument(name="Empty", connector="pagerduty"))

        assert integrations.rename_integration(store, draft, "Still empty").document.mapping == ()


@pytest.mark.parametrize("name", [NAME.upper(), "", "x" * 101])
def test_that_a_name_that_cannot_be_is_refused_and_changes_nothing(office: Office, name: str) -> None:
    office.integrate()
    other = office.integrate("Other")

    with pytest.raises(UserError, match=r"name"):
        integrations.rename_integration(office.store, other, name)

    assert integrations.find_integration(office.store, "Other") == other

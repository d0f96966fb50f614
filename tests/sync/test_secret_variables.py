"""A secret variable fills a vendor's input at run time, and no record."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import set_secret_variable
from saasdesk.errors import UserError
from saasdesk.simulator.control import Simulator
from saasdesk.sync import integrations
from tests.sync.conftest import NAME, Office


@pytest.fixture
def jetbrains(tmp_path: Path) -> Iterator[Office]:
    """JetBrains whose company code only a secret variable knows."""
    with Simulator(30) as simulator:
        office = Office(tmp_path / "profile", simulator, "jetbrains")
        access = simulator.access()["jetbrains"]
        office.vault.set("own key", CONNECTORS["jetbrains"], access["key"], base_url=access["base_url"])
        set_secret_variable(office.store, office.vault, "JetBrains.Company Code", access["company_code"])
        yield office
        office.close()


def test_that_a_secret_variable_opens_the_vendor_and_stays_out_of_records(jetbrains: Office) -> None:
    integration = jetbrains.integrate(credential="own key")
    rows = (
        *integration.document.mapping,
        integration.document.mapping[0].model_copy(
            update={"source": "connect:company_code", "target": "location", "sync_key": None, "update_key": False}
        ),
    )
    integrations.save_integration(jetbrains.store, integration.document.model_copy(update={"mapping": rows}))

    result = jetbrains.run()

    code = jetbrains.simulator.access()["jetbrains"]["company_code"]
    assert result.status.value == "completed", result.message
    assert {row[0] for row in jetbrains.rows("SELECT location FROM person")} == {"••••"}
    assert code not in repr(jetbrains.news)


def test_that_a_template_that_names_a_secret_variable_is_refused(jetbrains: Office) -> None:
    set_secret_variable(jetbrains.store, jetbrains.vault, "token", "a-value-of-nobody")
    integration = jetbrains.integrate(credential="own key")
    rows = (*integration.document.mapping, integration.document.mapping[0].model_copy(
        update={"source": "{{ token }}", "target": "location", "sync_key": None, "update_key": False}
    ))  # fmt: skip

    with pytest.raises(UserError, match="token is a secret variable, and whoever sees the record would see its value"):
        integrations.save_integration(jetbrains.store, integration.document.model_copy(update={"mapping": rows}))

    assert integrations.find_integration(jetbrains.store, NAME).document == integration.document


def test_that_a_secret_variable_is_renamed_with_its_value(jetbrains: Office) -> None:
    set_secret_variable(jetbrains.store, jetbrains.vault, "token", "a-value-of-nobody")

    assert integrations.rename_variable(jetbrains.store, "token", "Zendesk.Token") == []

    with pytest.raises(UserError, match=r"There is a variable “zendesk\.token” already"):
        integrations.rename_variable(jetbrains.store, "JetBrains.Company Code", "zendesk.token")

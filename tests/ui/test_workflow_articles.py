"""The workflows of the help articles, built and run step by step in the window; the vendor is asked what came of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from saasdesk.app.window import WindowDesk
from saasdesk.fields import FieldType, ObjectKind, configuration
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from tests.walks.hands import wait_until
from tests.walks.workflows import WorkflowWalk, articles
from tests.workflows.conftest import Workshop

pytestmark = [pytest.mark.slow, pytest.mark.qt_log_ignore("This plugin does not support")]


@pytest.fixture
def vendor() -> str:
    return "pagerduty"


@pytest.fixture
def workshop(tmp_path: Path, vendor: str) -> Iterator[Workshop]:
    with Simulator(20) as simulator:
        made = Workshop(tmp_path / "profile", simulator, vendor)
        made.vault.change("pd key", expires=None, permission="act", owner="", notes="")
        made.integrate()
        made.run()
        yield made
        made.close()


@pytest.fixture
def desk(workshop: Workshop, qapp: QApplication) -> Iterator[WindowDesk]:
    opened = WindowDesk(qapp, Services(workshop.store.profile, workshop.store, workshop.vault))
    opened.window.resize(1280, 800)
    opened.open()
    opened.window.activateWindow()
    wait_until(opened.window.isActiveWindow, "the window")
    yield opened
    opened.close()
    qapp.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
    qapp.processEvents()


def test_that_the_article_on_deleting_pagerduty_users_ends_with_the_user_gone(
    desk: WindowDesk, workshop: Workshop
) -> None:
    (address,) = workshop.addresses(1)
    user = workshop.value("SELECT pager_duty_user_id FROM person WHERE email = ?", address)
    before = workshop.at_vendor()

    WorkflowWalk(desk, workshop.store, articles(address)["delete"], "pd key").go()

    assert before - workshop.at_vendor() == {user}
    assert [(call.state, call.verified) for call in workshop.calls()] == [("succeeded", "gone")]


def test_that_the_article_on_saas_users_brings_their_roles_up_to_date(desk: WindowDesk, workshop: Workshop) -> None:
    before = workshop.rows("SELECT id, role FROM saas_user WHERE NOT deactivated ORDER BY id")
    workshop.write("UPDATE saas_user SET role = 'Something else'")

    WorkflowWalk(desk, workshop.store, articles("")["saas-user"], "pd key").go()

    assert workshop.rows("SELECT id, role FROM saas_user WHERE NOT deactivated ORDER BY id") == before
    assert workshop.calls() == []


@pytest.mark.parametrize("vendor", ["jetbrains"])
def test_that_the_article_on_the_api_block_puts_a_persons_licences_into_a_field(
    desk: WindowDesk, workshop: Workshop
) -> None:
    definition = configuration.Definition("Licences at JetBrains")
    made = configuration.create_field(workshop.store, ObjectKind.PEOPLE, FieldType.LONG_TEXT, definition)
    account = workshop.simulator.jetbrains.truth()[0]

    WorkflowWalk(desk, workshop.store, articles(account.email, made.label)["user"], "pd key").go()

    kept = str(workshop.value(f"SELECT {made.external_id} FROM person WHERE email__key = ?", account.email))
    assert all(licence in kept for licence in account.licences)

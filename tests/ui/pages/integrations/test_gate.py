"""The list of what a draft needs before Launch, and the way from each line to its place."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from saasdesk.sync import integrations
from saasdesk.sync.integration import Integration
from saasdesk.ui.pages.integrations.editing.credential_dialog import CredentialDialog
from saasdesk.ui.pages.integrations.integration_page import IntegrationPage
from saasdesk.ui.pages.integrations.mapping_page import MappingPage
from saasdesk.ui.pages.integrations.problems import ProblemsDialog
from saasdesk.ui.widgets.buttons import LinkButton
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def first_page() -> str:
    return "start"


@pytest.fixture
def draft(whole: Whole) -> Integration:
    """A draft without a credential, whose Role nobody mapped."""
    (launched,) = integrations.list_integrations(whole.office.store)
    mapping = tuple(row for row in launched.document.mapping if row.target != "role")
    changes = {"name": "PagerDuty EU", "credential": "", "mapping": mapping, "saas_application": "PagerDuty EU"}
    return integrations.save_integration(whole.office.store, launched.document.model_copy(update=changes))


def opened(whole: Whole, integration: Integration) -> IntegrationPage:
    whole.show("integration", integration.id)
    page = whole.window.findChild(IntegrationPage)
    assert page is not None
    whole.wait(lambda: page._integration is not None and page._integration.id == integration.id)
    return page


def link_about(page: IntegrationPage | ProblemsDialog, text: str) -> LinkButton:
    links = page.list.links if isinstance(page, ProblemsDialog) else page.gate.links
    return next(link for link in links if text in link.accessibleName())


def dialog_of(kind: type[ProblemsDialog] | type[CredentialDialog]) -> ProblemsDialog | CredentialDialog | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None)


def test_that_a_draft_shows_what_is_still_to_do_and_a_launched_one_does_not(whole: Whole, draft: Integration) -> None:
    page = opened(whole, draft)

    assert page.gate_card.isVisible()
    assert page.gate_count.text() == "2 things still to do"
    assert [link.accessibleName() for link in page.gate.links] == [
        "Choose the credential: Choose a credential.",
        "Open the mapping: Map Role.",
    ]

    (launched, _) = integrations.list_integrations(whole.office.store)
    page = opened(whole, launched)
    assert not page.gate_card.isVisible()


def test_that_a_line_about_the_credential_opens_the_form_of_the_credential(whole: Whole, draft: Integration) -> None:
    page = opened(whole, draft)

    whole.qtbot.mouseClick(link_about(page, "credential"), Qt.MouseButton.LeftButton)

    whole.wait(lambda: dialog_of(CredentialDialog) is not None)
    form = dialog_of(CredentialDialog)
    assert form is not None
    form.reject()


def test_that_a_line_about_a_field_opens_the_mapping_at_that_field(whole: Whole, draft: Integration) -> None:
    page = opened(whole, draft)

    link_about(page, "Map Role").setFocus()
    whole.qtbot.keyClick(link_about(page, "Map Role"), Qt.Key.Key_Space)

    mapping = whole.window.findChild(MappingPage)
    assert mapping is not None
    whole.wait(lambda: mapping.editor is not None and mapping.editor.targets.current_place is not None)
    assert mapping.editor is not None
    place = mapping.editor.targets.current_place
    assert place is not None
    assert place.target == "role"


@pytest.mark.parametrize(
    ("press", "title"), [("launch", "cannot be launched yet"), ("preview", "cannot be tried out yet")]
)
def test_that_launch_and_preview_of_a_draft_that_lacks_something_list_it_and_lead_there(
    whole: Whole, draft: Integration, press: str, title: str
) -> None:
    page = opened(whole, draft)

    whole.qtbot.mouseClick(getattr(page, press), Qt.MouseButton.LeftButton)

    whole.wait(lambda: dialog_of(ProblemsDialog) is not None)
    problems = dialog_of(ProblemsDialog)
    assert isinstance(problems, ProblemsDialog)
    assert title in problems.windowTitle()
    link_about(problems, "credential").click()
    whole.wait(lambda: dialog_of(CredentialDialog) is not None)
    form = dialog_of(CredentialDialog)
    assert form is not None
    form.reject()
    assert whole.office.value("SELECT count(*) FROM sync_session") == 0

"""Configuration, Security, Credentials: listed, tested, changed, given a new key, deleted."""

from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QDialog, QRadioButton

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import LastTest
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.simulator.pagerduty import KeyKind
from saasdesk.sync import integrations
from saasdesk.sync.integration import IntegrationState
from saasdesk.ui.dialogs.credential.edit_dialog import EditDialog
from saasdesk.ui.dialogs.credential.replace_dialog import ReplaceDialog
from saasdesk.ui.pages.configuration import ConfigurationPage
from saasdesk.ui.pages.configuration.credentials_view import CredentialsView
from saasdesk.ui.widgets.question import Question
from saasdesk.workflows import workflows
from saasdesk.workflows.workflow import WorkflowState
from tests.sync.conftest import NAME
from tests.ui.pages.conftest import Whole
from tests.ui.pages.integrations.test_sections import launch_role_workflow
from tests.ui.test_keyboard_and_names import focusable, name_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Form = TypeVar("Form", bound=QDialog)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def first_page() -> str:
    return "configuration"


@pytest.fixture
def view(whole: Whole) -> CredentialsView:
    whole.show("configuration", "credentials")
    page = whole.window.findChild(ConfigurationPage)
    assert page is not None
    whole.wait(page.credentials.table.model_of_lines.rowCount)
    return page.credentials


def form(whole: Whole, kind: type[Form]) -> Form:
    def find() -> Form | None:
        return next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None)

    whole.wait(lambda: find() is not None)
    found = find()
    assert found is not None
    return found


def shown(view: CredentialsView) -> list[str]:
    model = view.table.model_of_lines
    return [model.index(0, column).data() for column in range(model.columnCount())]


def test_that_a_credential_is_listed_with_its_users_and_its_state(view: CredentialsView) -> None:
    assert shown(view) == ["pd key", "PagerDuty", "API Key", "Read", "—", "—", NAME, "Not tested"]


def test_that_what_a_key_may_do_and_its_state_are_not_cut_off(whole: Whole, view: CredentialsView) -> None:
    whole.window.resize(1280, 800)

    header = view.table.horizontalHeader()
    widths = {
        header.model().headerData(column, Qt.Orientation.Horizontal): view.table.columnWidth(column)
        for column in range(header.count())
        if not view.table.isColumnHidden(column)
    }
    measure = QFontMetrics(view.table.font()).horizontalAdvance
    side = 2 * whole.window._theme.px(12)
    assert widths["Permission"] >= measure("Read and act") + side
    assert widths["Expires"] >= measure("30 Nov 2026") + side
    assert widths["State"] >= measure("Expires in 10 days") + side + whole.window._theme.px(22)


def test_that_a_test_shows_what_the_key_may_do(whole: Whole, view: CredentialsView) -> None:
    whole.qtbot.mouseClick(view.open_button, LEFT)
    whole.wait(lambda: view.opened == "pd key" and view.sheet.isVisible())

    whole.qtbot.mouseClick(view.sheet.test, LEFT)

    whole.wait(lambda: whole.office.vault.find("pd key").last_test is not None)
    whole.wait(lambda: view.sheet._state.text() == "Works")
    assert [crumb.title for crumb in whole.window.findChild(ConfigurationPage).breadcrumb()] == [
        "Configuration",
        "Credentials",
        "pd key",
    ]


def test_that_a_refused_key_says_so_until_it_works_again(whole: Whole, view: CredentialsView) -> None:
    whole.office.simulator.faults.add(Fault(FaultKind.STATUS, endpoint="", status=401))

    whole.qtbot.mouseClick(view.test, LEFT)

    whole.wait(lambda: shown(view)[-1] == "Refused")
    whole.office.simulator.faults.clear()
    whole.qtbot.mouseClick(view.test, LEFT)
    whole.wait(lambda: shown(view)[-1] == "Works")


def test_that_everything_but_the_key_is_changed_in_a_form(whole: Whole, view: CredentialsView) -> None:
    whole.qtbot.mouseClick(view.edit, LEFT)
    dialog = form(whole, EditDialog)
    dialog.expires.setText("31 March")
    whole.qtbot.mouseClick(dialog.keep, LEFT)
    assert dialog.expires_error.message.startswith("Write the date as year-month-day")

    dialog.name.setText("PagerDuty read")
    dialog.expires.setText("2031-03-31")
    dialog.permission.act.setChecked(True)
    dialog.owner.setText("IT operations")
    whole.qtbot.mouseClick(dialog.keep, LEFT)

    whole.wait(lambda: shown(view)[0] == "PagerDuty read")
    saved = whole.office.vault.find("PagerDuty read")
    assert (saved.permission, str(saved.expires), saved.owner) == ("act", "2031-03-31", "IT operations")
    assert integrations.find_integration(whole.office.store, NAME).document.credential == "PagerDuty read"


def test_that_a_refused_new_key_is_told_at_its_field_and_the_old_one_stays(whole: Whole, view: CredentialsView) -> None:
    before = whole.office.vault.get_secret("pd key").reveal()
    whole.qtbot.mouseClick(view.replace, LEFT)
    dialog = form(whole, ReplaceDialog)
    dialog.key.setText("cut")
    whole.qtbot.mouseClick(dialog.keep, LEFT)
    assert dialog.key_error.message.startswith("The key has 3 characters")

    dialog.key.setText("u+a-key-of-nobody-here")
    whole.qtbot.mouseClick(dialog.keep, LEFT)

    whole.wait(lambda: dialog.key_error.message)
    assert "PagerDuty refused the key" in dialog.key_error.message
    assert dialog.key_error.message.endswith("The old key stays.")
    assert dialog.key.text() == "u+a-key-of-nobody-here"
    assert whole.office.vault.get_secret("pd key").reveal() == before

    dialog.key.setText(f"  Token token={whole.office.simulator.key(KeyKind.READ_ONLY)}\n")
    whole.qtbot.mouseClick(dialog.keep, LEFT)

    whole.wait(lambda: whole.office.vault.get_secret("pd key").reveal() != before)
    whole.wait(lambda: shown(view)[-1] == "Works")


def test_that_deleting_names_and_pauses_the_workflows_that_use_it(whole: Whole, view: CredentialsView) -> None:
    launch_role_workflow(whole, "Roles", "pagerduty_saas_user_role")
    whole.qtbot.mouseClick(view.delete, LEFT)
    question = form(whole, Question)
    assert f"{NAME}, the workflow “Roles”" in question.text.text()
    view.refresh()
    whole.wait(lambda: shown(view)[6] == f"{NAME}, Roles")

    whole.qtbot.mouseClick(question.buttons[1], LEFT)

    whole.wait(lambda: whole.office.vault.list() == ())
    assert workflows.find_workflow(whole.office.store, "Roles").state is WorkflowState.PAUSED


def test_that_deleting_a_used_credential_names_what_stops(whole: Whole, view: CredentialsView) -> None:
    whole.qtbot.mouseClick(view.delete, LEFT)
    question = form(whole, Question)
    assert f"These stop and are paused: {NAME}." in question.text.text()
    whole.qtbot.mouseClick(question.buttons[0], LEFT)
    assert whole.office.vault.find("pd key").name == "pd key"

    whole.wait(lambda: not question.isVisible())
    whole.qtbot.mouseClick(view.delete, LEFT)
    whole.qtbot.mouseClick(form(whole, Question).buttons[1], LEFT)

    whole.wait(lambda: whole.office.vault.list() == ())
    whole.wait(view.nothing.isVisible)
    assert not view.delete.isVisible()
    assert integrations.find_integration(whole.office.store, NAME).state is IntegrationState.PAUSED


def test_that_an_id_that_was_mistyped_is_corrected_and_the_key_counts_as_not_tested(
    whole: Whole, view: CredentialsView
) -> None:
    vault, access = whole.office.vault, whole.office.simulator.access()["atlassian"]
    wrong = {"organization_id": "somebody-else"}
    vault.set("a key", CONNECTORS["atlassian"], access["key"], inputs=wrong, base_url=access["base_url"])
    vault.note_tested("a key", "2026-11-21T10:00:00Z", LastTest(works=False, text="not yours"))
    view.refresh()
    whole.wait(lambda: shown(view)[0] == "a key")
    assert shown(view)[-1] == "Refused"

    view.doing.ask_to_edit(vault.find("a key"))
    dialog = form(whole, EditDialog)
    edit = dialog.inputs.fields[0].edit
    edit.setText("no id!")
    whole.qtbot.mouseClick(dialog.keep, LEFT)
    assert "“no id!” is no Atlassian Organization ID" in dialog.inputs.fields[0].error.message
    edit.setText(f"https://admin.atlassian.com/o/{access['organization_id']}/overview")
    whole.qtbot.mouseClick(dialog.keep, LEFT)

    whole.wait(lambda: shown(view)[-1] == "Not tested")
    assert vault.find("a key").inputs == {"organization_id": access["organization_id"]}


def test_that_everything_in_the_forms_has_a_name_and_is_reached_by_tab(whole: Whole, view: CredentialsView) -> None:
    dialog = view.doing.ask_for_new()
    whole.qtbot.waitExposed(dialog)
    for page in (dialog.vendor, dialog.advanced):
        dialog._show(page)
        QApplication.processEvents()
        wanted = set(focusable(dialog))
        assert [widget for widget in wanted if not name_of(widget)] == []
        reached = set()
        for _ in range(2 * len(wanted)):
            whole.qtbot.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Tab)
            reached.add(QApplication.focusWidget())
        assert wanted - reached - set(dialog.findChildren(QRadioButton)) == set()
    dialog.reject()
    assert [widget for widget in focusable(view) if not name_of(widget)] == []


def test_that_a_link_to_a_credential_that_is_gone_shows_the_table(whole: Whole, view: CredentialsView) -> None:
    whole.show("configuration", "credentials:pd key")
    whole.wait(view.sheet.isVisible)

    whole.show("configuration", "credentials:gone since")

    whole.wait(lambda: view.table.isVisible() and view.opened == "")


def test_that_another_address_is_bound_together_with_the_new_key(whole: Whole, view: CredentialsView) -> None:
    vault, access = whole.office.vault, whole.office.simulator.access()["pagerduty"]
    vault.set("elsewhere", CONNECTORS["pagerduty"], "u+a-key-of-nobody")
    view.doing.ask_to_replace(vault.find("elsewhere"))
    dialog = form(whole, ReplaceDialog)
    dialog.key.setText(access["key"])
    dialog.address.setText("http://api.example.com")
    whole.qtbot.mouseClick(dialog.keep, LEFT)
    assert "reached over plain HTTP" in dialog.address_error.message

    dialog.address.setText(access["base_url"])
    whole.qtbot.mouseClick(dialog.keep, LEFT)

    whole.wait(lambda: vault.find("elsewhere").base_url == access["base_url"])
    assert vault.get_secret("elsewhere").reveal() == access["key"]

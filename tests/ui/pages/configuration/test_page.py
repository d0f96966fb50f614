"""Configuration in the window: fields and variables, made, changed and deleted."""

from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from saasdesk.credentials import reveal_variable
from saasdesk.fields import FieldType, ObjectKind
from saasdesk.fields.configuration import Definition, create_field, list_configured
from saasdesk.store.variables import list_variables, set_variable
from saasdesk.sync import integrations
from saasdesk.ui.pages.configuration import ConfigurationPage
from saasdesk.ui.pages.configuration.field_dialog import FieldDialog
from saasdesk.ui.pages.configuration.object_dialogs import ListDialog, ObjectDialog
from saasdesk.ui.pages.configuration.variables_view import VariableDialog
from saasdesk.ui.pages.integrations import IntegrationsPage
from saasdesk.ui.widgets.question import Question
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Form = TypeVar("Form", bound=QDialog)


@pytest.fixture
def first_page() -> str:
    return "configuration"


def show(whole: Whole, section: str) -> ConfigurationPage:
    whole.show("configuration", section)
    page = whole.window.findChild(ConfigurationPage)
    assert page is not None
    if section == "fields":
        whole.wait(lambda: page.fields._fields)
    return page


def form(whole: Whole, kind: type[Form]) -> Form:
    def find() -> Form | None:
        return next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None)

    whole.wait(lambda: find() is not None)
    found = find()
    assert found is not None
    return found


def labels(whole: Whole) -> list[str]:
    return [field.label for field in list_configured(whole.office.store, ObjectKind.PEOPLE)]


def test_that_the_configuration_leads_to_the_overview_of_integrations_as_the_articles_say(whole: Whole) -> None:
    page = show(whole, "credentials")

    whole.qtbot.mouseClick(page.overview, Qt.MouseButton.LeftButton)

    shown = whole.window.findChild(IntegrationsPage)
    assert shown is not None
    whole.wait(shown.isVisible)
    assert not page.isVisible()


def test_that_a_field_is_made_changed_and_deleted(whole: Whole) -> None:
    page = show(whole, "fields")
    whole.qtbot.mouseClick(page.fields.new, Qt.MouseButton.LeftButton)
    dialog = form(whole, FieldDialog)
    dialog.label.setText("Cost centre")
    whole.qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    whole.wait(lambda: "Cost centre" in labels(whole))

    whole.wait(lambda: page.fields._find("cost_centre") is not None)
    page.fields.ask_to_change("cost_centre")
    dialog = form(whole, FieldDialog)
    assert not dialog.kind.isEnabled()
    dialog.label.setText("Budget")
    whole.qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    whole.wait(lambda: "Budget" in labels(whole))

    whole.wait(lambda: (field := page.fields._find("cost_centre")) is not None and field.label == "Budget")
    row = [field.external_id for field in page.fields._fields].index("cost_centre")
    page.fields.table.setCurrentIndex(page.fields.table.model_of_lines.index(row, 0))
    whole.qtbot.mouseClick(page.fields.delete, Qt.MouseButton.LeftButton)
    question = form(whole, Question)
    whole.qtbot.mouseClick(question.buttons[1], Qt.MouseButton.LeftButton)
    whole.wait(lambda: "Budget" not in labels(whole))


def test_that_a_name_that_is_taken_is_told_in_the_form(whole: Whole) -> None:
    page = show(whole, "fields")
    page.fields.ask_for_new()
    dialog = form(whole, FieldDialog)
    dialog.label.setText("email")

    assert dialog.label_error.message == "There is a field “Email” already: use that one, or choose another name."
    assert not dialog.keep.isEnabled()
    dialog.label.setText("Email at home")
    assert not dialog.label_error.message
    assert dialog.keep.isEnabled()
    dialog.reject()


def test_that_a_field_keeps_its_own_name_when_it_is_changed(whole: Whole) -> None:
    page = show(whole, "fields")
    page.fields.ask_to_change("email")
    dialog = form(whole, FieldDialog)

    assert not dialog.label_error.message
    assert dialog.keep.isEnabled()
    dialog.reject()


def test_that_a_field_that_an_integration_fills_cannot_be_deleted(whole: Whole) -> None:
    page = show(whole, "fields")
    field = page.fields._find("pager_duty_user_id")
    assert field is not None

    page.fields._delete(field)

    whole.qtbot.wait(300)
    assert "PagerDuty User ID" in labels(whole)


def test_that_variables_are_kept_with_who_uses_them(whole: Whole) -> None:
    (integration,) = integrations.list_integrations(whole.office.store)
    rows = (
        *integration.document.mapping,
        integration.document.mapping[0].model_copy(
            update={"target": "location", "source": "{{ office }} {{ response.email }}", "sync_key": None}
        ),
    )
    integrations.save_integration(whole.office.store, integration.document.model_copy(update={"mapping": rows}))
    set_variable(whole.office.store, "office", "Dublin")
    page = show(whole, "variables")
    whole.wait(lambda: page.variables._variables)

    assert page.variables._variables[0].used_by == (integration.name,)
    page.variables.ask_to_change("office")
    dialog = form(whole, VariableDialog)
    dialog.key.setEditText("site")
    dialog.value.setText("Cork")
    whole.qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)

    whole.wait(lambda: [each.key for each in list_variables(whole.office.store)] == ["site"])
    (saved,) = integrations.list_integrations(whole.office.store)
    assert saved.document.mapping[-1].source == "{{ site }} {{ response.email }}"


def test_p07_that_a_secret_value_is_typed_once_and_shown_to_nobody(whole: Whole) -> None:
    page = show(whole, "variables")
    page.variables.ask_for_new()
    dialog = form(whole, VariableDialog)
    dialog.key.setEditText("Zendesk.Token")
    dialog.secret.setChecked(True)
    assert (dialog.value.isVisible(), dialog.hidden_value.isVisible()) == (False, True)
    whole.qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    assert dialog.value_error.message == "Enter the value that is to be kept in the keyring."

    dialog.hidden_value.setText("a-value-of-nobody")
    whole.qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)

    whole.wait(lambda: page.variables._variables)
    model = page.variables.table.model_of_lines
    assert [model.index(0, column).data() for column in range(3)] == ["Zendesk.Token", "••••", "Nobody"]
    (variable,) = list_variables(whole.office.store)
    assert reveal_variable(whole.office.vault, variable) == "a-value-of-nobody"

    page.variables.ask_to_change("Zendesk.Token")
    dialog = form(whole, VariableDialog)
    assert (dialog.secret.isChecked(), dialog.hidden_value.text()) == (True, "")
    dialog.key.setEditText("Zendesk.Key")
    whole.qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    whole.wait(lambda: [each.key for each in list_variables(whole.office.store)] == ["Zendesk.Key"])
    (variable,) = list_variables(whole.office.store)
    assert reveal_variable(whole.office.vault, variable) == "a-value-of-nobody"


def test_that_a_name_that_is_taken_changes_no_variable(whole: Whole) -> None:
    set_variable(whole.office.store, "office", "Dublin")
    page = show(whole, "variables")
    page.variables.ask_for_new()
    dialog = form(whole, VariableDialog)
    dialog.key.setEditText("Office")
    dialog.value.setText("Cork")

    whole.qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)

    whole.wait(dialog.banner.isVisible)
    assert dialog.banner.text == "There is a variable “Office” already."
    assert [each.value for each in list_variables(whole.office.store)] == ["Dublin"]


def test_that_a_list_is_made_filled_from_what_records_have_and_chosen_for_a_field(whole: Whole) -> None:
    store = whole.office.store
    made = create_field(store, ObjectKind.PEOPLE, FieldType.CUSTOM_OBJECT, Definition("Site"))
    assert made.lookup is not None
    store.write(
        lambda db: db.execute_sql(
            "INSERT INTO person (username, site, created_at, updated_at) VALUES ('ada@example.com', 'DUB', '', '')"
        )
    )
    page = show(whole, "objects")
    view = page.objects
    whole.wait(lambda: view.lists.count() == 2)
    view.lists.setCurrentIndex(1)
    view.lists.activated.emit(1)
    whole.wait(lambda: [each.item.name for each in view._items] == ["DUB"])

    view.table.setFocus()
    whole.qtbot.keyClick(view.table, Qt.Key.Key_Return)
    dialog = form(whole, ObjectDialog)
    dialog.name.setText("Dublin")
    dialog.also.setPlainText("DUB")
    whole.qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    whole.wait(lambda: [(each.item.name, each.records, each.kept) for each in view._items] == [("Dublin", 1, True)])

    whole.qtbot.mouseClick(view.new, Qt.MouseButton.LeftButton)
    dialog = form(whole, ObjectDialog)
    dialog.name.setText("dub")
    whole.qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    whole.wait(dialog.banner.isVisible)
    assert "means “Dublin” already" in dialog.banner.text
    assert dialog.name.text() == "dub"
    dialog.reject()

    whole.qtbot.mouseClick(view.new_list, Qt.MouseButton.LeftButton)
    listing = form(whole, ListDialog)
    listing.name.setText("Cost centres")
    listing.only_these.setChecked(True)
    whole.qtbot.mouseClick(listing.keep, Qt.MouseButton.LeftButton)
    whole.wait(lambda: view.lists.currentText() == "Cost centres")
    whole.wait(lambda: not view._items)

    show(whole, "fields")
    whole.wait(lambda: len(page.fields._lookups) == 3)
    whole.qtbot.mouseClick(page.fields.new, Qt.MouseButton.LeftButton)
    field = form(whole, FieldDialog)
    assert not field.lookup.isVisible()
    field.label.setText("Pays")
    field.kind.setCurrentIndex(field.kind.findData(FieldType.CUSTOM_OBJECT))
    field.lookup.setCurrentText("Cost centres")
    field.editable.setChecked(False)
    whole.qtbot.mouseClick(field.keep, Qt.MouseButton.LeftButton)
    whole.wait(lambda: page.fields._find("pays") is not None)

    pays = page.fields._find("pays")
    assert pays is not None
    assert pays.lookup is not None
    assert (pays.lookup.custom_object, pays.lookup.only_these, pays.editable) == ("cost_centres", True, False)

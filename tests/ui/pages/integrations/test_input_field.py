"""One input of a vendor: what is typed, and where its value comes from while nothing is."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.connectors import CONNECTORS
from saasdesk.sync.preparation import InputOrigin, InputValue
from saasdesk.ui.pages.integrations.editing.input_field import InputField
from tests.ui.pages.people.desk import light_theme

CODE = next(declared for declared in CONNECTORS["jetbrains"].inputs if declared.key == "company_code")
OF_VARIABLE = InputValue("acme", InputOrigin.VARIABLE)


def field(qtbot: QtBot, app: QApplication, entered: str, elsewhere: InputValue | None) -> InputField:
    made = InputField(light_theme(app), CODE, entered, elsewhere, "jb key")
    qtbot.addWidget(made)
    return made


def test_that_an_empty_field_shows_the_value_of_the_global_variable_and_names_it(
    qtbot: QtBot, qapp: QApplication
) -> None:
    made = field(qtbot, qapp, "", OF_VARIABLE)

    assert made.edit.placeholderText() == "acme"
    assert "It comes from the global variable “JetBrains.Company Code”." in made.note
    assert made.value() == ""


def test_that_a_field_that_was_prefilled_says_so_until_another_value_is_typed(qtbot: QtBot, qapp: QApplication) -> None:
    made = field(qtbot, qapp, "acme", OF_VARIABLE)
    assert "It comes from the global variable" in made.note

    made.edit.setText("other")

    assert "global variable" not in made.note


def test_that_a_value_of_the_credential_names_the_credential(qtbot: QtBot, qapp: QApplication) -> None:
    made = field(qtbot, qapp, "", InputValue("acme", InputOrigin.CREDENTIAL))

    assert "It comes from the credential “jb key”." in made.note


def test_that_nothing_known_names_the_variable_that_would_fill_it(qtbot: QtBot, qapp: QApplication) -> None:
    assert "The global variable “JetBrains.Company Code” would fill it in." in field(qtbot, qapp, "", None).note


def test_that_spaces_around_are_taken_away_and_what_cannot_be_right_names_its_key(
    qtbot: QtBot, qapp: QApplication
) -> None:
    assert field(qtbot, qapp, "  acme ", None).value() == "acme"
    with pytest.raises(ValueError, match=r"^inputs\.company_code: .*is no JetBrains Company Code"):
        field(qtbot, qapp, "a b", None).value()

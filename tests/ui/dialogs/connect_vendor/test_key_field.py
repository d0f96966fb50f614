import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from saasdesk.ui.dialogs.connect_vendor.key_field import KeyField
from tests.ui.pages.people.desk import light_theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def field(qtbot: QtBot, qapp: QApplication) -> KeyField:
    made = KeyField(light_theme(qapp))
    qtbot.addWidget(made)
    made.show()
    return made


def test_that_a_key_is_masked_while_it_is_typed(field: KeyField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "u+SecretSecret")

    assert "Secret" not in field.displayText()


def test_that_a_key_is_shown_only_while_the_eye_is_held(field: KeyField, qtbot: QtBot) -> None:
    field.setText("u+SecretSecret")

    qtbot.mousePress(field.eye, Qt.MouseButton.LeftButton)
    shown = field.displayText()
    qtbot.mouseRelease(field.eye, Qt.MouseButton.LeftButton)

    assert shown == "u+SecretSecret"
    assert field.echoMode() is QLineEdit.EchoMode.Password


def test_that_an_empty_field_has_nothing_to_show(field: KeyField) -> None:
    assert not field.eye.isEnabled()


def test_p07_that_a_masked_key_does_not_reach_the_clipboard(field: KeyField, qtbot: QtBot) -> None:
    QApplication.clipboard().clear()
    field.setText("u+SecretSecret")
    field.selectAll()

    qtbot.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QApplication.clipboard().text() == ""


def test_p07_that_a_forgotten_key_does_not_come_back_by_undo(field: KeyField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "u+SecretSecret")
    field.forget()

    field.undo()

    assert field.text() == ""


def test_that_a_hidden_field_masks_its_key_again(field: KeyField, qtbot: QtBot) -> None:
    field.setText("u+SecretSecret")
    qtbot.mousePress(field.eye, Qt.MouseButton.LeftButton)

    field.hide()

    assert field.echoMode() is QLineEdit.EchoMode.Password

"""What was entered in a form does not go by a stray Escape."""

from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.careful_dialog import CarefulDialog
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.question import Question

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme) -> CarefulDialog:
    made = CarefulDialog(theme)
    made.setWindowTitle("Integration details")
    column = Column(theme)
    column.addWidget(QLineEdit("PagerDuty users"))
    made.setLayout(column)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def question_of(dialog: CarefulDialog) -> Question | None:
    return cast("Question | None", dialog.findChild(Question))


def test_that_escape_closes_a_form_in_which_nothing_was_entered(qtbot: QtBot, dialog: CarefulDialog) -> None:
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


@pytest.mark.parametrize("by_key", [True, False])
def test_that_escape_and_the_cross_ask_before_what_was_entered_goes(
    qtbot: QtBot, dialog: CarefulDialog, *, by_key: bool
) -> None:
    field = dialog.findChild(QLineEdit)
    qtbot.keyClicks(field, " 2")

    if by_key:
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    else:
        dialog.close()

    question = question_of(dialog)
    assert question is not None
    assert "Integration details" in question.text.text()
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert field.text() == "PagerDuty users 2"


def test_that_changes_go_once_it_is_said_so(qtbot: QtBot, dialog: CarefulDialog) -> None:
    qtbot.keyClicks(dialog.findChild(QLineEdit), " 2")
    dialog.close()
    question = question_of(dialog)
    assert question is not None

    with qtbot.waitSignal(dialog.rejected):
        qtbot.mouseClick(question.buttons[1], Qt.MouseButton.LeftButton)

    assert not dialog.isVisible()

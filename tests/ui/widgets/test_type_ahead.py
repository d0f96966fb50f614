"""The list below a field in which one types to find something."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QMainWindow
from pytestqt.qtbot import QtBot

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.type_ahead import TypeAhead

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_that_what_is_found_stands_in_lines_as_high_as_those_of_a_list_of_choices(
    qapp: QApplication, qtbot: QtBot
) -> None:
    theme = Theme(qapp, "light")
    choices, typed = QComboBox(), QComboBox()
    for combo in (choices, typed):
        qtbot.addWidget(combo)
        combo.addItems(["Department", "Email", "Full name", "Last name"])
    typed.setEditable(True)
    completer = TypeAhead(typed.model(), typed)
    typed.setCompleter(completer)
    popup = completer.popup()
    for zoom in (100, 200):
        theme.zoom = zoom
        with qtbot.waitExposed(typed):
            typed.show()
        typed.setFocus()
        typed.lineEdit().selectAll()
        qtbot.keyClick(typed.lineEdit(), Qt.Key.Key_A)
        qtbot.waitUntil(popup.isVisible)

        assert popup.sizeHintForRow(0) >= choices.view().sizeHintForRow(0)
        assert popup.viewport().height() >= completer.completionCount() * popup.sizeHintForRow(0)
        assert not popup.verticalScrollBar().isVisible()
        popup.hide()
    theme.zoom = 100


def test_that_the_list_has_the_look_of_the_window_that_it_opens_from(qapp: QApplication, qtbot: QtBot) -> None:
    theme = Theme(qapp, "light", by_window=True)
    window = QMainWindow()
    qtbot.addWidget(window)
    theme.dress(window)
    combo = QComboBox()
    combo.addItems(["Department", "Email"])
    combo.setEditable(True)
    combo.setCompleter(TypeAhead(combo.model(), combo))
    window.setCentralWidget(combo)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    combo.setFocus()
    popup = combo.completer().popup()

    qtbot.waitUntil(lambda: popup.parentWidget() is window)

    assert popup.sizeHintForRow(0) == 24
    theme.deleteLater()

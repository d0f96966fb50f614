from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.ui.widgets.save_dialog import ask_where_to_save

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_that_a_name_without_an_ending_gets_the_suggested_one(qtbot: QtBot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    def answer() -> None:
        dialog = parent.findChild(QFileDialog)
        assert dialog is not None
        name = dialog.findChild(QLineEdit, "fileNameEdit")
        assert name is not None
        name.setText("plain")
        dialog.accept()

    QTimer.singleShot(0, answer)
    chosen = ask_where_to_save(parent, "Export the integration", tmp_path / "PagerDuty users.toml")

    assert chosen == tmp_path / "plain.toml"


def test_that_nothing_is_chosen_by_leaving(qtbot: QtBot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    def leave() -> None:
        dialog = parent.findChild(QFileDialog)
        assert dialog is not None
        dialog.reject()

    QTimer.singleShot(0, leave)

    assert ask_where_to_save(parent, "Export the plan", tmp_path / "plan.csv") is None

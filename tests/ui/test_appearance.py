"""The commands that change how the window looks."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from saasdesk.ui.appearance import Appearance
from saasdesk.ui.theme import Theme


def test_that_of_steps_that_come_quickly_only_the_last_is_taken_and_each_is_said(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    appearance = Appearance(theme, window)
    said: list[str] = []
    dressed: list[int] = []
    appearance.said.connect(said.append)
    theme.changed.connect(lambda: dressed.append(theme.zoom))
    larger, smaller, usual = appearance.sizes()

    for command in (larger, larger, larger, smaller):
        command.run()

    assert said == ["Size 110 %", "Size 125 %", "Size 150 %", "Size 125 %"]
    qtbot.waitUntil(lambda: dressed == [125])
    larger.run()
    usual.run()
    qtbot.waitUntil(lambda: dressed == [125, 100])

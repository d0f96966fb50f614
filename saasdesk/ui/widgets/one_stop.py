"""Of several choices of which one is on, Tab comes to that one; arrows go on from there."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup


def make_one_stop(group: QButtonGroup) -> None:
    """Let Tab find the button that is on, also where the program turned it on: Qt sees to it for people only."""

    def adjust() -> None:
        chosen = group.checkedButton()
        for button in group.buttons():
            is_stop = chosen is None or button is chosen
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_stop else Qt.FocusPolicy.ClickFocus)

    group.buttonToggled.connect(lambda _button, _is_on: adjust())
    adjust()

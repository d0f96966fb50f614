"""The question before what cannot be taken back."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from saasdesk.ui.dialogs.confirmation import Check, Confirmation, ConfirmationDialog, Named, Use
from saasdesk.ui.theme import Theme

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def asked(count: int) -> Confirmation:
    return Confirmation(
        title=f"Delete {count} users in PagerDuty?",
        text="They cannot be brought back.",
        count=count,
        button=f"Delete {count} users",
        verb="delete",
        subject="PagerDuty",
        named=tuple(Named(f"Ada {number}", f"ada{number}@example.com") for number in range(count)),
        checks=(Check("passed", "None of them is protected"),),
        use=Use("Safeguard", count, 10, f"{count} of 10"),
    )


@pytest.mark.parametrize(
    ("count", "typed", "fits"),
    [
        (3, "3", True),
        (3, "4", False),
        (3, "", False),
        (10, " 10 ", True),
        (12, "12", False),
        (12, "DELETE 12 PAGERDUTY", True),
        (12, "delete 12 pagerduty ", True),
        (12, "DELETE 13 PAGERDUTY", False),
    ],
)
def test_the_number_is_typed_up_to_ten_and_a_phrase_above(
    qtbot: QtBot, theme: Theme, count: int, typed: str, fits: bool
) -> None:
    dialog = ConfirmationDialog(theme, asked(count))
    qtbot.addWidget(dialog)

    dialog.field.setText(typed)

    assert dialog.confirm.isEnabled() is fits


def test_enter_never_confirms_and_the_button_says_the_count(qtbot: QtBot, theme: Theme) -> None:
    dialog = ConfirmationDialog(theme, asked(3))
    qtbot.addWidget(dialog)
    approved: list[int] = []
    dialog.approved.connect(approved.append)
    dialog.show()

    dialog.field.setText("3")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)

    assert approved == []
    qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    assert approved == [3]

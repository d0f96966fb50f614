from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import (
    DangerButton,
    IconButton,
    LinkButton,
    OutlinedButton,
    PaintedButton,
    PrimaryButton,
    fit_words,
)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


Show = Callable[..., None]


@pytest.fixture
def shown(qtbot: QtBot) -> Show:
    """Shows buttons in a window that has the keyboard."""
    host = QWidget()
    column = QVBoxLayout(host)
    qtbot.addWidget(host)

    def show(*buttons: PaintedButton) -> None:
        for button in buttons:
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        host.show()
        host.activateWindow()
        qtbot.waitUntil(host.isActiveWindow)
        QApplication.processEvents()

    return show


def test_that_a_button_is_28_high_and_shows_its_whole_text(theme: Theme, shown: Show) -> None:
    button = OutlinedButton(theme, "Retry failed rows only", "retry")
    shown(button)

    assert button.height() == 28
    assert button.width() >= button.fontMetrics().horizontalAdvance(button.label) + 14 + 24


def test_that_an_ampersand_is_read_as_one(qtbot: QtBot, theme: Theme) -> None:
    button = OutlinedButton(theme, "Create & Update")
    qtbot.addWidget(button)

    assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) == "Create & Update"
    assert button.shortcut().isEmpty()


def test_that_hidden_characters_of_a_name_are_seen(qtbot: QtBot, theme: Theme) -> None:
    button = OutlinedButton(theme, "Delete \u202eana")
    qtbot.addWidget(button)

    assert button.label == "Delete ⟨U+202E⟩ana"


def test_that_the_primary_button_is_filled_and_the_ring_leaves_a_gap(theme: Theme, shown: Show) -> None:
    button, other = PrimaryButton(theme, "Launch"), OutlinedButton(theme, "Other")
    shown(button, other)
    middle = QPoint(4, 14)
    other.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.grab().toImage().pixelColor(middle).name() == theme.color("accent").name()

    button.setFocus(Qt.FocusReason.TabFocusReason)
    picture = button.grab().toImage()

    assert picture.pixelColor(0, 14).name() == theme.color("accent").name()
    assert picture.pixelColor(2, 14).name() != theme.color("accent").name()
    assert picture.pixelColor(4, 14).name() == theme.color("accent").name()


def test_that_a_click_leaves_no_ring_but_a_key_brings_it(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    button = OutlinedButton(theme, "Run Now")
    shown(button)

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.has_ring

    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert button.has_ring


def test_that_a_disabled_danger_button_is_solid(theme: Theme, shown: Show) -> None:
    button = DangerButton(theme, "Delete 3 users")
    button.setEnabled(False)
    shown(button)

    assert button.grab().toImage().pixelColor(4, 14).name() == theme.color("danger-disabled").name()


def test_that_enter_never_presses_a_button_that_is_not_focused(qtbot: QtBot, theme: Theme) -> None:
    button = DangerButton(theme, "Delete 3 users")
    qtbot.addWidget(button)

    assert not button.autoDefault()
    assert not button.isDefault()


def test_that_an_icon_button_must_have_a_name(qtbot: QtBot, theme: Theme) -> None:
    with pytest.raises(ValueError, match="needs a name"):
        IconButton(theme, "edit", "")


def test_that_an_icon_button_says_its_name_and_its_shortcut(qtbot: QtBot, theme: Theme) -> None:
    button = IconButton(theme, "edit", "Edit the schedule", shortcut="Ctrl+D")
    qtbot.addWidget(button)

    assert button.accessibleName() == "Edit the schedule"
    assert button.toolTip() == "Edit the schedule (Ctrl+D)"


def test_that_a_button_with_a_menu_has_room_for_its_arrow(theme: Theme, shown: Show) -> None:
    plain, opening = OutlinedButton(theme, "More"), OutlinedButton(theme, "More")
    opening.setMenu(QMenu(opening))
    shown(plain, opening)

    assert opening.width() > plain.width()


def test_that_links_are_large_enough_to_hit(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    link = LinkButton(theme, "1 needs attention", inline=True)
    shown(link)

    assert link.height() >= 24
    with qtbot.waitSignal(link.clicked):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_that_return_presses_the_button_that_the_keyboard_is_on(qtbot: QtBot, theme: Theme, key: Qt.Key) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    column = QVBoxLayout(dialog)
    cancel, save = OutlinedButton(theme, "Cancel"), PrimaryButton(theme, "Save")
    pressed: list[str] = []
    for button in (cancel, save):
        button.clicked.connect(lambda _checked=False, button=button: pressed.append(button.label))
        column.addWidget(button)
    save.setDefault(True)
    dialog.show()
    cancel.setFocus()

    qtbot.keyClick(cancel, key)

    assert pressed == ["Cancel"]


def test_that_return_held_down_presses_once(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    button = OutlinedButton(theme, "Retry")
    pressed: list[str] = []
    button.clicked.connect(lambda: pressed.append(button.label))
    shown(button)

    qtbot.keyPress(button, Qt.Key.Key_Return)
    again = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
    QApplication.sendEvent(button, again)

    assert len(pressed) == 1


def test_that_words_for_which_there_is_no_room_are_left_to_tips_and_come_back(qtbot: QtBot, theme: Theme) -> None:
    edit, archive = LinkButton(theme, "Edit…", "edit"), LinkButton(theme, "Archive", "archive")
    bare = LinkButton(theme, "Without an icon")
    archive.setToolTip("They can be restored")
    buttons = (edit, archive, bare)
    for button in buttons:
        qtbot.addWidget(button)
    before = [button.sizeHint().width() for button in buttons]

    fit_words(buttons, sum(before), 100)

    after = [button.sizeHint().width() for button in buttons]
    assert (after[0] < before[0], after[1] < before[1], after[2]) == (True, True, before[2])
    assert [button.toolTip() for button in buttons] == ["Edit…", "They can be restored", ""]
    # What is needed is counted with the words that are away, so nothing flickers.
    fit_words(buttons, sum(after), sum(before) - 1)
    assert edit.is_icon_only
    fit_words(buttons, sum(after), sum(before))
    assert [button.sizeHint().width() for button in buttons] == before
    assert [button.toolTip() for button in buttons] == ["", "They can be restored", ""]

import pytest
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QCursor, QEnterEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.card import Card, CardEdge
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.question import Question
from saasdesk.ui.widgets.toast import Toasts

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    QCursor.setPos(0, 0)
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1000, 600)
    host.show()
    return host


@pytest.fixture
def toasts(theme: Theme, window: QWidget) -> Toasts:
    return Toasts(theme, window, lambda: 28)


def test_that_a_toast_stands_in_the_corner_above_the_status_bar(toasts: Toasts, window: QWidget) -> None:
    toast = toasts.show_toast("Saved.", "ok")

    assert toast.geometry().right() == window.width() - 13
    assert toast.geometry().bottom() == window.height() - 28 - 13


def test_that_a_toast_goes_by_itself(qtbot: QtBot, toasts: Toasts) -> None:
    toasts.show_toast("Saved.", seconds=0.01)

    qtbot.waitUntil(lambda: toasts.shown == ())


def test_that_a_toast_stays_while_the_pointer_is_on_it(toasts: Toasts) -> None:
    toast = toasts.show_toast("Saved.")
    here = QPointF(5, 5)

    QApplication.sendEvent(toast, QEnterEvent(here, here, here))
    assert not toast.is_waiting

    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert toast.is_waiting


def test_that_a_toast_stays_while_the_keyboard_is_on_it(qtbot: QtBot, toasts: Toasts, window: QWidget) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    toast = toasts.show_toast("Deleted.", action=("Undo", lambda: None))

    toast.action.setFocus()

    assert not toast.is_waiting


def test_that_the_action_of_a_toast_is_run_once_and_ends_it(toasts: Toasts) -> None:
    ran: list[str] = []
    toast = toasts.show_toast("Deleted.", action=("Undo", lambda: ran.append("undone")))

    toast.action.click()

    assert ran == ["undone"]
    assert toasts.shown == ()


def test_that_at_most_three_toasts_are_shown_and_none_covers_another(toasts: Toasts) -> None:
    for number in range(5):
        toasts.show_toast(f"Message {number}, which is long enough to need more than one line of the corner it has")

    texts = [toast.text.text()[:9] for toast in toasts.shown]
    assert texts == ["Message 2", "Message 3", "Message 4"]
    first, second, third = toasts.shown
    assert first.geometry().bottom() < second.geometry().top()
    assert second.geometry().bottom() < third.geometry().top()


def test_that_toasts_follow_the_corner_of_the_window(toasts: Toasts, window: QWidget) -> None:
    toast = toasts.show_toast("Saved.")

    window.resize(700, 500)

    assert toast.geometry().right() == 700 - 13


def test_that_a_banner_is_one_message_with_its_buttons(qtbot: QtBot, theme: Theme, window: QWidget) -> None:
    review = OutlinedButton(theme, "Review 14")
    banner = Banner(theme, "warn", "14 deactivations are held.", "That is over the limit of 10.", buttons=(review,))
    qtbot.addWidget(banner)

    assert banner.accessibleName() == "14 deactivations are held. That is over the limit of 10."
    assert review.parentWidget() is banner


def test_that_a_banner_can_say_something_else(qtbot: QtBot, theme: Theme) -> None:
    banner = Banner(theme, "warn", "Held.", buttons=(OutlinedButton(theme, "Review"),))
    qtbot.addWidget(banner)

    banner.say("ok", "Applied.")

    assert banner.text == "Applied."
    assert not any(button.isVisibleTo(banner) for button in banner.findChildren(OutlinedButton))


@pytest.mark.parametrize("why", list(Emptiness))
def test_that_each_emptiness_says_why_and_what_to_do(qtbot: QtBot, theme: Theme, why: Emptiness) -> None:
    button = PrimaryButton(theme, "Clear filter")
    state = EmptyState(theme, why, "0 of 412 match", "No person fits all three filters.", (button,))
    qtbot.addWidget(state)
    state.resize(800, 500)
    state.show()

    assert button.isVisible()
    assert state.findChild(Paragraph).text() == "No person fits all three filters."
    assert state.findChild(IconLabel).isVisible()


def test_that_a_card_draws_its_edge(qtbot: QtBot, theme: Theme) -> None:
    card = Card(theme)
    qtbot.addWidget(card)
    card.resize(200, 100)
    assert card.grab().toImage().pixelColor(100, 0).name() == theme.color("line").name()

    card.set_edge(CardEdge.BUSY)

    assert card.grab().toImage().pixelColor(100, 0).name() == theme.color("accent").name()


def test_that_the_safe_answer_has_the_keyboard_and_escape_means_it(qtbot: QtBot, theme: Theme, window: QWidget) -> None:
    stay, leave = OutlinedButton(theme, "Stay"), PrimaryButton(theme, "Quit")
    question = Question(theme, "A job is still running", "Quitting cancels it.", [stay, leave], parent=window)
    qtbot.addWidget(question)
    question.open()
    qtbot.waitUntil(stay.hasFocus)

    question.reject()

    assert question.result() == Question.DialogCode.Rejected


def test_that_the_title_of_a_page_gives_way_before_its_actions(qtbot: QtBot, theme: Theme) -> None:
    header = PageHeader(theme, "A very long title of an integration that somebody wrote", "and what is said of it")
    button = PrimaryButton(theme, "Run Now", "run")
    header.add_actions(button)
    qtbot.addWidget(header)
    header.resize(320, 40)
    header.show()

    assert button.width() >= button.sizeHint().width()
    assert button.geometry().right() <= header.rect().right()


def test_that_a_toast_stays_for_the_keyboard_when_the_pointer_leaves_it(
    qtbot: QtBot, toasts: Toasts, window: QWidget
) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    toast = toasts.show_toast("Deleted.", action=("Undo", lambda: None))
    toast.action.setFocus()

    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert not toast.is_waiting

    toast.action.clearFocus()
    assert toast.is_waiting

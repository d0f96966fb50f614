"""What takes its time before there is a window says how far it is, and can be left out."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from saasdesk.errors import Cancelled
from saasdesk.ui.dialogs.patience import Patience
from saasdesk.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def patience(theme: Theme, qtbot: QtBot) -> Patience:
    shown = Patience(theme, "A past", "It takes a while.", "Without the rest")
    qtbot.addWidget(shown)
    return shown


def test_that_it_is_there_until_the_work_is_done(patience: Patience) -> None:
    done = []

    def work(tell: Callable[[float], None], _stop: threading.Event) -> None:
        tell(0.5)
        done.append(patience.isVisible())

    patience.wait_for(work)

    assert done == [True]
    assert patience.bar.value() == 500
    assert not patience.isVisible()


def test_that_who_does_not_want_to_wait_goes_on_without_the_rest(patience: Patience) -> None:
    def work(_tell: Callable[[float], None], stop: threading.Event) -> None:
        QTimer.singleShot(0, patience.skip, patience.skip.click)
        assert stop.wait(30)
        raise Cancelled

    patience.wait_for(work)

    assert not patience.isVisible()


def test_that_what_goes_wrong_meanwhile_is_not_hidden(patience: Patience) -> None:
    def work(_tell: Callable[[float], None], _stop: threading.Event) -> None:
        raise ValueError("the vendors are gone")

    with pytest.raises(ValueError, match="vendors are gone"):
        patience.wait_for(work)

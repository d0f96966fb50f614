"""The whole mapping of PagerDuty, from an empty draft to Launch: once without a mouse, once without a keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.app.window import WindowDesk
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from tests.sync.conftest import Office
from tests.ui.pages.conftest import Whole
from tests.walks import mapping
from tests.walks.hands import Hand, MouseOfQt, wait_until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def drafted(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Whole]:
    """The window of a profile that has a key, and a draft in which nothing is mapped."""
    with Simulator(60) as simulator:
        office = Office(tmp_path / "profile", simulator)
        mapping.make_draft(office)
        desk = WindowDesk(qapp, Services(office.store.profile, office.store, office.vault))
        desk.window.resize(1280, 800)
        desk.open(page="integrations")
        desk.window.activateWindow()
        whole = Whole(office, desk, qtbot)
        wait_until(desk.window.isActiveWindow, "the window")
        yield whole
        desk.close()
        qapp.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
        qapp.processEvents()
        office.close()


def test_that_pagerduty_is_mapped_and_launched_without_a_mouse(drafted: Whole) -> None:
    mapping.by_keyboard(drafted.window, drafted.office)


def test_that_pagerduty_is_mapped_and_launched_without_a_keyboard(drafted: Whole) -> None:
    mapping.by_mouse(drafted.window, drafted.office, Hand(MouseOfQt()))

"""The whole window over a real profile, in front of a simulated PagerDuty."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk import clock
from saasdesk.app import due
from saasdesk.app.window import WindowDesk
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from tests.sync.conftest import Office
from tests.ui.pages.places import send_somebody_through
from tests.walks.hands import wait_until


class Whole:
    """An office with its window open."""

    def __init__(self, office: Office, desk: WindowDesk, qtbot: QtBot) -> None:
        self.office, self.desk, self.qtbot = office, desk, qtbot
        self.window = desk.window

    def wait(self, is_true: Callable[[], object]) -> None:
        """Let the window work until something holds."""
        self.qtbot.waitUntil(lambda: bool(is_true()), timeout=30_000)

    def show(self, page: str, argument: object = None) -> None:
        """Go to a page."""
        self.window.navigate(page, argument)


@pytest.fixture(autouse=True)
def no_slot_begins_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that goes on when it strikes nine sees no run of the default schedule that it did not ask for."""
    standing = clock.now() - timedelta(minutes=1)
    monkeypatch.setattr(due, "now", lambda: standing)


@pytest.fixture
def first_page() -> str:
    """What the window opens with; where a test is about another page, this one would be built for nothing."""
    return "integrations"


@pytest.fixture
def whole(tmp_path: Path, qapp: QApplication, qtbot: QtBot, first_page: str) -> Iterator[Whole]:
    with Simulator(60) as simulator:
        office = Office(tmp_path / "profile", simulator)
        office.integrate()
        desk = WindowDesk(qapp, Services(office.store.profile, office.store, office.vault))
        desk.window.resize(1280, 800)
        desk.open(page=first_page)
        yield Whole(office, desk, qtbot)
        desk.close()
        qapp.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
        qapp.processEvents()
        office.close()


@pytest.fixture
def lived_in(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Whole]:
    """A window whose pages have something to show: people, sessions, a plan that waits, a draft."""
    with Simulator(40) as simulator:
        office = Office(tmp_path / "profile", simulator)
        office.integrate()
        office.run()
        simulator.churn(0.1)
        office.run(preview=True)
        send_somebody_through(office)
        desk = WindowDesk(qapp, Services(office.store.profile, office.store, office.vault))
        desk.window.resize(1280, 800)
        desk.open()
        desk.window.activateWindow()
        wait_until(desk.window.isActiveWindow, "the window")
        yield Whole(office, desk, qtbot)
        desk.close()
        qapp.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
        qapp.processEvents()
        office.close()

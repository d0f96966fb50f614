from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.ui.pages.people import PeoplePage
from tests.ui.pages.people.desk import Company, Desk

OpenPage = Callable[..., PeoplePage]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Forty people, read twice with changes in between; nobody in these tests writes to it."""
    made = Company(tmp_path_factory.mktemp("company") / "profile", 40)
    yield made
    made.close()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, qapp)
    yield made
    made.close()


@pytest.fixture
def open_page(desk: Desk, company: Company) -> OpenPage:
    """Opens the page and waits until the list is there."""

    def open_it(of: Company = company, argument: object = None) -> PeoplePage:
        exported: list[object] = []
        connected: list[bool] = []
        exported: list[object] = []
        connected: list[bool] = []
        page = PeoplePage(
            of.services,
            desk.frame,
            desk.theme,
            desk.bridge,
            desk.readers,
            desk.memory,
            export=exported.append,
            connect_vendor=lambda: connected.append(True),
        )
        page.exported, page.connected = exported, connected  # type: ignore[attr-defined]  # what the test looks at
        desk.show(page)
        page.open(argument)
        desk.qtbot.waitUntil(lambda: page._is_listed)
        return page

    return open_it

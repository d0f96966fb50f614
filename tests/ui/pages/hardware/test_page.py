"""Hardware: the list of devices, who has them, and what stands beside the list."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from saasdesk.ui.pages.hardware import HardwarePage
from saasdesk.ui.pages.people import PersonPage
from tests.sync.conftest import Office
from tests.ui.pages.people.desk import Desk, texts, unnamed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

OpenPage = Callable[..., HardwarePage]
OWNED = "SELECT id, person FROM asset WHERE person IS NOT NULL ORDER BY id LIMIT 1"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A company whose users and devices were read."""
    with Simulator(40) as simulator:
        made = Office(tmp_path_factory.mktemp("company") / "profile", simulator, "jumpcloud")
        made.integrate()
        made.integrate("Devices", object="assets")
        made.run()
        made.run("Devices")
        yield made
        made.close()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, qapp)
    yield made
    made.close()


@pytest.fixture
def open_page(desk: Desk) -> OpenPage:
    """Opens the page, and waits for its list."""

    def open_it(of: Office, argument: object = None) -> HardwarePage:
        page = HardwarePage(
            Services(of.store.profile, of.store, of.vault),
            desk.frame,
            desk.theme,
            desk.bridge,
            desk.readers,
            desk.memory,
            export=desk.frame.said.append,  # type: ignore[arg-type]  # only remembered
            connect_vendor=lambda: None,
        )
        desk.show(page)
        page.open(argument)
        desk.qtbot.waitUntil(lambda: bool(page.table.count_label.text()) and not page.table.is_reading)
        return page

    return open_it


def test_that_every_active_device_is_listed_with_its_owner(open_page: OpenPage, office: Office) -> None:
    page = open_page(office)

    assert page.table.model.rowCount() == len(office.simulator.devices())
    titles = {column.key: column.title for column in page.table.columns}
    shown = [titles[key] for key in page.table.visible_keys]
    assert shown[:4] == ["Name", "Owner", "Serial Number", "Last Contact"]


def test_that_a_device_is_looked_at_with_its_owner_who_is_one_press_away(
    open_page: OpenPage, office: Office, desk: Desk
) -> None:
    ((asset, person),) = office.rows(OWNED)
    name = office.value("SELECT name FROM person WHERE id = ?", person)

    page = open_page(office, asset)
    desk.qtbot.waitUntil(lambda: page.inspector.shown is not None)
    desk.qtbot.mouseClick(page.inspector.owner, Qt.MouseButton.LeftButton)

    assert page.inspector.owner.text() == name
    assert desk.frame.visited == [("person", person)]


def test_that_a_device_that_nobody_is_known_to_have_says_so(open_page: OpenPage, office: Office, desk: Desk) -> None:
    asset = office.value("SELECT id FROM asset WHERE person IS NULL LIMIT 1")

    page = open_page(office, asset)
    desk.qtbot.waitUntil(lambda: page.inspector.shown is not None)

    assert not page.inspector.owner.isVisible()


def test_that_enter_and_the_inspector_open_the_page_of_a_device(
    open_page: OpenPage, office: Office, desk: Desk
) -> None:
    ((asset, _),) = office.rows(OWNED)
    page = open_page(office, asset)
    desk.qtbot.waitUntil(lambda: page.inspector.shown is not None and list(page.table.selected_ids()) == [asset])

    desk.qtbot.keyClick(page.table.view, Qt.Key.Key_Return)
    desk.qtbot.mouseClick(page.inspector.page_link, Qt.MouseButton.LeftButton)

    assert desk.frame.visited == [("asset", asset), ("asset", asset)]


def test_that_the_inspector_is_closed_by_escape_and_stays_closed(
    open_page: OpenPage, office: Office, desk: Desk
) -> None:
    page = open_page(office)
    page.inspector.close_button.setFocus()

    desk.qtbot.keyClick(page.inspector, Qt.Key.Key_Escape)

    assert not page.inspector.isVisible()
    assert desk.memory["hardware-inspector"]["shown"] is False


def test_that_with_large_letters_the_inspector_comes_only_when_asked_for(
    open_page: OpenPage, office: Office, desk: Desk
) -> None:
    page = open_page(office)
    assert page.inspector.isVisible()

    desk.theme.zoom = 200
    page.resize(1280, 800)
    desk.qtbot.waitUntil(lambda: not page.inspector.isVisible())

    page.toggle_inspector()
    assert page.inspector.isVisible()


def test_that_a_device_hidden_by_the_filters_is_shown_with_a_way_to_the_list(
    open_page: OpenPage, office: Office, desk: Desk
) -> None:
    ((asset, _),) = office.rows(OWNED)
    page = open_page(office)
    page.table.search.setText("nothing has this name")
    desk.qtbot.waitUntil(lambda: page.header.subtitle.text().startswith("0 of"))

    page.open(asset)
    desk.qtbot.waitUntil(lambda: "The filters of the list hide this asset." in texts(page.inspector))
    page.inspector.filters_wanted_off.emit()

    desk.qtbot.waitUntil(lambda: list(page.table.selected_ids()) == [asset])


def test_that_coming_back_looks_at_the_same_device(open_page: OpenPage, office: Office, desk: Desk) -> None:
    ((asset, _),) = office.rows(OWNED)
    page = open_page(office, asset)
    state = page.view_state()
    again = open_page(office)

    again.restore_view(state)

    desk.qtbot.waitUntil(lambda: again.inspector.shown is not None)
    assert again.inspector.shown is not None
    assert again.inspector.shown.id == asset


def test_that_everything_to_press_has_a_name(open_page: OpenPage, office: Office) -> None:
    assert unnamed(open_page(office)) == []


def test_that_an_empty_list_says_where_devices_come_from(open_page: OpenPage, tmp_path: Path) -> None:
    with Simulator(1) as simulator:
        nobody = Office(tmp_path / "profile", simulator, "jumpcloud")
        page = open_page(nobody)

        assert not page.inspector.isVisible()
        assert not page.inspector_button.isEnabled()
        nobody.close()


def test_that_a_person_s_page_shows_their_devices_and_leads_to_them(office: Office, desk: Desk) -> None:
    ((_, person),) = office.rows(OWNED)
    services = Services(office.store.profile, office.store, office.vault)
    page = PersonPage(services, desk.frame, desk.theme, desk.bridge, desk.readers, order=lambda: ())
    desk.show(page)
    page.open(person)
    desk.qtbot.waitUntil(lambda: bool(page.devices.links))
    names = [name for (name,) in office.rows("SELECT name FROM asset WHERE person = ? ORDER BY name", person)]

    desk.qtbot.mouseClick(page.devices.links[0], Qt.MouseButton.LeftButton)

    assert [link.text() for link in page.devices.links] == names
    assert desk.frame.visited[-1] == ("asset", office.value("SELECT id FROM asset WHERE name = ?", names[0]))
